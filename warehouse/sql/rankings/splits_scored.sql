-- on: board, cell_scores
select model, variant, task, subset, count(*) as splits
from (
    select model, variant, task, subset, split
    from cell_scores
    cross join board
    where board.method = 'MEAN_SUBSET' and value is not null
    group by model, variant, task, subset, split
) as scored
group by model, variant, task, subset

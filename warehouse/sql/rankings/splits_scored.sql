-- on: board, cell_scores
select benchmark, model, variant, task, subset, count(*) as splits
from (
    select cell_scores.benchmark, model, variant, task, subset, split
    from cell_scores
    join board on board.benchmark = cell_scores.benchmark
    where board.method = 'MEAN_SUBSET' and value is not null
    group by cell_scores.benchmark, model, variant, task, subset, split
) as scored
group by benchmark, model, variant, task, subset

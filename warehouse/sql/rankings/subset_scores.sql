-- on: board, cell_scores, required_cells, splits_scored
select
    means.benchmark, means.model, means.variant, means.task, means.subset,
    case when splits_scored.splits >= required_cells.splits then means.raw end as value
from (
    select cell_scores.benchmark, model, variant, task, subset, avg(value) as raw
    from cell_scores
    join board on board.benchmark = cell_scores.benchmark
    where board.method = 'MEAN_SUBSET'
    group by cell_scores.benchmark, model, variant, task, subset
) as means
left join required_cells on required_cells.benchmark = means.benchmark and required_cells.task = means.task
left join splits_scored
    on splits_scored.benchmark = means.benchmark and splits_scored.model = means.model
    and splits_scored.task = means.task and splits_scored.subset = means.subset
    and splits_scored.variant is not distinct from means.variant

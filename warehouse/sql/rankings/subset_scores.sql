-- on: board, cell_scores, required_cells
select
    means.benchmark, means.task, means.subset, means.model, means.variant,
    case when means.single + coalesce(len(list_distinct(means.shared)), 0) >= required_cells.splits then means.raw end
        as value
from (
    select
        benchmark, task, subset, model, variant, avg(value) as raw,
        count(case when not shares_cell then value end) as single,
        list(cell) filter (where shares_cell and value is not null) as shared
    from cell_scores
    group by benchmark, task, subset, model, variant
) as means
join board on board.benchmark = means.benchmark and (means.variant is null or board.ranks_variants)
left join required_cells on required_cells.benchmark = means.benchmark and required_cells.task = means.task

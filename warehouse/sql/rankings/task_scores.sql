-- on: cell_scores, required_cells
select
    means.benchmark, means.task, means.model, means.variant, means.raw, means.trained_on,
    case when means.single + coalesce(len(list_distinct(means.shared)), 0) >= required_cells.required then means.raw end as value,
    -- A subset that is one cell with one score has that score for its mean.
    case when means.single = means.scores and required_cells.splits = 1 then means.scores end as plain_subsets
from (
    select
        benchmark, task, model, variant, avg(value) as raw, bool_or(trained_on) as trained_on, count(*) as scores,
        count(case when not shares_cell then value end) as single,
        list(cell) filter (where shares_cell and value is not null) as shared
    from cell_scores
    group by benchmark, task, model, variant
) as means
left join required_cells on required_cells.benchmark = means.benchmark and required_cells.task = means.task

-- on: cell_scores, required_cells, repeats
select
    means.benchmark, means.model, means.variant, means.task, means.raw, means.trained_on,
    case when means.scored - coalesce(repeats.repeats, 0) >= required_cells.required then means.raw end as value
from (
    select
        benchmark, model, variant, task, avg(value) as raw, bool_or(trained_on) as trained_on, count(value) as scored
    from cell_scores
    group by benchmark, model, variant, task
) as means
left join required_cells on required_cells.benchmark = means.benchmark and required_cells.task = means.task
left join repeats
    on repeats.benchmark = means.benchmark and repeats.model = means.model and repeats.task = means.task
    and repeats.variant is not distinct from means.variant

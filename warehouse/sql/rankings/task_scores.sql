-- on: board, cell_scores, repeated_cells, required_cells
select
    means.benchmark, means.task, means.model, means.variant, means.raw, means.trained_on,
    case when means.numbers - coalesce(repeated.repeats, 0) >= required_cells.required then means.raw end as value,
    -- Where each subset has as many scores as the others, the mean over their means is the mean over the scores.
    case
        when repeated.repeats is not null or means.numbers < means.scores then null
        when required_cells.splits = 1 then means.scores
        when means.numbers = required_cells.required then required_cells.required // required_cells.splits
    end as even_subsets
from (
    select
        benchmark, task, model, variant, avg(value) as raw, bool_or(trained_on) as trained_on, count(*) as scores,
        count(value) as numbers
    from cell_scores
    group by benchmark, task, model, variant
) as means
join board on board.benchmark = means.benchmark and (means.variant is null or board.ranks_variants)
left join required_cells on required_cells.benchmark = means.benchmark and required_cells.task = means.task
left join repeated_cells as repeated
    on repeated.benchmark = means.benchmark and repeated.task = means.task and repeated.model = means.model
    and repeated.variant is not distinct from means.variant

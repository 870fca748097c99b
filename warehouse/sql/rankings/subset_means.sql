-- on: task_scores, required_cells, other_scores
select benchmark, task, model, variant, even_subsets as subsets, raw as mean
from task_scores
where even_subsets is not null
union all
select
    benchmark, task, model, variant, count(*) as subsets,
    case when count(value) = count(*) then avg(value order by subset) end as mean
from (
    select
        means.benchmark, means.task, means.subset, means.model, means.variant,
        case when means.single + coalesce(len(list_distinct(means.shared)), 0) >= required_cells.splits then means.raw end
            as value
    from (
        select
            scores.benchmark, scores.task, scores.subset, scores.model, scores.variant,
            avg(scores.value order by scores.seq) as raw,
            count(case when not scores.shares_cell then scores.value end) as single,
            list(scores.cell) filter (where scores.shares_cell and scores.value is not null) as shared
        from other_scores as scores
        join task_scores as other
            on other.benchmark = scores.benchmark and other.task = scores.task and other.model = scores.model
            and other.variant is not distinct from scores.variant
        where other.even_subsets is null
        group by scores.benchmark, scores.task, scores.subset, scores.model, scores.variant
    ) as means
    left join required_cells on required_cells.benchmark = means.benchmark and required_cells.task = means.task
) as parts
group by benchmark, task, model, variant

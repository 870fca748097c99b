-- on: entry_scores, ranked
select
    benchmark, entry, task, place as task_place,
    case when models > 1 then (models - better - 1 - (ties - 1) / 2.0) / (models - 1) end as share
from (
    select
        benchmark, entry, task, place,
        -- All three over one window: so the scores of a task are sorted once.
        count(*) over (placed range between unbounded preceding and unbounded following) as models,
        count(*) over (placed range between current row and current row) as ties,
        rank() over placed - 1 as better
    from (
        select
            entry_scores.benchmark, entry_scores.entry, entry_scores.task, entry_scores.place,
            case when lower_is_better then -entry_scores.value else entry_scores.value end as directed
        from entry_scores
        join ranked on ranked.entry = entry_scores.entry
        where entry_scores.value is not null
    ) as directed
    window placed as (partition by benchmark, task order by directed desc)
) as beaten
order by entry, task_place, task

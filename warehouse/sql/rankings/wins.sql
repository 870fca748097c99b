-- on: entry_scores, ranked
select
    benchmark, entry, task, place as task_place,
    case when models > 1 then (models - better - 1 - (ties - 1) / 2.0) / (models - 1) end as share
from (
    select
        entry_scores.benchmark, entry_scores.entry, entry_scores.task, entry_scores.place,
        count(*) over (partition by entry_scores.benchmark, entry_scores.task) as models,
        count(*) over (partition by entry_scores.benchmark, entry_scores.task, entry_scores.value) as ties,
        rank() over (
            partition by entry_scores.benchmark, entry_scores.task
            order by case when lower_is_better then -entry_scores.value else entry_scores.value end desc
        ) - 1 as better
    from entry_scores
    join ranked on ranked.entry = entry_scores.entry
    where entry_scores.value is not null
) as placed
order by entry, task_place, task

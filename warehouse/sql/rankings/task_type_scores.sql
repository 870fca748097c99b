-- on: entry_scores, columns
select
    scores.benchmark, scores.entry, scores.type as task_type, types.place, avg(scores.value) as mean,
    case when count(scores.value) = types.tasks then avg(scores.value) end as value
from entry_scores as scores
join (
    select benchmark, type, count(*) as tasks, min(place) as place from columns group by benchmark, type
) as types on types.benchmark = scores.benchmark and types.type = scores.type
group by scores.benchmark, scores.entry, scores.type, types.place, types.tasks
order by scores.entry, types.place

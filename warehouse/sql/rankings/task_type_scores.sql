-- on: columns, task_scores
select
    task_scores.benchmark, task_scores.model, task_scores.variant, columns.type as task_type, types.place,
    case when count(task_scores.value) = types.tasks then avg(task_scores.value) end as value
from task_scores
join columns on columns.benchmark = task_scores.benchmark and columns.task = task_scores.task
join (
    select benchmark, type, count(*) as tasks, min(place) as place from columns group by benchmark, type
) as types on types.benchmark = columns.benchmark and types.type = columns.type
group by task_scores.benchmark, task_scores.model, task_scores.variant, columns.type, types.tasks, types.place

-- on: columns, task_scores
select
    task_scores.model, task_scores.variant, columns.type as task_type, types.place,
    case when count(task_scores.value) = types.tasks then avg(task_scores.value) end as value
from task_scores
join columns on columns.task = task_scores.task
join (select type, count(*) as tasks, min(place) as place from columns group by type) as types on types.type = columns.type
group by task_scores.model, task_scores.variant, columns.type, types.tasks, types.place

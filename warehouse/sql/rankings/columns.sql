-- on: board, cells, task_scores
select
    declared.task, declared.place, tasks.type, tasks.is_public, tasks.lower_is_better
from (select task, min(place) as place from cells group by task) as declared
join tasks on tasks.name = declared.task
cross join board
where (tasks.is_public or not board.public_tasks_only)
    and (board.method = 'MEAN_SCORED' or declared.task in (select task from task_scores))

-- on: board, cells, task_scores
select
    declared.benchmark, declared.task, declared.place, tasks.type, tasks.is_public, tasks.lower_is_better
from (select benchmark, task, min(place) as place from cells group by benchmark, task) as declared
join board on board.benchmark = declared.benchmark
join tasks on tasks.name = declared.task
left join (select benchmark, task from task_scores group by benchmark, task) as scored
    on scored.benchmark = declared.benchmark and scored.task = declared.task
where (tasks.is_public or not board.public_tasks_only)
    and (board.method = 'MEAN_SCORED' or scored.task is not null)

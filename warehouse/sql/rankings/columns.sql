-- on: declared_tasks, entity_scores
select
    declared_tasks.benchmark, declared_tasks.task, declared_tasks.type, declared_tasks.is_public,
    declared_tasks.lower_is_better,
    row_number() over (partition by declared_tasks.benchmark order by declared_tasks.place, declared_tasks.task) - 1
        as place
from declared_tasks
left join (select benchmark, task from entity_scores group by benchmark, task) as scored
    on scored.benchmark = declared_tasks.benchmark and scored.task = declared_tasks.task
where declared_tasks.keeps_gaps or scored.task is not null

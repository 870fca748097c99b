-- on: task_scores, declared_tasks, entities
select
    entities.benchmark, entities.entry, declared_tasks.task, declared_tasks.place, declared_tasks.type,
    declared_tasks.is_public, declared_tasks.lower_is_better, declared_tasks.keeps_gaps, task_scores.raw,
    task_scores.value, task_scores.trained_on
from task_scores
join declared_tasks on declared_tasks.benchmark = task_scores.benchmark and declared_tasks.task = task_scores.task
join entities
    on entities.benchmark = task_scores.benchmark and entities.model = task_scores.model
    and entities.variant is not distinct from task_scores.variant
order by entities.entry, declared_tasks.place, declared_tasks.task

-- on: cells, task_scores
select count(*) as models
from (
    select model, count(*) as tasks
    from (select model, task from task_scores where raw is not null group by model, task) as scored
    group by model
) as counted
where tasks >= (select count(*) from (select task from cells group by task) as declared)

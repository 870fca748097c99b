-- on: board_cells, task_scores
select counted.benchmark, count(*) as models
from (
    select benchmark, model, count(*) as tasks
    from (select benchmark, model, task from task_scores where raw is not null group by benchmark, model, task) as scored
    group by benchmark, model
) as counted
join (
    select benchmark, count(*) as tasks
    from (select benchmark, task from board_cells group by benchmark, task) as declared
    group by benchmark
) as declared on declared.benchmark = counted.benchmark
where counted.tasks >= declared.tasks
group by counted.benchmark

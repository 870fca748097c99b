-- The boards with a task that a model ever had a score on.
select name
from benchmarks
where name in (
    select benchmark_tasks.benchmark::varchar
    from benchmark_tasks
    join (select distinct task, source from scores where model = $model) as scored
        on scored.task = benchmark_tasks.task and scored.source = benchmark_tasks.source
)

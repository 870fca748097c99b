-- The boards with a task that a model ever had a score on.
select name
from benchmarks
where name in (
    select benchmark_tasks.benchmark::varchar
    from benchmark_tasks
    join (
        select task, source from scores where model = $model
        union
        select task, counts_for from guest_scores where model = $model
    ) as scored on scored.task = benchmark_tasks.task and scored.source = benchmark_tasks.source
)

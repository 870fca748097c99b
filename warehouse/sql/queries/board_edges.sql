-- The times at which something that ranks a board changed.
with tasks as (select distinct task from benchmark_tasks where benchmark = $benchmark)
select distinct edge
from (
    select unnest([valid_from, valid_to]) as edge from scores where source = $source and task in (select task from tasks)
    union all
    select unnest([counts_from, counts_to])
    from guest_scores
    where counts_for = $source and task in (select task from tasks)
    union all
    select unnest([valid_from, valid_to]) from benchmark_tasks where benchmark = $benchmark
    union all
    select unnest([valid_from, valid_to]) from benchmark_rules where benchmark = $benchmark
    union all
    select unnest([valid_from, valid_to]) from task_rules where source = $source and task in (select task from tasks)
    union all
    select unnest([valid_from, valid_to]) from model_training where source = $source
) as edges
where edge is not null
order by edge

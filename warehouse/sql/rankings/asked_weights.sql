-- on: declared_tasks
select declared_tasks.benchmark, weights.task, weights.weight
from (select unnest($weighted_tasks) as task, unnest($weights) as weight) as weights
join declared_tasks on declared_tasks.task::varchar = weights.task
where weights.weight > 0

-- The tasks of one board.
select benchmark_tasks.* exclude (source), tasks.* exclude (name, splits, languages, place), tasks.name, tasks.languages as task_languages
from benchmark_tasks
join tasks on tasks.name = benchmark_tasks.task::varchar
where benchmark_tasks.benchmark = $benchmark and benchmark_tasks.valid_to is null

-- The tasks of each board, as its own source declares them.
select known_benchmark_tasks.*
from known_benchmark_tasks
join benchmarks on benchmarks.name = known_benchmark_tasks.benchmark and benchmarks.source = known_benchmark_tasks.source

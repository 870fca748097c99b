-- How each board ranks, as its own source says.
select known_benchmark_rules.*
from known_benchmark_rules
join benchmarks on benchmarks.name = known_benchmark_rules.benchmark and benchmarks.source = known_benchmark_rules.source

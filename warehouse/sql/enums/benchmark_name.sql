-- Names of benchmarks.
select name as value from origin_benchmarks
union select benchmark from known_benchmark_rules

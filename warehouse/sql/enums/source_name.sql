-- Names of sources.
select source as value from known_scores
union select source from origin_benchmarks
union select source from known_capabilities
union select source from known_benchmark_tasks
union select source from origin_tasks

-- Names of sources.
select source as value from known_scores
union select source from origin_benchmarks
union select source from known_capabilities
union select source from known_benchmark_tasks
union select source from origin_tasks
union select source from known_benchmark_rules
union select source from known_task_rules
union select source from known_model_training

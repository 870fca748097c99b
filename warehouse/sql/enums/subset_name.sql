-- Names of subsets.
select subset as value from known_scores
union select unnest(subsets) from known_benchmark_tasks
union select subset from origin_task_subsets
union select subset from known_capabilities

-- Names of tasks.
select task as value from known_scores
union select name from origin_tasks
union select task from known_benchmark_tasks
union select task from origin_task_subsets
union select task from known_capabilities
union select task from known_task_rules

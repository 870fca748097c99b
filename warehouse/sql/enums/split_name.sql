-- Names of splits.
select split as value from known_scores
union select unnest(splits) from known_benchmark_tasks

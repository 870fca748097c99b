-- inline
select benchmark, task, model, variant, subsets, subset_mean as mean
from board_task_scores
where list_contains($benchmarks, benchmark::varchar)

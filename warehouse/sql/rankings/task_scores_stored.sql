select benchmark, task, model, variant, raw, trained_on, value
from board_task_scores
where list_contains($benchmarks, benchmark::varchar)

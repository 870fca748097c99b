-- on: board, columns, task_scores
select task_scores.benchmark, task_scores.model, task_scores.variant
from task_scores
join columns on columns.benchmark = task_scores.benchmark and columns.task = task_scores.task
join board on board.benchmark = task_scores.benchmark
where task_scores.value is not null or board.method = 'MEAN_SCORED'
group by task_scores.benchmark, task_scores.model, task_scores.variant

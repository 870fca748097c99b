-- on: board, columns, task_scores, subset_scores
select task_scores.benchmark, model, variant, task_scores.task, 'task' as subset, raw as value, columns.lower_is_better
from task_scores
join board on board.benchmark = task_scores.benchmark
join columns on columns.benchmark = task_scores.benchmark and columns.task = task_scores.task
where board.method <> 'MEAN_SUBSET' and raw is not null
union all
select subset_scores.benchmark, model, variant, subset_scores.task, subset::varchar, value, columns.lower_is_better
from subset_scores
join board on board.benchmark = subset_scores.benchmark
join columns on columns.benchmark = subset_scores.benchmark and columns.task = subset_scores.task
where board.method = 'MEAN_SUBSET' and value is not null

-- on: board, columns, task_scores
select task_scores.model, task_scores.variant
from task_scores
join columns on columns.task = task_scores.task
cross join board
where task_scores.value is not null or board.method = 'MEAN_SCORED'
group by task_scores.model, task_scores.variant

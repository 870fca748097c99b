-- on: board, task_scores, subset_scores
select task_scores.model, task_scores.variant, task_scores.task, 'task' as subset, task_scores.raw as value
from task_scores
cross join board
where board.method <> 'MEAN_SUBSET' and task_scores.raw is not null
union all
select subset_scores.model, subset_scores.variant, subset_scores.task, subset_scores.subset, subset_scores.value
from subset_scores
cross join board
where board.method = 'MEAN_SUBSET' and subset_scores.value is not null

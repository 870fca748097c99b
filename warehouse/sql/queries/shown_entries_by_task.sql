-- The entries of one board, with their score on one task as `asked`.
select entries.*, task_scores.value as asked
from leaderboard_entries as entries
left join leaderboard_task_scores as task_scores
    on task_scores.benchmark = entries.benchmark and task_scores.position = entries.position and task_scores.task = $task
where entries.benchmark = $benchmark

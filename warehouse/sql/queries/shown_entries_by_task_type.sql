-- The entries of one board, with their mean over one task type as `asked`.
select entries.*, type_scores.value as asked
from leaderboard_entries as entries
left join leaderboard_task_type_scores as type_scores
    on type_scores.benchmark = entries.benchmark and type_scores.position = entries.position
    and type_scores.task_type = $task_type
where entries.benchmark = $benchmark

-- The current scores behind the task scores of one board, cell by cell, those of cells it does not declare included.
select task_scores.position as entry_position, task_scores.place as task_place, scores.*
from leaderboard_task_scores as task_scores
join benchmarks on benchmarks.name = task_scores.benchmark::varchar
join scores
    on scores.model = task_scores.model and scores.task = task_scores.task
    and scores.variant is not distinct from task_scores.variant and scores.source::varchar = benchmarks.source
where task_scores.benchmark = $benchmark and scores.valid_to is null and scores.value is not null

-- The means of one model over task types on some boards.
select *
from leaderboard_task_type_scores
where model = $model and list_contains($benchmarks, benchmark::varchar)

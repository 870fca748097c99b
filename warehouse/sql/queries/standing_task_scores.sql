-- The task scores of one model on some boards, and how many tasks each has.
select scores.*, sizes.width
from leaderboard_task_scores as scores
join (select benchmark, count(*) as width from leaderboard_tasks group by benchmark) as sizes
    on sizes.benchmark = scores.benchmark
where scores.model = $model and list_contains($benchmarks, scores.benchmark::varchar)

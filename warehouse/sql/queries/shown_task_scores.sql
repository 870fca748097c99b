-- The task scores of one board, and how many tasks it has.
select leaderboard_task_scores.*, (select count(*) from leaderboard_tasks where benchmark = $benchmark) as width
from leaderboard_task_scores
where benchmark = $benchmark

-- The task scores of one board.
select *, benchmark::varchar as board from leaderboard_task_scores where benchmark = $benchmark

-- The means over task types of one board.
select * from leaderboard_task_type_scores where benchmark = $benchmark

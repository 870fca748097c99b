-- on: board, task_votes, subset_votes
-- inline
select votes.benchmark, votes.entry, votes.task, votes.subset, votes.directed
from task_votes as votes
join board on board.benchmark = votes.benchmark
where board.default_method = 'BORDA'
union all
select votes.benchmark, votes.entry, votes.task, votes.subset, votes.directed
from subset_votes as votes
join board on board.benchmark = votes.benchmark
where board.default_method = 'MEAN_SUBSET'

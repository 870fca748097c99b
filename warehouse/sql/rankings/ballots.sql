-- on: votes, board_sizes
select
    benchmark, entry, task, subset, entries - place - (ties - 1) / 2.0 as points
from (
    select
        votes.benchmark, votes.entry, votes.task, votes.subset, sizes.entries, rank() over placed as place,
        count(*) over (placed range between current row and current row) as ties
    from votes
    join board_sizes as sizes on sizes.benchmark = votes.benchmark
    window placed as (partition by votes.benchmark, votes.task, votes.subset order by votes.directed desc)
) as placed

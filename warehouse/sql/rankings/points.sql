-- on: entity_scores, ballots, board_sizes
select
    benchmark, entry, points,
    case when points is not null then rank() over (partition by benchmark order by points desc nulls last) end as rank
from (
    select met.benchmark, met.entry, case when sizes.tasks > 0 then coalesce(voted.points, 0) end as points
    -- Who has no row on a task that counts is not compared: points can be less than none.
    from (select benchmark, entry from entity_scores group by benchmark, entry) as met
    join board_sizes as sizes on sizes.benchmark = met.benchmark
    left join (select entry, sum(points) as points from ballots group by entry) as voted on voted.entry = met.entry
) as added

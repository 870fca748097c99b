-- on: entities, ballots, board_sizes
select
    benchmark, entry, points,
    case when points is not null then rank() over (partition by benchmark order by points desc nulls last) end as rank
from (
    select
        entities.benchmark, entities.entry, case when sizes.tasks > 0 then coalesce(voted.points, 0) end as points
    from entities
    join board_sizes as sizes on sizes.benchmark = entities.benchmark
    left join (select entry, sum(points) as points from ballots group by entry) as voted on voted.entry = entities.entry
) as added

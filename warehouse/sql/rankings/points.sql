-- on: entities, ballots
select
    entities.benchmark, entities.entry, coalesce(voted.points, 0) as points,
    rank() over (partition by entities.benchmark order by coalesce(voted.points, 0) desc) as rank
from entities
left join (select entry, sum(points) as points from ballots group by entry) as voted on voted.entry = entities.entry

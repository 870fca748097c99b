-- on: entities, columns, ballots, rank_asked
select
    entities.benchmark, entities.entry, entities.model, entities.variant, columns.place, 0 as stratum,
    1.0::double as weight, votes.points::double as value
from entities
join rank_asked as ranks on ranks.entry = entities.entry
left join (select benchmark, entry, task, sum(points) as points from ballots group by benchmark, entry, task) as votes
    on votes.entry = entities.entry
left join columns on columns.benchmark = votes.benchmark and columns.task = votes.task
where ranks.rank is not null

-- on: ordered, columns, wins
select
    ordered.benchmark, ordered.entry, ordered.model, ordered.variant, columns.place, 0 as stratum,
    1.0::double as weight, wins.share::double as value
from ordered
join wins on wins.entry = ordered.entry
join columns on columns.benchmark = wins.benchmark and columns.task = wins.task
where wins.share is not null

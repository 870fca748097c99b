-- A score counts on another source's boards while that source has a value of its own there, or not while it holds.
select scores.source::varchar as source, scores.model::varchar as model, scores.task::varchar as task, guests.counts_from
from guest_scores as guests
join scores on scores.seq = guests.seq
left join (select * from scores where value is not null) as own
    on own.cell = guests.cell and own.model = guests.model and own.source = guests.counts_for
    and own.variant is not distinct from guests.variant
    and (guests.counts_to is null or own.valid_from < guests.counts_to)
    and (own.valid_to is null or own.valid_to > guests.counts_from)
where own.seq is not null
    or guests.counts_to <= guests.counts_from
    or guests.counts_from < scores.valid_from
    or (scores.valid_to is not null and (guests.counts_to is null or guests.counts_to > scores.valid_to))

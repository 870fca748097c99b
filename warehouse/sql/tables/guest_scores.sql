-- Scores that count on the boards of another source, and the times at which that has no value of its own there.
with guests as (
    select scores.* replace (described.source::source_name as counts_for)
    from (select * from scores where counts_for is not null and status is null and value is not null) as scores
    join origin_tasks as described on described.name = scores.task::varchar and described.source = scores.counts_for
),
own as (
    select guests.seq, scores.valid_from, scores.valid_to
    from guests
    join scores
        on scores.cell = guests.cell and scores.model = guests.model and scores.source = guests.counts_for
        and scores.variant is not distinct from guests.variant
    where scores.value is not null
),
starts as (
    select seq, valid_from as counts_from from guests
    union
    select own.seq, own.valid_to
    from own
    join guests on guests.seq = own.seq
    where own.valid_to > guests.valid_from and (guests.valid_to is null or own.valid_to < guests.valid_to)
),
ranges as (
    select starts.seq, starts.counts_from, min(case when own.valid_from > counts_from then own.valid_from end) as next_own
    from starts
    left join own on own.seq = starts.seq
    group by starts.seq, starts.counts_from
    having not coalesce(
        bool_or(own.valid_from <= counts_from and (own.valid_to is null or own.valid_to > counts_from)), false
    )
)
select guests.*, ranges.counts_from, least(ranges.next_own, guests.valid_to) as counts_to
from ranges
join guests on guests.seq = ranges.seq

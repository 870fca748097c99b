-- The times at which what counts on the boards of each source may have changed: its versions, and its guests' ends.
select source, list_sort(list(moment)) as moments
from (
    select source, published_at as moment from versions
    union
    select source, moment
    from (select counts_for::varchar as source, unnest([counts_from, counts_to]) as moment from guest_scores) as guests
    where moment is not null
) as known
group by source

-- The capability labels in use at a time, each with its name.
select label, min(name) as name
from capabilities
where valid_from <= $as_of::timestamptz and (valid_to is null or valid_to > $as_of::timestamptz)
group by label

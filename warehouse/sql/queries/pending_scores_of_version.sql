-- Pending scores of one version of one source.
select *
from pending_scores
where source = $source and valid_from <= $as_of::timestamptz and (valid_to is null or valid_to > $as_of::timestamptz)

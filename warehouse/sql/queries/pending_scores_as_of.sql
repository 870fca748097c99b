-- Pending scores that were current at a time.
select * from pending_scores where valid_from <= $as_of::timestamptz and (valid_to is null or valid_to > $as_of::timestamptz)

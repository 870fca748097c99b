-- Pending scores that are current.
select * from pending_scores where valid_to is null

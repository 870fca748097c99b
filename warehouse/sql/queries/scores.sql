-- Scores that are current.
select * from scores where valid_to is null

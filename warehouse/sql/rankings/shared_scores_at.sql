-- on: scores_at
-- inline
select * from scores_at

-- on: entry_scores
-- inline
select benchmark, entry, task, 'task' as subset, case when lower_is_better then -raw else raw end as directed
from entry_scores
where raw is not null

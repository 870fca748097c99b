-- A score that waits for review is among those that count, or one that waits for none is among those that wait.
select source::varchar as source, model::varchar as model, task::varchar as task, status
from scores
where status is not null and status <> 'SUPERSEDED'
union all
select source::varchar, model::varchar, task::varchar, status
from pending_scores
where status is distinct from 'PENDING'

-- A score is infinite or not a number: publish it as null, with a problem.
select source::varchar as source, model::varchar as model, task::varchar as task, subset::varchar as subset, value
from (from scores union all from pending_scores) as known
where not isfinite(value)

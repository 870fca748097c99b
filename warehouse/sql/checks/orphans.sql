-- A score has no model or no task.
select scores.source::varchar as source, scores.source_model::varchar as model, scores.task::varchar as task
from (from scores union all from pending_scores) as scores
left join models on models.name = scores.model
left join tasks on tasks.name = scores.task
where models.name is null or tasks.name is null

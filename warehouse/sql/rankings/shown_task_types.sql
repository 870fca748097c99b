-- on: entities, task_type_scores
-- inline
select
    entities.benchmark, entities.model, entities.variant, scores.task_type, scores.place,
    case when $lenient then scores.mean else scores.value end as value
from task_type_scores as scores
join entities on entities.entry = scores.entry

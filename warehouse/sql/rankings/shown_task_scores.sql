-- on: entities, columns, entry_scores
select
    entities.benchmark, entities.model, entities.variant, columns.task, columns.place, scores.value, scores.trained_on,
    (select count(*) from columns) as width
from entry_scores as scores
join entities on entities.entry = scores.entry
join columns on columns.benchmark = scores.benchmark and columns.task = scores.task

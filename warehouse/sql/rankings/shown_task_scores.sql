-- on: entities, columns, entry_scores
select
    entities.benchmark, entities.model, entities.variant, columns.task, columns.place, scores.value, scores.trained_on,
    sizes.width
from entry_scores as scores
join entities on entities.entry = scores.entry
join columns on columns.benchmark = scores.benchmark and columns.task = scores.task
join (select benchmark, count(*) as width from columns group by benchmark) as sizes
    on sizes.benchmark = entities.benchmark

-- on: entities, columns, subset_scores
-- inline
select
    subset_scores.benchmark, entities.entry, subset_scores.task, subset_scores.subset::varchar as subset,
    case when columns.lower_is_better then -subset_scores.value else subset_scores.value end as directed
from subset_scores
join columns on columns.benchmark = subset_scores.benchmark and columns.task = subset_scores.task
join entities
    on entities.benchmark = subset_scores.benchmark and entities.model = subset_scores.model
    and entities.variant is not distinct from subset_scores.variant
where subset_scores.value is not null

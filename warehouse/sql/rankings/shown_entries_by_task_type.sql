-- on: entries, shown_task_types
select entries.*, scores.value as asked
from entries
left join (select benchmark, model, variant, value from shown_task_types where task_type::varchar = $task_type) as scores
    on scores.benchmark = entries.benchmark and scores.model = entries.model
    and scores.variant is not distinct from entries.variant

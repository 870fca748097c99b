-- on: entries, entities, entry_scores
select entries.*, scores.value as asked
from entries
join entities
    on entities.benchmark = entries.benchmark and entities.model = entries.model
    and entities.variant is not distinct from entries.variant
left join (select entry, value from entry_scores where task::varchar = $task) as scores on scores.entry = entities.entry

-- on: entity_scores, columns
select entity_scores.*
from entity_scores
join columns on columns.benchmark = entity_scores.benchmark and columns.task = entity_scores.task
order by entity_scores.entry, columns.place

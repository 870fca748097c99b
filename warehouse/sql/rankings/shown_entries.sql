-- on: entries
select entries.*, models.parameters, models.release_date, models.openness_score
from entries
left join models on models.name = entries.model::varchar

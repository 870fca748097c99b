-- The entries of one board, with what can be sorted by.
select entries.*, models.parameters, models.release_date, models.openness_score
from leaderboard_entries as entries
left join models on models.name = entries.model::varchar
where entries.benchmark = $benchmark

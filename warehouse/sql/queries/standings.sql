-- The entries of one model on some boards as they stand, and how many entries each has.
select entries.*, sizes.total_models
from leaderboard_entries as entries
join (select benchmark, count(*) as total_models from leaderboard_entries group by benchmark) as sizes
    on sizes.benchmark = entries.benchmark
where entries.model = $model and list_contains($benchmarks, entries.benchmark::varchar)

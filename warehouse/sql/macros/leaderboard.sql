-- A board as it stands, best first: from leaderboard('EASI-8'). `$board` is a benchmark's name or alias.
select
    entries.rank, entries.model::varchar as model, entries.variant::varchar as variant, entries.value, entries.mean_task, entries.mean_task_type,
    entries.mean_public, entries.mean_private, entries.zero_shot_percent, entries.scored, entries.expected,
    models.parameters, models.license, models.release_date, entries.trained_on_tasks
from leaderboard_entries as entries
join benchmarks on benchmarks.name = entries.benchmark
left join models on models.name = entries.model
where benchmarks.name::varchar = board or list_contains(benchmarks.aliases, board)
order by entries.position

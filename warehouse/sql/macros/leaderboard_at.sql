-- A board as it stood at a time, best first, ranked by the rules of then: from leaderboard_at('EASI-8', timestamptz '2026-04-01').
select
    entries.rank, entries.model::varchar as model, entries.variant::varchar as variant, entries.value, entries.mean_task, entries.mean_task_type,
    entries.mean_public, entries.mean_private, entries.zero_shot_percent, entries.scored, entries.expected,
    models.parameters, models.license, models.release_date, entries.trained_on_tasks
from entries
left join models on models.name = entries.model
order by entries.position

// The view's rows as statements over the published file.
export const STANDINGS = `select
    entries.benchmark::varchar as benchmark, entries.variant::varchar as variant, entries.rank, totals.total, entries.value,
    entries.scored, entries.expected, entries.zero_shot_percent, benchmarks.source::varchar as source
from leaderboard_entries as entries
join benchmarks on benchmarks.name = entries.benchmark
join (
    select benchmark, count(*) as total from leaderboard_entries group by benchmark
) as totals on totals.benchmark = entries.benchmark
where entries.model::varchar = $model
order by entries.rank nulls last, benchmark`;

// Conditions are added to it, then its order.
export const SCORES = `select
    task, split, subset, metric, variant, value, source, source_rank, verified, trained_on, model_revision,
    provenance_path, provenance_url, provenance_revision, evaluated_at, tool, submitted_by
from latest_scores
where model = $model`;

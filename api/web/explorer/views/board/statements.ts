// What parts of a board's view ask, as SQL on the published tables.
import { runnable } from '../../take/sql.ts';

// As things are.
const NOW = '9999-01-01T00:00:00Z';

export function capabilityStatement(board: string, asOf: string | null, snapshot: string): string {
  return runnable(
    `-- Means by capability over the subsets of the board's tasks that carry a label; no mean while one is missing.
with labels as (
    select capabilities.* from capabilities
    join benchmark_tasks as declared
        on declared.task::varchar = capabilities.task::varchar and declared.benchmark::varchar = $board
    where capabilities.valid_from <= $at::timestamptz
        and (capabilities.valid_to is null or capabilities.valid_to > $at::timestamptz)
),
expected as (
    select label, min(name) as name, count(*) as expected from labels group by label
),
held as (
    select scores.model::varchar as model, labels.label, count(scores.value) as scored, avg(scores.value) as mean
    from scores
    join labels
        on labels.task::varchar = scores.task::varchar and labels.subset::varchar = scores.subset::varchar
        and labels.source = scores.source
    where scores.variant is null
        and scores.valid_from <= $at::timestamptz and (scores.valid_to is null or scores.valid_to > $at::timestamptz)
    group by scores.model, labels.label
)
select
    held.model, held.label, expected.name, case when held.scored = expected.expected then held.mean end as value,
    held.scored, expected.expected
from held
join expected on expected.label = held.label
order by all`,
    { board, at: asOf ?? NOW },
    snapshot,
  );
}

export function languageStatement(board: string, languages: readonly string[], asOf: string | null, snapshot: string): string {
  return runnable(
    `-- Means by language over the scores on the cells that the board declares.
select scores.model, languages.language, avg(scores.value) as value, count(*) as scores
from (
    select model::varchar as model, variant, cell, language_set, value, source::varchar as source, valid_from, valid_to
    from scores
    union all
    select model::varchar, variant, cell, language_set, value, counts_for::varchar, counts_from, counts_to from guest_scores
) as scores
join benchmark_cells as declared on declared.cell = scores.cell
join benchmarks on benchmarks.name = declared.benchmark::varchar and benchmarks.source::varchar = scores.source
join (select language_set, unnest(languages) as language from language_sets) as languages
    on languages.language_set = scores.language_set
where benchmarks.name = $board and scores.variant is null and scores.value is not null
    and scores.valid_from <= $at::timestamptz and (scores.valid_to is null or scores.valid_to > $at::timestamptz)
    and declared.valid_from <= $at::timestamptz and (declared.valid_to is null or declared.valid_to > $at::timestamptz)
    and list_contains($languages, languages.language)
group by scores.model, languages.language
order by scores.model, languages.language`,
    { board, languages, at: asOf ?? NOW },
    snapshot,
  );
}

export function changesStatement(source: string, before: string, after: string, board: string, snapshot: string): string {
  return runnable(
    `-- Scores on the board's tasks that are not the same in two versions of its source.
with earlier as (
    select * from scores
    where source::varchar = $source and valid_from <= $before::timestamptz
        and (valid_to is null or valid_to > $before::timestamptz)
),
later as (
    select * from scores
    where source::varchar = $source and valid_from <= $after::timestamptz
        and (valid_to is null or valid_to > $after::timestamptz)
)
select
    coalesce(later.model::varchar, earlier.model::varchar) as model,
    coalesce(later.variant::varchar, earlier.variant::varchar) as variant,
    coalesce(later.task::varchar, earlier.task::varchar) as task, coalesce(later.split::varchar, earlier.split::varchar) as split,
    coalesce(later.subset::varchar, earlier.subset::varchar) as subset, earlier.value as before, later.value as after
from earlier
full join later
    on later.model = earlier.model and later.variant is not distinct from earlier.variant and later.cell = earlier.cell
    and later.metric = earlier.metric
where earlier.value is distinct from later.value
    and coalesce(later.task::varchar, earlier.task::varchar) in (
        select task::varchar from benchmark_tasks where benchmark::varchar = $board
    )
order by all`,
    { source, before, after, board },
    snapshot,
  );
}

export function conflictsStatement(board: string, snapshot: string): string {
  return runnable(
    `-- Current scores on the board's cells, by one metric and in one unit, that differ between sources or revisions of a model.
with compared as (
    select
        scores.model::varchar as model, scores.variant::varchar as variant, scores.task::varchar as task,
        scores.split::varchar as split,
        scores.subset::varchar as subset, scores.metric::varchar as metric, scores.value, scores.source::varchar as source,
        scores.model_revision, coalesce(told.unit, tasks.unit) as unit
    from scores
    join benchmark_cells as cells
        on cells.cell = scores.cell and cells.benchmark::varchar = $board and cells.valid_to is null
    join tasks on tasks.name = scores.task::varchar
    left join origin.tasks as told on told.name = scores.task::varchar and told.source = scores.source::varchar
    where scores.valid_to is null and scores.value is not null
)
select
    model, variant, task, split, subset, metric, unit, max(value) - min(value) as spread,
    list({source: source, revision: model_revision, value: value} order by source) as scores
from compared
group by model, variant, task, split, subset, metric, unit
having max(value) > min(value)
    and (min(source) <> max(source) or min(coalesce(model_revision, '')) <> max(coalesce(model_revision, '')))
order by spread desc, model, task`,
    { board },
    snapshot,
  );
}

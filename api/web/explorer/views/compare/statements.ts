// The view's rows as statements over the published file: one line a task, type or capability, one column a model.
import { literal } from '../../take/sql.ts';
import type { Kind } from './rows.ts';

// The subsets of the board's tasks that carry a label, and each model's means over them; unknown while one is missing.
const BY_CAPABILITY = `with labels as (
    select distinct capabilities.label, capabilities.task, capabilities.subset, benchmarks.source
    from capabilities
    join benchmarks on benchmarks.name::varchar = $board and benchmarks.source = capabilities.source
    join benchmark_tasks on benchmark_tasks.benchmark = benchmarks.name and benchmark_tasks.task = capabilities.task
    where capabilities.valid_to is null and benchmark_tasks.valid_to is null
), counted as (
    select model, variant, cell, value, source from scores where valid_to is null
    union all
    select model, variant, cell, value, counts_for from guest_scores where counts_to is null
), parts as (
    select labels.label, labels.task, labels.subset, counted.model, counted.variant, avg(counted.value) as value
    from labels
    join cells on cells.task = labels.task and cells.subset = labels.subset
    join counted on counted.cell = cells.cell and counted.source = labels.source
    group by all
), means as (
    select parts.label, parts.model, parts.variant, avg(parts.value) as value
    from parts
    join (select label, count(*) as expected from labels group by label) as wanted on wanted.label = parts.label
    group by parts.label, parts.model, parts.variant, wanted.expected
    having count(parts.value) = wanted.expected
)
`;

const KEPT: Record<Kind, { first: string; of: string; from: string }> = {
  task: { first: '', of: 'task::varchar', from: 'leaderboard_task_scores\nwhere benchmark::varchar = $board' },
  type: { first: '', of: 'task_type', from: 'leaderboard_task_type_scores\nwhere benchmark::varchar = $board' },
  capability: {
    first: BY_CAPABILITY,
    of: 'labels.label',
    from: '(select distinct label from labels) as labels\nleft join means on means.label = labels.label',
  },
};

export function comparison(
  kind: Kind,
  models: readonly string[],
  variants: readonly (string | null)[],
  onlyCommon: boolean,
): string {
  const { first, of, from } = KEPT[kind];
  const columns = models.map((model, place) => `    ${valueOf(model, variants[place] ?? null)} as ${quoted(model)}`);
  const order = kind === 'capability' ? of : 'min(place)';
  const having = onlyCommon
    ? `\nhaving ${models.map((model, place) => `${valueOf(model, variants[place] ?? null)} is not null`).join('\n    and ')}`
    : '';
  return `${first}select\n    ${of} as ${kind},\n${columns.join(',\n')}\nfrom ${from}\ngroup by ${of}${having}\norder by ${order}`;
}

function valueOf(model: string, variant: string | null): string {
  const ofVariant = `variant::varchar is not distinct from ${literal(variant)}`;
  return `max(value) filter (where model::varchar = ${literal(model)} and ${ofVariant})`;
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

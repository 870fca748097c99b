// From the address to what is asked of conflicts, as GraphQL and as SQL.
import type { VariablesOf } from '../../graphql/graphql.ts';
import { pageOf } from '../../parts/Pages.tsx';
import type { Value } from '../../take/sql.ts';
import type { CONFLICTS } from './documents.ts';

export const FIRST = 25;

export interface State {
  board: string | null;
  source: string | null;
  model: string | null;
  spread: string;
  // Null: what stands for the spread is no number of 0 or more.
  minSpread: number | null;
}

export function readState(params: URLSearchParams): State {
  const spread = params.get('spread') ?? '';
  const number = spread === '' ? 0 : Number(spread);
  return {
    board: params.get('board') || null,
    source: params.get('source') || null,
    model: params.get('model') || null,
    spread,
    minSpread: Number.isFinite(number) && number >= 0 ? number : null,
  };
}

export function variablesOf(state: State, after: string | null): VariablesOf<typeof CONFLICTS> {
  const where = {
    ...(state.board && { benchmark: { eq: state.board } }),
    ...(state.source && { source: { eq: state.source } }),
    ...(state.model && { model: { name: { eq: state.model } } }),
  };
  return { where, ...(state.minSpread && { minSpread: state.minSpread }), first: FIRST, ...(after && { after }) };
}

export function parametersOf(state: State, params: URLSearchParams): Record<string, Value> {
  const { board, source, model, minSpread } = state;
  return { board, source, model, spread: minSpread ?? 0, first: FIRST, skipped: (pageOf(params) - 1) * FIRST };
}

export function statementOf({ board, source, model, minSpread }: State): string {
  const conditions = [
    board && '    and scores.cell in (select cell from benchmark_cells where benchmark::varchar = $board and valid_to is null)',
    source && '    and scores.source::varchar = $source',
    model && '    and scores.model::varchar = $model',
  ]
    .filter(Boolean)
    .join('\n');
  const least = minSpread ? '\n        and max(value) - min(value) >= $spread' : '';
  return `with compared as (
    select scores.*, coalesce(told.unit, tasks.unit) as unit
    from scores
    join tasks on tasks.name = scores.task::varchar
    left join origin.tasks as told on told.name = scores.task::varchar and told.source = scores.source::varchar
    where scores.valid_to is null and scores.value is not null${conditions && `\n${conditions}`}
), apart as (
    select model, task, split, subset, metric, variant, unit, max(value) - min(value) as spread
    from compared
    group by model, task, split, subset, metric, variant, unit
    having max(value) > min(value)
        and (min(source) <> max(source) or min(coalesce(model_revision, '')) <> max(coalesce(model_revision, '')))${least}
), conflicts as (
    select * from apart
    order by spread desc, model::varchar, task::varchar, split::varchar, subset::varchar, metric::varchar, variant::varchar, unit
    limit $first offset $skipped
)
select
    conflicts.model::varchar as model, conflicts.task::varchar as task, conflicts.split::varchar as split,
    conflicts.subset::varchar as subset, conflicts.metric::varchar as metric, conflicts.variant::varchar as variant,
    conflicts.unit, conflicts.spread, compared.value, compared.source::varchar as source, compared.model_revision,
    compared.provenance_path, compared.provenance_url
from conflicts
join compared
    on compared.model = conflicts.model and compared.task = conflicts.task and compared.split = conflicts.split
    and compared.subset = conflicts.subset and compared.metric = conflicts.metric
    and compared.variant is not distinct from conflicts.variant and compared.unit is not distinct from conflicts.unit
order by
    conflicts.spread desc, conflicts.model::varchar, conflicts.task::varchar, conflicts.split::varchar, conflicts.subset::varchar,
    conflicts.metric::varchar, conflicts.variant::varchar, conflicts.unit, compared.source::varchar, compared.seq`;
}

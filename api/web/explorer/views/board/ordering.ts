// Sorting as the server does it, on the rows that are here; and the same order as the server is asked for it.
import { sorted } from '../../parts/grid/column.ts';
import { type Headed } from '../../parts/grid/ColumnHead.tsx';
import type { BoardColumn, Row } from './columns.ts';
import type { Asking } from './documents.ts';
import type { Sort } from './state.ts';

type Order = NonNullable<Asking['orderBy']>;
type Field = Extract<Order['by'], { field: unknown }>['field'];

const FIELDS: Record<string, Field> = {
  rank: 'RANK',
  name: 'NAME',
  meanTask: 'MEAN_TASK',
  meanTaskType: 'MEAN_TASK_TYPE',
  meanPublic: 'MEAN_PUBLIC',
  meanPrivate: 'MEAN_PRIVATE',
  zeroShot: 'ZERO_SHOT',
  size: 'PARAMETERS',
  released: 'RELEASE_DATE',
  openness: 'OPENNESS',
};

// Null: the server cannot sort by it.
export function orderOf(sort: Sort | null): Order | null {
  if (!sort) return null;
  const direction = sort.descending ? 'DESC' : 'ASC';
  const field = FIELDS[sort.key];
  if (field) return { by: { field }, direction };
  if (sort.key.startsWith('task:')) return { by: { task: sort.key.slice(5) }, direction };
  if (sort.key.startsWith('type:')) return { by: { taskType: sort.key.slice(5) }, direction };
  return null;
}

export function arranged(rows: readonly Row[], columns: readonly BoardColumn[], sort: Sort | null): readonly Row[] {
  if (!sort) return rows;
  if (sort.key === 'rank') return sorted(rows, ({ rank }) => rank, sort.descending);
  if (sort.key === 'name') return sorted(rows, ({ model }) => model.name, sort.descending);
  const column = columns.find(({ key }) => key === sort.key);
  return column ? sorted(rows, column.value, sort.descending) : rows;
}

// The best first, then the other way round, then as the board has it.
export function nextSort(sort: Sort | null, { key, best }: Headed): string | null {
  const first = best === 'most';
  if (sort?.key !== key) return `${first ? '-' : ''}${key}`;
  return sort.descending === first ? `${first ? '' : '-'}${key}` : null;
}

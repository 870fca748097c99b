// The table of what is compared: the best of each row marked, and how far they are apart.
import { useAddress } from '../../address/address.ts';
import { Link } from '../../parts/Link.tsx';
import { Table, type Column } from '../../parts/Table.tsx';
import { NONE, value } from '../../parts/words.ts';
import type { Board, Compared } from './documents.ts';
import { best, spread, type Kind, type Row } from './rows.ts';

interface Props {
  board: Board;
  rows: readonly Row[];
  models: readonly Compared[];
  kind: Kind;
  differences: boolean;
}

export function SideBySide({ board, rows, models, kind, differences }: Props) {
  const [params, change] = useAddress();
  if (rows.length === 0) return <p class="none">There is nothing that all of them have.</p>;
  const marksTraining = rows.some(({ trained }) => trained.some(Boolean));
  const base = models[0]?.displayName ?? '';
  const numbers = differences ? `Values of ${base}, and how far the others are from them` : 'Values as published';
  const lower = rows.some(({ lowerIsBetter }) => lowerIsBetter);
  const columns: Column<Row>[] = [
    {
      name: { task: 'Task', type: 'Type of task', capability: 'Capability' }[kind],
      heads: true,
      of: ({ title }) => title,
      show: (row) => (
        <>
          {kind === 'task' ? <Link to={{ task: row.name }}>{row.title}</Link> : row.title}
          {row.lowerIsBetter && <small> lower is better</small>}
        </>
      ),
    },
    ...models.map((model, place): Column<Row> => ({
      name: model.displayName,
      numeric: true,
      falls: true,
      of: ({ values }) => values[place],
      show: (row) => <Number row={row} place={place} difference={differences && place > 0} />,
    })),
    ...(models.length > 1
      ? [{ name: 'Apart', numeric: true, falls: true, of: spread, show: (row: Row) => value(spread(row), row.unit) }]
      : []),
  ];
  return (
    <>
      <Table
        label={`Side by side on ${board.name}`}
        columns={columns}
        rows={rows}
        sort={params.get('sort')}
        onSort={(sort) => change({ sort }, 'replace')}
        caption={`${numbers}; the best of each row is marked${lower ? ', the lowest where lower is better' : ''}`}
      />
      {marksTraining && (
        <p class="hint">
          <sup>†</sup> the model was trained on the task
        </p>
      )}
    </>
  );
}

function Number({ row, place, difference }: { row: Row; place: number; difference: boolean }) {
  const own = row.values[place] ?? null;
  const base = row.values[0] ?? null;
  const text = difference ? signed(own, base, row) : value(own, row.unit);
  const isBest = own !== null && own === best(row);
  return (
    <span class={isBest ? 'winner' : ''}>
      {text}
      {isBest && <span class="unseen"> best</span>}
      {row.trained[place] && (
        <sup>
          <span aria-hidden="true">†</span>
          <span class="unseen"> trained on it</span>
        </sup>
      )}
    </span>
  );
}

function signed(own: number | null, base: number | null, row: Row): string {
  if (own === null || base === null) return NONE;
  const by = own - base;
  return `${by > 0 ? '+' : by < 0 ? '−' : '±'}${value(Math.abs(by), row.unit)}`;
}

// A table of records that is sorted by any of its columns; which one is in the address.
import type { ComponentChildren } from 'preact';
import type { Cell } from '../take/csv.ts';

export interface Column<Row> {
  name: string;
  of: (row: Row) => Cell;
  show?: (row: Row) => ComponentChildren;
  numeric?: boolean;
  heads?: boolean;
  // Of many words, which may break.
  long?: boolean;
  falls?: boolean;
}

interface Props<Row> {
  caption: ComponentChildren;
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  sort?: string | null;
  onSort?: (sort: string) => void;
}

// `sort` is the name of a column; with a minus before it, the largest first.
export function Table<Row>({ caption, label, columns, rows, sort = null, onSort }: Props<Row>) {
  return (
    <div class="scroll" role="region" aria-label={label} tabIndex={0}>
      <table class="rows">
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.name} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted(rows, columns, sort).map((row, place) => (
            <tr key={place}>
              {columns.map((column) => (
                <Field key={column.name} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadProps<Row> {
  column: Column<Row>;
  sort: string | null;
  onSort: ((sort: string) => void) | undefined;
}

function Head<Row>({ column, sort, onSort }: HeadProps<Row>) {
  const { name, numeric, falls } = column;
  const up = sort === name;
  const down = sort === `-${name}`;
  const next = up ? `-${name}` : down ? name : falls ? `-${name}` : name;
  const order = up ? 'ascending' : down ? 'descending' : undefined;
  return (
    <th scope="col" class={numeric ? 'number' : undefined} aria-sort={order}>
      {onSort ? (
        <button type="button" class="sort" onClick={() => onSort(next)}>
          {name}
        </button>
      ) : (
        name
      )}
    </th>
  );
}

function Field<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const { of, show, numeric, heads, long } = column;
  const text = show ? show(row) : (of(row) ?? '–');
  if (heads) return <th scope="row">{text}</th>;
  return <td class={numeric ? 'number' : long ? 'long' : undefined}>{text}</td>;
}

// Unknown values come last either way, as in the answers of the server.
export function sorted<Row>(rows: readonly Row[], columns: readonly Column<Row>[], sort: string | null): readonly Row[] {
  const falls = sort?.startsWith('-') ?? false;
  const column = columns.find(({ name }) => name === (falls ? sort?.slice(1) : sort));
  if (!column) return rows;
  const keyed = rows.map((row) => [column.of(row), row] as const);
  return keyed.sort(([a], [b]) => compare(a, b, falls ? -1 : 1)).map(([, row]) => row);
}

function compare(a: Cell, b: Cell, way: 1 | -1): number {
  const missing = Number(a === null || a === undefined) - Number(b === null || b === undefined);
  if (missing !== 0 || a === null || a === undefined || b === null || b === undefined) return missing;
  if (typeof a === 'number' && typeof b === 'number') return way * (a - b);
  return way * String(a).localeCompare(String(b), 'en', { numeric: true });
}

// The rows as they are shown, as fields for CSV.
export function fields<Row>(columns: readonly Column<Row>[], rows: readonly Row[], sort: string | null = null): Cell[][] {
  return sorted(rows, columns, sort).map((row) => columns.map((column) => column.of(row)));
}

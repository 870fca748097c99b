// What a grid shows: columns, and lines that each have a rank and a model.
import type { Change } from '../../address/address.ts';

export type Sorted = string | number | boolean | null;

export interface Line {
  key: string;
  rank: number | null;
  variant: string | null;
  model: { name: string; displayName: string; organization?: string | null };
}

export interface Column<Row> {
  key: string;
  label: string;
  group: string;
  title?: string;
  // In rem.
  width: number;
  // What it is sorted by; null comes last either way.
  value: (row: Row) => Sorted;
  // What is shown; null: an em dash, which is read as `missing`.
  text: (row: Row) => string | null;
  missing: string;
  // Which way the best comes first.
  best: 'most' | 'least';
  numeric: boolean;
  heat?: boolean;
  about?: Change;
  // What is remarked on a cell: a sign, and what it says.
  remark?: (row: Row) => { sign: string; text: string } | null;
  share?: (row: Row) => number;
}

// Rows by a column: unknown last either way, ties as they were.
export function sorted<Row>(rows: readonly Row[], value: (row: Row) => Sorted, descending: boolean): Row[] {
  const sign = descending ? -1 : 1;
  const known = rows.map((row) => ({ row, value: value(row) }));
  return known.sort((a, b) => compare(a.value, b.value, sign)).map(({ row }) => row);
}

// Texts by their code points, as the server sorts them.
function compare(a: Sorted, b: Sorted, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a < b ? -sign : a > b ? sign : 0;
}

export interface Range {
  least: number;
  most: number;
}

// The span of a column's values, for its shading; null: there is nothing to tell apart.
export function rangeOf<Row>(column: Column<Row>, rows: readonly Row[]): Range | null {
  let least = Infinity;
  let most = -Infinity;
  for (const row of rows) {
    const value = column.value(row);
    if (typeof value !== 'number') continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return most > least ? { least, most } : null;
}

// How good a value is within its column, 0 to 1.
export function goodness<Row>(column: Column<Row>, row: Row, range: Range | null): number | null {
  const value = column.value(row);
  if (range === null || typeof value !== 'number') return null;
  const share = (value - range.least) / (range.most - range.least);
  return column.best === 'most' ? share : 1 - share;
}

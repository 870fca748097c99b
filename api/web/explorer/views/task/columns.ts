// The columns of a task's leaderboard: its value, how much of it a model has, and one for each cell.
import type { Column, Line } from '../../parts/grid/column.ts';
import { score, type Unit } from '../../parts/numbers.ts';
import { yesNo } from '../../parts/words.ts';
import type { Cell } from '../../take/csv.ts';
import type { Entry, Ranked } from './documents.ts';

export interface Row extends Line {
  entry: Entry;
  cells: ReadonlyMap<string, number>;
}

export function rowsOf(ranked: Ranked): Row[] {
  return ranked.entries.nodes.map((entry) => ({
    key: `${entry.model.name}\n${entry.variant ?? ''}`,
    rank: entry.rank,
    variant: entry.variant,
    model: entry.model,
    entry,
    cells: new Map((entry.cells ?? []).map((cell) => [keyOf(cell.subset, cell.split), cell.value])),
  }));
}

const keyOf = (subset: string, split: string) => `${subset}\n${split}`;

export function columnsOf(ranked: Ranked, unit: Unit, lowerIsBetter: boolean, withCells: boolean): Column<Row>[] {
  const best = lowerIsBetter ? 'least' : 'most';
  const cells = withCells ? ranked.subsets.flatMap((subset) => ranked.splits.map((split) => ({ subset, split }))) : [];
  const number = { best, numeric: true, heat: true } as const;
  return [
    {
      ...number,
      key: 'value',
      label: 'Mean',
      group: 'all',
      width: 6,
      missing: 'a cell is missing',
      title: 'Mean over the subsets, of each the best split',
      value: ({ entry }) => entry.value,
      text: ({ entry }) => (entry.value === null ? null : score(entry.value, unit)),
    },
    {
      key: 'coverage',
      label: 'Cells',
      group: 'all',
      width: 8,
      missing: 'none',
      best: 'most',
      numeric: true,
      title: 'Cells with a score, of those it needs',
      value: ({ entry }) => entry.scored / entry.expected,
      text: ({ entry }) => `${entry.scored}/${entry.expected}`,
      share: ({ entry }) => entry.scored / entry.expected,
    },
    {
      key: 'trained',
      label: 'Trained on it',
      group: 'all',
      width: 5.5,
      missing: 'it declares no training data',
      best: 'most',
      numeric: false,
      value: ({ entry }) => entry.trainedOn,
      text: ({ entry }) => (entry.trainedOn === null ? null : yesNo(entry.trainedOn)),
    },
    ...cells.map(({ subset, split }): Column<Row> => {
      const key = keyOf(subset, split);
      return {
        ...number,
        key: `cell:${subset}:${split}`,
        label: ranked.splits.length > 1 ? `${subset} ${split}` : subset,
        group: subset,
        width: 7,
        missing: 'not evaluated',
        title: `${subset}, ${split}`,
        value: ({ cells: known }) => known.get(key) ?? null,
        text: ({ cells: known }) => {
          const value = known.get(key);
          return value === undefined ? null : score(value, unit);
        },
      };
    }),
  ];
}

export function fieldsOf(rows: readonly Row[], columns: readonly Column<Row>[]): { header: string[]; rows: Cell[][] } {
  const cells = columns.filter(({ key }) => key.startsWith('cell:'));
  return {
    header: [
      'rank',
      'model',
      'variant',
      'value',
      'scored',
      'expected',
      'trained_on',
      ...cells.map(({ title, label }) => title ?? label),
    ],
    rows: rows.map((row) => [
      row.rank,
      row.model.name,
      row.variant,
      row.entry.value,
      row.entry.scored,
      row.entry.expected,
      row.entry.trainedOn,
      ...cells.map((cell) => cell.value(row)),
    ]),
  };
}

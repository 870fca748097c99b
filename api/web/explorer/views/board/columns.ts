// The columns of a leaderboard: what is known of a model, how much of the board it has, its means, and its scores.
import type { Column, Line } from '../../parts/grid/column.ts';
import { score, type Unit } from '../../parts/numbers.ts';
import { methodOf, unitOf } from '../../parts/words.ts';
import type { Entry, Leaderboard, RankedTask } from './documents.ts';

export interface Row extends Line {
  entry: Entry;
  // Undefined: it is not there yet.
  interval: { low: number; high: number } | null | undefined;
  verified: boolean | null;
}

export type BoardColumn = Column<Row>;

export const SHOWN_AT_FIRST = ['coverage', 'interval', 'verified', 'size', 'released', 'zeroShot'];

const NOT_EVALUATED = 'not evaluated';

export function rowsOf(entries: readonly Entry[]): Row[] {
  return entries.map((entry) => ({
    key: keyOf(entry),
    rank: entry.rank,
    variant: entry.variant,
    model: entry.model,
    entry,
    interval: undefined,
    verified: null,
  }));
}

export function keyOf({ model, variant }: { model: { name: string }; variant: string | null }): string {
  return `${model.name}\n${variant ?? ''}`;
}

// What the board ranks by, and its means.
export function means(board: Leaderboard, unit: Unit, nodes: readonly Entry[]): BoardColumn[] {
  const lower = board.tasks.length > 0 && board.tasks.every((task) => task.lowerIsBetter);
  const mean = (
    key: string,
    label: string,
    value: (entry: Entry) => number | null,
    more: Partial<BoardColumn> = {},
  ): BoardColumn => ({
    key,
    label,
    group: 'Ranked by',
    width: 6,
    numeric: true,
    heat: true,
    best: lower ? 'least' : 'most',
    missing: NOT_EVALUATED,
    title: `${label}, ${unitOf(unit)}${lower ? '; lower is better' : ''}`,
    value: ({ entry }) => value(entry),
    text: ({ entry }) => {
      const known = value(entry);
      return known === null ? null : score(known, unit);
    },
    ...more,
  });
  const name = methodOf(board.method);
  const points = board.method === 'BORDA' ? (value: number) => value.toLocaleString('en', { maximumFractionDigits: 1 }) : null;
  const share = board.method === 'WIN_RATE' ? (value: number) => score(value, 'FRACTION') : null;
  const write = points ?? share;
  const headline = mean(
    'value',
    name.charAt(0).toUpperCase() + name.slice(1),
    ({ value }) => value,
    write
      ? {
          best: 'most',
          title: `${name}: what the board ranks by`,
          text: ({ entry: { value } }) => (value === null ? null : write(value)),
        }
      : {},
  );
  const others = [
    ...(['MEAN_TASK', 'MEAN_PUBLIC_PRIVATE'].includes(board.method) || board.tasks.length < 2
      ? []
      : [mean('meanTask', 'Mean over all tasks', ({ meanTask }) => meanTask)]),
    ...(board.method === 'MEAN_TASK_TYPE' ? [] : [mean('meanTaskType', 'Mean over types', ({ meanTaskType }) => meanTaskType)]),
    mean('meanPublic', 'Public tasks', ({ meanPublic }) => meanPublic),
    mean('meanPrivate', 'Private tasks', ({ meanPrivate }) => meanPrivate),
  ];
  return [headline, ...others.filter(({ value }) => rowsOf(nodes).some((row) => value(row) !== null))];
}

export function typeColumns(board: Leaderboard, unit: Unit): BoardColumn[] {
  if (board.taskTypes.length < 2) return [];
  return board.taskTypes.map((type) => {
    const held = ({ entry }: Row) => entry.taskTypeScores.find(({ taskType }) => taskType === type)?.value ?? null;
    const lower = board.tasks.filter((task) => task.type === type).every((task) => task.lowerIsBetter);
    return {
      key: `type:${type}`,
      label: type,
      group: 'Means by type',
      width: widthOf(type),
      numeric: true,
      heat: true,
      best: lower ? 'least' : 'most',
      value: held,
      missing: NOT_EVALUATED,
      title: `Mean over the tasks of type ${type}, ${unitOf(unit)}`,
      text: (row) => {
        const known = held(row);
        return known === null ? null : score(known, unit);
      },
    };
  });
}

export function taskColumns(tasks: readonly RankedTask[]): BoardColumn[] {
  return tasks.map((task, place) => {
    const held = ({ entry }: Row) => entry.taskValues[place] ?? null;
    return {
      key: `task:${task.name}`,
      label: task.displayName,
      group: 'Tasks',
      width: widthOf(task.displayName),
      numeric: true,
      heat: true,
      value: held,
      missing: NOT_EVALUATED,
      best: task.lowerIsBetter ? 'least' : 'most',
      about: { task: task.name },
      title: [task.displayName, task.type, unitOf(task.unit), task.lowerIsBetter && 'lower is better'].filter(Boolean).join('; '),
      text: (row) => {
        const known = held(row);
        return known === null ? null : score(known, task.unit);
      },
      remark: ({ entry }) => (entry.trainedOnTasks?.includes(task.name) ? { sign: '†', text: 'trained on this task' } : null),
    };
  });
}

// Room for the longest word of a label, within reason.
function widthOf(label: string): number {
  const longest = Math.max(...label.split(/[\s-]+/).map((word) => word.length));
  return Math.max(6, Math.min(13, longest * 0.52 + 1.25));
}

// What is compared, a row each: tasks, types of tasks, or capabilities, with the value of every model.
import type { Unit } from '../../parts/numbers.ts';
import type { Board, Entry, Ranked } from './documents.ts';

export const KINDS = ['task', 'type', 'capability'] as const;
export type Kind = (typeof KINDS)[number];

export interface Row {
  name: string;
  title: string;
  unit: Unit;
  lowerIsBetter: boolean;
  values: readonly (number | null)[];
  trained: readonly boolean[];
}

// One entry a model, in the order of the models: its plain run, else the best ranked; null: it is not on the board.
export function entriesOf(ranked: Ranked, models: readonly string[]): (Entry | null)[] {
  return models.map((model) => {
    const own = ranked.entries.nodes.filter((entry) => entry.model.name === model);
    return own.find(({ variant }) => variant === null) ?? own[0] ?? null;
  });
}

export function kindsOf(ranked: Ranked): Kind[] {
  return KINDS.filter(
    (kind) => kind === 'task' || (kind === 'type' ? ranked.taskTypes.length > 1 : ranked.capabilities.length > 0),
  );
}

export function rowsOf(board: Board, ranked: Ranked, entries: readonly (Entry | null)[], kind: Kind): Row[] {
  if (kind === 'type')
    return ranked.taskTypes.map((type) =>
      plainRow(board, type, type, entries, (entry) => entry.taskTypeScores.find(({ taskType }) => taskType === type)?.value),
    );
  if (kind === 'capability') {
    return ranked.capabilities.map(({ label, name }) =>
      plainRow(
        board,
        label,
        name,
        entries,
        (entry) => entry.capabilityScores.find(({ capability }) => capability.label === label)?.value,
      ),
    );
  }
  return ranked.tasks.map((task, place) => ({
    name: task.name,
    title: task.displayName,
    unit: task.unit,
    lowerIsBetter: task.lowerIsBetter,
    values: entries.map((entry) => entry?.taskValues[place] ?? null),
    trained: entries.map((entry) => entry?.trainedOnTasks?.includes(task.name) ?? false),
  }));
}

function plainRow(
  board: Board,
  name: string,
  title: string,
  entries: readonly (Entry | null)[],
  of: (entry: Entry) => number | null | undefined,
): Row {
  const values = entries.map((entry) => (entry ? (of(entry) ?? null) : null));
  return { name, title, unit: board.unit, lowerIsBetter: false, values, trained: values.map(() => false) };
}

export const isCommon = ({ values }: Row) => values.every((value) => value !== null);

// The best of those that are known; null: fewer than two are.
export function best({ values, lowerIsBetter }: Row): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < 2 ? null : lowerIsBetter ? Math.min(...known) : Math.max(...known);
}

export function spread({ values }: Row): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < 2 ? null : Math.max(...known) - Math.min(...known);
}

// Which boards the compared models are on, and how many of them.
import type { Compared } from './documents.ts';

export interface Shared {
  name: string;
  displayName: string;
  taskCount: number;
  models: number;
  scored: number;
}

// The boards most of them are on first, then those they have most tasks of.
export function boardsOf(models: readonly Compared[]): Shared[] {
  const boards = new Map<string, Shared>();
  for (const model of models) {
    const own = new Map(model.standings.map((standing) => [standing.benchmark.name, standing]));
    for (const { benchmark, entry } of own.values()) {
      const { name, displayName, taskCount } = benchmark;
      const known = boards.get(name) ?? { name, displayName, taskCount, models: 0, scored: 0 };
      boards.set(name, { ...known, models: known.models + 1, scored: known.scored + entry.coverage.scored });
    }
  }
  return [...boards.values()].sort((a, b) => b.models - a.models || b.scored - a.scored || a.name.localeCompare(b.name));
}

export function favourite(models: readonly Compared[]): string | null {
  return boardsOf(models)[0]?.name ?? null;
}

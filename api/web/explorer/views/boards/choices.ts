// Which boards are listed under which heading, and which of them a choice leaves.
import type { Catalogue, Listed } from './documents.ts';

export const FILTERS = ['source', 'language', 'type', 'modality'] as const;
export type Filter = (typeof FILTERS)[number];
export type Choices = Record<Filter, string | null>;

export interface Group {
  name: string;
  about: string;
  boards: Listed[];
}

interface MenuEntry {
  name: string;
  benchmarks: { name: string }[];
  children?: MenuEntry[];
}

const OF: Record<Filter, (board: Listed) => readonly string[]> = {
  source: ({ source }) => [source],
  language: ({ languages }) => languages,
  type: ({ taskTypes }) => taskTypes,
  modality: ({ modalities }) => modalities,
};

export function readChoices(params: URLSearchParams): Choices {
  const [source, language, type, modality] = FILTERS.map((name) => params.get(name) || null);
  return { source: source ?? null, language: language ?? null, type: type ?? null, modality: modality ?? null };
}

export function choose(boards: readonly Listed[], choices: Choices): Listed[] {
  return boards.filter((board) =>
    FILTERS.every((filter) => choices[filter] === null || OF[filter](board).includes(choices[filter])),
  );
}

// What a filter offers: every value some board has, with how many do, the most frequent first.
export function offers(boards: readonly Listed[], filter: Filter): [value: string, boards: number][] {
  const counts = new Map<string, number>();
  for (const value of boards.flatMap(OF[filter])) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, ofA], [b, ofB]) => ofB - ofA || a.localeCompare(b));
}

// The menu's headings in its order, then the boards it does not have, by source.
export function groups({ menu }: Catalogue, chosen: readonly Listed[]): { menu: Group[]; others: Map<string, Listed[]> } {
  const known = new Map(chosen.map((board) => [board.name, board]));
  const inMenu = menu
    .flatMap((entry) => unfold(entry, ''))
    .map(({ name, about, names }) => ({
      name,
      about,
      boards: names.flatMap((board) => known.get(board) ?? []),
    }));
  const placed = new Set(inMenu.flatMap(({ boards }) => boards.map(({ name }) => name)));
  const others = new Map<string, Listed[]>();
  for (const board of chosen) {
    if (!placed.has(board.name)) others.set(board.source, [...(others.get(board.source) ?? []), board]);
  }
  return { menu: inMenu.filter(({ boards }) => boards.length > 0), others };
}

function unfold(
  entry: MenuEntry & { description?: string | null },
  above: string,
): { name: string; about: string; names: string[] }[] {
  const name = above ? `${above} › ${entry.name}` : entry.name;
  const own = { name, about: entry.description ?? '', names: entry.benchmarks.map((board) => board.name) };
  return [own, ...(entry.children ?? []).flatMap((child) => unfold(child, name))];
}

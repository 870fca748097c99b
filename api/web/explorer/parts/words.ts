// What the schema's constants and numbers are called in front of people; a dash stands for what is not known.
import { count, day, score, whole, type Unit } from './numbers.ts';

export const NONE = '–';

const METHODS: Record<string, string> = {
  BORDA: 'Borda points',
  MEAN_TASK: 'mean over tasks',
  MEAN_SCORED: 'mean over the tasks it has',
  MEAN_TASK_TYPE: 'mean over task types',
  MEAN_PUBLIC_PRIVATE: 'mean over tasks',
  MEAN_SUBSET: 'mean over subsets',
  WEIGHTED: 'weighted mean',
  WIN_RATE: 'win rate',
};

const SOURCES: Record<string, string> = {
  easi: 'EASI',
  mteb: 'MTEB',
  'mteb-catalog': 'MTEB’s catalogue',
  hub: 'the Hub',
  openevals: 'OpenEvals',
  submissions: 'submissions',
};

const MATCHES: Record<string, string> = {
  EXACT: 'the same name',
  CURATED: 'by the curated list',
  NORMALIZED: 'reads the same, case and separators apart',
};

export const methodOf = (method: string): string => METHODS[method] ?? method;
export const sourceOf = (source: string): string => SOURCES[source] ?? source;
export const unitOf = (unit: string | null): string =>
  ({ FRACTION: 'a share from 0 to 1', PERCENT: 'percent', POINTS: 'points' })[unit ?? ''] ?? 'not declared';
export const matchOf = (match: string): string => MATCHES[match] ?? match;

export function yesNo(value: boolean | null): string {
  return value === null ? 'unknown' : value ? 'yes' : 'no';
}

export function value(published: number | null | undefined, unit: Unit): string {
  return published === null || published === undefined ? NONE : score(published, unit);
}

// What a board ranks by: points of a Borda count, a share of wins, else a mean in the board's unit.
export function standing(ranked: number | null | undefined, method: string, unit: Unit): string {
  if (ranked === null || ranked === undefined) return NONE;
  if (method === 'BORDA') return whole(ranked);
  return score(ranked, method === 'WIN_RATE' ? 'FRACTION' : unit);
}

export function counted(number: number, one: string, many = `${one}s`): string {
  return `${whole(number)} ${number === 1 ? one : many}`;
}

export const size = (parameters: number | null | undefined): string =>
  parameters === null || parameters === undefined ? NONE : count(parameters);
export const date = (text: string | null | undefined): string => (text ? day(text) : NONE);
export const time = (text: string): string => `${day(text)}, ${text.slice(11, 16)} UTC`;

// A source's own words without the links that Markdown writes.
export const plain = (text: string): string => text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');

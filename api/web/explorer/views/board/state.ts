// What the address says of a board: what is ranked, what is shown, and how. What cannot be read is left out and named.
export const TABS = ['table', 'scatter', 'capabilities', 'languages', 'changes', 'conflicts'] as const;
export type Tab = (typeof TABS)[number];

export const METHODS = {
  BORDA: 'Borda count',
  MEAN_TASK: 'Mean over all tasks',
  MEAN_SCORED: 'Mean over scored tasks',
  MEAN_TASK_TYPE: 'Mean over task types',
  MEAN_PUBLIC_PRIVATE: 'Mean, public and private',
  MEAN_SUBSET: 'Mean over subsets',
  WEIGHTED: 'Weighted mean',
  WIN_RATE: 'Win rate',
} as const;
export type Method = keyof typeof METHODS;

export interface Span {
  from: string | null;
  to: string | null;
}

export interface Sort {
  key: string;
  descending: boolean;
}

export interface State {
  board: string;
  tab: Tab;
  method: Method | null;
  weights: ReadonlyMap<string, number>;
  asOf: string | null;
  since: string | null;
  text: string;
  size: Span;
  released: Span;
  licenses: string[];
  openWeights: boolean | null;
  openness: number | null;
  types: string[];
  modalities: string[];
  speaks: string[];
  zeroShot: number | 'unknown' | null;
  languages: string[];
  common: boolean;
  taskTypes: string[];
  domains: string[];
  tasks: string[];
  modelsAnew: boolean;
  tasksAnew: boolean;
  sort: Sort | null;
  columns: string[] | null;
  intervals: boolean | null;
  marked: string[];
  x: 'size' | 'date';
  y: string | null;
  by: 'weights' | 'type';
}

export interface Read {
  state: State;
  ignored: string[];
}

export const MOST_MARKED = 10;

const SIZE = /^\d+(\.\d+)?[KMBT]?$/i;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

export function readState(params: URLSearchParams): Read {
  const ignored: string[] = [];
  const one = <Value>(name: string, read: (text: string) => Value | undefined): Value | null => {
    const text = params.get(name);
    if (text === null || text === '') return null;
    const value = read(text);
    if (value === undefined) ignored.push(`${name}=${text}`);
    return value ?? null;
  };
  const all = (name: string) => params.getAll(name).filter((text) => text !== '');
  const choice =
    <Value extends string>(known: readonly Value[]) =>
    (text: string) =>
      known.find((value) => value === text);
  const flag = (text: string) => ({ yes: true, no: false })[text];
  const anew = new Set(all('anew').filter((text) => text === 'models' || text === 'tasks' || !ignored.push(`anew=${text}`)));
  const state: State = {
    board: params.get('board') ?? '',
    tab: one('tab', choice(TABS)) ?? 'table',
    method: one('method', (text) => choice(Object.keys(METHODS) as Method[])(text.toUpperCase())),
    weights: readWeights(all('weight'), ignored),
    asOf: one('asOf', time),
    since: one('since', time),
    text: params.get('q') ?? '',
    size: one('size', (text) => span(text, (end) => SIZE.test(end))) ?? NO_SPAN,
    released: one('released', (text) => span(text, isDay)) ?? NO_SPAN,
    licenses: all('license'),
    openWeights: one('open', flag),
    openness: one('openness', (text) => (/^[0-6]$/.test(text) ? Number(text) : undefined)),
    types: all('type'),
    modalities: all('modality'),
    speaks: all('speaks'),
    zeroShot: one('zeroShot', readZeroShot),
    languages: all('lang'),
    common: one('common', flag) ?? false,
    taskTypes: all('taskType'),
    domains: all('domain'),
    tasks: all('pick'),
    modelsAnew: anew.has('models'),
    tasksAnew: anew.has('tasks'),
    sort: one('sort', (text) => {
      const descending = text.startsWith('-');
      const key = descending ? text.slice(1) : text;
      return key ? { key, descending } : undefined;
    }),
    columns: one('columns', (text) => text.split(',').filter(Boolean)),
    intervals: one('intervals', flag),
    marked: all('mark').slice(0, MOST_MARKED),
    x: one('x', choice(['size', 'date'] as const)) ?? 'size',
    y: one('y', (text) => text),
    by: one('by', choice(['weights', 'type'] as const)) ?? 'weights',
  };
  return { state, ignored };
}

export const NO_SPAN: Span = { from: null, to: null };

export function spanText({ from, to }: Span): string | null {
  return from || to ? `${from ?? ''}..${to ?? ''}` : null;
}

// A number of parameters as people write it: 7B, 500M, 1.5b.
export function parameters(text: string): number {
  const unit = { K: 1e3, M: 1e6, B: 1e9, T: 1e12 }[text.slice(-1).toUpperCase()] ?? 1;
  return Math.round(parseFloat(text) * unit);
}

function span(text: string, fits: (end: string) => boolean): Span | undefined {
  const ends = text.split('..');
  const [from = '', to = ''] = ends;
  const good = ends.length === 2 && (from || to) && [from, to].every((end) => end === '' || fits(end));
  return good ? { from: from || null, to: to || null } : undefined;
}

function isDay(text: string): boolean {
  return DAY.test(text) && !Number.isNaN(Date.parse(text));
}

function time(text: string): string | undefined {
  if (!TIME.test(text) || Number.isNaN(Date.parse(text))) return undefined;
  return text.includes('T') ? text : `${text}T00:00:00Z`;
}

function readZeroShot(text: string): number | 'unknown' | undefined {
  if (text === 'unknown') return text;
  return /^\d{1,3}$/.test(text) && Number(text) <= 100 ? Number(text) : undefined;
}

function readWeights(texts: string[], ignored: string[]): Map<string, number> {
  const weights = new Map<string, number>();
  for (const text of texts) {
    const [, task, weight] = /^(.+):(\d+(?:\.\d+)?)$/.exec(text) ?? [];
    if (task && weight) weights.set(task, Number(weight));
    else ignored.push(`weight=${text}`);
  }
  return weights;
}

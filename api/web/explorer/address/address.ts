// The state of the page is its address: every view reads it from there and writes it there.
import { useSyncExternalStore } from 'preact/compat';

export type Change = Record<string, string | readonly string[] | null>;

// A view stands before those whose names it takes as parameters: a comparison has a board, conflicts have a model.
const VIEWS = ['compare', 'conflicts', 'model', 'task', 'board'] as const;
export type View = (typeof VIEWS)[number] | 'boards';

const listeners = new Set<() => void>();

// Which view an address names.
export function viewOf(params: URLSearchParams): View {
  for (const name of params.keys()) {
    const view = VIEWS.find((each) => each === name);
    if (view) return view;
  }
  return 'boards';
}

// The address of a view from scratch: href({ board: 'EASI-8' }).
export function href(state: Change): string {
  const text = changed(new URLSearchParams(), state).toString();
  return text ? `/?${text}` : '/';
}

// Parameters with some of them changed; null or an empty list takes one away.
export function changed(params: URLSearchParams, change: Change): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(change)) {
    next.delete(name);
    for (const each of value === null ? [] : typeof value === 'string' ? [value] : value) next.append(name, each);
  }
  return next;
}

// The address as it is with some of it changed, for a link.
export function kept(change: Change): Change {
  const next = changed(new URLSearchParams(location.search), change);
  return Object.fromEntries([...new Set(next.keys())].map((name) => [name, next.getAll(name)]));
}

// 'push' where somebody would go back to what was before, 'replace' for a step of the same choice (a slider, typing).
export function go(params: URLSearchParams, how: 'push' | 'replace' = 'push'): void {
  const address = params.size ? `/?${params}` : '/';
  if (address === location.pathname + location.search) return;
  if (how === 'push') history.pushState(null, '', address);
  else history.replaceState(null, '', address);
  for (const listener of listeners) listener();
}

export function useAddress(): [URLSearchParams, (change: Change, how?: 'push' | 'replace') => void] {
  const search = useSyncExternalStore(listen, () => location.search);
  const params = new URLSearchParams(search);
  return [params, (change, how) => go(changed(new URLSearchParams(location.search), change), how)];
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('popstate', listener);
  };
}

// The state of the page is its address: every view reads it from there and writes it there.
import { useSyncExternalStore } from 'preact/compat';

export type Change = Record<string, string | readonly string[] | null>;

const VIEWS = ['board', 'model', 'task', 'compare', 'conflicts'] as const;
export type View = (typeof VIEWS)[number] | 'boards';

const listeners = new Set<() => void>();

// Which view an address names: by the first of its parameters that does.
export function viewOf(params: URLSearchParams): View {
  return VIEWS.find((view) => params.has(view)) ?? 'boards';
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

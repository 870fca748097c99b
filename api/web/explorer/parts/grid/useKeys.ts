// One stop of the Tab key in a grid; arrows, Home, End and Page keys go from cell to cell, in sight or not.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface At {
  row: number;
  column: number;
}

interface Options {
  box: { readonly current: HTMLElement | null };
  rows: number;
  columns: number;
  page: number;
  show: (at: At) => void;
}

export function useKeys({ box, rows, columns, page, show }: Options) {
  const [at, setAt] = useState<At>({ row: 0, column: 2 });
  const wanted = useRef<At | null>(null);
  // What is wanted may come into sight some renders later.
  useLayoutEffect(() => {
    const goal = wanted.current && cellAt(box.current, wanted.current);
    if (!goal) return;
    wanted.current = null;
    (goal.querySelector<HTMLElement>('button, a, input') ?? goal).focus();
  });
  const move = (event: KeyboardEvent) => {
    const here = placeOf(event.target);
    if (!here || event.altKey || event.metaKey || event.shiftKey) return;
    const next = step(here, event.key, event.ctrlKey, page, { row: rows, column: columns - 1 });
    if (!next) return;
    event.preventDefault();
    wanted.current = next;
    show(next);
    setAt({ ...next });
  };
  const follow = (event: FocusEvent) => {
    const here = placeOf(event.target);
    if (here && (here.row !== at.row || here.column !== at.column)) setAt(here);
  };
  return { at, move, follow };
}

function step({ row, column }: At, key: string, whole: boolean, page: number, last: At): At | null {
  const within = (next: At): At => ({
    row: Math.max(0, Math.min(last.row, next.row)),
    column: Math.max(0, Math.min(last.column, next.column)),
  });
  if (key === 'Home') return { row: whole ? 0 : row, column: 0 };
  if (key === 'End') return { row: whole ? last.row : row, column: last.column };
  if (whole) return null;
  if (key === 'ArrowUp') return within({ row: row - 1, column });
  if (key === 'ArrowDown') return within({ row: row + 1, column });
  if (key === 'ArrowLeft') return within({ row, column: column - 1 });
  if (key === 'ArrowRight') return within({ row, column: column + 1 });
  if (key === 'PageUp') return within({ row: row - page, column });
  if (key === 'PageDown') return within({ row: row + page, column });
  return null;
}

function placeOf(target: EventTarget | null): At | null {
  const [row, column] = (target instanceof Element ? target.closest<HTMLElement>('[data-at]')?.dataset.at : '')?.split(':') ?? [];
  return row && column ? { row: Number(row), column: Number(column) } : null;
}

function cellAt(box: HTMLElement | null, { row, column }: At): HTMLElement | null {
  return box?.querySelector<HTMLElement>(`[data-at="${row}:${column}"]`) ?? null;
}

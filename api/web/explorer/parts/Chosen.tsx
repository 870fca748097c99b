// What is chosen, each with a way to take it back.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface Props {
  label: string;
  names: readonly string[];
  show?: (name: string) => ComponentChildren;
  onRemove: (name: string) => void;
}

export function Chosen({ label, names, show = (name) => name, onRemove }: Props) {
  const list = useRef<HTMLUListElement>(null);
  const removed = useRef<number | null>(null);
  // The focus goes from what was taken away to what stands in its place.
  useLayoutEffect(() => {
    if (removed.current === null) return;
    const buttons = list.current?.querySelectorAll('button') ?? [];
    (buttons[Math.min(removed.current, buttons.length - 1)] ?? document.getElementById('main'))?.focus();
    removed.current = null;
  }, [names.join('\n')]);
  if (names.length === 0) return null;
  return (
    <ul class="chosen" aria-label={label} ref={list}>
      {names.map((name, place) => (
        <li key={name}>
          <span>{show(name)}</span>
          <button
            type="button"
            aria-label={`Take away ${name}`}
            onClick={() => {
              removed.current = place;
              onRemove(name);
            }}
          >
            ×
          </button>
        </li>
      ))}
    </ul>
  );
}

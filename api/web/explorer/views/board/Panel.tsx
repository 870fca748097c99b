// What is folded away: made when it is first unfolded.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

interface Props {
  title: string;
  note?: string | null;
  children: () => ComponentChildren;
}

export function Panel({ title, note, children }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <details class="panel" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {title}
        {note && <b> ({note})</b>}
      </summary>
      {open && children()}
    </details>
  );
}

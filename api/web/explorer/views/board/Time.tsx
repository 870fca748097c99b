// The versions of a board's source as a slider: the board as it was.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Change } from '../../address/address.ts';
import { day } from '../../parts/numbers.ts';
import type { Benchmark, Version } from './documents.ts';
import type { State } from './state.ts';

interface Props {
  board: Benchmark;
  state: State;
  change: (change: Change, how?: 'push' | 'replace') => void;
}

const PAUSE_MS = 120;

export function Time({ board, state, change }: Props) {
  const versions = board.versions.nodes;
  const last = versions.length - 1;
  const asked = placeOf(versions, state.asOf);
  const [place, setPlace] = useState(asked);
  const wait = useRef(0);
  useEffect(() => setPlace(asked), [asked]);
  useEffect(() => () => clearTimeout(wait.current), []);
  if (versions.length < 2)
    return versions[0] ? <p class="time hint">Its source has one version so far, {said(versions[0])}.</p> : null;
  const move = (to: number, how: 'push' | 'replace') => {
    const next = Math.max(0, Math.min(last, to));
    setPlace(next);
    clearTimeout(wait.current);
    wait.current = window.setTimeout(
      () => change({ asOf: next === last ? null : writtenAt(versions[next]) }, how),
      how === 'push' ? 0 : PAUSE_MS,
    );
  };
  const shown = versions[place];
  const text = place < 0 ? 'before the first version' : shown ? `${said(shown)}${place === last ? ', the latest' : ''}` : '';
  return (
    <div class="time" role="group" aria-label="Time">
      <label for="time">As of</label>
      <button type="button" aria-label="Earlier version" disabled={place <= 0} onClick={() => move(place - 1, 'push')}>
        ‹
      </button>
      <input
        id="time"
        type="range"
        min={0}
        max={last}
        step={1}
        value={Math.max(0, place)}
        aria-valuetext={text}
        onInput={(event) => move(event.currentTarget.valueAsNumber, 'replace')}
      />
      <button type="button" aria-label="Later version" disabled={place >= last} onClick={() => move(place + 1, 'push')}>
        ›
      </button>
      <output for="time">{text}</output>
    </div>
  );
}

const said = ({ label, at }: Version) => `${day(at)} (${label.length > 32 ? `${label.slice(0, 28)}…` : label})`;

// As it stands in the address.
export const writtenAt = (version: Version | undefined) => version?.at.replace('+00:00', 'Z') ?? null;

// The last version that was there at a time; -1: none was.
export function placeOf(versions: readonly Version[], asOf: string | null): number {
  if (!asOf) return versions.length - 1;
  const time = Date.parse(asOf);
  return versions.findLastIndex(({ at }) => Date.parse(at) <= time);
}

// Which columns of metadata are shown.
import type { Controlled } from './Controls.tsx';
import { VOUCHING } from './useRows.ts';

export function Columns({ board, offered, shownColumns, state, change, withIntervals }: Controlled) {
  const facts = offered.filter(
    ({ group, key }) => group === 'Model' && key !== 'interval' && (key !== 'verified' || board.source === VOUCHING),
  );
  const shown = shownColumns.filter((column) => facts.includes(column)).map(({ key }) => key);
  const toggle = (key: string) => {
    const next = shown.includes(key) ? shown.filter((each) => each !== key) : [...shown, key];
    change({ columns: next.join(',') || 'none' }, 'replace');
  };
  return (
    <fieldset class="picks inside">
      <legend class="unseen">Columns</legend>
      <ul>
        {facts.map(({ key, label }) => (
          <li key={key}>
            <label>
              <input type="checkbox" checked={shown.includes(key)} onChange={() => toggle(key)} /> <span>{label}</span>
            </label>
          </li>
        ))}
        <li>
          <label>
            <input
              type="checkbox"
              checked={withIntervals}
              onChange={(event) => change({ intervals: event.currentTarget.checked ? 'yes' : 'no' }, 'replace')}
            />{' '}
            <span>Rank intervals (slower)</span>
          </label>
        </li>
      </ul>
      {state.columns && (
        <button type="button" onClick={() => change({ columns: null })}>
          As at first
        </button>
      )}
    </fieldset>
  );
}

// What one asks of a ranking: the rule, the models, the tasks, and the columns.
import type { BoardColumn, Row } from './columns.ts';
import { Columns } from './Columns.tsx';
import type { Leaderboard } from './documents.ts';
import { Filters, filtersOf } from './Filters.tsx';
import { Panel } from './Panel.tsx';
import type { Part } from './Shown.tsx';
import { METHODS, type Method } from './state.ts';
import { picksTasks } from './asking.ts';
import { Tasks } from './Tasks.tsx';
import { Typed } from './Typed.tsx';
import { Weights } from './Weights.tsx';

export interface Controlled extends Part {
  ranked: Leaderboard;
  offered: readonly BoardColumn[];
  shownColumns: readonly BoardColumn[];
  rows: readonly Row[];
  withIntervals: boolean;
}

// So many tasks are given a weight each at once.
const FEW_TASKS = 12;

export function Controls(props: Controlled) {
  const { board, state, change, ranked } = props;
  const filters = filtersOf(state);
  const restricted = picksTasks(state) || state.languages.length > 0 || state.common || state.zeroShot !== null;
  const tasksSaid = ranked.tasks.length === board.taskCount ? 'chosen' : `${ranked.tasks.length} of ${board.taskCount}`;
  const choose = (value: string) => {
    const equal = value === 'WEIGHTED' && ranked.tasks.length <= FEW_TASKS ? ranked.tasks.map(({ name }) => `${name}:1`) : null;
    change({ method: value === '' ? null : value.toLowerCase(), weight: equal });
  };
  return (
    <form class="asked" onSubmit={(event) => event.preventDefault()} aria-label="What is ranked and shown">
      <div class="row">
        <Typed
          label="Find a model"
          type="search"
          value={state.text}
          onChange={(text) => change({ q: text || null }, 'replace')}
        />
        <div class="typed">
          <label for="method">Rank by</label>
          <select id="method" value={state.method ?? ''} onChange={(event) => choose(event.currentTarget.value)}>
            <option value="">{METHODS[board.defaultMethod]} (its own)</option>
            {(Object.keys(METHODS) as Method[])
              .filter((each) => each !== board.defaultMethod)
              .map((each) => (
                <option key={each} value={each}>
                  {METHODS[each]}
                </option>
              ))}
          </select>
        </div>
      </div>
      {state.method === 'WEIGHTED' && (
        <Weights tasks={board.tasks.map(({ task }) => task)} weights={state.weights} change={change} />
      )}
      <div class="panels">
        <Panel title="Filter models" note={filters > 0 ? String(filters) : null}>
          {() => <Filters {...props} />}
        </Panel>
        {(board.taskCount > 1 || board.languages.length > 1) && (
          <Panel title="Tasks and languages" note={restricted ? tasksSaid : null}>
            {() => <Tasks {...props} />}
          </Panel>
        )}
        <Panel title="Columns">{() => <Columns {...props} />}</Panel>
      </div>
    </form>
  );
}

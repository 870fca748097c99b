// Which tasks, and which of their scores.
import { useMemo, useState } from 'preact/hooks';
import { isPicked, picksTasks } from './asking.ts';
import type { Controlled } from './Controls.tsx';
import { Anew, useLanguages } from './Filters.tsx';
import { Several } from './Several.tsx';

const MOST_LISTED = 300;

export function Tasks({ board, state, change }: Controlled) {
  const [text, setText] = useState('');
  const names = useLanguages(board.languages.length > 1);
  const tasks = useMemo(() => board.tasks.map(({ task }) => task), [board]);
  const types = useMemo(() => [...new Set(tasks.flatMap(({ type }) => type ?? []))], [tasks]);
  const domains = useMemo(() => [...new Set(tasks.flatMap((task) => task.domains))].sort(), [tasks]);
  const like = tasks
    .filter(({ name, displayName }) => `${name} ${displayName}`.toLowerCase().includes(text.toLowerCase()))
    .slice(0, MOST_LISTED);
  const toggle = (name: string) => {
    const picked = state.tasks.length > 0 ? state.tasks : tasks.map((task) => task.name);
    const next = picked.includes(name) ? picked.filter((each) => each !== name) : [...picked, name];
    change({ pick: next.length === tasks.length ? null : next }, 'replace');
  };
  return (
    <div class="inside">
      <div class="row">
        <Several label="Type of task" offers={types} chosen={state.taskTypes} onChange={(taskType) => change({ taskType })} />
        <Several label="Domain" offers={domains} chosen={state.domains} onChange={(domain) => change({ domain })} />
        <div class="typed">
          <label for="tasks-like">Find a task</label>
          <input
            id="tasks-like"
            type="search"
            value={text}
            maxLength={200}
            autocomplete="off"
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </div>
      </div>
      <fieldset class="picks">
        <legend>{text ? `Tasks with “${text}”` : `All ${tasks.length} tasks`}</legend>
        <p class="row">
          {text && like.length > 0 && (
            <button type="button" onClick={() => change({ pick: like.map(({ name }) => name) })}>
              Only these
            </button>
          )}
          {picksTasks(state) && (
            <button type="button" onClick={() => change({ pick: null, taskType: null, domain: null })}>
              All tasks
            </button>
          )}
        </p>
        <ul>
          {like.map((task) => (
            <li key={task.name}>
              <label>
                <input type="checkbox" checked={isPicked(state, task)} onChange={() => toggle(task.name)} />{' '}
                <span>{task.displayName}</span> {task.type && <small>{task.type}</small>}
              </label>
            </li>
          ))}
        </ul>
      </fieldset>
      <Anew
        what="tasks"
        anew={state.tasksAnew}
        keep="Show only their columns; ranks stay those of the whole board"
        again="Rank by these tasks alone"
        onChange={(anew) => change({ anew: [...(state.modelsAnew ? ['models'] : []), ...(anew ? ['tasks'] : [])] })}
      />
      <fieldset class="anew">
        <legend>These always rank anew</legend>
        <div class="row">
          <Several
            label="Only scores in the language"
            offers={board.languages}
            chosen={state.languages}
            onChange={(lang) => change({ lang })}
            name={names}
          />
          <div class="typed">
            <label for="zeroShot">Zero-shot</label>
            <select
              id="zeroShot"
              value={state.zeroShot ?? ''}
              onChange={(event) => change({ zeroShot: event.currentTarget.value || null })}
            >
              <option value="">All models</option>
              <option value="100">Trained on no task (100 %)</option>
              {[90, 75, 50].map((percent) => (
                <option key={percent} value={percent}>
                  {percent} % of tasks and more
                </option>
              ))}
              {typeof state.zeroShot === 'number' && ![100, 90, 75, 50].includes(state.zeroShot) && (
                <option value={state.zeroShot}>{state.zeroShot} % of tasks and more</option>
              )}
              <option value="unknown">Training data undeclared</option>
            </select>
          </div>
        </div>
        <label>
          <input
            type="checkbox"
            checked={state.common}
            onChange={(event) => change({ common: event.currentTarget.checked ? 'yes' : null })}
          />{' '}
          Only tasks that all ranked models have
        </label>
      </fieldset>
    </div>
  );
}

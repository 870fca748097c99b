// What has a text in its name: boards, models and tasks, as links.
import { useEffect, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { useAnswer } from '../../graphql/useAnswer.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Link } from '../../parts/Link.tsx';
import { counted, date, size, NONE } from '../../parts/words.ts';
import { FIND, findVariables, spellings } from '../../search/find.ts';
import { csv } from '../../take/csv.ts';
import { runnable } from '../../take/sql.ts';
import { Take } from '../../take/Take.tsx';
import { FOUND } from './statements.ts';

const FIRST = 40;
const PAUSE_MS = 150;

export function Found({ text }: { text: string }) {
  const settled = useSettled(text);
  const variables = findVariables(settled, FIRST);
  const asked = useAnswer(FIND, variables);
  return (
    <Answered asked={asked}>
      {({ benchmarks, models, tasks }, snapshot) => (
        <>
          <p role="status" class="hint">
            {asked.waiting
              ? 'Searching …'
              : `${told(benchmarks.totalCount, models.totalCount, tasks.totalCount)} with “${settled}” in the name`}
          </p>
          {!asked.waiting && benchmarks.totalCount + models.totalCount + tasks.totalCount === 0 && (
            <p class="none">
              Nothing has this in its name. Try a shorter part of it, or <Link to={{}}>see all boards</Link>.
            </p>
          )}
          <div class="found">
            <Kind
              name="Boards"
              total={benchmarks.totalCount}
              rows={benchmarks.nodes.map((board) => (
                <li key={board.name}>
                  <Link to={{ board: board.name }}>{board.displayName}</Link>
                  <small>
                    {board.displayName !== board.name && `${board.name} · `}
                    {counted(board.taskCount, 'task')}
                  </small>
                </li>
              ))}
            />
            <Kind
              name="Models"
              total={models.totalCount}
              rows={models.nodes.map((model) => (
                <li key={model.name}>
                  <Link to={{ model: model.name }}>{model.name}</Link>
                  <small>{[size(model.parameters), date(model.releaseDate)].filter((part) => part !== NONE).join(' · ')}</small>
                </li>
              ))}
            />
            <Kind
              name="Tasks"
              total={tasks.totalCount}
              rows={tasks.nodes.map((task) => (
                <li key={task.name}>
                  <Link to={{ task: task.name }}>{task.name}</Link>
                  <small>{[task.type, counted(task.modelCount, 'model')].filter(Boolean).join(' · ')}</small>
                </li>
              ))}
            />
          </div>
          <Take
            document={FIND}
            variables={variables}
            name={`search ${settled}`}
            sql={() => runnable(FOUND, { texts: spellings(settled), first: FIRST }, snapshot)}
            csv={() =>
              csv(
                ['kind', 'name'],
                [
                  ...benchmarks.nodes.map(({ name }) => ['board', name]),
                  ...models.nodes.map(({ name }) => ['model', name]),
                  ...tasks.nodes.map(({ name }) => ['task', name]),
                ],
              )
            }
          />
        </>
      )}
    </Answered>
  );
}

const told = (boards: number, models: number, tasks: number) =>
  `${counted(boards, 'board')}, ${counted(models, 'model')} and ${counted(tasks, 'task')}`;

function Kind({ name, total, rows }: { name: string; total: number; rows: ComponentChildren[] }) {
  if (total === 0) return null;
  return (
    <section class="group" aria-label={name}>
      <h2>{name}</h2>
      <ul>{rows}</ul>
      {total > rows.length && (
        <p class="hint">
          The first {rows.length} of {total}. Type more of the name.
        </p>
      )}
    </section>
  );
}

// A text that has stayed the same for a moment, so that not every letter is asked for.
function useSettled(text: string): string {
  const [settled, settle] = useState(text);
  useEffect(() => {
    const wait = setTimeout(() => settle(text), PAUSE_MS);
    return () => clearTimeout(wait);
  }, [text]);
  return settled;
}

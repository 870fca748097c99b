// Every board: those of the menu under its headings, then the others by source; filtered by what they are of.
import { useAddress } from '../../address/address.ts';
import { Link } from '../../parts/Link.tsx';
import { Select } from '../../parts/Select.tsx';
import { whole } from '../../parts/numbers.ts';
import { counted, sourceOf } from '../../parts/words.ts';
import { csv } from '../../take/csv.ts';
import { runnable } from '../../take/sql.ts';
import { Take } from '../../take/Take.tsx';
import { choose, FILTERS, groups, offers, readChoices, type Choices, type Filter } from './choices.ts';
import { CATALOGUE, type Catalogue, type Listed } from './documents.ts';
import { listingSql } from './statements.ts';

const LABELS: Record<Filter, string> = { source: 'Source', language: 'Language', type: 'Type of task', modality: 'Modality' };
const HEADER = ['name', 'display_name', 'source', 'in_menu', 'task_count', 'model_count'];
const languages = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' });

export function Listing({ catalogue, snapshot }: { catalogue: Catalogue; snapshot: string }) {
  const [params, change] = useAddress();
  const choices = readChoices(params);
  const all = catalogue.benchmarks.nodes;
  const chosen = choose(all, choices);
  const shared = sharedNames(all);
  const { menu, others } = groups(catalogue, chosen);
  return (
    <section class="section" aria-labelledby="listing">
      <h2 id="listing">All boards</h2>
      <div class="controls">
        {FILTERS.map((filter) => (
          <Select
            key={filter}
            label={LABELS[filter]}
            any="any"
            value={choices[filter]}
            options={offers(all, filter).map(([value, boards]) => [value, `${wordOf(filter, value)} (${boards})`] as const)}
            onChange={(value) => change({ [filter]: value })}
          />
        ))}
      </div>
      <p role="status" class="hint">
        {chosen.length === all.length ? counted(all.length, 'board') : `${chosen.length} of ${counted(all.length, 'board')}`}. A
        model is complete with a score on every task of the board.
      </p>
      {chosen.length === 0 && <Nothing choices={choices} />}
      <div class="groups">
        {menu.map(({ name, about, boards }) => (
          <Group key={name} name={name} about={about} boards={boards} shared={shared} />
        ))}
        {[...others].map(([source, boards]) => (
          <Group key={source} name={`From ${sourceOf(source)}`} about="Not in the menu" boards={boards} shared={shared} />
        ))}
      </div>
      <Take
        document={CATALOGUE}
        variables={{}}
        name="boards"
        sql={() => runnable(listingSql(choices), parameters(choices), snapshot)}
        csv={() =>
          csv(
            HEADER,
            chosen.map((board) => [board.name, board.displayName, board.source, board.inMenu, board.taskCount, board.modelCount]),
          )
        }
      />
    </section>
  );
}

function Nothing({ choices }: { choices: Choices }) {
  const said = FILTERS.filter((filter) => choices[filter] !== null).map(
    (filter) => `${LABELS[filter].toLowerCase()} ${choices[filter]}`,
  );
  return (
    <p class="none">
      No board has {said.join(' and ')}. <Link to={{}}>Show all boards</Link>
    </p>
  );
}

function Group({ name, about, boards, shared }: { name: string; about: string; boards: readonly Listed[]; shared: Set<string> }) {
  return (
    <section class="group" aria-label={name}>
      <h3>{name}</h3>
      {about && <p class="hint">{about}</p>}
      <ul>
        {boards.map((board) => (
          <li key={board.name}>
            <Link to={{ board: board.name }} title={board.name}>
              {shared.has(board.displayName) ? board.name : board.displayName}
            </Link>
            <small>
              {counted(board.taskCount, 'task')} · {whole(board.modelCount)} complete
              {board.supersededBy.length > 0 && ` · replaced by ${board.supersededBy.join(', ')}`}
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}

// Names for people that several boards have: these go by their own name.
function sharedNames(boards: readonly Listed[]): Set<string> {
  const names = boards.map(({ displayName }) => displayName);
  return new Set(names.filter((name, place) => names.indexOf(name) !== place));
}

function wordOf(filter: Filter, value: string): string {
  if (filter === 'source') return sourceOf(value);
  if (filter !== 'language') return value;
  return nameOf(value);
}

// A code that no standard knows stays as it is.
function nameOf(code: string): string {
  try {
    return languages.of(code) ?? code;
  } catch {
    return code;
  }
}

function parameters(choices: Choices): Record<string, string> {
  return Object.fromEntries(FILTERS.flatMap((filter) => (choices[filter] === null ? [] : [[filter, choices[filter]]])));
}

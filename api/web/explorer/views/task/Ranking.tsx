// How models do on a task: picked subsets and splits, as of a day, a cell each.
import { useCallback, useMemo } from 'preact/hooks';
import { useAddress } from '../../address/address.ts';
import { useAnswer } from '../../graphql/useAnswer.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Chosen } from '../../parts/Chosen.tsx';
import { Combobox } from '../../parts/Combobox.tsx';
import { sorted, type Column } from '../../parts/grid/column.ts';
import { Grid } from '../../parts/grid/Grid.tsx';
import type { Headed } from '../../parts/grid/ColumnHead.tsx';
import { Link } from '../../parts/Link.tsx';
import { whole } from '../../parts/numbers.ts';
import { Select } from '../../parts/Select.tsx';
import { counted, date } from '../../parts/words.ts';
import { csv } from '../../take/csv.ts';
import { runnable, type Value } from '../../take/sql.ts';
import { Take } from '../../take/Take.tsx';
import { columnsOf, fieldsOf, rowsOf, type Row } from './columns.ts';
import { RANKING, type Ranked, type TaskFacts } from './documents.ts';

// More cells than this are asked for only by picking subsets: an answer of them would be tens of megabytes.
const MOST_CELLS = 120_000;
const OFFERED = 50;
const MOST_MARKED = 10;

interface Version {
  label: string;
  at: string;
}

export function Ranking({ task, versions }: { task: TaskFacts; versions: readonly Version[] }) {
  const [params] = useAddress();
  const subsets = params.getAll('subset');
  const splits = params.getAll('split');
  const asOf = params.get('asOf');
  const picked = {
    task: task.name,
    ...(subsets.length > 0 && { subsets }),
    ...(splits.length > 0 && { splits }),
    ...(asOf && { asOf }),
  };
  const asked = useAnswer(RANKING, { ...picked, cells: false });
  const found = asked.waiting ? null : asked.answer?.data.task?.leaderboard;
  const withCells = found ? found.subsets.length * found.splits.length * found.entries.totalCount <= MOST_CELLS : false;
  const full = useAnswer(RANKING, found && withCells ? { ...picked, cells: true } : null);
  const shown = found && withCells && full.answer && !full.waiting ? full : asked;
  return (
    <section class="section" aria-labelledby="ranking">
      <h2 id="ranking">How models do on it</h2>
      <Picking task={task} versions={versions} splits={found?.splits ?? splits} />
      {full.error && (
        <p class="problem" role="alert">
          {full.error}
        </p>
      )}
      <Answered asked={shown}>
        {({ task: answered }, snapshot) => {
          const ranked = answered?.leaderboard;
          if (!ranked || !ranked.version) return <p class="none">No source of it had a version by then.</p>;
          const variables = { ...picked, cells: withCells };
          return (
            <Cells
              task={task}
              ranked={ranked}
              withCells={shown === full}
              tooMany={Boolean(found) && !withCells}
              snapshot={snapshot}
              variables={variables}
            />
          );
        }}
      </Answered>
    </section>
  );
}

function Picking({ task, versions, splits }: { task: TaskFacts; versions: readonly Version[]; splits: readonly string[] }) {
  const [params, change] = useAddress();
  const chosen = params.getAll('subset');
  const load = useCallback(
    async (text: string) => {
      const wanted = text.toLowerCase();
      const names = task.subsets.map(({ name }) => name).filter((name) => name.toLowerCase().includes(wanted));
      return names.slice(0, OFFERED).map((name) => ({ key: name, text: name }));
    },
    [task],
  );
  const split = params.get('split');
  return (
    <>
      <div class="controls">
        {task.subsets.length > 1 && (
          <Combobox
            label="Only the subset"
            hint={`One of ${task.subsets.length}`}
            load={load}
            onPick={({ key }) => chosen.includes(key) || change({ subset: [...chosen, key] }, 'replace')}
          />
        )}
        {(splits.length > 1 || split) && (
          <Select
            label="Split"
            any="all"
            value={split}
            options={splits.map((name) => [name, name] as const)}
            onChange={(name) => change({ split: name }, 'replace')}
          />
        )}
        {versions.length > 1 && (
          <Select
            label="As of"
            any="today"
            value={params.get('asOf')}
            options={[...versions].reverse().map(({ at, label }) => [at, `${date(at)} (${label})`] as const)}
            onChange={(asOf) => change({ asOf }, 'replace')}
          />
        )}
      </div>
      <Chosen
        label="Subsets that count"
        names={chosen}
        onRemove={(name) => change({ subset: chosen.filter((one) => one !== name) }, 'replace')}
      />
      {chosen.length > 0 && (
        <p class="hint">
          Ranked as if it had no other subsets.{' '}
          <button type="button" class="quiet" onClick={() => change({ subset: null })}>
            Count all
          </button>
        </p>
      )}
    </>
  );
}

interface CellsProps {
  task: TaskFacts;
  ranked: Ranked;
  withCells: boolean;
  tooMany: boolean;
  snapshot: string;
  variables: { task: string; cells: boolean };
}

function Cells({ task, ranked, withCells, tooMany, snapshot, variables }: CellsProps) {
  const [params, change] = useAddress();
  const sort = readSort(params.get('sort'));
  const rows = useMemo(() => rowsOf(ranked), [ranked]);
  const columns = useMemo(() => columnsOf(ranked, task.unit, task.lowerIsBetter, withCells), [ranked, task, withCells]);
  const arranged = useMemo(() => arrange(rows, columns, sort), [rows, columns, sort?.key, sort?.descending]);
  const marked = params.getAll('mark').slice(0, MOST_MARKED);
  if (rows.length === 0) return <p class="none">No model has a score on what was picked.</p>;
  const toggle = (model: string) =>
    change({ mark: marked.includes(model) ? marked.filter((one) => one !== model) : [...marked, model] }, 'replace');
  return (
    <>
      <p class="hint" role="status">
        {counted(rows.length, 'model')} on {counted(ranked.subsets.length, 'subset')}
        {ranked.splits.length > 1 && ` and ${ranked.splits.length} splits`}
        {ranked.version && `, by the version of ${date(ranked.version.at)}`}. Mean: over the subsets, of each the best split.
        {tooMany && ` These are ${whole(ranked.subsets.length * ranked.splits.length)} columns: pick subsets to see theirs.`}
      </p>
      <Grid
        caption={`${task.displayName}: models by their mean. The arrow keys go from cell to cell.`}
        rows={arranged}
        all={rows}
        columns={columns}
        sort={sort}
        onSort={(column) => change({ sort: nextSort(sort, column) }, 'replace')}
        choosing={{ chosen: marked, most: MOST_MARKED, toggle }}
      />
      {marked.length > 0 && (
        <p>
          <Link to={{ compare: marked }} class="button">
            Compare {counted(marked.length, 'model')}
          </Link>
        </p>
      )}
      <Take
        document={RANKING}
        variables={variables}
        name={task.name}
        sql={() => runnable(ranked.sql, ranked.sqlParameters as Record<string, Value>, snapshot)}
        csv={() => {
          const fields = fieldsOf(arranged, columns);
          return csv(fields.header, fields.rows);
        }}
      />
    </>
  );
}

interface Sort {
  key: string;
  descending: boolean;
}

function readSort(text: string | null): Sort | null {
  return text ? { key: text.replace(/^-/, ''), descending: text.startsWith('-') } : null;
}

// The best first, then the worst, then as the task ranks.
function nextSort(sort: Sort | null, { key, best }: Headed): string | null {
  const first = best === 'most';
  if (sort?.key !== key) return `${first ? '-' : ''}${key}`;
  return sort.descending === first ? `${first ? '' : '-'}${key}` : null;
}

function arrange(rows: readonly Row[], columns: readonly Column<Row>[], sort: Sort | null): readonly Row[] {
  if (!sort) return rows;
  if (sort.key === 'rank') return sorted(rows, ({ rank }) => rank, sort.descending);
  if (sort.key === 'name') return sorted(rows, ({ model }) => model.displayName.toLowerCase(), sort.descending);
  const column = columns.find(({ key }) => key === sort.key);
  return column ? sorted(rows, column.value, sort.descending) : rows;
}

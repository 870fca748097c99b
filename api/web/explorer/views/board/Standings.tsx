// A board's ranking, as a table or as points: what is ranked, which rows and columns are shown, and in what order.
import { useMemo } from 'preact/hooks';
import { ask, type Answer } from '../../graphql/client.ts';
import type { ResultOf } from '../../graphql/graphql.ts';
import { runnable, type Value } from '../../take/sql.ts';
import { csv } from '../../take/csv.ts';
import { Take } from '../../take/Take.tsx';
import { isAnew, isPicked, picksTasks, ranking, shown } from './asking.ts';
import { means, rowsOf, SHOWN_AT_FIRST, taskColumns, typeColumns, type BoardColumn, type Row } from './columns.ts';
import { BoardDocument, StatementDocument, type Benchmark, type Leaderboard } from './documents.ts';
import { facts } from './facts.ts';
import { useRows } from './useRows.ts';
import { Controls } from './Controls.tsx';
import { Ranked } from './Ranked.tsx';
import { arranged, orderOf } from './ordering.ts';
import { Scatter } from './Scatter.tsx';
import type { Part } from './Shown.tsx';
import type { State } from './state.ts';

// So many entries have their rank intervals worked out unasked.
const FEW = 60;

export function Standings(part: Part) {
  const ranked = part.board.leaderboard;
  if (!ranked) return <p class="none">This board has no ranking as it is asked for.</p>;
  return <Standing {...part} ranked={ranked} />;
}

function Standing(part: Part & { ranked: Leaderboard }) {
  const { board, snapshot, state, ranked } = part;
  const every = useMemo(() => rowsOf(ranked.entries.nodes), [ranked]);
  const offered = useMemo(() => columnsOf(board, ranked), [board, ranked]);
  const withIntervals = state.intervals ?? (every.length <= FEW && state.tab === 'table');
  const rows = useRows(board, state, every, withIntervals && ranked.tasks.length > 1);
  const picked = new Set(ranked.tasks.filter((task) => isPicked(state, task)).map(({ name }) => `task:${name}`));
  const columns = useMemo(
    () =>
      offered.filter((column) =>
        isShown(column, state, column.key === 'verified' ? rows : every, picked, withIntervals && ranked.tasks.length > 1),
      ),
    [offered, rows, withIntervals, JSON.stringify([state.columns, [...picked]])],
  );
  const sorted = useMemo(() => arranged(rows, offered, state.sort), [rows, offered, state.sort?.key, state.sort?.descending]);
  const unknown = state.sort && !['rank', 'name'].includes(state.sort.key) && !offered.some(({ key }) => key === state.sort?.key);
  const where = shown(state);
  const order = orderOf(state.sort);
  return (
    <>
      <Controls {...part} offered={offered} shownColumns={columns} rows={every} withIntervals={withIntervals} />
      <Said part={part} rows={rows} every={every} />
      {unknown && (
        <p class="notice" role="status">
          There is no column “{state.sort?.key}” here to sort by; the rows are in the board's order.
        </p>
      )}
      {state.tab === 'scatter' ? (
        <Scatter {...part} rows={rows} columns={offered} />
      ) : (
        <Ranked {...part} rows={sorted} every={every} columns={columns} />
      )}
      <Take
        document={BoardDocument}
        name={board.name}
        variables={{ ...ranking(state), ...(where && { where }), ...(order && { orderBy: order }) }}
        sql={() => statement(state, snapshot)}
        csv={() =>
          csv(
            ['rank', 'model', 'variant', ...columns.map(({ key }) => key)],
            sorted.map((row) => [row.rank, row.model.name, row.variant, ...columns.map((column) => plain(column, row))]),
          )
        }
      />
      {state.sort && !order && <p class="hint">The server has no order by this column: the copied query has the board's own.</p>}
    </>
  );
}

function Said({
  part: { ranked, state, change },
  rows,
  every,
}: {
  part: Part & { ranked: Leaderboard };
  rows: readonly Row[];
  every: readonly Row[];
}) {
  const anew = isAnew(state);
  const back = { method: null, weight: null, anew: null, zeroShot: null, lang: null, common: null };
  return (
    <p class="said">
      <span role="status">
        {rows.length === every.length ? `${every.length} entries` : `${rows.length} of ${every.length} entries`}
        {anew && `, ranked anew on ${ranked.tasks.length} tasks`}
        {!anew && picksTasks(state) && `, some tasks hidden`}
      </span>
      {anew && (
        <button type="button" class="quiet" onClick={() => change(back)}>
          Back to the board's own ranking
        </button>
      )}
    </p>
  );
}

function columnsOf(board: Benchmark, ranked: Leaderboard): BoardColumn[] {
  const [headline, ...others] = means(ranked, board.unit, ranked.entries.nodes);
  return [
    ...(headline ? [headline] : []),
    ...facts(),
    ...others,
    ...typeColumns(ranked, board.unit),
    ...taskColumns(ranked.tasks),
  ];
}

function isShown(
  column: BoardColumn,
  state: State,
  rows: readonly Row[],
  picked: ReadonlySet<string>,
  intervals: boolean,
): boolean {
  if (column.group === 'Tasks') return picked.has(column.key);
  if (column.key === 'interval') return intervals;
  if (column.group !== 'Model') return true;
  if (state.columns) return state.columns.includes(column.key);
  if (column.key === 'coverage') return rows.some(({ entry }) => entry.coverage.expected > 1);
  return SHOWN_AT_FIRST.includes(column.key) && rows.some((row) => column.value(row) !== null);
}

// As a number or a text that nobody has rounded.
function plain(column: BoardColumn, row: Row): string | number | boolean | null {
  const value = column.value(row);
  return column.key === 'interval' || column.key === 'coverage' ? column.text(row) : value === Infinity ? 'unlimited' : value;
}

async function statement(state: State, snapshot: string): Promise<string> {
  const answer: Answer<ResultOf<typeof StatementDocument>> = await ask(StatementDocument, ranking(state));
  const asked = answer.data.benchmark?.leaderboard;
  return asked ? runnable(asked.sql, asked.sqlParameters as Record<string, Value>, answer.snapshot || snapshot) : '';
}

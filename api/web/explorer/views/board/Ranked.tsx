// The table of a board: who moved since the version before, whom one compares, and what its signs mean.
import { useMemo } from 'preact/hooks';
import { useAnswer } from '../../graphql/useAnswer.ts';
import { Grid } from '../../parts/grid/Grid.tsx';
import type { Mark } from '../../parts/grid/GridRow.tsx';
import { Link } from '../../parts/Link.tsx';
import { day } from '../../parts/numbers.ts';
import { methodOf } from '../../parts/words.ts';
import { isAnew } from './asking.ts';
import { keyOf, type BoardColumn, type Row } from './columns.ts';
import type { Leaderboard } from './documents.ts';
import { MovesDocument, type Moves } from './parts.ts';
import { nextSort } from './ordering.ts';
import type { Part } from './Shown.tsx';
import { MOST_MARKED, type State } from './state.ts';
import { placeOf } from './Time.tsx';

interface Props extends Part {
  ranked: Leaderboard;
  rows: readonly Row[];
  every: readonly Row[];
  columns: readonly BoardColumn[];
}

export function Ranked({ board, ranked, state, change, rows, every, columns }: Props) {
  const { moves, since } = useMoves(board, state);
  const marks = useMemo(() => marksOf(moves), [moves]);
  const toggle = (model: string) => {
    const marked = state.marked.includes(model) ? state.marked.filter((each) => each !== model) : [...state.marked, model];
    change({ mark: marked }, 'replace');
  };
  const remarks = columns.some(({ remark }) => remark && every.some((row) => remark(row)));
  return (
    <>
      {rows.length === 0 && <p class="none">No model here fits the filters.</p>}
      {rows.length > 0 && (
        <Grid
          caption={`${board.displayName}: models by ${methodOf(ranked.method)}. The arrow keys go from cell to cell.`}
          rows={rows}
          all={every}
          columns={columns}
          sort={state.sort}
          onSort={(column) => change({ sort: nextSort(state.sort, column) }, 'replace')}
          mark={({ key }) => marks.get(key) ?? null}
          choosing={{ chosen: state.marked, most: MOST_MARKED, toggle }}
        />
      )}
      <Compared board={board.name} marked={state.marked} clear={() => change({ mark: null }, 'replace')} />
      <p class="legend">
        <span>— not evaluated or unknown</span>
        {remarks && (
          <span>
            <b class="trained">†</b> trained on the task
          </span>
        )}
        <span>
          <span class="shade" aria-hidden="true" /> darker: better within its column
        </span>
        {since && (
          <span>
            <span class="up">▲</span> <span class="down">▼</span> moved, <span class="new">new</span> since {day(since)}
          </span>
        )}
      </p>
      {moves && moves.left.length > 0 && since && (
        <p class="left">
          Left since {day(since)}:{' '}
          {moves.left.map((each, place) => (
            <span key={keyOf(each)}>
              {place > 0 && ', '}
              <Link to={{ model: each.model.name }}>{each.model.displayName}</Link>
              {each.rank !== null && ` (was ${each.rank})`}
            </span>
          ))}
        </p>
      )}
    </>
  );
}

function Compared({ board, marked, clear }: { board: string; marked: readonly string[]; clear: () => void }) {
  if (marked.length === 0) return null;
  return (
    <p class="compared">
      <span role="status">
        {marked.length} of at most {MOST_MARKED} chosen
      </span>
      <Link to={{ compare: marked, board }} class="button">
        Compare {marked.length === 1 ? 'it' : 'them'}
      </Link>
      <button type="button" class="quiet" onClick={clear}>
        Choose none
      </button>
    </p>
  );
}

// What moved from the version before to the one that is shown; only where the board ranks by itself.
function useMoves(board: Part['board'], state: State): { moves: Moves | null; since: string | null } {
  const versions = board.versions.nodes;
  const place = placeOf(versions, state.asOf);
  const [from, to] = [versions[place - 1], versions[place]];
  const asked = from && to && !isAnew(state) ? { board: board.name, from: from.id, to: to.id } : null;
  const { answer, waiting } = useAnswer(MovesDocument, asked);
  const moves = asked && !waiting ? answer?.data.benchmark?.diff : null;
  return { moves: moves ?? null, since: moves && from ? from.at : null };
}

function marksOf(moves: Moves | null): Map<string, Mark> {
  const marks = new Map<string, Mark>();
  for (const each of moves?.entered ?? []) marks.set(keyOf(each), { sign: 'new', text: 'new', kind: 'new' });
  for (const each of moves?.moved ?? []) {
    const by = each.fromRank !== null && each.toRank !== null ? each.fromRank - each.toRank : 0;
    if (by > 0) marks.set(keyOf(each), { sign: `▲${by}`, text: `up ${by}`, kind: 'up' });
    if (by < 0) marks.set(keyOf(each), { sign: `▼${-by}`, text: `down ${-by}`, kind: 'down' });
  }
  return marks;
}

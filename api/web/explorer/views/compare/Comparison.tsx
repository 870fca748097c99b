// The compared models on one board: their ranks, a chart, and a table of all there is to compare.
import { useCallback, useMemo } from 'preact/hooks';
import { useAddress } from '../../address/address.ts';
import { Chart, type Colours } from '../../charts/Chart.tsx';
import { drawSeries, type Shape } from '../../charts/series.ts';
import { Choice } from '../../parts/Choice.tsx';
import { Link } from '../../parts/Link.tsx';
import { counted } from '../../parts/words.ts';
import { csv } from '../../take/csv.ts';
import { runnable } from '../../take/sql.ts';
import { Take } from '../../take/Take.tsx';
import { BOARDS, type Board, type Compared } from './documents.ts';
import { entriesOf, isCommon, kindsOf, rowsOf, spread, type Kind, type Row } from './rows.ts';
import { SideBySide } from './SideBySide.tsx';
import { comparison } from './statements.ts';
import { Summary } from './Summary.tsx';

// So many rows are drawn: more bars nobody reads.
const MOST_DRAWN = 30;
const NAMES: Record<Kind, [one: string, label: string]> = {
  task: ['task', 'Tasks'],
  type: ['type of task', 'Types of task'],
  capability: ['capability', 'Capabilities'],
};

interface Props {
  board: Board;
  models: readonly Compared[];
  variables: { models: string[]; boards: string[] };
  snapshot: string;
}

export function Comparison({ board, models, variables, snapshot }: Props) {
  const [params, change] = useAddress();
  const ranked = board.leaderboard;
  const names = models.map(({ name }) => name);
  const entries = useMemo(() => (ranked ? entriesOf(ranked, names) : []), [ranked, names.join('\n')]);
  const kinds = ranked ? kindsOf(ranked) : [];
  const kind =
    kinds.find((one) => one === params.get('by')) ??
    (ranked && ranked.tasks.length > MOST_DRAWN && kinds.includes('type') ? 'type' : 'task');
  const rows = useMemo(() => (ranked ? rowsOf(board, ranked, entries, kind) : []), [board, ranked, entries, kind]);
  const shape: Shape = params.get('as') === 'radar' ? 'radar' : 'bars';
  const onlyCommon = params.get('only') === 'common';
  const shown = onlyCommon ? rows.filter(isCommon) : rows;
  const absent = models.filter((_, place) => !entries[place]);
  const id = `on-${board.name}`;
  if (!ranked) return <p class="none">{board.displayName} has no ranking.</p>;
  return (
    <section class="section" aria-labelledby={id}>
      <h2 id={id}>
        On <Link to={{ board: board.name }}>{board.name}</Link>
      </h2>
      {absent.length > 0 && (
        <p class="none">
          {absent.map(({ name }) => name).join(', ')} {absent.length === 1 ? 'is' : 'are'} not on this board.
        </p>
      )}
      <Summary board={board} ranked={ranked} models={models} entries={entries} />
      <div class="controls">
        {kinds.length > 1 && (
          <Choice
            label="By"
            value={kind}
            options={kinds.map((one) => [one, NAMES[one][1]] as const)}
            onChange={(by) => change({ by }, 'replace')}
          />
        )}
        <Choice
          label="Drawn as"
          value={shape}
          options={[
            ['bars', 'Bars'],
            ['radar', 'Radar'],
          ]}
          onChange={(as) => change({ as: as === 'bars' ? null : as }, 'replace')}
        />
        <Choice
          label="Rows"
          value={onlyCommon ? 'common' : 'all'}
          options={[
            ['all', 'All'],
            ['common', 'What all have'],
          ]}
          onChange={(only) => change({ only: only === 'all' ? null : only }, 'replace')}
        />
        {models.length > 1 && (
          <Choice
            label="Numbers"
            value={params.get('diff') === 'first' ? 'first' : 'values'}
            options={[
              ['values', 'Values'],
              ['first', 'Differences'],
            ]}
            onChange={(diff) => change({ diff: diff === 'values' ? null : diff }, 'replace')}
          />
        )}
      </div>
      <Said rows={rows} kind={kind} models={models.length} />
      <Drawn board={board} rows={shown} models={models} shape={shape} kind={kind} />
      <SideBySide
        board={board}
        rows={shown}
        models={models}
        kind={kind}
        differences={params.get('diff') === 'first' && models.length > 1}
      />
      <Take
        document={BOARDS}
        variables={variables}
        name={`comparison on ${board.name}`}
        sql={() =>
          runnable(
            comparison(
              kind,
              names,
              entries.map((entry) => entry?.variant ?? null),
              onlyCommon,
            ),
            { board: board.name },
            snapshot,
          )
        }
        csv={() =>
          csv(
            [kind, ...names],
            shown.map(({ name, values }) => [name, ...values]),
          )
        }
      />
    </section>
  );
}

// What not all of them have is said, not hidden.
function Said({ rows, kind, models }: { rows: readonly Row[]; kind: Kind; models: number }) {
  const common = rows.filter(isCommon).length;
  const all = counted(
    rows.length,
    NAMES[kind][0],
    kind === 'capability' ? 'capabilities' : kind === 'type' ? 'types of task' : 'tasks',
  );
  const whom = models === 1 ? 'it has' : 'all of them have';
  return (
    <p class="hint" role="status">
      {common === rows.length
        ? `${all}, and ${whom} every one.`
        : `${all}, of which ${whom} ${common}. A dash: not evaluated, or a part is missing.`}
    </p>
  );
}

function Drawn({
  board,
  rows,
  models,
  shape,
  kind,
}: {
  board: Board;
  rows: readonly Row[];
  models: readonly Compared[];
  shape: Shape;
  kind: Kind;
}) {
  const drawn = useMemo(() => widest(rows), [rows]);
  const configure = useCallback(
    (colours: Colours) =>
      drawSeries(
        shape,
        drawn.map(({ title }) => title),
        models.map(({ displayName }, place) => ({ name: displayName, values: drawn.map(({ values }) => values[place] ?? null) })),
        colours,
      ),
    [drawn, models, shape],
  );
  if (drawn.length === 0) return <p class="none">There is nothing to draw.</p>;
  return (
    <>
      <Chart
        label={`${models.length} models on ${board.name} by ${NAMES[kind][0]}; the table below has the numbers`}
        configure={configure}
      />
      {drawn.length < rows.length && <p class="hint">Drawn are the {MOST_DRAWN} where they are widest apart.</p>}
    </>
  );
}

// In their order, those where the models are widest apart.
function widest(rows: readonly Row[]): readonly Row[] {
  if (rows.length <= MOST_DRAWN) return rows;
  const kept = new Set([...rows].sort((a, b) => (spread(b) ?? -1) - (spread(a) ?? -1)).slice(0, MOST_DRAWN));
  return rows.filter((row) => kept.has(row));
}

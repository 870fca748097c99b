// What models are good at: means by capability label, as a table and as a profile of a few.
import { useMemo } from 'preact/hooks';
import type { ChartConfiguration } from 'chart.js';
import { Chart, SERIES, type Colours } from '../../charts/Chart.tsx';
import { useAnswer } from '../../graphql/useAnswer.ts';
import { Answered } from '../../parts/Answered.tsx';
import { sorted, type Column, type Line } from '../../parts/grid/column.ts';
import { Grid } from '../../parts/grid/Grid.tsx';
import { score } from '../../parts/numbers.ts';
import { csv } from '../../take/csv.ts';
import { Take } from '../../take/Take.tsx';
import { keyOf } from './columns.ts';
import type { Benchmark } from './documents.ts';
import { CapabilitiesDocument } from './parts.ts';
import { nextSort } from './ordering.ts';
import type { Part } from './Shown.tsx';
import { MOST_MARKED } from './state.ts';
import { capabilityStatement } from './statements.ts';
import type { ResultOf } from '../../graphql/graphql.ts';

type Ranked = NonNullable<NonNullable<ResultOf<typeof CapabilitiesDocument>['benchmark']>['leaderboard']>;
type Held = Ranked['entries']['nodes'][number]['capabilityScores'][number];

interface Row extends Line {
  scores: ReadonlyMap<string, Held>;
}

// So many models are drawn unless some are chosen.
const DRAWN = 4;

export function Capabilities(part: Part) {
  const { state } = part;
  const variables = { board: state.board, ...(state.asOf && { asOf: state.asOf }) };
  const asked = useAnswer(CapabilitiesDocument, variables);
  return (
    <Answered asked={asked}>
      {({ benchmark }, snapshot) =>
        benchmark?.leaderboard ? (
          <Profile {...part} ranked={benchmark.leaderboard} variables={variables} snapshot={snapshot} />
        ) : (
          <p class="none">There was no such ranking then.</p>
        )
      }
    </Answered>
  );
}

function Profile({ board, state, change, ranked, variables, snapshot }: Part & { ranked: Ranked; variables: object }) {
  const every = useMemo(() => rowsOf(ranked), [ranked]);
  const rows = useMemo(() => every.filter(isScored), [every]);
  const columns = useMemo(() => columnsOf(ranked, board), [ranked, board]);
  const column = columns.find(({ key }) => key === state.sort?.key);
  const shown = useMemo(() => arrange(rows, column, state.sort), [rows, column, state.sort?.key, state.sort?.descending]);
  const chosen =
    state.marked.length > 0
      ? rows.filter(({ model }) => state.marked.includes(model.name))
      : rows.filter(isComplete).slice(0, DRAWN);
  const configure = useMemo(() => profile(ranked, chosen), [ranked, chosen.map(({ key }) => key).join()]);
  if (ranked.capabilities.length === 0) return <p class="none">No task of this board carries a capability label.</p>;
  const toggle = (model: string) =>
    change(
      { mark: state.marked.includes(model) ? state.marked.filter((each) => each !== model) : [...state.marked, model] },
      'replace',
    );
  return (
    <>
      <p class="hint">
        Mean over the subsets of the board's tasks that carry a label; no mean while one of them is missing. Choose models to draw
        their profiles.
        {every.length > rows.length && ` ${every.length - rows.length} entries without any of these subsets are left out.`}
      </p>
      {chosen.length > 0 && (
        <div class="plot">
          <Chart
            label={`Profiles of ${chosen.map(({ model }) => model.displayName).join(', ')}; the table has the numbers.`}
            configure={configure}
          />
        </div>
      )}
      <Grid
        caption={`${board.displayName}: means by capability`}
        rows={shown}
        all={rows}
        columns={columns}
        sort={state.sort}
        onSort={(each) => change({ sort: nextSort(state.sort, each) }, 'replace')}
        choosing={{ chosen: state.marked, most: MOST_MARKED, toggle }}
      />
      <Take
        document={CapabilitiesDocument}
        variables={variables}
        name={`${board.name} capabilities`}
        sql={() => capabilityStatement(board.name, state.asOf, snapshot)}
        csv={() =>
          csv(
            ['rank', 'model', 'variant', ...columns.map(({ key }) => key)],
            shown.map((row) => [row.rank, row.model.name, row.variant, ...columns.map((each) => each.value(row))]),
          )
        }
      />
    </>
  );
}

const isScored = ({ scores }: Row) => [...scores.values()].some(({ scored }) => scored > 0);
const isComplete = ({ scores }: Row) => [...scores.values()].some(({ value }) => value !== null);

function arrange(rows: readonly Row[], column: Column<Row> | undefined, sort: Part['state']['sort']): readonly Row[] {
  if (!sort) return rows;
  if (sort.key === 'rank') return sorted(rows, ({ rank }) => rank, sort.descending);
  if (sort.key === 'name') return sorted(rows, ({ model }) => model.name, sort.descending);
  return column ? sorted(rows, column.value, sort.descending) : rows;
}

function rowsOf(ranked: Ranked): Row[] {
  return ranked.entries.nodes.map((entry) => ({
    key: keyOf(entry),
    rank: entry.rank,
    variant: entry.variant,
    model: entry.model,
    scores: new Map(entry.capabilityScores.map((held) => [held.capability.label, held])),
  }));
}

function columnsOf(ranked: Ranked, board: Benchmark): Column<Row>[] {
  return ranked.capabilities.map(({ label, name }) => ({
    key: `capability:${label}`,
    label: name,
    title: `${name} (${label})`,
    group: 'Capabilities',
    width: 9,
    numeric: true,
    heat: true,
    best: 'most',
    missing: 'not all of its subsets are evaluated',
    value: ({ scores }) => scores.get(label)?.value ?? null,
    text: ({ scores }) => {
      const held = scores.get(label);
      return held?.value === null || held === undefined
        ? held?.scored
          ? `${held.scored} of ${held.expected}`
          : null
        : score(held.value, board.unit);
    },
  }));
}

function profile(ranked: Ranked, rows: readonly Row[]) {
  return (colours: Colours): ChartConfiguration => ({
    type: ranked.capabilities.length > 2 ? 'radar' : 'bar',
    data: {
      labels: ranked.capabilities.map(({ name }) => name),
      datasets: rows.map((row, place) => ({
        label: row.model.displayName,
        data: ranked.capabilities.map(({ label }) => row.scores.get(label)?.value ?? null),
        borderColor: SERIES[place % SERIES.length] ?? colours.accent,
        backgroundColor: `${SERIES[place % SERIES.length]}22`,
        pointRadius: 3,
      })),
    },
    options: {
      plugins: { legend: { position: 'bottom', labels: { color: colours.ink } } },
      ...(ranked.capabilities.length > 2 && {
        scales: {
          r: {
            grid: { color: colours.line },
            angleLines: { color: colours.line },
            pointLabels: { color: colours.ink },
            beginAtZero: true,
            ticks: { color: colours.muted, backdropColor: 'transparent', maxTicksLimit: 6 },
          },
        },
      }),
    },
  });
}

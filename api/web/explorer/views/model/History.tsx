// How a model's rank on one board went over the versions of the board's source: a line, and the same as a table.
import type { ChartConfiguration } from 'chart.js';
import { useCallback } from 'preact/hooks';
import { useAddress } from '../../address/address.ts';
import { Chart, SERIES, type Colours } from '../../charts/Chart.tsx';
import { useAnswer } from '../../graphql/useAnswer.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Select } from '../../parts/Select.tsx';
import { Table, type Column } from '../../parts/Table.tsx';
import { counted, date, standing } from '../../parts/words.ts';
import type { Standing, HistoryPoint } from './documents.ts';
import { HISTORY } from './documents.ts';

type Board = Standing['benchmark'];

export function History({ model, standings }: { model: string; standings: readonly Standing[] }) {
  const [params, change] = useAddress();
  const known = boardsOf(standings);
  const board = known.find(({ name }) => name === params.get('board')) ?? known[0];
  const asked = useAnswer(HISTORY, board ? { model, board: board.name } : null);
  if (!board) return null;
  return (
    <section class="section" aria-labelledby="history">
      <h2 id="history">How its rank went</h2>
      <div class="controls">
        <Select
          label="Board"
          value={board.name}
          options={known.map(({ name, displayName }) => [name, titled(name, displayName)] as const)}
          onChange={(name) => change({ board: name }, 'replace')}
        />
      </div>
      <Answered asked={asked}>{({ model: found }) => <Course points={found?.history ?? []} board={board} />}</Answered>
    </section>
  );
}

// Each board once, those that it has most tasks of first: they say more than one of a single task.
function boardsOf(standings: readonly Standing[]): Board[] {
  const most = [...standings].sort((a, b) => b.entry.coverage.scored - a.entry.coverage.scored);
  return [...new Map(most.map(({ benchmark }) => [benchmark.name, benchmark])).values()];
}

const titled = (name: string, shown: string) => (shown === name ? name : `${shown} (${name})`);

function Course({ points, board }: { points: readonly HistoryPoint[]; board: Board }) {
  const configure = useCallback((colours: Colours) => drawing(points, colours), [points]);
  if (points.length === 0) return <p class="none">No version of this board’s source ranks it.</p>;
  const columns: Column<HistoryPoint>[] = [
    { name: 'Version', heads: true, of: ({ version }) => version.label },
    { name: 'Since', of: ({ version }) => version.at, show: ({ version }) => date(version.at) },
    { name: 'Rank', numeric: true, of: ({ rank }) => rank, show: ({ rank }) => rank ?? 'none' },
    {
      name: 'Value',
      numeric: true,
      of: ({ value }) => value,
      show: ({ value }) => standing(value, board.defaultMethod, board.unit),
    },
  ];
  const table = (
    <Table
      label={`Rank history on ${board.displayName}`}
      columns={columns}
      rows={points}
      caption={`${counted(points.length, 'version')}, oldest first`}
    />
  );
  if (points.length === 1)
    return (
      <>
        {table}
        <p class="hint">A line appears once its source has a second version.</p>
      </>
    );
  return (
    <div class="beside">
      <Chart
        label={`Line of its rank on ${board.displayName} in ${points.length} versions; the table beside it has the numbers`}
        configure={configure}
      />
      {table}
    </div>
  );
}

function drawing(points: readonly HistoryPoint[], { muted, line }: Colours): ChartConfiguration {
  return {
    type: 'line',
    data: {
      labels: points.map(({ version }) => date(version.at)),
      datasets: [
        {
          label: 'Rank',
          data: points.map(({ rank }) => rank),
          borderColor: SERIES[0] ?? muted,
          backgroundColor: SERIES[0] ?? muted,
          pointRadius: 4,
        },
      ],
    },
    options: {
      plugins: { legend: { display: false } },
      scales: {
        y: {
          reverse: true,
          min: 1,
          ticks: { color: muted, precision: 0 },
          grid: { color: line },
          title: { display: true, text: 'Rank', color: muted },
        },
        x: { ticks: { color: muted }, grid: { color: line } },
      },
    },
  };
}

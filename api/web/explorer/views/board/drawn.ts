// How a scatter plot is drawn.
import type { ChartConfiguration, ChartDataset, Scale } from 'chart.js';
import { go } from '../../address/address.ts';
import { SERIES, type Colours } from '../../charts/Chart.tsx';
import { count, day } from '../../parts/numbers.ts';
import type { BoardColumn, Row } from './columns.ts';
import type { Point } from './points.ts';

const SHAPES = ['circle', 'rect', 'triangle', 'rectRot', 'star', 'crossRot'] as const;
const MOST_TICKS = 10;

export function drawn(points: readonly Point[], best: readonly Point[], score: BoardColumn, axis: 'size' | 'date') {
  const at = (x: number) => (axis === 'size' ? count(x) : day(new Date(x).toISOString()));
  return (colours: Colours): ChartConfiguration => {
    const groups = [...new Set(points.map(({ group }) => group))].sort();
    const datasets: ChartDataset[] = groups.map((group, place) => ({
      type: 'scatter',
      label: group,
      data: points.filter((point) => point.group === group) as unknown as { x: number; y: number }[],
      pointStyle: SHAPES[place % SHAPES.length] ?? 'circle',
      pointRadius: 5,
      pointHoverRadius: 8,
      backgroundColor: `${SERIES[place % SERIES.length]}99`,
      borderColor: SERIES[place % SERIES.length] ?? colours.accent,
    }));
    const line: ChartDataset = {
      type: 'line',
      label: 'Best so far',
      data: best.map(({ x, y }) => ({ x, y })),
      stepped: true,
      borderColor: colours.muted,
      borderWidth: 1.5,
      borderDash: [5, 4],
      pointRadius: 0,
      pointHitRadius: 0,
      pointStyle: 'line',
    };
    const grid = { color: colours.line };
    const ticks = { color: colours.muted };
    const title = (text: string) => ({ display: true, text, color: colours.ink });
    return {
      type: 'scatter',
      data: { datasets: [...datasets, line] as never },
      options: {
        responsive: true,
        onClick: (_event, hit, chart) => {
          const first = hit[0];
          const point =
            first && (chart.data.datasets[first.datasetIndex]?.data[first.index] as unknown as Partial<Point> | undefined);
          if (point?.row) go(new URLSearchParams({ model: point.row.model.name }));
        },
        plugins: {
          legend: { position: 'bottom', labels: { color: colours.ink, usePointStyle: true } },
          tooltip: { callbacks: { label: (item) => said(item.raw as Partial<Point>, score, at) } },
        },
        scales: {
          x: {
            type: axis === 'size' ? 'logarithmic' : 'linear',
            title: title(axis === 'size' ? 'Parameters (logarithmic)' : 'Day of release'),
            grid,
            ticks: {
              ...ticks,
              maxRotation: 0,
              autoSkip: true,
              callback: (value) => (axis === 'size' ? count(Number(value)) : month(Number(value))),
            },
            afterBuildTicks: axis === 'size' ? powers : months,
          },
          y: { title: title(score.title ?? score.label), grid, ticks },
        },
      },
    };
  };
}

function said(point: Partial<Point>, score: BoardColumn, at: (x: number) => string): string {
  return point.row
    ? `${point.row.model.displayName}${variantOf(point.row)}: ${score.text(point.row) ?? ''}, ${at(point.x ?? 0)}`
    : '';
}

const variantOf = ({ variant }: Row) => (variant ? ` ${variant}` : '');
const month = (time: number) => new Date(time).toLocaleDateString('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });

// 1, 10, 100 million, ... and the 3 between where there is room.
function powers(scale: Scale): void {
  const ticks = [];
  for (let power = Math.floor(Math.log10(scale.min)); power <= Math.ceil(Math.log10(scale.max)); power += 1)
    ticks.push(10 ** power, 3 * 10 ** power);
  const within = ticks.filter((value) => value >= scale.min && value <= scale.max);
  if (within.length > 1) scale.ticks = within.map((value) => ({ value }));
}

// The first days of months, quarters or years: as many as there is room for.
function months(scale: Scale): void {
  const [first, last] = [new Date(scale.min), new Date(scale.max)];
  const span = (last.getUTCFullYear() - first.getUTCFullYear()) * 12 + last.getUTCMonth() - first.getUTCMonth();
  const step = [1, 3, 6, 12, 24, 60].find((each) => span / each <= MOST_TICKS) ?? 120;
  const ticks = [];
  for (let count = 0; count <= span + 1; count += 1) {
    const time = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + count, 1);
    if (
      new Date(time).getUTCMonth() % Math.min(step, 12) === 0 &&
      (step <= 12 || new Date(time).getUTCFullYear() % (step / 12) === 0)
    )
      ticks.push(time);
  }
  const within = ticks.filter((value) => value >= scale.min && value <= scale.max);
  if (within.length > 1) scale.ticks = within.map((value) => ({ value }));
}

// Values of several things on the same axes, as bars or as a radar.
import type { ChartConfiguration } from 'chart.js';
import { SERIES, type Colours } from './Chart.tsx';

export interface Series {
  name: string;
  values: readonly (number | null)[];
}

export type Shape = 'bars' | 'radar';

// Longer names of axes are cut: a table beside the chart has them whole.
const LONGEST = 26;

export function drawSeries(
  shape: Shape,
  labels: readonly string[],
  series: readonly Series[],
  colours: Colours,
): ChartConfiguration {
  const short = labels.map((label) => (label.length > LONGEST ? `${label.slice(0, LONGEST - 1)}…` : label));
  const legend = { display: series.length > 1, labels: { color: colours.ink } };
  return shape === 'radar' ? radar(short, series, colours, legend) : bars(short, series, colours, legend);
}

type Legend = { display: boolean; labels: { color: string } };

function bars(labels: string[], series: readonly Series[], { muted, line }: Colours, legend: Legend): ChartConfiguration {
  const datasets = series.map(({ name, values }, place) => ({
    label: name,
    data: [...values],
    backgroundColor: colourOf(place),
  }));
  return {
    type: 'bar',
    data: { labels, datasets },
    options: {
      plugins: { legend },
      scales: {
        x: { ticks: { color: muted, autoSkip: false, maxRotation: 60 }, grid: { display: false } },
        y: { ticks: { color: muted }, grid: { color: line } },
      },
    },
  };
}

function radar(labels: string[], series: readonly Series[], { muted, line, ink }: Colours, legend: Legend): ChartConfiguration {
  const datasets = series.map(({ name, values }, place) => ({
    label: name,
    data: [...values],
    borderColor: colourOf(place),
    backgroundColor: `${colourOf(place)}22`,
    pointBackgroundColor: colourOf(place),
  }));
  return {
    type: 'radar',
    data: { labels, datasets },
    options: {
      plugins: { legend },
      scales: {
        r: {
          beginAtZero: true,
          ticks: { color: muted, backdropColor: 'transparent', maxTicksLimit: 5 },
          grid: { color: line },
          angleLines: { color: line },
          pointLabels: { color: ink },
        },
      },
    },
  };
}

const colourOf = (place: number) => SERIES[place % SERIES.length] ?? '#888888';

// A chart by Chart.js, which is loaded when the first one is shown. It draws for the eye alone: a table beside it has the numbers.
import type { ChartConfiguration } from 'chart.js';
import { useEffect, useRef } from 'preact/hooks';

interface Props {
  label: string;
  configure: (colours: Colours) => ChartConfiguration;
}

// The page's colours as they are now, in the light or in the dark.
export interface Colours {
  ink: string;
  muted: string;
  line: string;
  accent: string;
}

// Told apart by people who see colours differently, on light and on dark paper.
export const SERIES = ['#3b7dd8', '#d9822b', '#2a9d6f', '#c2538f', '#8a6fd1', '#b8912e', '#3aa7b8', '#d3564a', '#7a8896', '#5f9e3a'];

export function Chart({ label, configure }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let drawn: { destroy: () => void } | undefined;
    let left = false;
    const draw = async () => {
      const { Chart: Drawing } = await import('./drawing.ts');
      drawn?.destroy();
      if (!left && canvas.current) drawn = new Drawing(canvas.current, configure(colours()));
    };
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', draw);
    void draw();
    return () => {
      left = true;
      dark.removeEventListener('change', draw);
      drawn?.destroy();
    };
  }, [configure]);
  return <div class="chart"><canvas ref={canvas} role="img" aria-label={label} /></div>;
}

function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return { ink: of('ink'), muted: of('muted'), line: of('line'), accent: of('accent') };
}

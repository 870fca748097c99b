// Scores against size or day of release, with the line of the best so far; the same numbers as a table below.
import { useMemo } from 'preact/hooks';
import { Chart } from '../../charts/Chart.tsx';
import { Link } from '../../parts/Link.tsx';
import { count, day } from '../../parts/numbers.ts';
import { Table, type Column } from '../../parts/Table.tsx';
import type { BoardColumn, Row } from './columns.ts';
import { Panel } from './Panel.tsx';
import type { Part } from './Shown.tsx';
import { frontier, plotted, type Point } from './points.ts';
import { drawn } from './drawn.ts';

interface Props extends Part {
  rows: readonly Row[];
  columns: readonly BoardColumn[];
}

const AXES = { size: 'parameters', date: 'day of release' } as const;

export function Scatter({ rows, columns, state, change }: Props) {
  const scores = useMemo(() => columns.filter(({ heat }) => heat), [columns]);
  const score = scores.find(({ key }) => key === state.y) ?? scores[0];
  const points = useMemo(() => (score ? plotted(rows, score, state.x, state.by) : []), [rows, score, state.x, state.by]);
  const best = useMemo(() => (score ? frontier(points, score.best) : []), [points, score]);
  const configure = useMemo(() => (score ? drawn(points, best, score, state.x) : null), [points, best, score, state.x]);
  if (!score || !configure) return <p class="none">There is nothing to draw.</p>;
  const without = rows.length - points.length;
  const groups = [...new Set(scores.map(({ group }) => group))];
  return (
    <section class="scatter" aria-label="Scatter plot">
      <form class="row" onSubmit={(event) => event.preventDefault()}>
        <div class="typed">
          <label for="y">Score</label>
          <select
            id="y"
            value={score.key}
            onChange={(event) => change({ y: event.currentTarget.value === scores[0]?.key ? null : event.currentTarget.value })}
          >
            {groups.map((group) => (
              <optgroup key={group} label={group}>
                {scores
                  .filter((each) => each.group === group)
                  .map(({ key, label }) => (
                    <option key={key} value={key}>
                      {label}
                    </option>
                  ))}
              </optgroup>
            ))}
          </select>
        </div>
        <div class="typed">
          <label for="x">Against</label>
          <select
            id="x"
            value={state.x}
            onChange={(event) => change({ x: event.currentTarget.value === 'size' ? null : event.currentTarget.value })}
          >
            <option value="size">Size (parameters)</option>
            <option value="date">Day of release</option>
          </select>
        </div>
        <div class="typed">
          <label for="by">Points by</label>
          <select
            id="by"
            value={state.by}
            onChange={(event) => change({ by: event.currentTarget.value === 'weights' ? null : event.currentTarget.value })}
          >
            <option value="weights">Open weights</option>
            <option value="type">Type of model</option>
          </select>
        </div>
      </form>
      {points.length > 0 ? (
        <div class="plot">
          <Chart
            label={`${score.label} against ${AXES[state.x]} of ${points.length} models; the table below has the numbers.`}
            configure={configure}
          />
        </div>
      ) : (
        <p class="none">No model here has both a score and a known {state.x === 'size' ? 'size' : 'day of release'}.</p>
      )}
      <p class="hint">
        The line joins the best so far{state.x === 'size' ? ' at each size' : ''}: {best.length} of {points.length} models.
        {without > 0 &&
          ` ${without} ${without === 1 ? 'entry has' : 'entries have'} no ${AXES[state.x]} or no score, and cannot be drawn.`}
      </p>
      {points.length > 0 && <Numbers points={points} best={best} score={score} x={state.x} />}
    </section>
  );
}

function Numbers({
  points,
  best,
  score,
  x,
}: {
  points: readonly Point[];
  best: readonly Point[];
  score: BoardColumn;
  x: 'size' | 'date';
}) {
  const on = new Set(best);
  const columns: Column<Point>[] = [
    {
      name: 'Model',
      of: ({ row }) => row.model.displayName,
      show: ({ row }) => <Link to={{ model: row.model.name }}>{row.model.displayName}</Link>,
      heads: true,
    },
    {
      name: x === 'size' ? 'Parameters' : 'Released',
      of: (point) => point.x,
      show: (point) => (x === 'size' ? count(point.x) : day(new Date(point.x).toISOString())),
      numeric: true,
    },
    { name: score.label, of: ({ y }) => y, show: ({ row }) => score.text(row), numeric: true },
    { name: 'Group', of: ({ group }) => group },
    { name: 'Best so far', of: (point) => (on.has(point) ? 'yes' : 'no') },
  ];
  return (
    <Panel title="The numbers as a table">
      {() => (
        <Table
          label="Points"
          caption={`${score.label} against ${AXES[x]}, smallest or earliest first`}
          columns={columns}
          rows={points}
        />
      )}
    </Panel>
  );
}

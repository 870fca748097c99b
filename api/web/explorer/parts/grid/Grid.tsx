// A table of many rows and columns: only what is in sight is made, and assistive technology is told how much there is.
import { useMemo, useRef } from 'preact/hooks';
import { rangeOf, type Column, type Line, type Range } from './column.ts';
import { ColumnHead, type Headed } from './ColumnHead.tsx';
import { GridRow, type Choosing, type Mark } from './GridRow.tsx';
import { useKeys, type At } from './useKeys.ts';
import { useVirtual } from './useVirtual.ts';
import './grid.css';

interface Props<Row extends Line> {
  caption: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  // Whose values the shading spans; left out: those that are shown.
  all?: readonly Row[];
  sort: { key: string; descending: boolean } | null;
  onSort: (column: Headed) => void;
  mark?: (row: Row) => Mark | null;
  choosing?: Choosing;
}

const BY_RANK: Headed = { key: 'rank', label: 'Rank', best: 'least', numeric: true };
const BY_NAME: Headed = { key: 'name', label: 'Model', best: 'least' };

// In rem.
const LEAD = { choose: 2.25, rank: 4.25, model: 16 };
const NARROW_MODEL = 9.5;
const NARROW = 40;
const ROW = 2.25;
const HEAD = 4.5;
const FIRST = 3;
const PAGE = 12;

export function Grid<Row extends Line>({ caption, rows, columns, all = rows, sort, onSort, mark, choosing }: Props<Row>) {
  const box = useRef<HTMLDivElement>(null);
  const rem = useMemo(() => parseFloat(getComputedStyle(document.documentElement).fontSize), []);
  const narrow = innerWidth < NARROW * rem;
  const model = narrow ? NARROW_MODEL : LEAD.model;
  const lead = LEAD.choose + LEAD.rank + model;
  const down = useVirtual({ box, count: rows.length, size: () => ROW * rem, sizes: '', covered: HEAD * rem, horizontal: false });
  const across = useVirtual({
    box,
    count: columns.length,
    size: (index) => (columns[index]?.width ?? 0) * rem,
    sizes: columns.map(({ key }) => key).join('\n'),
    covered: (narrow ? model : lead) * rem,
    horizontal: true,
  });
  const show = ({ row, column }: At) => {
    if (row > 0) down.show(row - 1);
    if (column >= FIRST) across.show(column - FIRST);
  };
  const { at, move, follow } = useKeys({ box, rows: rows.length, columns: columns.length + FIRST, page: PAGE, show });
  const spans = useRanges(columns, all);
  const seen = across.items.flatMap(({ index }) => {
    const column = columns[index];
    return column ? [{ column, place: index + FIRST }] : [];
  });
  // Where the Tab key stops is always somewhere in sight.
  const row = down.items.some(({ index }) => index === at.row - 1) ? at.row : 0;
  const column = at.column < FIRST || seen.some(({ place }) => place === at.column) ? at.column : 2;
  const stop = (of: number) => (row === of ? column : null);
  const width = lead + columns.reduce((sum, each) => sum + each.width, 0);
  const widths = [LEAD.choose, LEAD.rank, model];
  const gaps = { before: across.before > 0, after: across.after > 0 };
  return (
    <div class="grid" ref={box} onKeyDown={move} onFocusIn={follow}>
      <table role="grid" aria-rowcount={rows.length + 1} aria-colcount={columns.length + FIRST} style={{ width: `${width}rem` }}>
        <caption class="unseen">{caption}</caption>
        <colgroup>
          {widths.map((each, place) => (
            <col key={place} style={{ width: `${each}rem` }} />
          ))}
          {gaps.before && <col style={{ width: `${across.before}px` }} />}
          {seen.map(({ column: each }) => (
            <col key={each.key} style={{ width: `${each.width}rem` }} />
          ))}
          {gaps.after && <col style={{ width: `${across.after}px` }} />}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" class="choose" aria-colindex={1} data-at="0:0" tabIndex={stop(0) === 0 ? 0 : -1}>
              <span class="unseen">Compare</span>
            </th>
            <ColumnHead column={BY_RANK} place={1} stops={stop(0) === 1} class="rank" sort={sort} onSort={onSort} />
            <ColumnHead column={BY_NAME} place={2} stops={stop(0) === 2} class="model" sort={sort} onSort={onSort} />
            {gaps.before && <td class="gap" aria-hidden="true" />}
            {seen.map(({ column: each, place }) => (
              <ColumnHead key={each.key} column={each} place={place} stops={stop(0) === place} sort={sort} onSort={onSort} />
            ))}
            {gaps.after && <td class="gap" aria-hidden="true" />}
          </tr>
        </thead>
        <tbody>
          {down.before > 0 && <Gap height={down.before} />}
          {down.items.map(({ index }) => {
            const each = rows[index];
            if (!each) return null;
            const own = { row: each, place: index + 1, stop: stop(index + 1), mark: mark?.(each) ?? null };
            return <GridRow key={index} {...own} {...gaps} seen={seen} rangeOf={spans} choosing={choosing} />;
          })}
          {down.after > 0 && <Gap height={down.after} />}
        </tbody>
      </table>
    </div>
  );
}

const Gap = ({ height }: { height: number }) => (
  <tr class="gap" aria-hidden="true">
    <td style={{ height: `${height}px` }} />
  </tr>
);

// The span of each column that is shaded, worked out when it first comes into sight.
function useRanges<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): (column: Column<Row>) => Range | null {
  return useMemo(() => {
    const known = new Map<string, Range | null>();
    return (column: Column<Row>) => {
      const range = known.get(column.key);
      if (range !== undefined || !column.heat) return range ?? null;
      const found = rangeOf(column, rows);
      known.set(column.key, found);
      return found;
    };
  }, [columns, rows]);
}

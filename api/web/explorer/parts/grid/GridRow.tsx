// One line of a grid: what leads it, and its cells that are in sight.
import { Link } from '../Link.tsx';
import { goodness, type Column, type Line, type Range } from './column.ts';

export interface Mark {
  sign: string;
  text: string;
  kind: 'up' | 'down' | 'new';
}

export interface Choosing {
  chosen: readonly string[];
  most: number;
  toggle: (model: string) => void;
}

export interface Seen<Row> {
  column: Column<Row>;
  // Among all columns, the leading ones included.
  place: number;
}

interface Props<Row extends Line> {
  row: Row;
  place: number;
  // Column of the cell that the Tab key stops at; null: none of this line.
  stop: number | null;
  seen: readonly Seen<Row>[];
  rangeOf: (column: Column<Row>) => Range | null;
  before: boolean;
  after: boolean;
  mark: Mark | null;
  choosing: Choosing | undefined;
}

export function GridRow<Row extends Line>({ row, place, stop, seen, rangeOf, before, after, mark, choosing }: Props<Row>) {
  const tab = (column: number) => (stop === column ? 0 : -1);
  return (
    <tr aria-rowindex={place + 1} class={place % 2 ? '' : 'even'}>
      <td class="choose" aria-colindex={1} data-at={`${place}:0`} {...(!choosing && { tabIndex: tab(0) })}>
        {choosing && <Choice row={row} choosing={choosing} tabIndex={tab(0)} />}
      </td>
      <td class="rank number" aria-colindex={2} data-at={`${place}:1`} tabIndex={tab(1)}>
        {mark && <Marked {...mark} />}
        {row.rank ?? <Missing text="no rank" />}
      </td>
      <th scope="row" class="model" aria-colindex={3} data-at={`${place}:2`}>
        <Link to={{ model: row.model.name }} tabIndex={tab(2)} title={row.model.name}>
          {row.model.displayName}
        </Link>
        {row.variant && <span class="variant"> {row.variant}</span>}
      </th>
      {before && <td class="gap" aria-hidden="true" />}
      {seen.map(({ column, place: at }) => (
        <GridCell
          key={column.key}
          row={row}
          column={column}
          range={rangeOf(column)}
          at={`${place}:${at}`}
          colIndex={at + 1}
          tabIndex={tab(at)}
        />
      ))}
      {after && <td class="gap" aria-hidden="true" />}
    </tr>
  );
}

interface CellProps<Row> {
  row: Row;
  column: Column<Row>;
  range: Range | null;
  at: string;
  colIndex: number;
  tabIndex: number;
}

function GridCell<Row>({ row, column, range, at, colIndex, tabIndex }: CellProps<Row>) {
  const text = column.text(row);
  const good = column.heat ? goodness(column, row, range) : null;
  const remark = column.remark?.(row);
  const share = column.share?.(row);
  return (
    <td
      class={`${column.numeric ? 'number' : ''} ${good === null ? '' : 'heat'}`}
      aria-colindex={colIndex}
      data-at={at}
      tabIndex={tabIndex}
      style={good === null ? {} : { '--heat': `${Math.round(good * 100)}%` }}
      title={column.numeric ? '' : (text ?? '')}
    >
      {share !== undefined && (
        <span class="share" aria-hidden="true">
          <span style={{ width: `${share * 100}%` }} />
        </span>
      )}
      {text ?? <Missing text={column.missing} />}
      {remark && (
        <sup title={remark.text}>
          <span aria-hidden="true">{remark.sign}</span>
          <span class="unseen">, {remark.text}</span>
        </sup>
      )}
    </td>
  );
}

function Choice({ row, choosing, tabIndex }: { row: Line; choosing: Choosing; tabIndex: number }) {
  const checked = choosing.chosen.includes(row.model.name);
  return (
    <label class="tick">
      <input
        type="checkbox"
        checked={checked}
        tabIndex={tabIndex}
        disabled={!checked && choosing.chosen.length >= choosing.most}
        onChange={() => choosing.toggle(row.model.name)}
      />
      <span class="unseen">Compare {row.model.displayName}</span>
    </label>
  );
}

function Marked({ sign, text, kind }: Mark) {
  return (
    <span class={`mark ${kind}`} title={text}>
      <span aria-hidden="true">{sign}</span>
      <span class="unseen">{text}, rank </span>
    </span>
  );
}

const Missing = ({ text }: { text: string }) => (
  <span class="missing" title={text}>
    <span aria-hidden="true">—</span>
    <span class="unseen">{text}</span>
  </span>
);

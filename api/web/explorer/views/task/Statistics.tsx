// Statistics of a task's data as its source describes it, whatever their shape.
import { Table, type Column } from '../../parts/Table.tsx';
import { counted } from '../../parts/words.ts';

type Row = readonly [path: string, value: string | number | boolean];

const MOST = 500;
const FEW = 15;
const DEEPEST = 6;

const COLUMNS: Column<Row>[] = [
  { name: 'What', heads: true, of: ([path]) => path },
  {
    name: 'Value',
    numeric: true,
    of: ([, value]) => value,
    show: ([, value]) => (typeof value === 'number' ? number(value) : String(value)),
  },
];

export function Statistics({ statistics }: { statistics: unknown }) {
  const rows = flatten(statistics).slice(0, MOST);
  if (rows.length === 0) return null;
  return (
    <section class="section" aria-labelledby="statistics">
      <h2 id="statistics">Statistics of its data</h2>
      <details open={rows.length <= FEW}>
        <summary>{counted(rows.length, 'number')}</summary>
        <Table label="Statistics" columns={COLUMNS} rows={rows} caption="As its source describes the data" />
      </details>
    </section>
  );
}

function flatten(value: unknown, path = '', deep = 0): Row[] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return [[path, value]];
  if (value === null || typeof value !== 'object' || deep > DEEPEST) return [];
  return Object.entries(value).flatMap(([name, inner]) => flatten(inner, path ? `${path} › ${name}` : name, deep + 1));
}

const number = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 2 });

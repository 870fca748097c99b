// The subsets of a task: their languages, and what they stand for in the capability map.
import { Table, type Column } from '../../parts/Table.tsx';
import { counted } from '../../parts/words.ts';
import type { TaskFacts } from './documents.ts';

type Subset = TaskFacts['subsets'][number];

const FEW = 20;

const COLUMNS: Column<Subset>[] = [
  { name: 'Subset', heads: true, of: ({ name }) => name },
  { name: 'Languages', long: true, of: ({ languages }) => languages.join(', ') },
  {
    name: 'Capabilities',
    long: true,
    of: ({ capabilities }) => capabilities.map(({ label }) => label).join(', '),
    show: ({ capabilities }) => capabilities.map(({ label, name }) => `${name} (${label})`).join(', '),
  },
];

export function Subsets({ subsets }: { subsets: readonly Subset[] }) {
  if (subsets.length < 2) return null;
  const labelled = subsets.some(({ capabilities }) => capabilities.length > 0);
  const spoken = subsets.some(({ languages }) => languages.length > 0);
  const columns = COLUMNS.filter(({ name }) => (name !== 'Capabilities' || labelled) && (name !== 'Languages' || spoken));
  return (
    <section class="section" aria-labelledby="subsets">
      <h2 id="subsets">Its subsets</h2>
      <details open={subsets.length <= FEW}>
        <summary>{counted(subsets.length, 'subset')}</summary>
        <Table
          label="Subsets"
          columns={columns}
          rows={subsets}
          caption={labelled ? 'With the capabilities they stand for' : 'With their languages'}
        />
      </details>
    </section>
  );
}

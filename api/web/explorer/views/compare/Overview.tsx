// What the compared models are.
import { Table, type Column } from '../../parts/Table.tsx';
import { date, size, yesNo } from '../../parts/words.ts';
import type { Compared } from './documents.ts';

const COLUMNS: Column<Compared>[] = [
  { name: 'Model', heads: true, of: ({ displayName }) => displayName },
  { name: 'Made by', of: ({ organization }) => organization },
  { name: 'Parameters', numeric: true, of: ({ parameters }) => parameters, show: ({ parameters }) => size(parameters) },
  { name: 'Released', of: ({ releaseDate }) => releaseDate, show: ({ releaseDate }) => date(releaseDate) },
  { name: 'Licence', of: ({ license }) => license },
  { name: 'Open weights', of: ({ openWeights }) => openWeights, show: ({ openWeights }) => yesNo(openWeights) },
  { name: 'Boards', numeric: true, of: ({ standings }) => standings.length },
];

export function Overview({ models }: { models: readonly Compared[] }) {
  return <Table label="What they are" columns={COLUMNS} rows={models} caption="What they are" />;
}

// Ranks and means of the compared models on one board: on all of it, and on the tasks that all of them have.
import { Table, type Column } from '../../parts/Table.tsx';
import { counted, methodOf, NONE, standing, value } from '../../parts/words.ts';
import type { Board, Compared, Entry, Ranked } from './documents.ts';

interface Row {
  model: Compared;
  entry: Entry | null;
  commonMean: number | null;
  commonRank: number | null;
}

interface Props {
  board: Board;
  ranked: Ranked;
  models: readonly Compared[];
  entries: readonly (Entry | null)[];
}

export function Summary({ board, ranked, models, entries }: Props) {
  const rows = models.map((model, place): Row => {
    const entry = entries[place] ?? null;
    const common =
      entry && board.common?.entries.nodes.find((one) => one.model.name === model.name && one.variant === entry.variant);
    return { model, entry, commonMean: common?.meanTask ?? null, commonRank: common?.rank ?? null };
  });
  const shared = board.common?.tasks.length ?? 0;
  const columns: Column<Row>[] = [
    {
      name: 'Model',
      heads: true,
      of: ({ model }) => model.displayName,
      show: ({ model, entry }) => (
        <>
          {model.displayName}
          {entry?.variant && <small> {entry.variant}</small>}
        </>
      ),
    },
    { name: `Rank of ${ranked.totalModels}`, numeric: true, of: ({ entry }) => entry?.rank },
    {
      name: first(methodOf(board.defaultMethod)),
      numeric: true,
      of: ({ entry }) => entry?.value,
      show: ({ entry }) => standing(entry?.value, board.defaultMethod, board.unit),
    },
    {
      name: 'Coverage',
      numeric: true,
      of: ({ entry }) => entry?.coverage.scored,
      show: ({ entry }) => (entry ? `${entry.coverage.scored} of ${entry.coverage.expected}` : NONE),
    },
    {
      name: 'Mean over all tasks',
      numeric: true,
      of: ({ entry }) => entry?.meanTask,
      show: ({ entry }) => value(entry?.meanTask, board.unit),
    },
    {
      name: `Mean over the ${counted(shared, 'common task')}`,
      numeric: true,
      of: ({ commonMean }) => commonMean,
      show: ({ commonMean }) => value(commonMean, board.unit),
    },
    { name: 'Rank among these', numeric: true, of: ({ commonRank }) => commonRank },
  ];
  return (
    <Table
      label={`Ranks on ${board.name}`}
      columns={columns}
      rows={rows}
      caption="On the whole board, and among these models on the tasks all of them have"
    />
  );
}

const first = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

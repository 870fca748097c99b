// What changed on a board from one version of its source to another.
import { useAnswer } from '../../graphql/useAnswer.ts';
import type { ResultOf } from '../../graphql/graphql.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Link } from '../../parts/Link.tsx';
import { day, score } from '../../parts/numbers.ts';
import { fields, Table, type Column } from '../../parts/Table.tsx';
import { counted } from '../../parts/words.ts';
import { csv, type Cell } from '../../take/csv.ts';
import { Take } from '../../take/Take.tsx';
import type { Benchmark, Version } from './documents.ts';
import { ChangesDocument } from './parts.ts';
import type { Part } from './Shown.tsx';
import { changesStatement } from './statements.ts';
import { placeOf, writtenAt } from './Time.tsx';

type Diff = NonNullable<NonNullable<ResultOf<typeof ChangesDocument>['benchmark']>['diff']>;
// So many of one kind are shown.
const MOST = 300;

type Named = { model: { name: string; displayName: string }; variant: string | null };

export function Changes({ board, state, change }: Part) {
  const versions = board.versions.nodes;
  const to = Math.max(1, placeOf(versions, state.asOf));
  const from = state.since ? Math.max(0, placeOf(versions, state.since)) : to - 1;
  const [before, after] = [versions[from], versions[to]];
  const variables = before && after ? { board: board.name, from: before.id, to: after.id } : null;
  const asked = useAnswer(ChangesDocument, variables);
  if (!before || !after || !variables) return <p class="none">Its source has one version so far: nothing has changed yet.</p>;
  return (
    <>
      <form class="row" onSubmit={(event) => event.preventDefault()} aria-label="Versions compared">
        <Choice
          id="since"
          label="From"
          versions={versions}
          chosen={from}
          onChange={(version) => change({ since: writtenAt(version) })}
        />
        <Choice
          id="until"
          label="To"
          versions={versions}
          chosen={to}
          onChange={(version) => change({ asOf: version === versions.at(-1) ? null : writtenAt(version) })}
        />
      </form>
      <Answered asked={asked}>
        {({ benchmark }, snapshot) =>
          benchmark?.diff ? (
            <Differences
              board={board}
              diff={benchmark.diff}
              variables={variables}
              snapshot={snapshot}
              before={before}
              after={after}
            />
          ) : (
            <p class="none">These versions cannot be compared.</p>
          )
        }
      </Answered>
    </>
  );
}

interface ChoiceProps {
  id: string;
  label: string;
  versions: readonly Version[];
  chosen: number;
  onChange: (version: Version | undefined) => void;
}

function Choice({ id, label, versions, chosen, onChange }: ChoiceProps) {
  return (
    <div class="typed">
      <label for={id}>{label}</label>
      <select id={id} value={chosen} onChange={(event) => onChange(versions[Number(event.currentTarget.value)])}>
        {versions.map((version, place) => (
          <option key={version.id} value={place}>
            {day(version.at)} ({version.label.slice(0, 28)})
          </option>
        ))}
      </select>
    </div>
  );
}

interface Props {
  board: Benchmark;
  diff: Diff;
  variables: object;
  snapshot: string;
  before: Version;
  after: Version;
}

function Differences({ board, diff, variables, snapshot, before, after }: Props) {
  const model: Column<Named> = {
    name: 'Model',
    heads: true,
    of: (row) => row.model.name,
    show: ({ model: { name, displayName }, variant }) => (
      <>
        <Link to={{ model: name }}>{displayName}</Link>
        {variant && ` ${variant}`}
      </>
    ),
  };
  const stood: Column<Diff['entered'][number]>[] = [
    model,
    { name: 'Rank', of: ({ rank }) => rank, numeric: true },
    {
      name: 'Value',
      of: ({ value }) => value,
      show: ({ value }) => (value === null ? '–' : score(value, board.unit)),
      numeric: true,
    },
  ];
  const moved: Column<Diff['moved'][number]>[] = [
    model,
    { name: 'From', of: ({ fromRank }) => fromRank, numeric: true },
    { name: 'To', of: ({ toRank }) => toRank, numeric: true },
    {
      name: 'Moved',
      of: ({ fromRank, toRank }) => (fromRank !== null && toRank !== null ? fromRank - toRank : null),
      show: ({ fromRank, toRank }) => step(fromRank, toRank),
      numeric: true,
    },
  ];
  const changed: Column<Diff['changed'][number]>[] = [
    model,
    { name: 'Task', of: ({ task }) => task.name, show: ({ task }) => <Link to={{ task: task.name }}>{task.displayName}</Link> },
    { name: 'Subset', of: ({ subset }) => subset },
    { name: 'Split', of: ({ split }) => split },
    {
      name: 'From',
      of: (row) => row.from,
      show: (row) => (row.from === null ? '–' : score(row.from, row.task.unit)),
      numeric: true,
    },
    { name: 'To', of: (row) => row.to, show: (row) => (row.to === null ? '–' : score(row.to, row.task.unit)), numeric: true },
  ];
  return (
    <>
      <Difference title={counted(diff.entered.length, 'entry entered', 'entries entered')} columns={stood} rows={diff.entered} />
      <Difference title={counted(diff.left.length, 'entry left', 'entries left')} columns={stood} rows={diff.left} />
      <Difference title={counted(diff.moved.length, 'entry moved', 'entries moved')} columns={moved} rows={diff.moved} />
      <Difference title={counted(diff.changed.length, 'score changed', 'scores changed')} columns={changed} rows={diff.changed} />
      <Take
        document={ChangesDocument}
        variables={variables}
        name={`${board.name} changes`}
        sql={() => changesStatement(board.source, before.at, after.at, board.name, snapshot)}
        csv={() =>
          csv(
            ['change', 'model', 'task', 'subset', 'split', 'from', 'to'],
            [
              ...diff.entered.map((each): Cell[] => ['entered', each.model.name, null, null, null, null, each.rank]),
              ...diff.left.map((each): Cell[] => ['left', each.model.name, null, null, null, each.rank, null]),
              ...diff.moved.map((each): Cell[] => ['moved', each.model.name, null, null, null, each.fromRank, each.toRank]),
              ...fields(changed, diff.changed).map((row): Cell[] => ['changed', ...row]),
            ],
          )
        }
      />
    </>
  );
}

function step(from: number | null, to: number | null): string {
  if (from === null || to === null) return '–';
  return from > to ? `▲ ${from - to}` : `▼ ${to - from}`;
}

function Difference<Row>({ title, columns, rows }: { title: string; columns: readonly Column<Row>[]; rows: readonly Row[] }) {
  return (
    <section class="section">
      <h2>{title}</h2>
      {rows.length > MOST && <p class="hint">The first {MOST}; all of them are in the CSV.</p>}
      {rows.length > 0 && (
        <Table label={title} caption={<span class="unseen">{title}</span>} columns={columns} rows={rows.slice(0, MOST)} />
      )}
    </section>
  );
}

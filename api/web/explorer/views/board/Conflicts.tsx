// Where sources or revisions disagree about the scores of this board.
import { useAnswer } from '../../graphql/useAnswer.ts';
import type { ResultOf } from '../../graphql/graphql.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Link } from '../../parts/Link.tsx';
import { Table, type Column } from '../../parts/Table.tsx';
import { score } from '../../parts/numbers.ts';
import { counted, sourceOf } from '../../parts/words.ts';
import { csv } from '../../take/csv.ts';
import { Take } from '../../take/Take.tsx';
import { ConflictsDocument } from './parts.ts';
import type { Part } from './Shown.tsx';
import { conflictsStatement } from './statements.ts';

type Conflict = ResultOf<typeof ConflictsDocument>['conflicts']['nodes'][number];

const FIRST = 200;

export function Conflicts({ board }: Part) {
  const variables = { board: board.name, first: FIRST };
  const asked = useAnswer(ConflictsDocument, variables);
  return (
    <Answered asked={asked}>
      {({ conflicts: { nodes, totalCount } }, snapshot) => (
        <>
          <p class="hint">
            One model, one cell of a task, one metric, and values that differ between sources or between revisions of the model.
            Largest spread first.
          </p>
          {nodes.length === 0 && <p class="none">Nobody disagrees about the current scores of this board.</p>}
          {nodes.length > 0 && (
            <Table
              label="Conflicts"
              columns={columns}
              rows={nodes}
              caption={
                totalCount > nodes.length
                  ? `The first ${nodes.length} of ${counted(totalCount, 'conflict')}`
                  : counted(totalCount, 'conflict')
              }
            />
          )}
          <Take
            document={ConflictsDocument}
            variables={variables}
            name={`${board.name} conflicts`}
            sql={() => conflictsStatement(board.name, snapshot)}
            csv={() =>
              csv(
                ['model', 'task', 'split', 'subset', 'metric', 'variant', 'spread', 'source', 'revision', 'value'],
                nodes.flatMap((each) =>
                  each.scores.map(({ source, modelRevision, value }) => [
                    each.model.name,
                    each.task.name,
                    each.split,
                    each.subset,
                    each.metric,
                    each.variant,
                    each.spread,
                    source,
                    modelRevision,
                    value,
                  ]),
                ),
              )
            }
          />
        </>
      )}
    </Answered>
  );
}

const columns: Column<Conflict>[] = [
  {
    name: 'Model',
    heads: true,
    of: ({ model }) => model.name,
    show: ({ model, variant }) => (
      <>
        <Link to={{ model: model.name }}>{model.displayName}</Link>
        {variant && ` ${variant}`}
      </>
    ),
  },
  { name: 'Task', of: ({ task }) => task.name, show: ({ task }) => <Link to={{ task: task.name }}>{task.displayName}</Link> },
  { name: 'Cell', of: ({ split, subset }) => `${split}, ${subset}` },
  { name: 'Spread', of: ({ spread }) => spread, show: ({ spread, unit }) => score(spread, unit), numeric: true },
  {
    name: 'Values',
    of: ({ scores }) => scores.map(({ value }) => value).join(' '),
    show: ({ scores, unit }) => (
      <ul class="values">
        {scores.map(({ source, value, modelRevision }, place) => (
          <li key={place}>
            <b>{value === null ? '–' : score(value, unit)}</b> {sourceOf(source)}
            {modelRevision && <small title={modelRevision}> {modelRevision.slice(0, 8)}</small>}
          </li>
        ))}
      </ul>
    ),
  },
];

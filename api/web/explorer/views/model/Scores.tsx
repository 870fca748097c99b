// Every score of a model, with where it was found.
import { useAddress } from '../../address/address.ts';
import type { VariablesOf } from '../../graphql/graphql.ts';
import { useAnswer } from '../../graphql/useAnswer.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Field } from '../../parts/Field.tsx';
import { Link } from '../../parts/Link.tsx';
import { FROM_START, pageOf, Pages, Restart } from '../../parts/Pages.tsx';
import { Provenance } from '../../parts/Provenance.tsx';
import { Select } from '../../parts/Select.tsx';
import { Table, type Column } from '../../parts/Table.tsx';
import { value, yesNo } from '../../parts/words.ts';
import { csv } from '../../take/csv.ts';
import { runnable } from '../../take/sql.ts';
import { Take } from '../../take/Take.tsx';
import { SCORES, type ScoreRow } from './documents.ts';
import { SCORES as STATEMENT } from './statements.ts';

const FIRST = 25;
const ORDERS = [
  ['', 'task'],
  ['high', 'highest value'],
  ['low', 'lowest value'],
] as const;
const ORDERED = {
  high: { by: 'VALUE', direction: 'DESC', sql: 'value desc nulls last, seq' },
  low: { by: 'VALUE', direction: 'ASC', sql: 'value nulls last, seq' },
} as const;

const COLUMNS: Column<ScoreRow>[] = [
  {
    name: 'Task',
    heads: true,
    of: ({ task }) => task.name,
    show: ({ task }) => <Link to={{ task: task.name }}>{task.displayName}</Link>,
  },
  { name: 'Subset', of: ({ subset }) => subset },
  { name: 'Split', of: ({ split }) => split },
  { name: 'Metric', of: ({ metric }) => metric },
  { name: 'Value', numeric: true, of: (row) => row.value, show: (row) => value(row.value, row.unit) },
  { name: 'Run', of: ({ variant }) => variant, show: ({ variant }) => variant ?? 'plain' },
  { name: 'Trained on', of: ({ trainedOn }) => trainedOn, show: ({ trainedOn }) => yesNo(trainedOn) },
  {
    name: 'Found in',
    of: ({ source }) => source,
    show: (row) => <Provenance source={row.source} found={row.provenance} score={row} since={row.validFrom} />,
  },
];

const HEADER = [
  'task',
  'split',
  'subset',
  'metric',
  'variant',
  'value',
  'source',
  'source_rank',
  'verified',
  'trained_on',
  'model_revision',
  'provenance_path',
  'provenance_url',
  'provenance_revision',
  'evaluated_at',
  'tool',
  'submitted_by',
];

export function Scores({ model }: { model: string }) {
  const [params, change] = useAddress();
  const [task, source, order] = [params.get('find') ?? '', params.get('source'), params.get('order')];
  const variables = variablesOf(model, params);
  const asked = useAnswer(SCORES, variables);
  return (
    <section class="section" aria-labelledby="scores">
      <h2 id="scores">Its scores</h2>
      <div class="controls">
        <Field
          label="Task"
          value={task}
          hint="A part of its name"
          onChange={(find) => change({ find: find || null, ...FROM_START }, 'replace')}
        />
        <Field
          label="Source"
          value={source ?? ''}
          hint="easi, mteb, hub, …"
          onChange={(of) => change({ source: of || null, ...FROM_START }, 'replace')}
        />
        <Select
          label="Sorted by"
          value={order ?? ''}
          options={ORDERS}
          onChange={(by) => change({ order: by, ...FROM_START }, 'replace')}
        />
      </div>
      <Restart error={asked.error} />
      <Answered asked={asked}>
        {({ model: found }, snapshot) =>
          found && (
            <>
              {found.scores.nodes.length > 0 ? (
                <Table label="Scores" columns={COLUMNS} rows={found.scores.nodes} caption="Values as published" />
              ) : (
                <p class="none">No score of this model fits.</p>
              )}
              <Pages
                total={found.scores.totalCount}
                one="score"
                size={FIRST}
                shown={found.scores.nodes.length}
                next={found.scores.pageInfo.hasNextPage ? found.scores.pageInfo.endCursor : null}
              />
              <Take
                document={SCORES}
                variables={variables}
                name={`scores of ${model}`}
                sql={() =>
                  runnable(
                    statementOf(params),
                    { model, task, source, first: FIRST, skipped: (pageOf(params) - 1) * FIRST },
                    snapshot,
                  )
                }
                csv={() => csv(HEADER, found.scores.nodes.map(rowOf))}
              />
            </>
          )
        }
      </Answered>
    </section>
  );
}

function variablesOf(model: string, params: URLSearchParams): VariablesOf<typeof SCORES> {
  const [task, source, after] = [params.get('find'), params.get('source'), params.get('after')];
  const ordered = ORDERED[params.get('order') as keyof typeof ORDERED];
  const where = { ...(task && { task: { name: { contains: task } } }), ...(source && { source: { eq: source } }) };
  return {
    model,
    where,
    first: FIRST,
    ...(after && { after }),
    ...(ordered && { orderBy: [{ field: ordered.by, direction: ordered.direction }] }),
  };
}

function statementOf(params: URLSearchParams): string {
  const conditions = [params.get('find') && 'contains(lower(task), lower($task))', params.get('source') && 'source = $source'];
  const order = ORDERED[params.get('order') as keyof typeof ORDERED]?.sql ?? 'seq';
  return [
    STATEMENT,
    ...conditions.filter(Boolean).map((one) => `    and ${one}`),
    `order by ${order}`,
    'limit $first offset $skipped',
  ].join('\n');
}

function rowOf({
  task,
  split,
  subset,
  metric,
  variant,
  value,
  source,
  sourceRank,
  verified,
  trainedOn,
  modelRevision,
  provenance,
}: ScoreRow) {
  const { path, url, revision, evaluatedAt, tool, submittedBy } = provenance;
  return [
    task.name,
    split,
    subset,
    metric,
    variant,
    value,
    source,
    sourceRank,
    verified,
    trainedOn,
    modelRevision,
    path,
    url,
    revision,
    evaluatedAt,
    tool,
    submittedBy,
  ];
}

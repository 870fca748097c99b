// Where sources, or revisions of one model, say different things of the same cell: the largest spread first.
import { useAddress } from '../../address/address.ts';
import { useAnswer } from '../../graphql/useAnswer.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Chosen } from '../../parts/Chosen.tsx';
import { Combobox } from '../../parts/Combobox.tsx';
import { Field } from '../../parts/Field.tsx';
import { Link } from '../../parts/Link.tsx';
import { FROM_START, Pages, Restart } from '../../parts/Pages.tsx';
import { Provenance } from '../../parts/Provenance.tsx';
import { Select } from '../../parts/Select.tsx';
import { sourceOf, unitOf, value } from '../../parts/words.ts';
import { findBoards, findModels } from '../../search/find.ts';
import { csv } from '../../take/csv.ts';
import { runnable } from '../../take/sql.ts';
import { Take } from '../../take/Take.tsx';
import { FIRST, parametersOf, readState, statementOf, variablesOf, type State } from './asking.ts';
import { CONFLICTS, type Conflict } from './documents.ts';
import './conflicts.css';

const HEADER = [
  'model',
  'task',
  'split',
  'subset',
  'metric',
  'variant',
  'unit',
  'spread',
  'value',
  'source',
  'model_revision',
  'provenance_path',
  'provenance_url',
];

export function Conflicts() {
  const [params] = useAddress();
  const state = readState(params);
  const variables = variablesOf(state, params.get('after'));
  const asked = useAnswer(CONFLICTS, variables);
  return (
    <>
      <h1>Where sources disagree</h1>
      <p class="lead">
        The same model on the same part of the same task, by one metric and in one unit, and yet another value: from another
        source, or of another revision of the model. The widest apart come first.
      </p>
      <Filters state={state} sources={asked.answer?.data.warehouse.sources.map(({ name }) => name) ?? []} />
      <Restart error={asked.error} />
      <Answered asked={asked}>
        {({ conflicts: { totalCount, nodes, pageInfo } }, snapshot) => (
          <>
            {nodes.length === 0 && <p class="none">No scores disagree here. Take a filter away, or ask for a smaller spread.</p>}
            {nodes.length > 0 && <List conflicts={nodes} />}
            <Pages
              total={totalCount}
              one="conflict"
              size={FIRST}
              shown={nodes.length}
              next={pageInfo.hasNextPage ? pageInfo.endCursor : null}
            />
            <Take
              document={CONFLICTS}
              variables={variables}
              name="conflicts"
              sql={() => runnable(statementOf(state), parametersOf(state, params), snapshot)}
              csv={() => csv(HEADER, nodes.flatMap(rowsOf))}
            />
          </>
        )}
      </Answered>
    </>
  );
}

function Filters({ state, sources }: { state: State; sources: readonly string[] }) {
  const [, change] = useAddress();
  const filters = [
    ['board', state.board],
    ['model', state.model],
  ] as const;
  const given = filters.flatMap(([name, of]) => (of === null ? [] : [name]));
  return (
    <>
      <div class="controls">
        <Combobox
          label="On the board"
          hint="A part of its name"
          load={findBoards}
          onPick={({ key }) => change({ board: key, ...FROM_START })}
        />
        <Combobox
          label="Of the model"
          hint="A part of its name"
          load={findModels}
          onPick={({ key }) => change({ model: key, ...FROM_START })}
        />
        <Select
          label="Among scores of"
          any="all sources"
          value={state.source}
          options={sources.map((name) => [name, sourceOf(name)] as const)}
          onChange={(source) => change({ source, ...FROM_START })}
        />
        <Field
          label="At least so far apart"
          numeric
          value={state.spread}
          hint="0"
          onChange={(spread) => change({ spread: spread || null, ...FROM_START }, 'replace')}
        />
      </div>
      {state.minSpread === null && (
        <p class="problem" role="alert">
          “{state.spread}” is no number of 0 or more, so every spread is shown.
        </p>
      )}
      <Chosen
        label="Filters"
        names={given}
        show={(name) => `${name}: ${name === 'board' ? state.board : state.model}`}
        onRemove={(name) => change({ [name]: null, ...FROM_START })}
      />
    </>
  );
}

function List({ conflicts }: { conflicts: readonly Conflict[] }) {
  return (
    <div class="scroll" role="region" aria-label="Conflicts" tabIndex={0}>
      <table class="rows disagreeing">
        <caption>Values as published, each with where it was found</caption>
        <thead>
          <tr>
            <th scope="col">Model, task and cell</th>
            <th scope="col" class="number">
              Spread
            </th>
            <th scope="col" class="number">
              Value
            </th>
            <th scope="col">Found in</th>
          </tr>
        </thead>
        {conflicts.map((one) => (
          <Group
            key={[one.model.name, one.task.name, one.split, one.subset, one.metric, one.variant, one.unit].join('\n')}
            one={one}
          />
        ))}
      </table>
    </div>
  );
}

function Group({ one }: { one: Conflict }) {
  const span = Math.max(1, one.scores.length);
  return (
    <tbody>
      {one.scores.map((score, place) => (
        <tr key={score.id}>
          {place === 0 && (
            <>
              <th scope="rowgroup" rowSpan={span}>
                <Link to={{ model: one.model.name }}>{one.model.name}</Link>
                {one.variant && <em> {one.variant}</em>}
                <span>
                  on <Link to={{ task: one.task.name }}>{one.task.displayName}</Link>
                </span>
                <small>
                  {one.subset}, {one.split}, {one.metric}
                </small>
              </th>
              <td rowSpan={span} class="number best" title={unitOf(one.unit)}>
                {value(one.spread, one.unit)}
              </td>
            </>
          )}
          <td class="number">{value(score.value, one.unit)}</td>
          <td>
            <Provenance source={score.source} found={score.provenance} score={score} />
          </td>
        </tr>
      ))}
    </tbody>
  );
}

function rowsOf({ model, task, split, subset, metric, variant, unit, spread, scores }: Conflict) {
  return scores.map((score) => [
    model.name,
    task.name,
    split,
    subset,
    metric,
    variant,
    unit,
    spread,
    score.value,
    score.source,
    score.modelRevision,
    score.provenance.path,
    score.provenance.url,
  ]);
}

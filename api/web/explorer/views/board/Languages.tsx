// Means by language: every model, every language that any of them has a score in.
import { useMemo } from 'preact/hooks';
import { useAnswer } from '../../graphql/useAnswer.ts';
import type { ResultOf } from '../../graphql/graphql.ts';
import { Answered } from '../../parts/Answered.tsx';
import { sorted, type Column, type Line } from '../../parts/grid/column.ts';
import { Grid } from '../../parts/grid/Grid.tsx';
import { score } from '../../parts/numbers.ts';
import { csv } from '../../take/csv.ts';
import { Take } from '../../take/Take.tsx';
import type { Benchmark } from './documents.ts';
import { LanguagesDocument } from './parts.ts';
import { nextSort } from './ordering.ts';
import { Several } from './Several.tsx';
import type { Part } from './Shown.tsx';
import { languageStatement } from './statements.ts';

type Answer = ResultOf<typeof LanguagesDocument>;
type PerLanguage = NonNullable<NonNullable<Answer['benchmark']>['perLanguage']>;

interface Row extends Line {
  values: readonly (number | null)[];
}

// So many languages are shown at first where the source names no view of its own.
const MANY = 60;

export function Languages(part: Part) {
  const { state, board } = part;
  const some = state.languages.length > 0 ? state.languages : board.languages.length > MANY ? (board.languageView ?? null) : null;
  const variables = { board: state.board, ...(state.asOf && { asOf: state.asOf }), ...(some && { languages: some }) };
  const asked = useAnswer(LanguagesDocument, variables);
  return (
    <Answered asked={asked}>
      {({ benchmark, languages }, snapshot) =>
        benchmark?.perLanguage ? (
          <Means {...part} means={benchmark.perLanguage} names={languages} variables={variables} snapshot={snapshot} />
        ) : (
          <p class="none">This board has no scores by language.</p>
        )
      }
    </Answered>
  );
}

interface Props extends Part {
  means: PerLanguage;
  names: Answer['languages'];
  variables: object;
}

function Means({ board, state, change, means, names, variables, snapshot }: Props) {
  const known = useMemo(() => new Map(names.map(({ code, name }) => [code, name])), [names]);
  const named = (code: string) => known.get(code) ?? known.get(code.split('-')[0] ?? '') ?? code;
  const rows = useMemo(() => rowsOf(board, means), [board, means]);
  const columns = useMemo(() => columnsOf(board, means, named), [means, known]);
  const column = columns.find(({ key }) => key === state.sort?.key);
  const shown = useMemo(() => {
    if (!state.sort) return rows;
    if (state.sort.key === 'rank') return sorted(rows, ({ rank }) => rank, state.sort.descending);
    if (state.sort.key === 'name') return sorted(rows, ({ model }) => model.name, state.sort.descending);
    return column ? sorted(rows, column.value, state.sort.descending) : rows;
  }, [rows, column, state.sort?.key, state.sort?.descending]);
  return (
    <>
      <p class="hint">
        Mean over a model's scores in each language, whatever else it lacks. A score counts for each language it covers. The rank
        is that of the board as it stands.
      </p>
      <div class="row">
        <Several
          label="Languages"
          offers={board.languages}
          chosen={state.languages}
          onChange={(lang) => change({ lang })}
          name={(code) => `${named(code)} (${code})`}
        />
      </div>
      {rows.length > 0 ? (
        <Grid
          caption={`${board.displayName}: means by language`}
          rows={shown}
          all={rows}
          columns={columns}
          sort={state.sort}
          onSort={(each) => change({ sort: nextSort(state.sort, each) }, 'replace')}
        />
      ) : (
        <p class="none">No model has a score in these languages.</p>
      )}
      <Take
        document={LanguagesDocument}
        variables={variables}
        name={`${board.name} by language`}
        sql={() => languageStatement(board.name, means.languages, state.asOf, snapshot)}
        csv={() =>
          csv(
            ['model', ...means.languages],
            shown.map((row) => [row.model.name, ...row.values]),
          )
        }
      />
    </>
  );
}

// In the board's order where it ranks them.
function rowsOf(board: Benchmark, means: PerLanguage): Row[] {
  const places = new Map(
    board.leaderboard?.entries.nodes
      .filter(({ variant }) => variant === null)
      .map((entry, place) => [entry.model.name, { place, rank: entry.rank }]),
  );
  const rows = means.entries.map(({ model, values }) => ({
    key: model.name,
    rank: places.get(model.name)?.rank ?? null,
    variant: null,
    model,
    values,
  }));
  return sorted(rows, ({ key }) => places.get(key)?.place ?? null, false);
}

function columnsOf(board: Benchmark, means: PerLanguage, named: (code: string) => string): Column<Row>[] {
  return means.languages.map((code, place) => ({
    key: `language:${code}`,
    label: named(code),
    title: `${named(code)} (${code})`,
    group: 'Languages',
    width: 6.5,
    numeric: true,
    heat: true,
    best: 'most',
    missing: 'not evaluated',
    value: ({ values }) => values[place] ?? null,
    text: ({ values }) => {
      const value = values[place];
      return value === null || value === undefined ? null : score(value, board.unit);
    },
  }));
}

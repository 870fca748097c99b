// Where a model stands on every board.
import { useAddress } from '../../address/address.ts';
import { Link } from '../../parts/Link.tsx';
import { Table, type Column } from '../../parts/Table.tsx';
import { counted, methodOf, sourceOf, standing } from '../../parts/words.ts';
import { csv } from '../../take/csv.ts';
import { runnable } from '../../take/sql.ts';
import { Take } from '../../take/Take.tsx';
import { MODEL, type ModelFacts, type Standing } from './documents.ts';
import { STANDINGS } from './statements.ts';

const COLUMNS: Column<Standing>[] = [
  {
    name: 'Board',
    heads: true,
    of: ({ benchmark }) => benchmark.name,
    show: ({ benchmark, entry }) => (
      <>
        <Link to={{ board: benchmark.name }}>{benchmark.displayName}</Link>
        {benchmark.displayName !== benchmark.name && <small> {benchmark.name}</small>}
        {entry.variant && <em> {entry.variant}</em>}
      </>
    ),
  },
  { name: 'Rank', numeric: true, of: ({ entry }) => entry.rank, show: ({ entry }) => entry.rank ?? 'none' },
  { name: 'Of', numeric: true, of: ({ totalModels }) => totalModels },
  {
    name: 'Value',
    numeric: true,
    falls: true,
    of: ({ entry }) => entry.value,
    show: ({ entry, benchmark }) => standing(entry.value, benchmark.defaultMethod, benchmark.unit),
  },
  { name: 'Ranked by', of: ({ benchmark }) => methodOf(benchmark.defaultMethod) },
  {
    name: 'Coverage',
    numeric: true,
    falls: true,
    of: ({ entry: { coverage } }) => coverage.scored / coverage.expected,
    show: ({ entry: { coverage } }) => `${coverage.scored} of ${coverage.expected}`,
  },
  {
    name: 'Zero-shot',
    numeric: true,
    falls: true,
    of: ({ entry }) => entry.zeroShotPercent,
    show: ({ entry }) => (entry.zeroShotPercent === null ? 'unknown' : `${entry.zeroShotPercent} %`),
  },
  { name: 'Source', of: ({ benchmark }) => benchmark.source, show: ({ benchmark }) => sourceOf(benchmark.source) },
];

const HEADER = ['benchmark', 'variant', 'rank', 'total', 'value', 'scored', 'expected', 'zero_shot_percent', 'source'];

export function Standings({ model, snapshot }: { model: ModelFacts; snapshot: string }) {
  const [params, change] = useAddress();
  const sort = params.get('sort');
  if (model.standings.length === 0) {
    return (
      <section class="section">
        <h2>Where it stands</h2>
        <p class="none">It is on no board.</p>
      </section>
    );
  }
  return (
    <section class="section" aria-labelledby="standings">
      <h2 id="standings">Where it stands</h2>
      <Table
        label="Standings on all boards"
        columns={COLUMNS}
        rows={model.standings}
        sort={sort}
        onSort={(next) => change({ sort: next }, 'replace')}
        caption={`${counted(model.standings.length, 'entry', 'entries')}, best rank first. Coverage: tasks with a score.`}
      />
      <Take
        document={MODEL}
        variables={{ model: model.name }}
        name={`standings of ${model.name}`}
        sql={() => runnable(STANDINGS, { model: model.name }, snapshot)}
        csv={() => csv(HEADER, model.standings.map(rowOf))}
      />
    </section>
  );
}

function rowOf({ benchmark, entry, totalModels }: Standing) {
  const { scored, expected } = entry.coverage;
  return [
    benchmark.name,
    entry.variant,
    entry.rank,
    totalModels,
    entry.value,
    scored,
    expected,
    entry.zeroShotPercent,
    benchmark.source,
  ];
}

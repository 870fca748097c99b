// What a model is good at: its means over the subsets that carry one capability label.
import { useCallback } from 'preact/hooks';
import { useAddress } from '../../address/address.ts';
import { Chart, type Colours } from '../../charts/Chart.tsx';
import { drawSeries, type Shape } from '../../charts/series.ts';
import { type ResultOf } from '../../graphql/graphql.ts';
import { useAnswer } from '../../graphql/useAnswer.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Choice } from '../../parts/Choice.tsx';
import { Select } from '../../parts/Select.tsx';
import { Table, type Column } from '../../parts/Table.tsx';
import { value, NONE } from '../../parts/words.ts';
import { PROFILE } from './documents.ts';

type Standing = NonNullable<ResultOf<typeof PROFILE>['model']>['standings'][number];
type Capability = Standing['entry']['capabilityScores'][number];

// The source whose boards have a map of capabilities.
const MAPPED = 'easi';

export function Profile({ model }: { model: string }) {
  const [params, change] = useAddress();
  const asked = useAnswer(PROFILE, { model, source: MAPPED });
  const shape: Shape = params.get('as') === 'radar' ? 'radar' : 'bars';
  return (
    <section class="section" aria-labelledby="profile">
      <h2 id="profile">What it is good at</h2>
      <Answered asked={asked}>
        {({ model: found }) => {
          const mapped = (found?.standings ?? []).filter(({ entry }) => entry.capabilityScores.length > 0).sort(broadest);
          const shown = mapped.find(({ benchmark }) => benchmark.name === params.get('profile')) ?? mapped[0];
          if (!shown) return <p class="none">No board it is on has a map of capabilities.</p>;
          return (
            <>
              <p class="hint">Means over the parts of benchmarks that carry one label, by EASI’s map of capabilities.</p>
              <div class="controls">
                <Select
                  label="On the board"
                  value={shown.benchmark.name}
                  onChange={(profile) => change({ profile }, 'replace')}
                  options={mapped.map(({ benchmark }) => [benchmark.name, benchmark.displayName] as const)}
                />
                <Choice
                  label="Drawn as"
                  value={shape}
                  options={[
                    ['bars', 'Bars'],
                    ['radar', 'Radar'],
                  ]}
                  onChange={(as) => change({ as: as === 'bars' ? null : as }, 'replace')}
                />
              </div>
              <Capabilities standing={shown} shape={shape} />
            </>
          );
        }}
      </Answered>
    </section>
  );
}

const broadest = (a: Standing, b: Standing) => breadth(b) - breadth(a);
const breadth = ({ entry }: Standing) => entry.capabilityScores.reduce((sum, { scored }) => sum + scored, 0);

function Capabilities({ standing: { benchmark, entry }, shape }: { standing: Standing; shape: Shape }) {
  const scores = entry.capabilityScores;
  const configure = useCallback(
    (colours: Colours) =>
      drawSeries(
        shape,
        scores.map(({ capability }) => capability.name),
        [{ name: benchmark.displayName, values: scores.map((score) => score.value) }],
        colours,
      ),
    [scores, shape],
  );
  const columns: Column<Capability>[] = [
    {
      name: 'Capability',
      heads: true,
      of: ({ capability }) => capability.name,
      show: ({ capability }) => (
        <>
          {capability.name} <small>{capability.label}</small>
        </>
      ),
    },
    {
      name: 'Mean',
      numeric: true,
      of: (score) => score.value,
      show: (score) => (score.value === null ? NONE : value(score.value, benchmark.unit)),
    },
    { name: 'Subsets', numeric: true, of: ({ scored }) => scored, show: ({ scored, expected }) => `${scored} of ${expected}` },
  ];
  return (
    <div class="beside">
      <Chart
        label={`Means by capability on ${benchmark.displayName}; the table beside it has the numbers`}
        configure={configure}
      />
      <Table
        label={`Capabilities on ${benchmark.displayName}`}
        columns={columns}
        rows={scores}
        caption="A mean is shown once the model has every subset of the label."
      />
    </div>
  );
}

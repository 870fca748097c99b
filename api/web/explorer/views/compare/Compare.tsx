// Up to ten models side by side on the boards they share.
import { useAddress } from '../../address/address.ts';
import { useAnswer } from '../../graphql/useAnswer.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Link } from '../../parts/Link.tsx';
import { Comparison } from './Comparison.tsx';
import { BOARDS, MODELS, type Compared } from './documents.ts';
import { Overview } from './Overview.tsx';
import { MOST_MODELS, Picking } from './Picking.tsx';
import { boardsOf, favourite } from './sharing.ts';
import './compare.css';

export function Compare() {
  const [params] = useAddress();
  const names = [...new Set(params.getAll('compare').filter(Boolean))].slice(0, MOST_MODELS);
  const asked = useAnswer(MODELS, names.length > 0 ? { models: names } : null);
  const found = names.length > 0 ? (asked.answer?.data.models.nodes ?? []) : [];
  const models = names.flatMap((name) => found.find((model) => model.name === name) ?? []);
  return (
    <>
      <h1>Compare models</h1>
      <Picking
        names={names}
        offered={boardsOf(models)}
        shown={chosenBoards(params, models)}
        known={models.map(({ name }) => name)}
      />
      {names.length === 0 && (
        <p class="none">
          Nothing to compare yet. Find a model by a part of its name, up to ten; or tick models on a board, such as{' '}
          <Link to={{}}>one of these</Link>.
        </p>
      )}
      {names.length > 0 && (
        <Answered asked={asked}>
          {() => (
            <>
              <Missing names={names} models={models} waiting={asked.waiting} />
              {models.length > 0 && <Overview models={models} />}
              {models.length > 0 && <OnBoards models={models} boards={chosenBoards(params, models)} />}
            </>
          )}
        </Answered>
      )}
    </>
  );
}

// The boards of the address, else the one that most of them have most of.
function chosenBoards(params: URLSearchParams, models: readonly Compared[]): string[] {
  const asked = params.getAll('board').filter(Boolean);
  if (asked.length > 0) return asked;
  const one = favourite(models);
  return one ? [one] : [];
}

function Missing({ names, models, waiting }: { names: readonly string[]; models: readonly Compared[]; waiting: boolean }) {
  const missing = waiting ? [] : names.filter((name) => !models.some((model) => model.name === name));
  if (missing.length === 0) return null;
  return (
    <p class="problem" role="alert">
      There is no model {missing.map((name) => `“${name}”`).join(', ')} in this snapshot. Search for it above.
    </p>
  );
}

function OnBoards({ models, boards }: { models: readonly Compared[]; boards: readonly string[] }) {
  const names = models.map(({ name }) => name);
  const variables = { models: names, boards: [...boards] };
  const asked = useAnswer(BOARDS, boards.length > 0 ? variables : null);
  if (boards.length === 0) return <p class="none">These models are on no board.</p>;
  return (
    <Answered asked={asked}>
      {({ benchmarks }, snapshot) =>
        boards.map((name) => {
          const board = benchmarks.nodes.find((one) => one.name === name);
          if (!board)
            return asked.waiting ? null : (
              <p key={name} class="problem" role="alert">
                There is no board “{name}” in this snapshot.
              </p>
            );
          return <Comparison key={name} board={board} models={models} variables={variables} snapshot={snapshot} />;
        })
      }
    </Answered>
  );
}

// Where a model's sources or revisions say different things.
import { useAnswer } from '../../graphql/useAnswer.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Link } from '../../parts/Link.tsx';
import { counted, sourceOf, value } from '../../parts/words.ts';
import { DISAGREEMENTS } from './documents.ts';

const FIRST = 5;

export function Disagreements({ model }: { model: string }) {
  const asked = useAnswer(DISAGREEMENTS, { model, first: FIRST });
  return (
    <section class="section" aria-labelledby="disagreements">
      <h2 id="disagreements">Where its scores disagree</h2>
      <Answered asked={asked}>
        {({ conflicts: { totalCount, nodes } }) =>
          totalCount === 0 ? (
            <p class="none">Its sources and revisions never say different things of one cell.</p>
          ) : (
            <>
              <ul class="conflicts">
                {nodes.map((one) => (
                  <li key={`${one.task.name} ${one.split} ${one.subset} ${one.metric} ${one.variant} ${one.unit}`}>
                    <Link to={{ task: one.task.name }}>{one.task.displayName}</Link> {one.subset} {one.split}:{' '}
                    {one.scores.map((score) => `${value(score.value, one.unit)} (${sourceOf(score.source)})`).join(', ')}; spread{' '}
                    {value(one.spread, one.unit)}
                  </li>
                ))}
              </ul>
              <p>
                <Link to={{ conflicts: '', model }}>
                  All {counted(totalCount, 'conflict')} of it, with where each value was found
                </Link>
              </p>
            </>
          )
        }
      </Answered>
    </section>
  );
}

// The first view: what this is, a search over everything, who leads, and every board there is.
import { useId } from 'preact/hooks';
import { useAddress } from '../../address/address.ts';
import { Answered } from '../../parts/Answered.tsx';
import { sourceOf, time, counted } from '../../parts/words.ts';
import { useAnswer } from '../../graphql/useAnswer.ts';
import { CATALOGUE, type Catalogue } from './documents.ts';
import { Found } from './Found.tsx';
import { Leaders } from './Leaders.tsx';
import { Listing } from './Listing.tsx';
import './boards.css';

export function Boards() {
  const [params, change] = useAddress();
  const asked = useAnswer(CATALOGUE, {});
  const text = params.get('q') ?? '';
  return (
    <>
      <h1>Which model is best at what, says who, since when</h1>
      <p class="lead">
        Standings puts the leaderboards of AI evaluations into one place: every score with the source it comes from, and every
        ranking as it was on any day.
      </p>
      <Field text={text} onText={(q) => change({ q: q || null }, text ? 'replace' : 'push')} />
      {text.trim() ? (
        <Found text={text.trim()} />
      ) : (
        <>
          <Leaders />
          <Answered asked={asked}>
            {(catalogue, snapshot) => (
              <>
                <Listing catalogue={catalogue} snapshot={snapshot} />
                <Holdings warehouse={catalogue.warehouse} />
              </>
            )}
          </Answered>
        </>
      )}
    </>
  );
}

function Field({ text, onText }: { text: string; onText: (text: string) => void }) {
  const id = useId();
  return (
    <search class="big">
      <form onSubmit={(event) => event.preventDefault()}>
        <label for={id}>Find a board, a model or a task</label>
        <input
          id={id}
          type="search"
          value={text}
          maxLength={200}
          spellcheck={false}
          autocomplete="off"
          placeholder="For example EASI, Qwen or Retrieval"
          onInput={(event) => onText(event.currentTarget.value)}
        />
      </form>
    </search>
  );
}

function Holdings({ warehouse: { counts, sources, builtAt } }: Pick<Catalogue, 'warehouse'>) {
  return (
    <section class="section" aria-labelledby="holdings">
      <h2 id="holdings">What is in here</h2>
      <p class="hint">
        {counted(counts.models, 'model')}, {counted(counts.benchmarks, 'board')}, {counted(counts.tasks, 'task')} and{' '}
        {counted(counts.scores, 'score')}, put together on {time(builtAt)}.
      </p>
      <dl class="facts sources">
        {sources.map(({ name, loadedAt, problemCount, versions }) => (
          <div key={name}>
            <dt>{sourceOf(name)}</dt>
            <dd>loaded {time(loadedAt)}</dd>
            {versions.totalCount > 0 && <dd>{counted(versions.totalCount, 'version')}</dd>}
            {problemCount > 0 && <dd>{counted(problemCount, 'problem')} when it was loaded</dd>}
          </div>
        ))}
      </dl>
    </section>
  );
}

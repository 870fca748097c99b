// One model: what it is, where it stands, how that went, and every score it has with where it was found.
import { useAddress } from '../../address/address.ts';
import { useAnswer } from '../../graphql/useAnswer.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Link } from '../../parts/Link.tsx';
import { Unknown } from '../../parts/Unknown.tsx';
import { webOnly } from '../../parts/web.ts';
import { Disagreements } from './Disagreements.tsx';
import { MODEL, type ModelFacts } from './documents.ts';
import { Facts } from './Facts.tsx';
import { History } from './History.tsx';
import { Profile } from './Profile.tsx';
import { Scores } from './Scores.tsx';
import { Standings } from './Standings.tsx';
import { Training } from './Training.tsx';
import './model.css';

export function Model() {
  const [params] = useAddress();
  const name = params.get('model') ?? '';
  const asked = useAnswer(MODEL, { model: name });
  return (
    <Answered asked={asked}>
      {({ model }, snapshot) => (model ? <Shown model={model} snapshot={snapshot} /> : <Unknown kind="model" name={name} />)}
    </Answered>
  );
}

function Shown({ model, snapshot }: { model: ModelFacts; snapshot: string }) {
  const page = webOnly(model.url);
  const boards = model.standings.map(({ benchmark }) => benchmark);
  return (
    <>
      <h1>{model.displayName}</h1>
      <p class="under">
        <code>{model.name}</code>
        {page && (
          <a href={page} rel="noreferrer">
            Its page
          </a>
        )}
        <Link to={{ compare: model.name }} class="button">
          Compare with others
        </Link>
      </p>
      <Facts model={model} />
      <Standings model={model} snapshot={snapshot} />
      {boards.length > 0 && <History model={model.name} standings={model.standings} />}
      {boards.some(({ source }) => source === 'easi') && <Profile model={model.name} />}
      <Training model={model} />
      <Disagreements model={model.name} />
      <Scores model={model.name} />
    </>
  );
}

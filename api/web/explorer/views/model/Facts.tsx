// What a model is, by what its sources declare. What nobody declares is left out.
import type { ComponentChildren } from 'preact';
import { Link } from '../../parts/Link.tsx';
import { whole } from '../../parts/numbers.ts';
import { date, matchOf, size, sourceOf, yesNo } from '../../parts/words.ts';
import type { ModelFacts } from './documents.ts';

const MANY = 12;

export function Facts({ model }: { model: ModelFacts }) {
  const facts: [string, ComponentChildren][] = [
    ['Made by', model.organization],
    ['Parameters', model.parameters === null ? null : size(model.parameters)],
    ['Active parameters', model.activeParameters === null ? null : size(model.activeParameters)],
    ['Released', model.releaseDate && date(model.releaseDate)],
    ['Licence', model.license],
    ['Open weights', model.openWeights === null ? null : yesNo(model.openWeights)],
    ['Kind', list(model.modelTypes)],
    ['Modalities', list(model.modalities)],
    ['Embedding dimension', model.embeddingDimension],
    ['Longest input', model.unlimitedTokens ? 'unlimited' : model.maxTokens && `${whole(model.maxTokens)} tokens`],
    ['Memory', model.memoryMb && `${whole(Math.round(model.memoryMb))} MB`],
    ['Takes instructions', model.instructionTuned === null ? null : yesNo(model.instructionTuned)],
    ['Runs in', list(model.frameworks)],
    ['Languages', model.languages.length > MANY ? `${model.languages.length} languages` : list(model.languages)],
    ['Made from', model.adaptedFrom && <Link to={{ model: model.adaptedFrom }}>{model.adaptedFrom}</Link>],
    ['Replaced by', model.supersededBy && <Link to={{ model: model.supersededBy }}>{model.supersededBy}</Link>],
  ];
  return (
    <>
      <dl class="facts">
        {facts
          .filter(([, fact]) => fact !== null && fact !== '')
          .map(([name, fact]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{fact}</dd>
            </div>
          ))}
      </dl>
      {model.openness && <Openness openness={model.openness} />}
      <Aliases aliases={model.aliases} />
    </>
  );
}

function Openness({ openness }: { openness: NonNullable<ModelFacts['openness']> }) {
  const criteria: [string, boolean][] = [
    ['weights', openness.openWeights],
    ['licence', openness.openLicense],
    ['training code', openness.openTrainingCode],
    ['training data', openness.openTrainingData],
    ['paper', openness.paper],
    ['model card', openness.modelCard],
  ];
  const named = (holds: boolean) =>
    criteria
      .filter(([, is]) => is === holds)
      .map(([name]) => name)
      .join(', ') || 'none';
  return (
    <p class="open">
      Openness <strong>{openness.score} of 6</strong>: has {named(true)}; lacks {named(false)}.
    </p>
  );
}

function Aliases({ aliases }: Pick<ModelFacts, 'aliases'>) {
  return (
    <details class="aliases">
      <summary>
        Names in {aliases.length === 1 ? 'its source' : `${new Set(aliases.map(({ source }) => source)).size} sources`}
      </summary>
      <table class="rows">
        <caption class="unseen">Names of the model in its sources, and how each was matched</caption>
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">Name there</th>
            <th scope="col">How it was matched</th>
          </tr>
        </thead>
        <tbody>
          {aliases.map(({ source, name, match }) => (
            <tr key={`${source} ${name}`}>
              <td>{sourceOf(source)}</td>
              <td>{name}</td>
              <td>{matchOf(match)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

const list = (texts: readonly string[]) => texts.join(', ') || null;

// What a model declares to be trained on, and which of it is a task here.
import { Link } from '../../parts/Link.tsx';
import { counted } from '../../parts/words.ts';
import type { ModelFacts } from './documents.ts';

const FEW = 30;

export function Training({ model: { trainingDatasets, trainingCode, trainingData } }: { model: ModelFacts }) {
  return (
    <section class="section" aria-labelledby="training">
      <h2 id="training">Training data</h2>
      {said(trainingDatasets)}
      {(trainingCode || trainingData) && (
        <p class="hint">
          {[trainingCode && `Code: ${trainingCode}`, trainingData && `Data: ${trainingData}`].filter(Boolean).join(' · ')}
        </p>
      )}
      {trainingDatasets && trainingDatasets.length > 0 && (
        <details open={trainingDatasets.length <= FEW}>
          <summary>
            {counted(trainingDatasets.length, 'data set')}, {trainingDatasets.filter(({ task }) => task).length} of them tasks
            here
          </summary>
          <ul class="tags">
            {trainingDatasets.map(({ name, task }) => (
              <li key={name}>{task ? <Link to={{ task: task.name }}>{name}</Link> : name}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function said(datasets: ModelFacts['trainingDatasets']) {
  if (datasets === null) return <p class="none">It declares no training data, so nobody knows which tasks it has seen.</p>;
  return datasets.length === 0 ? <p class="none">It declares that none was used.</p> : null;
}

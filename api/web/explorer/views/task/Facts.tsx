// What a task is, by what its sources declare. What nobody declares is left out.
import type { ComponentChildren } from 'preact';
import { whole } from '../../parts/numbers.ts';
import { date, unitOf, yesNo } from '../../parts/words.ts';
import type { TaskFacts } from './documents.ts';

const MANY = 8;

export function Facts({ task }: { task: TaskFacts }) {
  const facts: [string, ComponentChildren][] = [
    ['Kind', task.type],
    ['Main metric', task.metric],
    ['Unit', unitOf(task.unit)],
    ['Better is', task.lowerIsBetter ? 'lower' : 'higher'],
    ['Complete models', whole(task.modelCount)],
    ['Modalities', list(task.modalities)],
    ['Languages', task.languages.length > MANY ? `${task.languages.length} languages` : list(task.languages)],
    ['Domains', list(task.domains)],
    ['Data set', task.dataset],
    ['Licence', task.license],
    ['Public data', task.isPublic === null ? null : yesNo(task.isPublic)],
    ['Data of', task.dateFrom || task.dateTo ? `${date(task.dateFrom)} to ${date(task.dateTo)}` : null],
    ['Annotated', task.annotationsCreators],
    ['Samples', task.sampleCreation],
  ];
  return (
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
  );
}

const list = (texts: readonly string[]) => texts.join(', ') || null;

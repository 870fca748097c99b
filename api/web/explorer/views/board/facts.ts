// The columns of what is known of a model, and of how much of the board it has.
import { count, day, whole } from '../../parts/numbers.ts';
import { yesNo } from '../../parts/words.ts';
import type { BoardColumn, Row } from './columns.ts';

const UNKNOWN = 'unknown';

// What is known of a model, and how it stands on the board; each may be shown or left out.
export function facts(): BoardColumn[] {
  const fact = (
    key: string,
    label: string,
    width: number,
    value: BoardColumn['value'],
    more: Partial<BoardColumn> = {},
  ): BoardColumn => ({
    key,
    label,
    width,
    value,
    group: 'Model',
    missing: UNKNOWN,
    best: 'least',
    numeric: false,
    text: (row) => {
      const known = value(row);
      return known === null ? null : String(known);
    },
    ...more,
  });
  const number = (
    key: string,
    label: string,
    value: (row: Row) => number | null,
    write = whole,
    more: Partial<BoardColumn> = {},
  ) =>
    fact(key, label, 7, value, {
      numeric: true,
      best: 'most',
      text: (row) => {
        const known = value(row);
        return known === null ? null : write(known);
      },
      ...more,
    });
  return [
    fact('coverage', 'Coverage', 7.75, ({ entry }) => entry.coverage.scored, {
      numeric: true,
      best: 'most',
      title: 'Tasks it has a score on, of those that are ranked',
      text: ({ entry: { coverage } }) => `${coverage.scored}/${coverage.expected}`,
      share: ({ entry: { coverage } }) => (coverage.expected ? coverage.scored / coverage.expected : 0),
    }),
    fact('interval', 'Rank interval', 5.5, ({ interval }) => interval?.low ?? null, {
      numeric: true,
      missing: 'no interval',
      title: 'Where 95 % of its ranks lie when the tasks are drawn anew, with replacement',
      text: ({ interval }) =>
        interval === undefined
          ? '…'
          : interval && (interval.low === interval.high ? `${interval.low}` : `${interval.low}–${interval.high}`),
    }),
    fact('verified', 'Verified', 5.5, ({ verified }) => (verified === null ? null : yesNo(verified)), {
      best: 'most',
      title: 'Whether the source vouches for its scores',
      missing: 'the source does not say',
    }),
    number('size', 'Parameters', ({ entry }) => entry.model.parameters, count),
    number('active', 'Active parameters', ({ entry }) => entry.model.activeParameters, count),
    fact('released', 'Released', 7.5, ({ entry }) => entry.model.releaseDate, {
      best: 'most',
      numeric: true,
      text: ({ entry }) => (entry.model.releaseDate ? day(entry.model.releaseDate) : null),
    }),
    number(
      'zeroShot',
      'Zero-shot',
      ({ entry }) => entry.zeroShotPercent,
      (percent) => `${percent} %`,
      {
        title: 'Tasks of the board that are not in its training data',
        missing: 'it declares no training data',
      },
    ),
    number('trained', 'Trained on tasks', ({ entry }) => entry.trainedOnTasks?.length ?? null, whole, {
      best: 'least',
      missing: 'it declares no training data',
    }),
    fact('organization', 'Organization', 9, ({ entry }) => entry.model.organization),
    fact('license', 'Licence', 8, ({ entry }) => entry.model.license),
    fact(
      'weights',
      'Open weights',
      5,
      ({ entry }) => (entry.model.openWeights === null ? null : yesNo(entry.model.openWeights)),
      { best: 'most' },
    ),
    number(
      'openness',
      'Openness',
      ({ entry }) => entry.model.openness?.score ?? null,
      (held) => `${held}/6`,
      {
        title: 'Criteria of openness that hold, of six',
        missing: 'not assessed',
      },
    ),
    fact('types', 'Type', 8, ({ entry }) => entry.model.modelTypes.join(', ') || null),
    fact('modalities', 'Modalities', 8, ({ entry }) => entry.model.modalities.join(', ') || null),
    fact(
      'instruct',
      'Instructions',
      6,
      ({ entry }) => (entry.model.instructionTuned === null ? null : yesNo(entry.model.instructionTuned)),
      { best: 'most' },
    ),
    number('dimension', 'Embedding', ({ entry }) => entry.model.embeddingDimension, whole, { title: 'Size of the embedding' }),
    number(
      'tokens',
      'Longest input',
      ({ entry: { model } }) => (model.unlimitedTokens ? Infinity : model.maxTokens),
      (tokens) => (tokens === Infinity ? 'any' : whole(tokens)),
      { title: 'Longest input, in tokens' },
    ),
    number('memory', 'Memory, MB', ({ entry }) => entry.model.memoryMb, whole),
  ];
}

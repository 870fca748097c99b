// How much each task counts in a weighted mean.
import type { Change } from '../../address/address.ts';
import { Typed } from './Typed.tsx';

interface Props {
  tasks: readonly { name: string; displayName: string }[];
  weights: ReadonlyMap<string, number>;
  change: (change: Change, how?: 'push' | 'replace') => void;
}

const isWeight = (text: string) => /^\d{1,6}(\.\d{1,6})?$/.test(text);

export function Weights({ tasks, weights, change }: Props) {
  const weigh = (task: string, text: string) => {
    const next = new Map(weights).set(task, Number(text || 0));
    change({ weight: [...next].filter(([, weight]) => weight > 0).map(([name, weight]) => `${name}:${weight}`) }, 'replace');
  };
  const none = ![...weights.values()].some((weight) => weight > 0);
  return (
    <fieldset class="weights">
      <legend>Weights of tasks</legend>
      <p class="hint">
        A task without a weight does not count.{' '}
        {none && <strong>Give one task a weight: until then the board is ranked by its own rule.</strong>}
      </p>
      <div class="row">
        {tasks.map(({ name, displayName }) => (
          <Typed
            key={name}
            label={displayName}
            value={String(weights.get(name) ?? '')}
            hint="0"
            fits={isWeight}
            onChange={(text) => weigh(name, text)}
          />
        ))}
      </div>
    </fieldset>
  );
}

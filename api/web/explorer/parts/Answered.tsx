// What stands in a view's place while its answer is not there, and what it says when there will be none.
import type { ComponentChildren } from 'preact';
import type { Asked } from '../graphql/useAnswer.ts';

interface Props<Data> {
  asked: Asked<Data>;
  children: (data: Data, snapshot: string) => ComponentChildren;
}

export function Answered<Data>({ asked, children }: Props<Data>) {
  return (
    <div class="answered" aria-busy={asked.waiting}>
      {asked.error && <p class="problem" role="alert">{asked.error}</p>}
      {!asked.answer && !asked.error && <p class="waiting" role="status">Loading …</p>}
      {asked.answer && children(asked.answer.data, asked.answer.snapshot)}
    </div>
  );
}

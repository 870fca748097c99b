// The view of one board: its ranking as a table and otherwise, as of any version, ranked anew as one likes.
import { useRef } from 'preact/hooks';
import { useAddress } from '../../address/address.ts';
import type { Answer } from '../../graphql/client.ts';
import type { ResultOf } from '../../graphql/graphql.ts';
import { useAnswer } from '../../graphql/useAnswer.ts';
import { Unknown } from '../../parts/Unknown.tsx';
import { ranking } from './asking.ts';
import { BoardDocument } from './documents.ts';
import { Head } from './Head.tsx';
import { Shown } from './Shown.tsx';
import { readState } from './state.ts';
import './board.css';

export function Board() {
  const [params, change] = useAddress();
  const { state, ignored } = readState(params);
  const { answer, error, waiting } = useAnswer(BoardDocument, ranking(state));
  const last = useRef<Answer<ResultOf<typeof BoardDocument>> | null>(null);
  if (answer) last.current = answer;
  // When the server refuses a question, what was there stays, to be asked otherwise.
  const seen = answer ?? last.current;
  const board = seen?.data.benchmark;
  return (
    <div class="board answered" aria-busy={waiting}>
      {error && (
        <p class="problem" role="alert">
          {error}
        </p>
      )}
      {ignored.length > 0 && (
        <p class="notice" role="status">
          Not understood in the address, and left out: {ignored.join(', ')}
        </p>
      )}
      {!seen && (
        <>
          <h1>{state.board}</h1>
          {!error && (
            <p class="waiting" role="status">
              Loading …
            </p>
          )}
        </>
      )}
      {seen && !board && <Unknown kind="board" name={state.board} />}
      {seen && board && (
        <>
          <Head board={board} snapshot={seen.snapshot} />
          <Shown board={board} snapshot={seen.snapshot} state={state} change={change} />
        </>
      )}
    </div>
  );
}

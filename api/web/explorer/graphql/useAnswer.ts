// The answer to a document as a component's state; the last one stays in sight until the next is there.
import type { TadaDocumentNode } from 'gql.tada';
import { useEffect, useState } from 'preact/hooks';
import { ask, recall, Refused, type Answer } from './client.ts';

export interface Asked<Data> {
  answer: Answer<Data> | undefined;
  error: string | undefined;
  waiting: boolean;
}

export function useAnswer<Data, Variables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables | null,
): Asked<Data> {
  const key = JSON.stringify(variables);
  const known = variables === null ? undefined : recall(document, variables);
  const [state, setState] = useState<Asked<Data> & { key: string }>({
    key: '', answer: undefined, error: undefined, waiting: true,
  });
  useEffect(() => {
    if (variables === null || known) return;
    const stop = new AbortController();
    ask(document, variables, stop.signal).then(
      (answer) => setState({ key, answer, error: undefined, waiting: false }),
      (error: unknown) => {
        if (stop.signal.aborted) return;
        const text = error instanceof Refused ? error.message : 'This page met an error of its own. Load it again.';
        setState({ key, answer: undefined, error: text, waiting: false });
      },
    );
    return () => stop.abort();
  }, [document, key]);
  if (known) return { answer: known, error: undefined, waiting: false };
  const current = state.key === key;
  return { answer: state.answer, error: current ? state.error : undefined, waiting: variables !== null && !current };
}

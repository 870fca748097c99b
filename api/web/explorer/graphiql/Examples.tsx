/** @jsxImportSource react */
// A list of examples; the chosen one opens in a tab of its own.
import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import type { ChangeEvent } from 'react';
import { useEffect, useState } from 'react';
import { EXAMPLES, type Example } from './examples.ts';

export function Examples() {
  const { addTab } = useGraphiQLActions();
  const tabs = useGraphiQL((state) => state.tabs.length);
  const editors = useGraphiQL((state) => ({ query: state.queryEditor, variables: state.variableEditor }));
  const [opening, open] = useState<Example | null>(null);
  useEffect(() => {
    if (!opening) return;
    editors.query?.setValue(opening.query);
    editors.variables?.setValue(opening.variables);
    open(null);
  }, [tabs]);
  const choose = (event: ChangeEvent<HTMLSelectElement>) => {
    const chosen = EXAMPLES[Number(event.target.value)];
    if (!chosen) return;
    open(chosen);
    addTab();
  };
  return (
    <select aria-label="Open an example" className="examples" value="" onChange={choose}>
      <option value="" disabled>Examples</option>
      {EXAMPLES.map(({ name }, place) => <option key={name} value={place}>{name}</option>)}
    </select>
  );
}

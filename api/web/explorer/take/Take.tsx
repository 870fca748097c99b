// What every view offers to take along: its question as GraphQL and as SQL, and its rows as CSV.
import { useState } from 'preact/hooks';
import { textOf } from '../graphql/client.ts';

interface Props {
  document: object;
  variables: unknown;
  sql: () => string | Promise<string>;
  csv: () => string;
  name: string;
}

export function Take({ document: asked, variables, sql, csv, name }: Props) {
  const [told, tell] = useState('');
  const copy = async (what: string, text: string | Promise<string>) => {
    try {
      await navigator.clipboard.writeText(await text);
      tell(`Copied as ${what}.`);
    } catch {
      tell(`The browser did not let this page copy. ${what} could not be copied.`);
    }
  };
  return (
    <div class="take" role="group" aria-label="Take along">
      <button type="button" onClick={() => copy('GraphQL', question(asked, variables))}>Copy as GraphQL</button>
      <button type="button" onClick={() => copy('SQL', Promise.resolve().then(sql))}>Copy as SQL</button>
      <button type="button" onClick={() => { save(csv(), `${name}.csv`); tell('Saved as CSV.'); }}>Download CSV</button>
      <span class="told" role="status">{told}</span>
    </div>
  );
}

function question(asked: object, variables: unknown): string {
  return `${textOf(asked)}\n\n# Variables:\n${JSON.stringify(variables, null, 2).replace(/^/gm, '# ')}\n`;
}

function save(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = Object.assign(document.createElement('a'), { href: address, download: name.replace(/[^\w.()-]+/g, '_') });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

// What a view offers to take along, as its visitor gets it.
import { readFile } from 'node:fs/promises';
import { see } from './visit.mjs';

const group = (page, place) => page.getByRole('group', { name: 'Take along' }).nth(place);

// The text that a button copies: 'GraphQL' or 'SQL'. It is read on its way, as all journeys share one clipboard.
export async function copied(visit, what, place = 0) {
  await visit.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await visit.page.evaluate(() => {
    const write = Clipboard.prototype.writeText;
    navigator.clipboard.writeText = (text) => {
      window.copied = text;
      return write.call(navigator.clipboard, text);
    };
  });
  const offered = group(visit.page, place);
  await offered.getByRole('button', { name: `Copy as ${what}` }).click();
  await see(offered.getByRole('status'), `Copied as ${what}`);
  return visit.page.evaluate(() => window.copied);
}

// The answer to the query that is copied.
export async function asked(visit, place = 0) {
  const [query, variables] = (await copied(visit, 'GraphQL', place)).split('# Variables:');
  const data = { query, variables: JSON.parse(variables.replace(/^# /gm, '')) };
  return (await (await visit.page.request.post(`${visit.url}/graphql`, { data })).json()).data;
}

// The lines of the CSV, its head first; no field of them holds a comma or a quote.
export async function saved(visit, place = 0) {
  const button = group(visit.page, place).getByRole('button', { name: 'Download CSV' });
  const [download] = await Promise.all([visit.page.waitForEvent('download'), button.click()]);
  return (await readFile(await download.path(), 'utf8')).trim().split('\r\n').map((line) => line.split(','));
}

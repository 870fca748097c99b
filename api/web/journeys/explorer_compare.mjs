// Models side by side.
import assert from 'node:assert/strict';
import { asked, copied, saved } from './taking.mjs';
import { audit, fits, see, until } from './visit.mjs';

const [SMALL, LARGE, WORDS] = ['sample-lab/Sample-VL-7B', 'sample-lab/Sample-VL-72B', 'sample-lab/sample-embed-large'];
const params = (page, name) => new URL(page.url()).searchParams.getAll(name);
const address = (models, more = '') => `/?${models.map((model) => `compare=${model}`).join('&')}${more}`;
const table = (page, board) => page.getByRole('region', { name: `Side by side on ${board}` });
const cells = (row) => row.locator('th, td').allInnerTexts();

async function compared(visit, board, path, looks) {
  const page = await visit.show(path, looks);
  await table(page, board).waitFor();
  return page;
}

export async function choosesModelsByName(visit) {
  const page = await visit.show('/?compare=');
  await see(page.locator('main'), 'Nothing to compare yet');
  const box = page.getByRole('combobox', { name: 'Add a model' });
  const options = page.getByRole('listbox', { name: 'Add a model' }).getByRole('option');
  await box.fill('sample vl');
  await see(options, SMALL);
  await box.press('ArrowUp');
  await box.press('Enter');
  await until(() => params(page, 'compare').join(), SMALL);
  await until(() => box.inputValue(), '');
  await box.fill('vl-72b');
  await see(options, LARGE);
  await options.first().click();
  await until(() => params(page, 'compare').join(), `${SMALL},${LARGE}`);
  await table(page, 'EASI-12').waitFor();
  await page.getByRole('button', { name: `Take away ${SMALL}` }).click();
  await until(() => params(page, 'compare').join(), LARGE);
  await until(() => page.evaluate(() => document.activeElement.getAttribute('aria-label')), `Take away ${LARGE}`);
  await page.goBack();
  await until(() => page.getByRole('list', { name: 'Models that are compared' }).getByRole('listitem').count(), 2);
}

export async function comparesOnABoard(visit) {
  const page = await compared(visit, 'EASI-8', address([SMALL, LARGE], '&board=EASI-8'));
  await see(page.getByRole('region', { name: 'Ranks on EASI-8' }).getByRole('row').filter({ hasText: '72B' }), '57.75');
  await page.locator('.chart canvas').waitFor();
  const row = table(page, 'EASI-8').getByRole('row').filter({ hasText: 'MMSI-Bench' });
  const [, small, large, apart] = await cells(row);
  assert.match(large, /best/);
  assert.ok(Math.abs(parseFloat(large) - parseFloat(small) - parseFloat(apart)) < 0.011);
  await page.getByText('Differences', { exact: true }).click();
  await until(async () => (await cells(row))[2].startsWith('+'), true);
  await page.getByText('Radar').click();
  await page.getByText('Capabilities', { exact: true }).click();
  await see(table(page, 'EASI-8'), 'Spatial Relations');
  assert.deepEqual(['by', 'as', 'diff'].map((name) => params(page, name).join()), ['capability', 'radar', 'first']);
  const lines = await saved(visit);
  assert.deepEqual(lines[0], ['capability', SMALL, LARGE]);
  visit.tell({ view: 'compare', sql: await copied(visit, 'SQL'), rows: lines.slice(1).map(([label]) => [label]) });
  await visit.shoot('compare');
}

export async function saysWhatNotAllHave(visit) {
  const board = 'SampleMTEB(v2)';
  const page = await compared(visit, board, address([WORDS, SMALL, 'sample-university/many-tongues'], `&board=${board}`));
  await see(page.getByRole('status'), /of which all of them have \d/);
  const all = await table(page, board).getByRole('row').count();
  await page.getByText('What all have').click();
  await until(async () => (await table(page, board).getByRole('row').count()) < all, true);
  const lines = await saved(visit);
  visit.tell({ view: 'compare', sql: await copied(visit, 'SQL'), rows: lines.slice(1) });
  assert.equal((await asked(visit)).benchmarks.nodes[0].common.tasks.length, lines.length - 1);
  await page.getByLabel('Add a board').selectOption('SampleRTEB(beta)');
  await table(page, 'SampleRTEB(beta)').waitFor();
  assert.deepEqual(params(page, 'board'), [board, 'SampleRTEB(beta)']);
  await page.getByRole('button', { name: `Take away ${board}` }).click();
  await until(() => table(page, board).count(), 0);
  await see(page.locator('h1'), 'Compare models');
}

export async function comparesWithTheUnknown(visit) {
  const page = await compared(visit, 'EASI-8', address([SMALL, 'nobody/none', WORDS], '&board=EASI-8&board=no-such-board'));
  await see(page.getByRole('alert'), 'There is no model “nobody/none”');
  await see(page.getByRole('alert'), 'There is no board “no-such-board”');
  await see(page.locator('main'), `${WORDS} is not on this board`);
}

export async function comparesTenAtMost(visit) {
  const answer = await visit.page.request.post(`${visit.url}/graphql`, { data: { query: '{ models(first: 11) { nodes { name } } }' } });
  const names = (await answer.json()).data.models.nodes.map(({ name }) => name);
  const page = await visit.show(address(names));
  await see(page.locator('main'), 'These are 10, which is as many as fit');
  assert.equal(await page.getByRole('list', { name: 'Models that are compared' }).getByRole('listitem').count(), 10);
}

export async function comparisonIsAccessible(visit) {
  const page = await compared(visit, 'EASI-8', address([SMALL, LARGE], '&board=EASI-8'));
  await page.getByRole('combobox', { name: 'Add a model' }).fill('sample');
  await page.getByRole('listbox', { name: 'Add a model' }).getByRole('option').first().waitFor();
  await audit(page);
  await fits(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await audit(page, (axe) => axe.withRules(['color-contrast']));
}

export async function comparisonFitsAPhone(visit) {
  const page = await compared(visit, 'EASI-8', address([SMALL, LARGE], '&board=EASI-8'), { phone: true });
  await fits(page);
  await visit.shoot('compare-phone');
}

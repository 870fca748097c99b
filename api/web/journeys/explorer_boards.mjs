// The first view and the page around every view: searching, the list of boards, and finding one's way.
import assert from 'node:assert/strict';
import { asked, copied, saved } from './taking.mjs';
import { audit, fits, focused, see, until } from './visit.mjs';

const search = (page) => page.getByRole('searchbox', { name: 'Find a board, a model or a task' });
const param = (page, name) => new URL(page.url()).searchParams.get(name);
const listing = (page) => page.locator('section').filter({ has: page.getByRole('heading', { name: 'All boards' }) }).last();

async function boards(visit, path = '/', looks = {}) {
  const page = await visit.show(path, looks);
  await see(listing(page), /\d+ boards?/);
  return page;
}

export async function seesWhoLeads(visit) {
  const page = await boards(visit);
  const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'EASI-8' }) });
  await see(card, '26 models');
  await see(card.getByRole('row').filter({ hasText: 'Any size' }), 'SenseNova-SI-1.3-InternVL3-8B');
  await see(card.getByRole('row').filter({ hasText: 'Over 5B' }), 'Sample-VL-72B');
  await see(page.locator('main'), '45 models, 26 boards, 30 tasks and 696 scores');
  await see(page.getByRole('contentinfo'), 'Snapshot 20');
  const file = await page.getByRole('link', { name: 'DuckDB file' }).getAttribute('href');
  assert.match(file, /^\/warehouse\/\d{8}T\d{6}Z-\w+\.duckdb$/, 'it names the snapshot, which never changes');
  assert.match(await page.title(), /^Standings/);
  await visit.shoot('boards');
}

export async function listsEveryBoard(visit) {
  const page = await boards(visit);
  await see(page.getByRole('region', { name: 'Sample: texts' }), 'Sample retrieval');
  await see(page.getByRole('region', { name: 'From EASI' }), 'EASI-12');
  await see(page.getByRole('region', { name: 'From the Hub' }), 'Sample Transcription');
  await see(page.getByRole('region', { name: 'From OpenEvals' }), 'sampleAlgebra');
  await page.getByLabel('Source').selectOption('easi');
  await see(listing(page).getByRole('status'), '14 of 26 boards');
  await page.getByLabel('Modality').selectOption('video');
  await see(listing(page).getByRole('status'), '6 of 26 boards');
  assert.deepEqual([param(page, 'source'), param(page, 'modality')], ['easi', 'video']);
  const lines = await saved(visit);
  assert.equal(lines.length, 7);
  visit.tell({ view: 'boards', sql: await copied(visit, 'SQL'), rows: lines.slice(1).map((line) => line.slice(0, 3)) });
  await page.goBack();
  await see(listing(page).getByRole('status'), '14 of 26 boards');
  await page.goto(`${visit.url}/?language=deu&type=Spelling`);
  await see(listing(page), 'No board has language deu and type of task Spelling');
  await listing(page).getByRole('link', { name: 'Show all boards' }).click();
  await see(listing(page).getByRole('status'), '26 boards');
  assert.equal((await asked(visit)).benchmarks.totalCount, 26);
}

export async function findsAnything(visit) {
  const page = await boards(visit);
  await search(page).fill('sample');
  await see(page.getByRole('region', { name: 'Boards' }), 'Sample texts');
  await see(page.getByRole('region', { name: 'Models' }), 'sample-lab/Sample-VL-7B');
  await see(page.getByRole('region', { name: 'Tasks' }), 'SampleNewsRetrieval');
  assert.equal(param(page, 'q'), 'sample');
  await search(page).fill('mmsi bench');
  await see(page.getByRole('region', { name: 'Boards' }), 'MMSI-Bench');
  const lines = await saved(visit);
  assert.deepEqual(lines, [['kind', 'name'], ['board', 'mmsi_bench'], ['task', 'mmsi_bench']]);
  visit.tell({ view: 'boards', sql: await copied(visit, 'SQL'), rows: lines.slice(1) });
  await page.getByRole('region', { name: 'Tasks' }).getByRole('link').click();
  await until(() => param(page, 'task'), 'mmsi_bench');
  await page.goBack();
  await until(() => search(page).inputValue(), 'mmsi bench');
  await search(page).fill('no such thing at all');
  await see(page.locator('main'), 'Nothing has this in its name');
  await search(page).fill('');
  await see(page.getByRole('heading', { name: 'Who leads' }), 'Who leads');
}

export async function searchesFromAnyView(visit) {
  const page = await visit.show('/?conflicts=');
  const box = page.getByRole('combobox', { name: 'Search' });
  await box.fill('blink');
  const options = page.getByRole('listbox', { name: 'Search' }).getByRole('option');
  await see(options, 'BLINK');
  await until(() => box.getAttribute('aria-expanded'), 'true');
  await box.press('ArrowDown');
  const active = await box.getAttribute('aria-activedescendant');
  assert.equal(await page.locator(`[id="${active}"]`).getAttribute('aria-selected'), 'true');
  await box.press('Escape');
  await until(() => box.getAttribute('aria-expanded'), 'false');
  await box.press('ArrowDown');
  await see(options, 'BLINK');
  await box.press('ArrowDown');
  await box.press('Enter');
  await until(() => param(page, 'board'), 'blink');
  await until(() => focused(page), 'main');
  assert.equal(await page.title(), 'blink · Standings');
  await page.goBack();
  await see(page.locator('h1'), 'Where sources disagree');
  await box.fill('sample');
  await box.press('Enter');
  await until(() => param(page, 'q'), 'sample');
  await see(page.getByRole('region', { name: 'Models' }), 'sample-lab');
}

export async function findsOnesWayByKeyboard(visit) {
  const page = await boards(visit);
  await page.keyboard.press('Tab');
  await until(() => page.evaluate(() => document.activeElement.textContent), 'Skip to the content');
  await page.keyboard.press('Enter');
  await until(() => focused(page), 'main');
  await page.keyboard.press('Tab');
  await page.keyboard.type('sample-vl-7b');
  await see(page.getByRole('status'), 'with “sample-vl-7b” in the name');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await until(() => param(page, 'model'), 'sample-lab/Sample-VL-7B');
  await until(() => focused(page), 'main');
  await until(() => page.title(), 'sample-lab/Sample-VL-7B · Standings');
}

export async function keepsThePageWhenAViewFails(visit) {
  const page = await visit.show('/?conflicts=');
  await page.route('**/graphql', (route) => route.fulfill({ contentType: 'application/json', body: '{"data": {"model": {"name": "x"}}}' }));
  await page.evaluate(() => { history.pushState(null, '', '/?model=x'); dispatchEvent(new PopStateEvent('popstate')); });
  await see(page.getByRole('alert'), 'This view met an error of its own');
  await page.unrouteAll();
  await page.getByRole('link', { name: 'Compare' }).click();
  await see(page.locator('h1'), 'Compare models');
}

export async function saysThatNobodyAnswers(visit) {
  const page = await visit.show('/?conflicts=');
  await page.route('**/graphql', (route) => route.abort());
  await page.getByRole('link', { name: 'Boards' }).click();
  await see(page.getByRole('alert'), 'The server cannot be reached');
  await see(page.locator('h1'), 'Which model is best');
}

export async function boardsAreAccessible(visit) {
  const page = await boards(visit);
  await audit(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await audit(page, (axe) => axe.withRules(['color-contrast']));
  await visit.shoot('boards-dark');
  await page.goto(`${visit.url}/?q=sample`);
  await see(page.getByRole('region', { name: 'Models' }), 'sample-lab');
  await audit(page);
}

export async function boardsFitAPhone(visit) {
  const page = await boards(visit, '/', { phone: true });
  await fits(page);
  await visit.shoot('boards-phone');
  await search(page).fill('sample');
  await see(page.getByRole('region', { name: 'Models' }), 'sample-lab');
  await fits(page);
}

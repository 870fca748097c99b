// One model: where it stands, how that went, what it is good at, and its scores.
import assert from 'node:assert/strict';
import { asked, copied, saved } from './taking.mjs';
import { audit, fits, see, until } from './visit.mjs';

const MODEL = '/?model=sample-lab/Sample-VL-7B';
const param = (page, name) => new URL(page.url()).searchParams.get(name);
const part = (page, name) => page.getByRole('region', { name, exact: true });
const cells = (row) => row.locator('th, td').allInnerTexts();

async function model(visit, path = MODEL, looks = {}) {
  const page = await visit.show(path, looks);
  await part(page, 'Scores').waitFor();
  return page;
}

export async function readsWhatAModelIs(visit) {
  const page = await model(visit);
  await see(page.locator('h1'), 'Sample-VL-7B');
  await see(page.locator('.facts'), '7.6B');
  await see(page.locator('.facts'), 'apache-2.0');
  await see(page.locator('main'), 'Openness 4 of 6');
  await see(part(page, 'Training data'), '1 data set');
  await visit.shoot('model');
  await page.goto(`${visit.url}/?model=Sample-VL-7B`);
  await see(page.locator('.under code'), 'sample-lab/Sample-VL-7B');
  await page.goto(`${visit.url}/?model=sample-lab/Sample-VL-72B`);
  await page.getByText(/^Names in/).click();
  await see(page.locator('.aliases tr').filter({ hasText: 'EASI' }), 'reads the same, case and separators apart');
}

export async function readsWhereItStands(visit) {
  const page = await model(visit);
  const standings = part(page, 'Standings on all boards');
  const row = standings.getByRole('row').filter({ has: page.getByRole('link', { name: 'EASI-12' }) });
  assert.deepEqual((await cells(row)).slice(1, 4), ['15', '26', '48.26']);
  await standings.getByRole('button', { name: 'Coverage' }).click();
  await until(() => param(page, 'sort'), '-Coverage');
  await until(() => standings.getByRole('columnheader', { name: 'Coverage' }).getAttribute('aria-sort'), 'descending');
  await standings.getByRole('button', { name: 'Rank', exact: true }).click();
  await until(async () => (await cells(standings.getByRole('row').nth(1)))[1], '1');
  const lines = await saved(visit);
  assert.equal(lines.length, 25);
  visit.tell({ view: 'model', sql: await copied(visit, 'SQL'), rows: lines.slice(1).map((line) => line.slice(0, 4)) });
  assert.equal((await asked(visit)).model.standings.length, 24);
}

export async function followsItsRank(visit) {
  const page = await model(visit);
  const history = part(page, 'How its rank went');
  await history.getByLabel('Board').selectOption('EASI-8');
  await until(async () => (await history.locator('tbody td:nth-child(3)').allInnerTexts()).join(), '11,15');
  await see(history.locator('tbody'), 'bench_20260301T090000');
  await history.locator('canvas').waitFor();
  assert.equal(param(page, 'board'), 'EASI-8');
  await see(page.locator('h1'), 'Sample-VL-7B');
  await history.getByLabel('Board').selectOption('SampleMTEB(v2)');
  await see(history, 'A line appears once its source has a second version');
}

export async function readsItsProfile(visit) {
  const page = await model(visit);
  const profile = part(page, 'What it is good at');
  await profile.getByLabel('On the board').selectOption('EASI-12');
  await see(profile.getByRole('row').filter({ hasText: 'Spatial Relations' }), '22 of 22');
  await profile.getByText('Radar').click();
  await until(() => param(page, 'as'), 'radar');
  await profile.locator('canvas').waitFor();
}

export async function readsItsScores(visit) {
  const page = await model(visit);
  const scores = part(page, 'Its scores');
  await see(scores, '1 to 25 of 143 scores');
  await scores.getByRole('button', { name: 'Next page' }).click();
  await see(scores, '26 to 50 of 143 scores');
  const lines = await saved(visit, 1);
  visit.tell({ view: 'model', sql: await copied(visit, 'SQL', 1), rows: lines.slice(1).map((line) => line.slice(0, 3)) });
  await page.goBack();
  await see(scores, '1 to 25 of 143 scores');
  await scores.getByLabel('Task').fill('blink');
  await see(scores, '1 to 15 of 15 scores');
  await scores.getByLabel('Sorted by').selectOption('high');
  await until(async () => (await cells(scores.getByRole('row').nth(1)))[1], 'forensic_detection');
  await scores.locator('summary').first().click();
  await see(scores.locator('.provenance').first(), 'bench_20260601T090000.json');
  await scores.getByLabel('Source').fill('nobody');
  await see(scores, 'No score of this model fits');
  await page.goto(`${visit.url}${MODEL}&after=nothing&page=2`);
  await page.getByRole('button', { name: 'Begin at the first page' }).click();
  await see(part(page, 'Its scores'), '1 to 25 of 143 scores');
}

export async function leadsFromAModelOn(visit) {
  const page = await model(visit, '/?model=sample-lab/sample-embed-large');
  const conflicts = part(page, 'Where its scores disagree');
  await see(conflicts, 'spread 0.0453');
  await conflicts.getByRole('link', { name: /conflicts? of it/ }).click();
  await see(page.locator('h1'), 'Where sources disagree');
  assert.equal(param(page, 'model'), 'sample-lab/sample-embed-large');
  await page.goBack();
  await page.getByRole('link', { name: 'Compare with others' }).click();
  await until(() => param(page, 'compare'), 'sample-lab/sample-embed-large');
  await page.goto(`${visit.url}/?model=nobody/no-such-model`);
  await see(page.locator('main'), 'There is no model “nobody/no-such-model”');
  await page.getByRole('link', { name: 'Search for it' }).click();
  await until(() => param(page, 'q'), 'no-such-model');
}

export async function modelIsAccessible(visit) {
  const page = await model(visit);
  await page.getByText('Names in 4 sources').click();
  await part(page, 'Its scores').locator('summary').first().click();
  await audit(page);
  await fits(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await audit(page, (axe) => axe.withRules(['color-contrast']));
}

export async function modelFitsAPhone(visit) {
  const page = await model(visit, MODEL, { phone: true });
  await fits(page);
  await visit.shoot('model-phone');
}

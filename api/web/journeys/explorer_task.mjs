// One task: what it is, and how models do on its subsets and splits.
import assert from 'node:assert/strict';
import { asked, copied, saved } from './taking.mjs';
import { audit, fits, see, until } from './visit.mjs';

const TOPICS = '/?task=SampleTopicClassification';
const BLINK = '/?task=blink';
const grid = (page) => page.getByRole('grid');
const param = (page, name) => new URL(page.url()).searchParams.getAll(name).join();
const first = (page) => grid(page).getByRole('rowheader').first().innerText();
const heads = async (page) => (await grid(page).getByRole('columnheader').allInnerTexts()).map((text) => text.split('\n')[0]);

async function task(visit, path, looks) {
  const page = await visit.show(path, looks);
  await grid(page).getByRole('rowheader').first().waitFor();
  return page;
}

export async function readsATask(visit) {
  const page = await task(visit, TOPICS);
  await see(page.locator('.facts'), 'a share from 0 to 1');
  await see(page.locator('.facts'), 'Classification');
  await page.getByRole('region', { name: 'Boards that hold it' }).getByRole('link', { name: 'SampleMTEB(v2)' }).waitFor();
  await see(page.getByRole('region', { name: 'Its subsets' }), 'deu');
  await see(page.getByRole('region', { name: 'Statistics of its data' }), /numbers?/);
  await until(async () => (await heads(page)).includes('deu'), true);
  await visit.shoot('task');
  await page.goto(`${visit.url}${BLINK}`);
  await see(page.getByRole('region', { name: 'Its subsets' }), 'Spatial Relations (sr)');
}

export async function picksSubsets(visit) {
  const page = await task(visit, TOPICS);
  await until(async () => (await heads(page)).includes('eng'), true);
  const box = page.getByRole('combobox', { name: 'Only the subset' });
  await box.fill('deu');
  await see(page.getByRole('listbox', { name: 'Only the subset' }).getByRole('option'), 'deu');
  await box.press('ArrowDown');
  await box.press('Enter');
  await until(() => param(page, 'subset'), 'deu');
  await until(async () => (await heads(page)).includes('eng'), false);
  await see(page.getByRole('status'), 'on 1 subset');
  const lines = await saved(visit);
  visit.tell({ view: 'task', sql: await copied(visit, 'SQL'), rows: lines.slice(1).map(([rank, model], place) => [String(place + 1), rank, model]) });
  assert.deepEqual((await asked(visit)).task.leaderboard.subsets, ['deu']);
  await page.getByRole('button', { name: 'Take away deu' }).click();
  await until(async () => (await heads(page)).includes('eng'), true);
  await page.goto(`${visit.url}${TOPICS}&subset=no-such-subset`);
  await see(page.getByRole('alert'), 'no-such-subset');
}

export async function sortsATask(visit) {
  const page = await task(visit, BLINK);
  await until(async () => (await heads(page)).includes('counting'), true);
  await grid(page).getByRole('columnheader', { name: 'counting' }).getByRole('button').click();
  await until(() => param(page, 'sort'), '-cell:counting:test');
  const best = await first(page);
  await grid(page).getByRole('columnheader', { name: 'counting' }).getByRole('button').click();
  await until(async () => (await first(page)) !== best, true);
  await grid(page).getByRole('columnheader', { name: 'counting' }).getByRole('button').click();
  await until(() => param(page, 'sort'), '');
}

export async function seesATaskAsOfADay(visit) {
  const page = await task(visit, BLINK);
  await see(page.getByRole('status'), '24 models');
  await page.getByLabel('As of').selectOption({ label: '1 Mar 2026 (bench_20260301T090000)' });
  await see(page.getByRole('status'), '16 models');
  await page.goto(`${visit.url}${BLINK}&asOf=2020-01-01T00:00:00Z`);
  await see(page.locator('main'), 'had a version by then');
  await page.goto(`${visit.url}${BLINK}&asOf=never`);
  await see(page.getByRole('alert'), 'never');
}

export async function leadsFromATaskOn(visit) {
  const page = await task(visit, BLINK);
  await grid(page).getByRole('checkbox').first().check();
  await page.getByRole('link', { name: 'Compare 1 model' }).click();
  await see(page.locator('h1'), 'Compare models');
  await page.goto(`${visit.url}/?task=no such task`);
  await see(page.locator('main'), 'There is no task “no such task”');
}

export async function taskIsAccessible(visit) {
  const page = await task(visit, TOPICS);
  await until(async () => (await heads(page)).includes('deu'), true);
  await audit(page);
  await fits(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await audit(page, (axe) => axe.withRules(['color-contrast']));
}

export async function taskFitsAPhone(visit) {
  const page = await task(visit, BLINK, { phone: true });
  await fits(page);
  await visit.shoot('task-phone');
}

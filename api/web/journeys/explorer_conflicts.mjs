// Where sources disagree.
import assert from 'node:assert/strict';
import { asked, copied, saved } from './taking.mjs';
import { audit, fits, see, until } from './visit.mjs';

const param = (page, name) => new URL(page.url()).searchParams.get(name);
const list = (page) => page.getByRole('region', { name: 'Conflicts' });
const pages = (page) => page.getByRole('navigation', { name: 'Pages of conflicts' });

async function conflicts(visit, path = '/?conflicts=', looks = {}) {
  const page = await visit.show(path, looks);
  await list(page).waitFor();
  return page;
}

export async function readsConflicts(visit) {
  const page = await conflicts(visit);
  const first = list(page).getByRole('rowgroup').nth(1);
  await see(first, 'sample-lab/sample-embed-large');
  await see(first, '0.0453');
  await first.locator('summary').first().click();
  await see(first, '49c8cb09296db69af36b7c7ff373e3264234ac65');
  const lines = await saved(visit);
  visit.tell({ view: 'conflicts', sql: await copied(visit, 'SQL'), rows: lines.slice(1).map((line) => line.slice(0, 6)) });
  assert.ok((await asked(visit)).conflicts.totalCount > 1);
  await visit.shoot('conflicts');
}

export async function narrowsConflicts(visit) {
  const page = await conflicts(visit);
  await page.getByLabel('At least so far apart').fill('0.04');
  await see(pages(page), '1 to 1 of 1 conflict');
  await page.getByLabel('At least so far apart').fill('much');
  await see(page.getByRole('alert'), '“much” is no number');
  await page.getByLabel('At least so far apart').fill('');
  await until(() => param(page, 'spread'), null);
  const box = page.getByRole('combobox', { name: 'On the board' });
  await box.fill('sample');
  await see(page.getByRole('listbox', { name: 'On the board' }).getByRole('option'), 'SampleMTEB(v2)');
  await box.fill('samplemteb(v2)');
  await until(() => page.getByRole('listbox', { name: 'On the board' }).getByRole('option').count(), 1);
  await box.press('Enter');
  await until(() => param(page, 'board'), 'SampleMTEB(v2)');
  await see(page.locator('h1'), 'Where sources disagree');
  await page.getByLabel('Among scores of').selectOption('easi');
  await see(page.locator('main'), 'No scores disagree here');
  await page.goBack();
  await list(page).waitFor();
  await page.getByRole('button', { name: 'Take away board' }).click();
  await until(() => param(page, 'board'), null);
}

export async function leadsFromAConflictOn(visit) {
  const page = await conflicts(visit);
  await list(page).getByRole('link', { name: 'sample-lab/sample-embed-large' }).first().click();
  await until(() => param(page, 'model'), 'sample-lab/sample-embed-large');
  assert.equal(param(page, 'conflicts'), null);
  await page.goto(`${visit.url}/?conflicts=&after=nothing&page=2`);
  await page.getByRole('button', { name: 'Begin at the first page' }).click();
  await see(pages(page), /^1 to/);
}

export async function conflictsAreAccessible(visit) {
  const page = await conflicts(visit);
  await list(page).locator('summary').first().click();
  await audit(page);
  await fits(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await audit(page, (axe) => axe.withRules(['color-contrast']));
}

export async function conflictsFitAPhone(visit) {
  const page = await conflicts(visit, '/?conflicts=', { phone: true });
  await fits(page);
  await visit.shoot('conflicts-phone');
}

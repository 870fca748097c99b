// What was sent: looking at it, withdrawing it, and deciding on it.
import assert from 'node:assert/strict';
import { see, until } from './visit.mjs';

export async function withdrawsASubmission(visit) {
  const page = await visit.open({ holds: 12 });
  await see(page.locator('#mine > p'), '10 of 12, newest first');
  await page.getByRole('button', { name: 'Show more' }).click();
  await see(page.locator('#mine > p'), '12 of 12');
  assert.equal(await page.getByRole('button', { name: 'Show more' }).isVisible(), false);
  const items = page.locator('#mine .submission');
  await see(items.nth(2), 'The log of BLINK is missing');
  assert.match(await items.first().locator('dl').innerText(), /SHA-256 [0-9a-f]{64}/);
  assert.equal(await items.first().getByRole('link').getAttribute('href'), '/api/evidence/s12');
  assert.equal(await items.nth(2).getByRole('button').count(), 0);
  await page.getByRole('button', { name: 'Withdraw org/model-12' }).click();
  await visit.shoot('dialog');
  await page.keyboard.press('Escape');
  await see(items.first(), 'Waiting for review');
  await page.getByRole('button', { name: 'Withdraw org/model-12' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
  await see(items.first().locator('.status'), 'Withdrawn');
  assert.equal(await items.first().getByRole('button').count(), 0);
  await page.getByRole('button', { name: 'Withdraw org/model-9' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
  await see(page.locator('#mine'), 'There is no such submission');
}

export async function reviewsWhatWaits(visit) {
  const page = await visit.open({ who: 'maintainer', holds: 5 });
  const items = page.locator('#review .submission');
  await see(page.locator('#review > p'), '3 of 3');
  await see(items.first(), 'made by hand');
  await page.locator('#review').getByLabel('Note to the submitter of org/model-5').fill('Well done');
  await page.getByRole('button', { name: 'Approve org/model-5' }).click();
  await see(items.first().locator('.status'), 'Approved');
  await see(items.first(), 'Well done');
  assert.equal(await page.getByRole('button', { name: 'Approve org/model-5' }).count(), 0);
  assert.equal(await page.getByRole('button', { name: 'Reject org/model-5' }).count(), 1);
  await page.getByRole('button', { name: 'Reject org/model-3' }).click();
  await see(items.nth(1), 'A rejection needs a note');
  await page.locator('#review').getByLabel('Note to the submitter of org/model-3').fill('No evidence');
  await page.getByRole('button', { name: 'Reject org/model-3' }).click();
  await see(items.nth(1).locator('.status'), 'Rejected');
  await visit.shoot('review');
}

export async function signsOut(visit) {
  const page = await visit.open();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await see(page.locator('#notices'), 'You are not signed in');
  await until(() => page.locator('#mine').isVisible(), false);
}

// Sending a submission, and stopping to.
import assert from 'node:assert/strict';
import { fill, focused, score, see, until, zip } from './visit.mjs';

const MEGABYTE = 1_000_000;

export async function watchesTheUploadAndSeesItTaken(visit) {
  const page = await visit.open();
  const pace = await visit.slowDown();
  await see(page.locator('#notices'), '5 of 5 submissions left');
  await fill(page, 'org/owl-7b', { evidence: zip(MEGABYTE) });
  await page.getByRole('button', { name: 'Submit for review' }).click();
  await page
    .locator('#progress-text')
    .filter({ hasText: /Sending: [1-9]\d? % \(\d\.\d+ of 1\.0 MB\)/ })
    .waitFor();
  assert.equal(await focused(page), 'progress');
  await visit.shoot('progress');
  await see(page.locator('#outcome'), 'org/owl-7b is submitted');
  assert.equal(await focused(page), 'outcome');
  await see(page.locator('#mine .submission').first(), 'org/owl-7b');
  await see(page.locator('#mine .submission').first(), 'Waiting for review');
  await see(page.locator('#notices'), '4 of 5 submissions left. Each try counts, for 2 hours. The next one is free at');
  assert.equal(await page.inputValue('#modelName'), '');
  assert.equal(await score(page, 'VSI-Bench').inputValue(), '');
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  await page.locator('#mine summary').first().click();
  await see(page.locator('#mine tr').filter({ hasText: 'mindcube_tiny' }), '77.7778');
  await visit.shoot('taken');
  await pace.end();
}

export async function readsWarningsBeforeTheySend(visit) {
  const page = await visit.open();
  await page.fill('#modelName', 'org/owl-7b');
  await page.selectOption('#modelType', 'RL');
  await page.selectOption('#precision', 'INT8');
  await page.setInputFiles('#evidence', zip());
  await score(page, 'VSI-Bench').fill('64.5');
  await page.click('#submit');
  await see(page.locator('#outcome'), 'Read this, then submit again');
  await see(page.locator('#outcome'), 'Of the 8 benchmarks of EASI-8 these have no score');
  await page.click('#submit');
  await see(page.locator('#outcome'), 'org/owl-7b is submitted');
}

export async function cancelsAnUpload(visit) {
  const page = await visit.open();
  const pace = await visit.slowDown();
  await fill(page, 'org/owl-7b', { evidence: zip(MEGABYTE) });
  await page.click('#submit');
  await page
    .locator('#progress-text')
    .filter({ hasText: /Sending: [1-9]/ })
    .waitFor();
  await page.getByRole('button', { name: 'Cancel the upload' }).click();
  await see(page.locator('#outcome'), 'Cancelled');
  await see(page.locator('#outcome'), 'Nothing was submitted');
  assert.equal(await page.inputValue('#modelName'), 'org/owl-7b');
  await until(() => page.locator('#submit').isVisible(), true);
  assert.equal(await page.locator('#mine .submission').count(), 0);
  await pace.end();
}

export async function sendsByKeyboardAlone(visit) {
  const page = await visit.open();
  const reach = async (id) => {
    for (let steps = 0; steps < 60 && (await focused(page)) !== id; steps += 1) await page.keyboard.press('Tab');
    assert.equal(await focused(page), id);
  };
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await reach('modelName');
  await page.keyboard.type('org/owl-7b');
  await page.keyboard.press('Enter');
  await reach('modelType');
  await page.keyboard.type('Instr');
  await reach('precision');
  await page.keyboard.type('float32');
  const first = await score(page, 'VSI-Bench').getAttribute('id');
  await reach(first);
  await page.keyboard.type('50');
  await reach('evidence');
  await page.setInputFiles('#evidence', zip());
  await see(page.locator('#preview-status'), 'Rank 3 of 24');
  await reach('submit');
  await page.keyboard.press('Enter');
  await see(page.locator('#outcome'), 'org/owl-7b is submitted');
  await see(page.locator('#mine .submission'), 'instruction, float32');
}

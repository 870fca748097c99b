// Everything that can be wrong, and every way in which the server may say no or nothing.
import assert from 'node:assert/strict';
import { described, fill, focused, row, score, see, until, zip } from './visit.mjs';

export async function seesAllProblemsByField(visit) {
  const page = await visit.open();
  await page.selectOption('#weightType', 'ADAPTER');
  await score(page, 'VSI-Bench').fill('64,5');
  await score(page, 'BLINK').fill('640');
  await row(page, 'SITE').locator('summary').click();
  await page.getByLabel('counting_and_existence_caa').fill('-101');
  await row(page, 'SITE').locator('summary').click();
  await page.click('#submit');
  await see(page.locator('#outcome'), '8 problems: nothing was sent');
  assert.equal(await focused(page), 'outcome');
  const texts = {
    modelName: "format 'organization/model-name'",
    modelType: 'select a model type',
    precision: 'select a precision',
    baseModel: 'required when using Adapter weights',
    evidence: 'zip file is required',
  };
  for (const [id, text] of Object.entries(texts)) {
    const control = page.locator(`#${id}`);
    assert.equal(await control.getAttribute('aria-invalid'), 'true', id);
    assert.match(await described(control), new RegExp(text), id);
  }
  assert.match(await described(score(page, 'VSI-Bench')), /“64,5” is no number. Write it with a point: 64.5/);
  assert.match(await described(score(page, 'BLINK')), /must be a number from -100 to 100/);
  assert.equal(await score(page, 'SITE').getAttribute('aria-invalid'), null);
  await see(page.locator('#outcome a'), 'Model on Hugging Face: A valid model name');
  await visit.shoot('problems');
  await page.locator('#outcome a').filter({ hasText: 'SITE, counting_and_existence_caa: The score must be' }).click();
  assert.equal(
    await page.getByLabel('counting_and_existence_caa').evaluate((one) => one === document.activeElement),
    true,
  );
  await score(page, 'BLINK').fill('64');
  await until(() => score(page, 'BLINK').getAttribute('aria-invalid'), null);
  assert.equal(await page.locator('#precision').getAttribute('aria-invalid'), 'true');
}

export async function seesTheServersRefusalAtItsFields(visit) {
  const page = await visit.open();
  await fill(page, 'stub/invalid');
  await page.click('#submit');
  await see(page.locator('#outcome'), 'Refused: 2 problems');
  assert.match(await described(page.locator('#modelName')), /was not found on HuggingFace/);
  assert.match(await described(page.locator('#evidence')), /disallowed file types: \.exe/);
  assert.equal(await page.inputValue('#modelName'), 'stub/invalid');
  await see(page.locator('#notices'), '4 of 5');
}

export async function isToldWhatNoSlotIsWastedOn(visit) {
  const page = await visit.open();
  await fill(page, 'org/owl-7b', {
    evidence: { name: 'notes.zip', mimeType: 'application/zip', buffer: Buffer.from('no zip') },
  });
  await page.click('#submit');
  await see(page.locator('#outcome'), 'File is not a valid ZIP archive.');
  await see(page.locator('#notices'), '5 of 5');
}

export async function isToldWhenTheyMaySendAgain(visit) {
  const page = await visit.open();
  await fill(page, 'stub/limited');
  await page.click('#submit');
  await see(page.locator('#outcome'), 'Too many submissions');
  await page
    .locator('#outcome')
    .filter({ hasText: /You can send again at \d\d:\d\d \(in \d\d min\)/ })
    .waitFor();
  assert.equal(await page.inputValue('#modelName'), 'stub/limited');
  await visit.shoot('limited');
}

export async function isToldEveryOtherRefusal(visit) {
  const page = await visit.open();
  const refusals = {
    'stub/failed': ['It could not be taken', 'Failed to upload your submission'],
    'stub/garbled': ['There was no proper answer', 'no answer that this page can read (502)'],
    'stub/busy': ['There was no proper answer', 'cannot answer now (503). Try again in 7 seconds'],
    'stub/error': ['There was no proper answer', 'an internal error'],
    'stub/signed-out': ['You are signed out', 'Your session has expired'],
  };
  for (const [modelName, texts] of Object.entries(refusals)) {
    await fill(page, modelName);
    await page.click('#submit');
    for (const text of texts) await see(page.locator('#outcome'), text);
    assert.equal(await focused(page), 'outcome');
    assert.equal(await page.inputValue('#modelName'), modelName);
  }
}

export async function isToldThatTheServerIsGone(visit) {
  const page = await visit.open();
  await fill(page, 'org/owl-7b');
  await page.route('**/graphql', (route) => route.abort());
  await page.click('#submit');
  await see(page.locator('#outcome'), 'The connection was lost while sending.');
  await see(page.locator('#notices'), 'The server cannot be reached');
  await page.unroute('**/graphql');
  await page.getByRole('button', { name: 'Try again' }).click();
  await see(page.locator('#notices'), '5 of 5');
  await page.setInputFiles('#evidence', zip());
}

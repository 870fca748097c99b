// Filling the form in, with and without a sign-in.
import assert from 'node:assert/strict';
import { file, payload, row, score, see, until } from './visit.mjs';

export async function seesRanksWithoutSigningIn(visit) {
  const page = await visit.open({ who: 'nobody' });
  await see(page.locator('#notices'), 'You are not signed in');
  const link = page.getByRole('link', { name: 'Sign in with Hugging Face' });
  assert.equal(await link.getAttribute('href'), '/api/auth/login?next=/submit');
  assert.equal(await page.locator('#submit').isVisible(), false);
  assert.equal(await page.getByRole('link', { name: 'Sign in to submit' }).isVisible(), true);
  await page.fill('#modelName', 'org/owl-7b');
  await score(page, 'VSI-Bench').fill('64.5');
  await see(page.locator('#preview-status'), 'Rank 3 of 24 on EASI-8');
  await see(page.locator('#preview-result li.warning'), 'Of the 8 benchmarks of EASI-8 these have no score');
  await see(page.locator('#preview-result tr').filter({ hasText: 'EASI-8' }), '64.5');
  assert.equal(await page.locator('#mine').isVisible(), false);
  await visit.shoot('preview');
}

export async function keepsWhatWasTypedOverASignIn(visit) {
  const page = await visit.open({ who: 'nobody' });
  await page.fill('#modelName', 'org/owl-7b');
  await score(page, 'SITE').fill('-12.5');
  await page.fill('#another', 'blink_exact_matching');
  await page.press('#another', 'Enter');
  await score(page, 'blink_exact_matching').fill('61');
  await page.reload();
  await see(page.locator('#preview-status'), 'Rank 3 of 24');
  assert.equal(await page.inputValue('#modelName'), 'org/owl-7b');
  assert.equal(await score(page, 'SITE').inputValue(), '-12.5');
  assert.equal(await score(page, 'blink_exact_matching').inputValue(), '61');
}

export async function readsWhyASignInFailed(visit) {
  const page = await visit.open({ who: 'nobody', path: '/submit?auth_error=access_denied&detail=no' });
  await see(page.locator('#outcome'), 'You did not let this site know who you are');
  assert.equal(new URL(page.url()).search, '');
  await page.goto(`${visit.url}/submit?auth_error=constructor`);
  await see(page.locator('#outcome'), 'The sign-in failed. Try again.');
}

export async function fillsTheFormByAFile(visit) {
  const page = await visit.open();
  const scores = { vsi_bench: 64.5, blink: null, 'blink_gpt-4o-1120': 57.1429, site: 0 };
  const subScores = { vsi_bench: { object_counting: 70.25, of_my_own: 1 }, 'blink_gpt-4o-1120': { counting: 40 } };
  const sent = {
    ...payload('org/owl-7b', scores),
    precision: 'FLOAT16',
    weightType: 'Delta',
    baseModel: 'org/base',
    backend: 'lmms-eval',
    subScores,
  };
  await page.setInputFiles('#payload', file(sent));
  await see(page.locator('#payload-status'), 'easi_results.json: 3 scores with 3 sub-scores.');
  await see(page.locator('#payload-status'), 'no board of EASI has them: blink_gpt-4o-1120');
  const values = await Promise.all(
    ['modelName', 'modelType', 'precision', 'weightType', 'baseModel', 'backend'].map((id) =>
      page.inputValue(`#${id}`),
    ),
  );
  assert.deepEqual(values, ['org/owl-7b', 'INSTRUCTION', 'FLOAT16', 'DELTA', 'org/base', 'LMMSEVAL']);
  assert.equal(await page.locator('#baseModel').isVisible(), true);
  assert.equal(await score(page, 'VSI-Bench').inputValue(), '64.5');
  assert.equal(await score(page, 'BLINK').inputValue(), '');
  assert.equal(await score(page, 'blink_gpt-4o-1120').inputValue(), '57.1429');
  await row(page, 'VSI-Bench').locator('summary').click();
  assert.equal(await page.getByLabel('object_counting').first().inputValue(), '70.25');
  assert.equal(await page.getByLabel('of_my_own').inputValue(), '1');
  await see(row(page, 'VSI-Bench').locator('summary'), '2 of 9');
  await see(page.locator('#preview-status'), 'Rank 3 of 24');
  await visit.shoot('filled');
  await page.getByRole('button', { name: 'Remove blink_gpt-4o-1120' }).click();
  assert.equal(await row(page, 'blink_gpt-4o-1120').count(), 0);
}

export async function isToldWhyAFileCannotBeRead(visit) {
  const page = await visit.open();
  const told = async (content, text) => {
    await page.setInputFiles('#payload', file(content));
    await see(page.locator('#payload-status .problem'), text);
  };
  await told('{"scores": {"spar_bench": NaN}}', 'It holds NaN, which JSON has not');
  await told('[1, 2]', 'has no “scores”');
  await told('PK', 'is no JSON');
  await page.setInputFiles('#payload', file({ scores: { blink: '61', site: 5 }, precision: 'fp4' }));
  await see(page.locator('#payload-status'), 'blink is no number and was left empty');
  await see(page.locator('#payload-status'), '“fp4” is no precision we know');
  await until(() => score(page, 'SITE').inputValue(), '5');
}

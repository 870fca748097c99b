// Goes the whole way of a submission on a real server, in Chromium: node journeys/whole.mjs URL MODEL ZIP [--chromium=PATH]
// Signs in at the Hub, fills in the form, sees the rank, sends, reads it back, withdraws, signs out. Prints what it saw as JSON.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { Visit, fill, see } from './visit.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { chromium: { type: 'string', default: '/usr/bin/chromium' }, shots: { type: 'string' } },
});
const [url, model, archive] = positionals;
const browser = await chromium.launch({ executablePath: values.chromium, args: ['--no-sandbox', '--disable-gpu'] });
const visit = await Visit.begin(browser, url, values.shots);
const { page, context } = visit;

await page.goto(`${url}/submit`);
await page.getByRole('link', { name: /sign in/i }).first().click();
await page.waitForURL(`${url}/submit`);
await see(page.locator('#notices'), '5 of 5 submissions left');
const session = (await context.cookies()).find(({ name }) => name === '__Host-session');
assert.deepEqual([session.httpOnly, session.secure, session.sameSite], [true, true, 'Lax']);

const evidence = { name: 'easi_results.zip', mimeType: 'application/zip', buffer: await readFile(archive) };
await fill(page, model, { evidence });
const rank = await page.locator('#preview-status').textContent();
await visit.shoot('ready');
await page.getByRole('button', { name: 'Submit for review' }).click();
await see(page.locator('#outcome'), `${model} is submitted`);
await see(page.locator('#mine .submission').first(), 'Waiting for review');
await visit.shoot('sent');
await page.getByRole('button', { name: `Withdraw ${model}` }).click();
await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
await see(page.locator('#mine .submission .status').first(), 'Withdrawn');
await page.getByRole('button', { name: 'Sign out' }).click();
await see(page.locator('#notices'), 'You are not signed in');
await visit.shoot('left');
await browser.close();
console.log(JSON.stringify({ rank, broken: visit.violations }));

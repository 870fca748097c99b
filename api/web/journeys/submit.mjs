// Goes through the submit page as people do, in Chromium, on the server of tests/submit_stand_in.py:
// node journeys/submit.mjs URL [--chromium=PATH] [--shots=FOLDER] [JOURNEY ...]
// Prints one JSON object: of each journey whether it came through, its error, and its milliseconds.
// Exits with 1 when one did not come through, with 2 when it is asked wrongly.
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import * as drafting from './drafting.mjs';
import * as listing from './listing.mjs';
import * as looks from './looks.mjs';
import * as refusing from './refusing.mjs';
import * as sending from './sending.mjs';
import { Visit } from './visit.mjs';

const JOURNEYS = { ...drafting, ...sending, ...refusing, ...listing, ...looks };
const AT_ONCE = 2;

async function go(visit, name) {
  const start = Date.now();
  const error = await JOURNEYS[name](visit)
    .then(() => visit.end())
    .then(
      () => null,
      (failure) => String(failure.stack ?? failure),
    );
  return { ok: error === null, error, ms: Date.now() - start };
}

async function run(url, names, { chromium: executablePath, shots }) {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  const found = {};
  const left = [...names];
  const walk = async () => {
    let visit = await Visit.begin(browser, url, shots);
    for (let name = left.shift(); name; name = left.shift()) {
      found[name] = await go(visit, name);
      if (!found[name].ok) visit = await Visit.begin(browser, url, shots);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, walk));
  await browser.close();
  console.log(JSON.stringify(found, null, 1));
  return Object.values(found).every(({ ok }) => ok) ? 0 : 1;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { chromium: { type: 'string', default: '/usr/bin/chromium' }, shots: { type: 'string' } },
});
const [url, ...asked] = positionals;
const names = asked.length > 0 ? asked : Object.keys(JOURNEYS);
if (!URL.canParse(url) || names.some((name) => !(name in JOURNEYS))) {
  console.error('usage: node journeys/submit.mjs URL [JOURNEY ...], such as http://127.0.0.1:8000');
  console.error(`journeys: ${Object.keys(JOURNEYS).join(', ')}`);
  process.exitCode = 2;
} else {
  process.exitCode = await run(url, names, values);
}

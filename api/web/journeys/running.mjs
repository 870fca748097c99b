// Runs journeys in Chromium, a few at once, each in a tab that the one before it has left as it found it.
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { Visit } from './visit.mjs';

const AT_ONCE = 2;
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--no-first-run',
];

// The command `node SCRIPT URL [--chromium=PATH] [--shots=FOLDER] [JOURNEY ...]`. Prints one JSON object: of each journey
// whether it came through, its error, its milliseconds and what it told. Exits with 1 when one did not come through,
// with 2 when it is asked wrongly.
export async function main(script, journeys) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { chromium: { type: 'string', default: '/usr/bin/chromium' }, shots: { type: 'string' } },
  });
  const [url, ...asked] = positionals;
  const names = asked.length > 0 ? asked : Object.keys(journeys);
  if (!URL.canParse(url) || names.some((name) => !(name in journeys))) {
    console.error(`usage: node ${script} URL [JOURNEY ...], such as http://127.0.0.1:8000`);
    console.error(`journeys: ${Object.keys(journeys).join(', ')}`);
    process.exitCode = 2;
  } else {
    process.exitCode = await run(url, journeys, names, values);
  }
}

async function run(url, journeys, names, { chromium: executablePath, shots }) {
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  const found = {};
  const left = [...names];
  const walk = async () => {
    let visit = await Visit.begin(browser, url, shots);
    for (let name = left.shift(); name; name = left.shift()) {
      found[name] = await go(visit, journeys[name]);
      if (!found[name].ok) visit = await Visit.begin(browser, url, shots);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, walk));
  await browser.close();
  console.log(JSON.stringify(found, null, 1));
  return Object.values(found).every(({ ok }) => ok) ? 0 : 1;
}

async function go(visit, journey) {
  const start = Date.now();
  const error = await journey(visit)
    .then(() => visit.end())
    .then(
      () => null,
      (failure) => String(failure.stack ?? failure),
    );
  return { ok: error === null, error, ms: Date.now() - start, told: visit.told() };
}

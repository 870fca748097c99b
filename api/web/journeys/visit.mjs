// One person at the page: opens it as somebody, and waits for what they would see.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';

const PATIENCE_MS = 8_000;
const PHONE = { width: 360, height: 740 };
const DESK = { width: 1280, height: 900 };

// One tab for one journey after the other: to open a new one each time takes longer than most journeys.
export class Visit {
  static async begin(browser, url, shots) {
    const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce' });
    context.setDefaultTimeout(PATIENCE_MS);
    return new Visit(url, shots, context, await context.newPage());
  }

  constructor(url, shots, context, page) {
    Object.assign(this, { url, shots, context, page, violations: [], said: [] });
    page.on('pageerror', (error) => this.violations.push(String(error.stack)));
    page.on(
      'console',
      (message) => /Content Security Policy/.test(message.text()) && this.violations.push(message.text()),
    );
  }

  // An address of this server, on a desk or on a phone, in the light or in the dark, once it has a heading.
  async show(path, { dark = false, phone = false } = {}) {
    const { page } = this;
    await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
    await page.setViewportSize(phone ? PHONE : DESK);
    await page.goto(this.url + path);
    await page.locator('h1').first().waitFor();
    return page;
  }

  // Something that who started the journeys wants to know, such as the text that was copied.
  tell(what) {
    this.said.push(what);
  }

  told() {
    return this.said.splice(0);
  }

  // The submit page as a newcomer finds it who is `who` (nobody, person, maintainer), and has sent as many as the server `holds`.
  async open({ who = 'person', path = '/submit', dark = false, phone = false, holds = 0 } = {}) {
    const { context, page } = this;
    await context.clearCookies();
    const cookies = { who, visit: crypto.randomUUID(), holds: String(holds) };
    await context.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url: this.url })));
    await this.show(path, { dark, phone });
    await page.locator('#notices .notice').first().waitFor();
    return page;
  }

  // Half a megabyte in a second is what leaves the page from now on.
  async slowDown() {
    const session = await this.context.newCDPSession(this.page);
    const conditions = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 500_000 };
    await session.send('Network.emulateNetworkConditions', conditions);
    return { end: () => session.detach() };
  }

  async shoot(name, { fullPage = true } = {}) {
    if (this.shots) await this.page.screenshot({ path: join(this.shots, `${name}.png`), fullPage });
  }

  // Leaves nothing behind. The page has broken none of its own policy, and no script of it has failed.
  async end() {
    await this.page.unrouteAll();
    await this.page.goto(`${this.url}/pages/benchmarks.json`);
    await this.page.evaluate(() => {
      sessionStorage.clear();
      localStorage.clear();
    });
    const broken = this.violations.splice(0);
    assert.deepEqual(broken, []);
  }
}

// Fails with what axe finds wrong; `narrow` limits what it looks at.
export async function audit(page, narrow = (axe) => axe) {
  const { violations } = await narrow(new AxeBuilder({ page })).analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    [],
  );
}

export async function fits(page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(wide, 0, 'the page scrolls sideways');
}

export const see = (place, text) => place.filter({ hasText: text }).first().waitFor();

// Waits until a question about the page has the answer that is wanted.
export async function until(ask, wanted) {
  const end = Date.now() + PATIENCE_MS;
  let found = await ask();
  while (found !== wanted && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 25));
    found = await ask();
  }
  assert.equal(found, wanted);
}

export const focused = (page) => page.evaluate(() => document.activeElement.id);
const starting = (name) => new RegExp(`^${name.replace(/[^\w-]/g, '\\$&')}( |$)`);

// The field of a benchmark's score, by the benchmark's name; and all that belongs to it.
export const score = (page, name) =>
  page
    .locator('.score')
    .getByRole('textbox', { name: starting(name) })
    .and(page.locator('.score > input'));
export const row = (page, name) =>
  page.locator('.score').filter({ has: page.getByRole('textbox', { name: starting(name) }) });

// What assistive technology is told of a control beside its name.
export const described = (control) =>
  control.evaluate((one) =>
    (one.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '')
      .join(' '),
  );

export const zip = (bytes = 2_000, name = 'easi_results.zip') => ({
  name,
  mimeType: 'application/zip',
  buffer: Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(bytes)]),
});

export const file = (payload, name = 'easi_results.json') => ({
  name,
  mimeType: 'application/json',
  buffer: Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)),
});

export const SCORES = {
  vsi_bench: 64.5,
  mmsi_bench: 41.2,
  mindcube_tiny: 77.7778,
  viewspatial: 58,
  site: 49.5,
  blink: 69.4,
  '3dsrbench': 60.1,
  embspatial: 0,
};

export const payload = (modelName, scores = SCORES) => ({
  modelName,
  modelType: 'instruction',
  precision: 'bfloat16',
  revision: 'main',
  weightType: '',
  baseModel: '',
  backend: 'vlmevalkit',
  remarks: '',
  scores,
  subScores: {},
});

// A form that is ready to be sent.
export async function fill(page, modelName, { scores = SCORES, evidence = zip() } = {}) {
  await page.setInputFiles('#payload', file(payload(modelName, scores)));
  await page.setInputFiles('#evidence', evidence);
  await see(page.locator('#payload-status'), 'easi_results.json');
  await page.click('#preview-now');
  await page
    .locator('#preview-status')
    .filter({ hasText: /^(Rank|\d+ problem)/ })
    .waitFor();
}

// One board: sorting, filtering, choosing, going back in time, and taking it along.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { audit, fits, see, until } from './visit.mjs';

const EASI = '/?board=EASI-8';
const TEXTS = `/?board=${encodeURIComponent('SampleMTEB(v2)')}`;
const FIRST = 'SenseNova-SI-1.3-InternVL3-8B';

const grid = (page) => page.getByRole('grid');
const names = (page) => grid(page).getByRole('rowheader').allInnerTexts();
const first = (page) => grid(page).getByRole('rowheader').first().innerText();
const head = (page, name) => grid(page).getByRole('columnheader', { name }).getByRole('button');
const param = (page, name) => new URL(page.url()).searchParams.getAll(name).join();
const said = (page, text) => see(page.locator('.said [role=status]'), text);

async function board(visit, path, looks) {
  const page = await visit.show(path, looks);
  await grid(page).getByRole('rowheader').first().waitFor();
  return page;
}

async function unfold(page, title) {
  await page.locator('summary').filter({ hasText: title }).click();
}

export async function readsABoard(visit) {
  const page = await board(visit, EASI);
  await see(page.locator('.about-board'), '26 entries ranked by mean over the tasks it has');
  assert.equal(await first(page), FIRST);
  assert.equal(await grid(page).getAttribute('aria-rowcount'), '27');
  const row = grid(page).getByRole('row').filter({ hasText: 'SenseNova-SI-1.1' });
  await see(row, '59.98');
  await see(row, '5/8');
  await see(row, '1–18');
  assert.ok((await row.getByText('not evaluated').count()) > 0, 'a missing value says what it is');
  await visit.shoot('board');
}

export async function sortsByAnyColumn(visit) {
  const page = await board(visit, EASI);
  await head(page, 'MMSI-Bench').click();
  await until(() => first(page), 'Sample-VL-72B');
  assert.equal(param(page, 'sort'), '-task:mmsi_bench');
  assert.equal(await grid(page).getByRole('columnheader', { name: 'MMSI-Bench' }).getAttribute('aria-sort'), 'descending');
  await head(page, 'MMSI-Bench').click();
  await until(async () => (await first(page)) !== 'Sample-VL-72B', true);
  await head(page, 'MMSI-Bench').click();
  await until(() => first(page), FIRST);
  assert.equal(param(page, 'sort'), '');
  for (const direction of ['', '-']) {
    await page.goto(`${visit.url}${EASI}&sort=${direction}size`);
    await until(() => first(page), direction ? 'Sample-VL-72B' : 'Sample-VL-7B');
    const known = (await grid(page).getByRole('row').allInnerTexts()).map((text) =>
      /[\d.]B\b/.test(text.split('\t').slice(4).join()),
    );
    assert.ok(known[1], 'what is known comes first');
  }
}

export async function sortsAsTheServerDoes(visit) {
  const page = await visit.show(EASI);
  const query =
    'query($o: LeaderboardOrder) { benchmark(name: "EASI-8") { leaderboard { ' +
    'entries(orderBy: $o) { nodes { model { displayName } } } } } }';
  const orders = [
    ['task:blink', { task: 'blink' }, 'ASC'],
    ['-name', { field: 'NAME' }, 'DESC'],
    ['size', { field: 'PARAMETERS' }, 'ASC'],
    ['-released', { field: 'RELEASE_DATE' }, 'DESC'],
  ];
  for (const [sort, by, direction] of orders) {
    const data = { query, variables: { o: { by, direction } } };
    const answer = await (await page.request.post(`${visit.url}/graphql`, { data })).json();
    const wanted = answer.data.benchmark.leaderboard.entries.nodes.map(({ model }) => model.displayName);
    await page.goto(`${visit.url}${EASI}&sort=${sort}`);
    await until(() => first(page), wanted[0]);
    const shown = await names(page);
    assert.deepEqual(shown, wanted.slice(0, shown.length), sort);
  }
}

export async function filtersModels(visit) {
  const page = await board(visit, TEXTS);
  await page.getByLabel('Find a model').fill('embed');
  await said(page, '4 of 12 entries');
  assert.equal(param(page, 'q'), 'embed');
  await page.getByLabel('Find a model').fill('');
  await said(page, '12 entries');
  await unfold(page, 'Filter models');
  await page.getByLabel('Parameters', { exact: true }).selectOption('..100M');
  await said(page, '2 of 12 entries');
  const ranks = await grid(page).getByRole('row').filter({ hasText: 'sample-embed-tiny' }).locator('.rank').innerText();
  assert.equal(ranks, '9', 'hiding models leaves ranks as they are');
  await page.getByLabel('Rank these anew').check();
  await said(page, 'ranked anew');
  assert.equal(param(page, 'anew'), 'models');
  await until(() => grid(page).getByRole('row').nth(1).locator('.rank').innerText(), '1');
  await page.getByRole('button', { name: 'Show all models' }).click();
  await said(page, '12 entries');
  await page.getByLabel('Type', { exact: true }).selectOption('sparse');
  await said(page, '1 of 12 entries');
  await page.getByRole('button', { name: 'Type: without sparse' }).click();
  await said(page, '12 entries');
  await page.getByLabel('Released from').fill('2031-01-01');
  await see(page.locator('.none'), 'No model here fits the filters');
}

export async function picksTasksAndRanksByThem(visit) {
  const page = await board(visit, TEXTS);
  await unfold(page, 'Tasks and languages');
  await page.getByLabel('Type of task').selectOption('STS');
  await until(() => head(page, 'SampleNewsRetrieval').count(), 0);
  assert.equal(await head(page, 'SampleSentencePairs').count(), 1);
  await said(page, '12 entries, some tasks hidden');
  await page.getByLabel('Rank by these tasks alone').check();
  await said(page, 'ranked anew on 1 tasks');
  await page.getByRole('button', { name: "Back to the board's own ranking" }).click();
  await page.getByRole('button', { name: 'All tasks', exact: true }).click();
  await page.getByLabel('Find a task').fill('news');
  await page.getByRole('button', { name: 'Only these' }).click();
  assert.equal(param(page, 'pick'), 'SampleNewsRetrieval');
  await page.getByLabel('Only scores in the language').selectOption('deu');
  await said(page, 'ranked anew');
  await page.getByLabel('Rank by', { exact: true }).selectOption('WIN_RATE');
  await see(grid(page).getByRole('columnheader'), 'Win rate');
}

export async function weighsTasks(visit) {
  const page = await board(visit, EASI);
  await page.getByLabel('Rank by', { exact: true }).selectOption('WEIGHTED');
  await see(page.locator('.weights legend'), 'Weights of tasks');
  await said(page, 'ranked anew');
  await page.locator('.weights').getByLabel('MMSI-Bench').fill('1000');
  await until(() => first(page), 'Sample-VL-72B');
  assert.ok(param(page, 'weight').includes('mmsi_bench:1000'));
}

export async function goesBackInTime(visit) {
  const page = await board(visit, EASI);
  await see(page.locator('.legend'), 'since 1 Mar 2026');
  await see(page.locator('.left'), 'Sample-VL-2B');
  await see(grid(page).getByRole('row').filter({ hasText: 'VST-7B-SFT' }), 'down 11');
  await page.getByRole('slider', { name: 'As of' }).press('ArrowLeft');
  await said(page, '16 entries');
  assert.equal(await first(page), 'VST-7B-SFT');
  assert.equal(param(page, 'asOf'), '2026-03-01T09:00:00Z');
  await page.getByRole('button', { name: 'Later version' }).click();
  await said(page, '26 entries');
  await page.goBack();
  await said(page, '16 entries');
  await page.getByRole('link', { name: 'Changes' }).click();
  await see(page.locator('main h2'), '11 entries entered');
  await see(page.locator('main h2'), '15 entries moved');
}

export async function goesBackAndForth(visit) {
  const page = await board(visit, EASI);
  await page.getByRole('link', { name: 'Scatter' }).click();
  await page.locator('.plot canvas').waitFor();
  await page.getByLabel('Against', { exact: true }).selectOption('date');
  await until(() => param(page, 'x'), 'date');
  await page.goBack();
  await until(() => page.getByLabel('Against', { exact: true }).inputValue(), 'size');
  await page.goBack();
  await until(() => first(page), FIRST);
  await grid(page).getByRole('link', { name: FIRST }).click();
  await until(() => param(page, 'model'), `sensenova/${FIRST}`);
  await page.goBack();
  await until(() => first(page), FIRST);
}

export async function seesScoresAsPoints(visit) {
  const page = await visit.show(`${TEXTS}&tab=scatter`);
  await page.locator('.plot canvas').waitFor();
  await see(page.locator('.scatter .hint'), 'The line joins the best so far at each size');
  await page.getByLabel('Points by').selectOption('type');
  await page.getByLabel('Score', { exact: true }).selectOption('meanTask');
  await unfold(page, 'The numbers as a table');
  await see(page.getByRole('region', { name: 'Points' }), 'sample-embed-giant');
  await visit.shoot('scatter');
}

export async function readsTheOtherParts(visit) {
  const page = await visit.show(`${EASI}&tab=capabilities`);
  await see(grid(page).getByRole('columnheader'), 'Spatial Relations');
  await page.locator('.plot canvas').waitFor();
  await page.goto(`${visit.url}${TEXTS}&tab=languages`);
  await see(grid(page).getByRole('columnheader'), 'German');
  await page.getByLabel('Languages', { exact: true }).selectOption('deu');
  await until(() => grid(page).getByRole('columnheader').count(), 4);
  await page.getByRole('link', { name: 'Conflicts' }).last().click();
  await see(page.getByRole('region', { name: 'Conflicts' }), '0.0453');
}

export async function choosesModelsToCompare(visit) {
  const page = await board(visit, EASI);
  await grid(page).getByLabel(`Compare ${FIRST}`).check();
  await grid(page).getByLabel('Compare GPT-5-2025-08-07').check();
  await see(page.locator('.compared'), '2 of at most 10 chosen');
  await page.getByRole('link', { name: 'Compare them' }).click();
  await until(() => param(page, 'compare'), `sensenova/${FIRST},GPT-5-2025-08-07`);
  await until(() => param(page, 'board'), 'EASI-8');
}

export async function takesABoardAlong(visit) {
  await visit.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await board(visit, `${TEXTS}&sort=-size&q=sample-lab`);
  await said(page, '5 of 12 entries');
  const copied = async (name) => {
    await page.getByRole('button', { name: `Copy as ${name}` }).click();
    await see(page.locator('.take [role=status]'), `Copied as ${name}`);
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const graphql = await copied('GraphQL');
  const [query, variables] = graphql.split('# Variables:');
  const data = { query, variables: JSON.parse(variables.replace(/^# /gm, '')) };
  const answer = await (await page.request.post(`${visit.url}/graphql`, { data })).json();
  const asked = answer.data.benchmark.leaderboard.entries.nodes.map(({ model }) => model.displayName);
  assert.deepEqual(asked, await names(page), 'the copied query gives the rows that are shown, in their order');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download CSV' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'SampleMTEB(v2).csv');
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  assert.equal(lines.length, 6);
  assert.match(lines[0], /^rank,model,variant,value,/);
  const sql = await copied('SQL');
  assert.match(sql, /^attach '[^']+\/warehouse\/[\w-]+\.duckdb'/);
  visit.tell({ view: 'board', sql, rows: [['SampleMTEB(v2)', '1', '1', 'sample-lab/sample-embed-giant']] });
}

export async function walksABoardByKeyboard(visit) {
  const page = await board(visit, EASI);
  const focused = () =>
    page.evaluate(() => document.activeElement?.closest('[data-at]')?.dataset.at ?? document.activeElement?.tagName);
  await head(page, 'Model').focus();
  await page.keyboard.press('ArrowRight');
  await until(focused, '0:3');
  await page.keyboard.press('Enter');
  await until(() => param(page, 'sort'), '-value');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Home');
  await until(focused, '1:0');
  await page.keyboard.press('Space');
  await until(() => param(page, 'mark'), `sensenova/${FIRST}`);
  await page.keyboard.press('Control+End');
  await until(async () => (await focused()).startsWith('26:'), true);
  assert.equal(await grid(page).getAttribute('aria-colcount'), String(Number((await focused()).split(':')[1]) + 1));
  await page.keyboard.press('Control+Home');
  await until(focused, '0:0');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await until(focused, '1:2');
  await page.keyboard.press('Enter');
  await until(() => param(page, 'model'), `sensenova/${FIRST}`);
}

export async function staysWithWhatIsWrong(visit) {
  const page = await board(
    visit,
    `${EASI}&size=huge&released=..2026-99-01&method=magic&sort=-task:nothing&weight=x&tab=what&y=nothing&asOf=never&anew=all`,
  );
  await see(page.locator('.notice'), 'size=huge');
  await see(page.locator('.notice'), 'There is no column “task:nothing”');
  assert.equal(await first(page), FIRST);
  await page.goto(`${visit.url}/?board=no-such-board`);
  await see(page.locator('h1'), 'No such board');
  await page.goto(`${visit.url}${EASI}&asOf=1999-01-01`);
  await said(page, '0 entries');
}

export async function saysThatTheServerFails(visit) {
  const page = await board(visit, EASI);
  await page.route('**/graphql', (route) =>
    route.fulfill({ status: 503, contentType: 'application/json', body: '{"errors": [{"message": "Too many wait already."}]}' }),
  );
  await page.getByLabel('Rank by', { exact: true }).selectOption('WIN_RATE');
  await see(page.getByRole('alert'), 'Too many wait already.');
  assert.equal(await first(page), FIRST, 'what was there stays');
  await page.unrouteAll();
  await page.getByLabel('Rank by', { exact: true }).selectOption('BORDA');
  await see(grid(page).getByRole('columnheader'), 'Borda points');
  assert.equal(await page.getByRole('alert').count(), 0);
}

export async function boardIsAccessible(visit) {
  const page = await board(visit, `${TEXTS}&mark=sample-lab/sample-embed-giant&sort=-size`);
  for (const summary of await page.locator('.asked summary').all()) await summary.click();
  // The rows are alike: a few stand for all.
  const few = (axe) => axe.exclude('.grid tbody tr:nth-child(n + 5)');
  await audit(page, few);
  await fits(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await audit(page, (axe) => few(axe).withRules(['color-contrast']));
  await visit.shoot('board-dark');
}

export async function partsOfABoardAreAccessible(visit) {
  const page = await visit.show(`${TEXTS}&tab=scatter`);
  for (const part of ['scatter', 'languages', 'conflicts']) {
    await page.goto(`${visit.url}${TEXTS}&tab=${part}`);
    await page.locator('.grid, .plot canvas, .rows').first().waitFor();
    await audit(page, (axe) => axe.include('main').exclude('tbody tr:nth-child(n + 4)'));
    await fits(page);
  }
}

export async function boardFitsAPhone(visit) {
  const page = await board(visit, EASI, { phone: true });
  await fits(page);
  await grid(page).evaluate((table) => table.parentElement.scrollTo(900, 300));
  await see(grid(page).getByRole('columnheader'), 'BLINK');
  const left = await grid(page)
    .getByRole('rowheader')
    .first()
    .evaluate((cell) => cell.getBoundingClientRect().left);
  assert.ok(left >= 0 && left < 40, 'models stay in sight');
  await unfold(page, 'Filter models');
  await fits(page);
  await visit.shoot('board-phone');
}

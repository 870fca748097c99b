// Asking by hand, in GraphiQL.
import assert from 'node:assert/strict';
import { audit, see, until } from './visit.mjs';

// The editor has its text in lines of its own; its accessible text is what people would copy.
const answered = (page) => page.locator('.graphiql-response');

async function graphiql(visit, looks = {}) {
  const { page } = visit;
  await page.emulateMedia({ colorScheme: looks.dark ? 'dark' : 'light' });
  await page.goto(`${visit.url}/graphql`);
  await page.getByRole('button', { name: /^Execute query/ }).waitFor();
  return page;
}

export async function asksTheFirstExample(visit) {
  const page = await graphiql(visit);
  await see(page.locator('.graphiql-query-editor'), 'rankInterval');
  await page.getByRole('button', { name: /^Execute query/ }).click();
  await see(answered(page), 'MEAN_SCORED');
  await see(answered(page), '65.15');
  await visit.shoot('graphiql');
}

export async function opensAnExampleWithItsVariables(visit) {
  const page = await graphiql(visit);
  const choice = page.getByRole('combobox', { name: 'Open an example' });
  const names = await choice.locator('option:enabled').allTextContents();
  assert.ok(names.length >= 8, names.join());
  await choice.selectOption({ label: 'A model' });
  await see(page.locator('.graphiql-query-editor'), 'trainingDatasets');
  // GraphiQL learns a moment after its text which operation a tab has: who is quicker asks for that of the tab before.
  const ask = async () => {
    await page.getByRole('button', { name: /^Execute query/ }).click();
    await see(answered(page), '"');
    return (await answered(page).textContent()).includes('sample-lab/sample-embed-giant');
  };
  await until(ask, true);
}

export async function readsTheSchemaBesideTheEditor(visit) {
  const page = await graphiql(visit);
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  await see(page.locator('.graphiql-doc-explorer'), 'query: Query');
  await see(page.locator('.graphiql-doc-explorer'), 'mutation: Mutation');
}

export async function keepsNoTokenThatWasTyped(visit) {
  const page = await graphiql(visit);
  await page.getByRole('button', { name: 'Headers' }).click();
  await see(page.locator('.graphiql-editor-tools button.active'), 'Headers');
  await page.locator('.graphiql-editor-tool .monaco-editor').last().click();
  await page.keyboard.insertText('{"Authorization": "Bearer hf_secret"}');
  await page.getByRole('button', { name: /^Execute query/ }).click();
  await see(answered(page), '"');
  const kept = () => page.evaluate(() => JSON.stringify({ ...localStorage }).includes('hf_secret'));
  await until(kept, false);
  await page.reload();
  await page.getByRole('button', { name: /^Execute query/ }).waitFor();
  assert.equal(await kept(), false);
}

// The editor and its tabs are as GraphiQL makes them; the rest is what this project adds.
export async function graphiqlIsAccessible(visit) {
  for (const dark of [false, true]) {
    const page = await graphiql(visit, { dark });
    await see(page.locator('.graphiql-query-editor'), 'rankInterval');
    await audit(page, (axe) => axe.exclude('.monaco-editor').exclude('.graphiql-tab'));
  }
}

// Audits a GraphQL endpoint by the GraphQL-over-HTTP specification: node audit.mjs http://127.0.0.1:8000/graphql
// Prints a line a check. Exits with 0 when every check passes, also those that the specification only advises;
// with 1 when one does not; with 2 when it is asked wrongly.
import { serverAudits } from 'graphql-http';

const SECONDS = 20;
const LEVELS = ['MUST', 'SHOULD', 'MAY'];

// Reads each answer to its end: several checks look at the status alone, and would not see a broken body.
async function fetchWhole(url, options) {
  const response = await fetch(url, { ...options, signal: AbortSignal.timeout(SECONDS * 1000) });
  const { status, statusText, headers } = response;
  return new Response(await response.arrayBuffer(), { status, statusText, headers });
}

async function verdict({ fn }) {
  try {
    const { status, reason, response } = await fn();
    return status === 'ok' ? 'ok' : `FAILED (${reason}; it answered ${response.status})`;
  } catch (error) {
    return `FAILED (no answer: ${error.cause?.message ?? error.message})`;
  }
}

async function run(url) {
  const audits = serverAudits({ url, fetchFn: fetchWhole });
  const verdicts = await Promise.all(audits.map(verdict));
  audits.forEach(({ id, name }, place) => {
    const [level, ...words] = name.split(' ');
    console.log(`${level.padEnd(6)} ${id} ${words.join(' ')}: ${verdicts[place]}`);
  });
  const counts = LEVELS.map((level) => `${audits.filter(({ name }) => name.startsWith(`${level} `)).length} ${level}`);
  const failed = verdicts.filter((text) => text !== 'ok').length;
  console.log(`${audits.length} checks (${counts.join(', ')}), ${failed} failed`);
  return audits.length > 0 && failed === 0 ? 0 : 1;
}

const [url, ...more] = process.argv.slice(2);
if (!URL.canParse(url) || more.length > 0) {
  console.error('usage: node audit.mjs URL, such as http://127.0.0.1:8000/graphql');
  process.exitCode = 2;
} else {
  process.exitCode = await run(url);
}

// One submission, as its owner and maintainers see it.

import { element, time, decimal, megabytes, plural } from './elements.js';

const STATUS = { PENDING: 'Waiting for review', APPROVED: 'Approved', REJECTED: 'Rejected', WITHDRAWN: 'Withdrawn' };

// `more` stands below it: what can be done with it.
export function showSubmission(submission, ...more) {
  const { id, status, modelName, scores } = submission;
  const heading = element('h3', { tabindex: -1 }, modelName);
  const badge = element('span', { class: `status ${status.toLowerCase()}` }, STATUS[status] ?? status);
  const facts = element(
    'dl',
    {},
    list(submission).map(([term, text]) => element('div', {}, element('dt', {}, term), element('dd', {}, text))),
  );
  const fold = element(
    'details',
    {},
    element('summary', {}, plural(scores.length, 'score'), element('span', { class: 'unseen' }, ` of ${modelName}`)),
    tabulate(scores),
  );
  return element(
    'li',
    { class: 'submission', 'data-id': id },
    element('div', { class: 'head' }, heading, badge),
    facts,
    fold,
    ...more,
  );
}

function list(submission) {
  const { submittedBy, submittedAt, reviewedBy, reviewedAt, reviewNote, remarks } = submission;
  return [
    ['Sent', [time(submittedAt), ` by ${submittedBy}`]],
    ['Model', describe(submission)],
    ['Reviewed', reviewedAt && [time(reviewedAt), reviewedBy ? ` by ${reviewedBy}` : '']],
    ['Note', reviewNote],
    ['Remarks', remarks],
    ['Evidence', [evidence(submission), ', SHA-256 ', element('code', {}, submission.evidenceSha256)]],
  ].filter(([, text]) => text);
}

function evidence({ modelName, evidenceUrl, evidenceBytes }) {
  const size = `${megabytes(evidenceBytes)} MB`;
  if (!evidenceUrl?.startsWith('/')) return size;
  return element(
    'a',
    { href: evidenceUrl, download: true, 'aria-label': `Evidence of ${modelName}, ${size}` },
    `zip, ${size}`,
  );
}

function describe({ modelType, precision, revision, weightType, baseModel, backend }) {
  const weights = `${weightType.toLowerCase()} weights${baseModel ? ` on ${baseModel}` : ''}`;
  return [
    modelType.toLowerCase(),
    precision.toLowerCase(),
    weights,
    `revision ${revision}`,
    backend.toLowerCase(),
  ].join(', ');
}

function tabulate(scores) {
  const rows = scores.flatMap(({ benchmark, variant, value, subScores }) => [
    row(variant ? `${benchmark} (${variant})` : benchmark, value, 'benchmark'),
    ...subScores.map((one) => row(one.key, one.value, 'key')),
  ]);
  const head = element(
    'tr',
    {},
    element('th', { scope: 'col' }, 'Benchmark'),
    element('th', { scope: 'col' }, 'Score'),
  );
  return element('table', {}, element('thead', {}, head), element('tbody', {}, rows));
}

function row(name, value, kind) {
  const text = value === null ? '–' : decimal(value);
  return element('tr', { class: kind }, element('th', { scope: 'row' }, name), element('td', {}, text));
}

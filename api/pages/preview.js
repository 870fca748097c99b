// Where the scores would rank if they counted now: asked when somebody pauses, or presses the button.

import { ask, Cancelled } from './graphql.js';
import { PREVIEW } from './documents.js';
import { element, find, decimal, plural } from './elements.js';
import { listProblems } from './problems.js';

const PAUSE_MS = 700;
const ASKED = 'Give the model’s name and a score, and this shows its rank on every board.';

export class Preview {
  constructor(problems) {
    this.problems = problems;
    this.status = find('preview-status');
    this.result = find('preview-result');
    this.seen = new Set();
    this.reset();
  }

  reset() {
    this.stop();
    this.status.textContent = ASKED;
    this.result.replaceChildren();
    this.seen.clear();
  }

  stop() {
    clearTimeout(this.timer);
    this.asking?.abort();
  }

  // Ask after a pause, if there is enough to ask about.
  later(read) {
    this.stop();
    const { ready } = read();
    if (!ready) return this.reset();
    this.timer = setTimeout(() => this.now(read()), PAUSE_MS);
    return undefined;
  }

  // Ask at once; gives { boards, problems }, or null where nothing is known.
  async now({ input, problems, locate }) {
    this.stop();
    this.asking = new AbortController();
    this.status.textContent = 'Working out the ranks…';
    this.result.setAttribute('aria-busy', 'true');
    try {
      const variables = { input: { modelName: input.modelName ?? '', scores: input.scores } };
      const { submissionPreview: answer } = await ask(PREVIEW, variables, this.asking.signal);
      return this.show(answer.boards, this.problems.set('preview', [...problems, ...answer.problems], locate));
    } catch (error) {
      if (!(error instanceof Cancelled)) this.fail(error);
      return null;
    } finally {
      this.result.removeAttribute('aria-busy');
    }
  }

  show(boards, problems) {
    const blocking = problems.filter((one) => one.blocking);
    this.seen = new Set(problems.map(({ message }) => message));
    this.status.textContent = summarize(boards, blocking);
    this.result.replaceChildren(
      ...(problems.length ? [listProblems(problems)] : []),
      ...(boards.length ? [table(boards)] : []),
    );
    return { boards, problems };
  }

  fail(error) {
    this.status.textContent = `The ranks cannot be shown. ${error.message}`;
    this.result.replaceChildren();
    this.seen.clear();
  }
}

function summarize(boards, blocking) {
  if (blocking.length) return `${plural(blocking.length, 'problem')} to mend before it can be sent.`;
  const ranked = boards.filter(({ rank }) => rank !== null);
  if (ranked.length === 0) return 'No board would rank these scores.';
  const [first] = ranked;
  const more = ranked.length > 1 ? `, and a rank on ${plural(ranked.length - 1, 'more board')}` : '';
  return `Rank ${first.rank} of ${first.totalModels} on ${first.benchmark.displayName}${more}.`;
}

function table(boards) {
  const head = ['Board', 'Rank', 'Of', 'Score'].map((text) => element('th', { scope: 'col' }, text));
  const rows = boards.map(({ benchmark, rank, totalModels, value }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, benchmark.displayName),
      element('td', {}, rank === null ? 'not ranked' : String(rank)),
      element('td', {}, String(totalModels)),
      element('td', {}, value === null ? '–' : decimal(value, 2)),
    ),
  );
  const caption = element('caption', { class: 'unseen' }, 'Rank on each board');
  return element('table', {}, caption, element('thead', {}, element('tr', {}, head)), element('tbody', {}, rows));
}

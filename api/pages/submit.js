// The submit page: puts its parts together.

import { describeAccount, showAccount, takeAuthError } from './account.js';
import { check, isModelName } from './checks.js';
import { VIEWER } from './documents.js';
import { dropDraft, findDraft, keepDraft } from './draft.js';
import { button, element, find, plural } from './elements.js';
import { Fields } from './fields.js';
import { ask } from './graphql.js';
import { Outcome } from './outcome.js';
import { readPayload, Unreadable } from './payload.js';
import { Preview } from './preview.js';
import { listProblems, Problems } from './problems.js';
import { Scores } from './scores.js';
import { Sending } from './sending.js';
import { showAnswer, showFailure } from './answers.js';
import { listMine, listWaiting } from './submissions.js';

const BENCHMARKS = '/pages/benchmarks.json';

class SubmitPage {
  constructor(known) {
    this.form = find('form');
    this.fields = new Fields(this.form);
    this.scores = new Scores(find('score-rows'), known);
    this.problems = new Problems(this.form);
    this.preview = new Preview(this.problems);
    this.sending = new Sending();
    this.outcome = new Outcome();
    this.listen();
    this.restore();
    this.form.hidden = false;
  }

  listen() {
    const { form } = this;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.submit();
    });
    form.addEventListener('keydown', (event) => this.keepFromSending(event));
    form.addEventListener('input', ({ target }) => this.changed(target));
    find('payload').addEventListener('change', () => this.load());
    find('preview-now').addEventListener('click', () => this.preview.now(this.read()));
    find('another-add').addEventListener('click', () => this.addBenchmark());
  }

  // Enter in a field sends nothing: a submission is too scarce for a slip. It adds, or asks for the ranks.
  keepFromSending(event) {
    if (event.key !== 'Enter' || event.target.tagName !== 'INPUT') return;
    event.preventDefault();
    if (event.target.id === 'another') this.addBenchmark();
    else if (event.target.type !== 'file' && !('plain' in event.target.dataset)) this.preview.now(this.read());
  }

  changed(control) {
    keepDraft({ fields: this.fields.texts(), scores: this.scores.texts() });
    if (control.id === 'modelName' || control.closest('#score-rows')) this.preview.later(() => this.read());
  }

  restore() {
    const draft = findDraft();
    if (!draft?.fields || !Array.isArray(draft.scores)) return;
    this.fields.fill(draft.fields);
    this.scores.fill(draft.scores);
    this.preview.later(() => this.read());
  }

  // What the form holds: the input of `submitEvaluation`, what is no number, and `locate` from paths to controls.
  read() {
    const { scores, problems, locate } = this.scores.read();
    const input = { ...this.fields.input(), scores };
    return { input, problems, locate, ready: isModelName(input.modelName ?? '') && scores.length > 0 };
  }

  addBenchmark() {
    const box = find('another');
    const id = box.value.trim();
    if (!id) return box.focus();
    box.value = '';
    return (this.scores.find(id) ?? this.scores.add(id)).box.focus();
  }

  async load() {
    const [file] = find('payload').files;
    if (!file) return;
    try {
      const { fields, scores, notes } = await readPayload(file);
      const refused = this.fields.fill(fields);
      this.scores.fill(scores);
      this.changed(find('modelName'));
      this.tellLoaded(file.name, scores, [...refused, ...notes]);
    } catch (error) {
      this.tell('problem', error instanceof Unreadable ? error.message : `${file.name} cannot be read.`);
    }
  }

  tellLoaded(name, scores, notes) {
    const filled = scores.filter(({ text }) => text).length;
    const subs = scores.reduce((sum, one) => sum + one.subs.length, 0);
    const others = scores.filter(({ id }) => !this.scores.known.has(id)).map(({ id }) => id);
    const more = others.length ? [`Kept as they are, though no board of EASI has them: ${others.join(', ')}.`] : [];
    const parts = subs ? ` with ${plural(subs, 'sub-score')}` : '';
    this.tell('good', `${name}: ${plural(filled, 'score')}${parts}.`, ...more, ...notes);
  }

  tell(tone, ...sentences) {
    find('payload-status').replaceChildren(...sentences.map((text) => element('p', { class: tone }, text)));
  }

  async submit() {
    if (this.busy) return;
    this.setBusy(true);
    this.outcome.hide();
    const seen = this.preview.seen;
    const read = this.read();
    const { evidence } = this.fields;
    if (await this.passes(read, evidence, seen)) await this.send(read, evidence);
    this.setBusy(false);
  }

  setBusy(busy) {
    this.busy = busy;
    find('submit').hidden = busy && !find('progress').hidden;
    find('submit').setAttribute('aria-disabled', String(busy));
    find('submit-state').textContent = busy ? 'Checking what you filled in…' : '';
  }

  // Whether it may be sent: nothing is wrong that can be known before, and its warnings have been seen.
  async passes(read, evidence, seen) {
    const own = await check(read.input, this.form.elements.weightType.value, evidence);
    const previewed = await this.preview.now(read);
    const wrong = new Set(own.map(({ path }) => path));
    const theirs = (previewed?.problems ?? read.problems).filter(({ path }) => !wrong.has(path));
    this.problems.set('preview', []);
    const all = this.problems.set('form', [...own, ...theirs], read.locate);
    const blocking = all.filter((one) => one.blocking);
    const unseen = all.filter((one) => !one.blocking && !seen.has(one.message));
    if (blocking.length) this.refuse(`${plural(blocking.length, 'problem')}: nothing was sent`, blocking);
    else if (unseen.length) this.refuse('Read this, then submit again', unseen, 'warn');
    return blocking.length + unseen.length === 0;
  }

  refuse(title, problems, tone = 'bad') {
    this.outcome.show(tone, title, listProblems(problems));
  }

  async send(read, evidence) {
    find('submit-state').textContent = '';
    find('submit').hidden = true;
    try {
      const answer = await this.sending.start(read.input, evidence);
      if (answer.__typename === 'Submission') this.reset();
      if (answer.__typename === 'NotAuthenticated') this.showViewer(null);
      const problems = this.problems.set('form', answer.problems ?? [], read.locate);
      showAnswer(this.outcome, answer, problems);
    } catch (error) {
      showFailure(this.outcome, error, this.sending.whole);
    }
    find('submit').hidden = this.viewer === null;
    await this.refresh();
  }

  reset() {
    this.form.reset();
    this.fields.showBase();
    this.scores.clear();
    this.preview.reset();
    find('payload-status').replaceChildren();
    dropDraft();
  }

  // Ask who is signed in, and show what is theirs.
  async refresh() {
    try {
      this.showViewer((await ask(VIEWER)).viewer);
    } catch (error) {
      const again = button('Try again', () => this.refresh());
      find('notices').replaceChildren(element('div', { class: 'notice bad' }, element('p', {}, error.message), again));
      return;
    }
    if (!this.viewer) return;
    this.mine ??= listMine();
    const lists = [this.mine.refresh()];
    if (this.viewer.isMaintainer) lists.push((this.waiting ??= listWaiting()).refresh());
    await Promise.all(lists);
  }

  showViewer(viewer) {
    this.viewer = viewer;
    showAccount(viewer, (error) => this.outcome.show('bad', 'You are still signed in', error.message));
    find('notices').replaceChildren(describeAccount(viewer));
    find('submit').hidden = viewer === null;
    find('submit-signin').hidden = viewer !== null;
    if (!viewer) for (const id of ['mine', 'review']) find(id).hidden = true;
  }
}

const known = await (await fetch(BENCHMARKS)).json();
const page = new SubmitPage(known);
const reason = takeAuthError();
if (reason) page.outcome.show('bad', 'You are not signed in', reason);
await page.refresh();

// Lists of submissions by pages, and what can be done with one: withdraw it, approve it, reject it.

import { ask } from './graphql.js';
import { MINE, REVIEW, WAITING, WITHDRAW } from './documents.js';
import { element, find, button } from './elements.js';
import { showSubmission } from './submission.js';

const PAGE = 10;
const LONGEST_NOTE = 2000;

// A list in a section, with more of it at a press. `load` gives a connection, `actions` what stands below a submission.
class Listing {
  constructor(section, empty, load, actions) {
    Object.assign(this, { section, empty, load, actions });
    this.status = element('p', { role: 'status' });
    this.items = element('ul', { class: 'submissions' });
    this.more = button('Show more', () => this.next(), { hidden: true });
    section.append(this.status, this.items, this.more);
    section.hidden = false;
  }

  async refresh() {
    this.after = null;
    this.items.replaceChildren();
    await this.next();
  }

  async next() {
    this.more.disabled = true;
    try {
      this.append(await this.load({ first: PAGE, after: this.after }));
    } catch (error) {
      this.status.textContent = error.message;
      this.more.hidden = false;
    }
    this.more.disabled = false;
  }

  append({ nodes, totalCount, pageInfo }) {
    const [first, ...others] = nodes.map((one) => this.build(one));
    const focus = this.items.children.length > 0;
    this.items.append(...[first, ...others].filter(Boolean));
    if (focus) first?.querySelector('h3').focus();
    this.after = pageInfo.endCursor;
    this.more.hidden = !pageInfo.hasNextPage;
    this.status.textContent = totalCount ? `${this.items.children.length} of ${totalCount}, newest first` : this.empty;
  }

  build(submission) {
    const told = element('p', { role: 'status', class: 'told' });
    return showSubmission(
      submission,
      ...this.actions(submission, (document, variables, done) => this.act(submission, document, variables, done, told)),
      told,
    );
  }

  // Run a mutation on a submission, and show what it has become, or why it has not.
  async act({ id }, document, variables, done, told) {
    const item = told.closest('li');
    const buttons = [...item.querySelectorAll('button')];
    for (const each of buttons) each.disabled = true;
    told.textContent = 'One moment…';
    try {
      const result = Object.values(await ask(document, { id, ...variables }))[0];
      if (result.__typename === 'Submission') return this.replace(item, result, done);
      told.textContent = [result.message, ...(result.problems ?? []).map(({ message }) => message)]
        .filter((text, place, all) => all.indexOf(text) === place)
        .join(' ');
    } catch (error) {
      told.textContent = error.message;
    }
    for (const each of buttons) each.disabled = false;
    return undefined;
  }

  replace(item, submission, done) {
    const changed = this.build(submission);
    item.replaceWith(changed);
    changed.querySelector('.told').textContent = done;
    changed.querySelector('h3').focus();
  }
}

export function listMine() {
  const load = async (page) => (await ask(MINE, page)).viewer?.submissions ?? none();
  return new Listing(find('mine'), 'You have sent nothing yet.', load, withdrawing);
}

export function listWaiting() {
  const load = async (page) => (await ask(WAITING, page)).submissions;
  return new Listing(find('review'), 'Nothing waits for review.', load, reviewing);
}

const none = () => ({ nodes: [], totalCount: 0, pageInfo: { hasNextPage: false, endCursor: null } });

function withdrawing({ status, modelName }, act) {
  if (status !== 'PENDING' && status !== 'APPROVED') return [];
  const withdraw = async () => (await confirmed(modelName)) && act(WITHDRAW, {}, 'Withdrawn.');
  return [button('Withdraw', withdraw, { 'aria-label': `Withdraw ${modelName}` })];
}

// What is decided can be decided otherwise, but for what is withdrawn.
function reviewing({ id, status, modelName }, act) {
  if (status === 'WITHDRAWN') return [];
  const note = element('textarea', { id: `note-${id}`, rows: 2, maxlength: LONGEST_NOTE });
  const label = element(
    'label',
    { for: note.id },
    'Note to the submitter',
    element('span', { class: 'unseen' }, ` of ${modelName}`),
  );
  const decide = (decision, done) => () => act(REVIEW, { decision, note: note.value.trim() || null }, done);
  const approve = button('Approve', decide('APPROVE', 'Approved.'), { 'aria-label': `Approve ${modelName}` });
  const reject = button('Reject', decide('REJECT', 'Rejected.'), { class: 'bad', 'aria-label': `Reject ${modelName}` });
  const offered = [status !== 'APPROVED' && approve, status !== 'REJECTED' && reject].filter(Boolean);
  return [element('div', { class: 'field wide' }, label, note), element('div', { class: 'row' }, offered)];
}

function confirmed(modelName) {
  const dialog = find('confirm');
  find('confirm-title').textContent = `Withdraw ${modelName}?`;
  find('confirm-text').textContent =
    'It no longer counts, and leaves the boards the next time they are built. This cannot be undone.';
  find('confirm-no').onclick = () => dialog.close('no');
  find('confirm-yes').onclick = () => dialog.close('yes');
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}

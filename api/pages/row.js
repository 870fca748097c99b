// A benchmark of the form: its score, and its sub-scores folded away below.

import { element, button, plural } from './elements.js';
import { explainNumber, isWrong, parseNumber } from './numbers.js';

const METRICS = { acc: 'accuracy', caa: 'chance-adjusted accuracy' };

export class Row {
  constructor({ id, name, metric, subScores }, remove = null) {
    this.id = id;
    this.name = name;
    this.box = numberInput(address(id));
    this.subs = new Map();
    this.subRows = element('div', { class: 'subs' });
    this.count = element('span', { class: 'count' });
    this.declared = subScores;
    for (const key of subScores) this.addSub(key);
    this.element = this.build(metric, remove);
    this.element.addEventListener('input', () => this.showCount());
    this.showCount();
  }

  build(metric, remove) {
    const kind = [this.name === this.id ? null : this.id, METRICS[metric]].filter(Boolean).join(', ');
    const label = element(
      'label',
      { for: this.box.id },
      this.name,
      kind ? element('span', { class: 'id' }, kind) : null,
    );
    const summary = element(
      'summary',
      {},
      'Sub-scores',
      element('span', { class: 'unseen' }, ` of ${this.name}`),
      ' ',
      this.count,
    );
    this.details = element('details', {}, summary, this.subRows, this.buildAdding());
    const away = remove && button('Remove', remove, { class: 'quiet', 'aria-label': `Remove ${this.name}` });
    return element('div', { class: 'score field' }, label, this.box, away, this.details);
  }

  buildAdding() {
    const key = element('input', {
      id: address(this.id, '', 'key'),
      autocomplete: 'off',
      spellcheck: 'false',
      maxlength: 128,
      'data-plain': true,
    });
    const add = () => {
      const name = key.value.trim();
      if (!name) return key.focus();
      const input = this.subs.get(name) ?? this.addSub(name);
      key.value = '';
      return input.focus();
    };
    key.addEventListener('keydown', (event) => event.key === 'Enter' && add());
    const label = element(
      'label',
      { for: key.id },
      'Another key',
      element('span', { class: 'unseen' }, ` of ${this.name}`),
    );
    return element('div', { class: 'adding' }, label, key, button('Add', add));
  }

  addSub(key) {
    const input = numberInput(address(this.id, key));
    this.subs.set(key, input);
    this.subRows.append(element('div', { class: 'sub field' }, element('label', { for: input.id }, key), input));
    return input;
  }

  filled() {
    return [...this.subs].filter(([, input]) => input.value.trim() !== '');
  }

  isEmpty() {
    return this.box.value.trim() === '' && this.filled().length === 0;
  }

  showCount() {
    const filled = this.filled().length;
    this.count.textContent = filled
      ? `${filled} of ${this.subs.size}`
      : this.declared.length
        ? plural(this.subs.size, 'key')
        : '';
  }

  texts() {
    return {
      id: this.id,
      text: this.box.value.trim(),
      subs: this.filled().map(([key, input]) => [key, input.value.trim()]),
    };
  }

  fill(text, subs) {
    this.box.value = text;
    for (const [key, input] of this.subs) this.clearSub(key, input);
    for (const [key, value] of subs) (this.subs.get(key) ?? this.addSub(key)).value = value;
    this.showCount();
  }

  clearSub(key, input) {
    input.value = '';
    if (this.declared.includes(key)) return;
    this.subs.delete(key);
    input.closest('.sub').remove();
  }

  sent() {
    const subScores = this.filled().map(([key, input]) => ({ key, value: parseNumber(input.value) }));
    return { benchmark: this.id, value: parseNumber(this.box.value), subScores };
  }

  wrong() {
    return [this.box, ...this.subs.values()]
      .filter((input) => isWrong(input.value))
      .map((control) => ({
        path: control.id,
        control,
        message: explainNumber(control.value),
        code: 'NOT_A_NUMBER',
        blocking: true,
      }));
  }
}

const address = (...names) => ['score', ...names.map((name) => encodeURIComponent(name.toWellFormed()))].join('/');

const numberInput = (id) =>
  element('input', {
    id,
    class: 'number',
    inputmode: 'decimal',
    autocomplete: 'off',
    maxlength: 40,
    'aria-describedby': 'scores-hint',
  });

// The scores of the form: a row a benchmark, in groups.

import { element } from './elements.js';
import { Row } from './row.js';

const SENT = /^scores\[(\d+)\](?:\.subScores\[(\d+)\])?/;

export class Scores {
  // `known`: the benchmarks that always have a row, as /pages/benchmarks.json lists them.
  constructor(place, known) {
    this.place = place;
    this.known = new Set(known.map(({ id }) => id));
    this.groups = { core: group('The eight of EASI-8'), more: group('Four more, for EASI-12'), other: group('Others') };
    this.rows = known.map((one) => this.put(one.core ? 'core' : 'more', new Row(one)));
    this.showGroups();
  }

  put(name, row) {
    this.groups[name].append(row.element);
    return row;
  }

  showGroups() {
    this.place.append(...Object.values(this.groups).filter((one) => !one.isConnected));
    for (const one of Object.values(this.groups)) one.hidden = one.children.length < 2;
  }

  find(id) {
    return this.rows.find((row) => row.id === id) ?? null;
  }

  // A row for a benchmark of any other id, which can be taken away again.
  add(id) {
    const row = this.put('other', new Row({ id, name: id, metric: null, subScores: [] }, () => this.remove(row)));
    this.rows.push(row);
    this.showGroups();
    return row;
  }

  remove(row) {
    const place = this.rows.indexOf(row);
    this.rows.splice(place, 1);
    row.element.remove();
    this.showGroups();
    this.rows[place - 1]?.box.focus();
    this.place.dispatchEvent(new Event('input', { bubbles: true }));
  }

  clear() {
    for (const row of this.rows) row.fill('', []);
    for (const row of this.rows.filter(({ id }) => !this.known.has(id))) row.element.remove();
    this.rows = this.rows.filter(({ id }) => this.known.has(id));
    this.showGroups();
  }

  // Everything typed, as { id, text, subs }; `fill` takes the same.
  texts() {
    return this.rows
      .map((row) => row.texts())
      .filter(({ id, text, subs }) => text || subs.length || !this.known.has(id));
  }

  fill(texts) {
    this.clear();
    for (const { id, text, subs } of texts) (this.find(id) ?? this.add(id)).fill(text, subs);
  }

  // What is sent, what is no number, and `locate`: the control that a problem's path speaks of.
  read() {
    const rows = this.rows.filter((row) => !row.isEmpty());
    const problems = rows.flatMap((row) => row.wrong());
    return { scores: rows.map((row) => row.sent()), problems, locate: (path) => locate(rows, path) };
  }
}

const group = (title) =>
  element(
    'div',
    { class: 'group', role: 'group', 'aria-label': title, hidden: true },
    element('p', { class: 'title' }, title),
  );

function locate(rows, path) {
  const [, row, sub] = SENT.exec(path) ?? [];
  const found = rows[Number(row)];
  return found ? (found.filled()[Number(sub)]?.[1] ?? found.box) : null;
}

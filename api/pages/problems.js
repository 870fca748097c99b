// Shows problems at the fields they speak of, and lists them with a link to each.

import { element } from './elements.js';

export class Problems {
  constructor(form) {
    this.form = form;
    this.found = new Map(); // source: problems, each with its control
    form.addEventListener('input', ({ target }) => this.forget(target));
    form.addEventListener('change', ({ target }) => this.forget(target));
  }

  // Replace those of a source. `locate` gives the control of a path in the scores that were sent.
  set(source, problems, locate = () => null) {
    this.found.set(
      source,
      problems.map((one) => ({ ...one, control: one.control ?? this.control(one.path, locate) })),
    );
    this.show();
    return this.found.get(source);
  }

  control(path, locate) {
    const [head] = path.replace(/^input\./, '').split(/[.[]/);
    if (head === 'scores') return locate(path.replace(/^input\./, '')) ?? this.form.querySelector('#scores');
    return this.form.elements.namedItem(head);
  }

  // What somebody is changing is not held against them until it is asked about again.
  forget(changed) {
    const scores = changed.closest('#scores');
    for (const [source, problems] of this.found) {
      this.found.set(
        source,
        problems.filter(({ control }) => control === null || (control !== changed && control !== scores)),
      );
    }
    this.show();
  }

  all() {
    const seen = new Set();
    return [...this.found.values()].flat().filter(({ path, message, control }) => {
      const key = `${control?.id ?? path} ${message}`;
      return !seen.has(key) && seen.add(key);
    });
  }

  show() {
    for (const note of this.form.querySelectorAll('[data-problem]')) unmark(note);
    for (const one of this.all()) if (one.control) mark(one);
  }
}

function mark({ control, message, blocking }) {
  const place = control.id === 'scores' ? control.querySelector('#scores-field') : control.closest('.field');
  const id = `${control.id}-problem-${place.querySelectorAll(':scope > [data-problem]').length}`;
  const word = blocking ? 'Problem: ' : 'Note: ';
  place.append(
    element(
      'p',
      { id, class: blocking ? 'problem' : 'warning', 'data-problem': control.id },
      element('span', { class: 'unseen' }, word),
      message,
    ),
  );
  describe(control, (ids) => [...ids, id]);
  unfold(control);
  if (blocking && control.id !== 'scores') control.setAttribute('aria-invalid', 'true');
}

function unmark(note) {
  const control = document.getElementById(note.dataset.problem);
  note.remove();
  if (!control) return;
  control.removeAttribute('aria-invalid');
  describe(control, (ids) => ids.filter((id) => id !== note.id));
}

function describe(control, change) {
  const ids = (control.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean);
  control.setAttribute('aria-describedby', change(ids).join(' '));
}

// A list of problems in the order of the form, each a link to its field where it has one.
export function listProblems(problems) {
  const fields = [...document.querySelectorAll('#form fieldset, #form input, #form select, #form textarea')];
  const place = ({ control }) => fields.indexOf(control);
  const ordered = [...problems].sort((one, other) => place(one) - place(other));
  return element(
    'ul',
    {},
    ordered.map(({ control, message, blocking }) => {
      const text = control
        ? element(
            'a',
            { href: `#${control.id}`, on: { click: (event) => go(event, control) } },
            `${name(control)}: ${message}`,
          )
        : message;
      return element('li', { class: blocking ? 'problem' : 'warning' }, text);
    }),
  );
}

function go(event, control) {
  event.preventDefault();
  unfold(control);
  control.focus();
  control.scrollIntoView({ block: 'center' });
}

function unfold(control) {
  const fold = control.closest('details');
  if (fold) fold.open = true;
}

// What a control is called: by its label, a sub-score with its benchmark.
function name(control) {
  const label = control.labels?.[0] ?? control.querySelector('legend');
  const own = label.firstChild.textContent.trim();
  const whole = control.closest('.sub')?.closest('.score');
  return whole ? `${whole.querySelector('label').firstChild.textContent}, ${own}` : own;
}

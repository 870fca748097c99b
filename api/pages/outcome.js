// What came of it, above the form; focus goes there, so that it is read.

import { element, find } from './elements.js';

export class Outcome {
  constructor() {
    this.section = find('outcome');
  }

  // `tone`: good, bad or warn.
  show(tone, title, ...more) {
    const heading = element('h2', { id: 'outcome-title' }, title);
    this.section.className = `outcome ${tone}`;
    this.section.setAttribute('aria-labelledby', heading.id);
    this.section.replaceChildren(
      heading,
      ...more.map((each) => (typeof each === 'string' ? element('p', {}, each) : each)),
    );
    this.section.hidden = false;
    this.section.focus();
    this.section.scrollIntoView({ block: 'start' });
  }

  hide() {
    this.section.hidden = true;
  }
}

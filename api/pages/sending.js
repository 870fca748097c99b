// One upload: its progress, told in quarters to those who listen, and the way to stop it.

import { send } from './graphql.js';
import { SUBMIT } from './documents.js';
import { find, megabytes } from './elements.js';

export class Sending {
  constructor() {
    this.box = find('progress');
    this.bar = find('progress-bar');
    this.text = find('progress-text');
    this.told = find('progress-told');
    this.cancel = find('cancel');
    this.cancel.addEventListener('click', () => this.control?.abort());
    addEventListener('beforeunload', (event) => this.control && event.preventDefault());
  }

  // The member of SubmitEvaluationResult that came back. Raises as `send` does; `whole` says whether all had left.
  async start(input, evidence) {
    this.control = new AbortController();
    this.whole = false;
    this.open(evidence.size);
    try {
      const variables = { input: { ...input, evidence: null } };
      const answer = await send(
        SUBMIT,
        variables,
        'variables.input.evidence',
        evidence,
        (share) => this.show(share, evidence.size),
        this.control.signal,
      );
      return answer.submitEvaluation;
    } finally {
      this.control = null;
      this.box.hidden = true;
    }
  }

  open(size) {
    this.quarter = -1;
    this.cancel.textContent = 'Cancel the upload';
    this.box.hidden = false;
    this.box.focus();
    this.show(0, size);
  }

  show(share, size) {
    if (share >= 1) return this.wait();
    const percent = Math.floor(share * 100);
    this.bar.value = percent;
    this.text.textContent = `Sending: ${percent} % (${megabytes(share * size)} of ${megabytes(size)} MB)`;
    const quarter = Math.floor(share * 4);
    if (quarter > this.quarter)
      this.told.textContent = quarter ? `${quarter * 25} % is sent.` : 'Sending the evidence.';
    this.quarter = Math.max(quarter, this.quarter);
    return undefined;
  }

  wait() {
    this.whole = true;
    this.bar.removeAttribute('value');
    this.text.textContent = 'All is sent. The server checks the archive and the model…';
    this.told.textContent = this.text.textContent;
    this.cancel.textContent = 'Stop waiting';
  }
}

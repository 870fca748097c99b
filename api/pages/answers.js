// What the server made of a submission, in words: each member of SubmitEvaluationResult, and no answer at all.

import { signInLink } from './account.js';
import { element, plural, soon } from './elements.js';
import { Cancelled } from './graphql.js';
import { listProblems } from './problems.js';

const SHOW = {
  Submission(outcome, { modelName, evidenceSha256, warnings }) {
    const evidence = element('p', {}, 'SHA-256 of the evidence: ', element('code', {}, evidenceSha256));
    const told = warnings.length
      ? [listProblems(warnings.map((one) => ({ ...one, control: null, blocking: false })))]
      : [];
    outcome.show(
      'good',
      `${modelName} is submitted`,
      'It waits for a maintainer. See how it fares under “My submissions”.',
      ...told,
      evidence,
    );
  },
  SubmissionInvalid(outcome, { message }, problems) {
    const list = problems.length ? listProblems(problems) : element('p', {}, message);
    outcome.show('bad', `Refused: ${plural(Math.max(1, problems.length), 'problem')}`, list);
  },
  SubmissionRateLimited(outcome, { message, retryAt }) {
    outcome.show(
      'bad',
      'Too many submissions',
      message,
      `You can send again at ${soon(retryAt)}. What you filled in stays here.`,
    );
  },
  NotAuthenticated(outcome, { message }) {
    outcome.show(
      'bad',
      'You are signed out',
      message,
      'What you typed is kept; choose the evidence again afterwards.',
      element('p', {}, signInLink()),
    );
  },
  SubmissionFailed(outcome, { message }) {
    outcome.show('bad', 'It could not be taken', message, 'What you filled in stays here.');
  },
};

// `problems`: those of the answer, each with its control.
export function showAnswer(outcome, answer, problems) {
  SHOW[answer.__typename](outcome, answer, problems);
}

// `whole`: all of it had left before there was no answer.
export function showFailure(outcome, error, whole) {
  const unsure =
    'It had left, so it may have been taken: look under “My submissions”. The same, sent again, is no second one.';
  const stays = 'Nothing was submitted. What you filled in stays here.';
  if (error instanceof Cancelled)
    outcome.show('warn', whole ? 'You stopped waiting' : 'Cancelled', whole ? unsure : stays);
  else outcome.show('bad', 'There was no proper answer', error.message, whole ? unsure : stays);
}

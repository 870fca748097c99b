// Who is signed in, how much they may still send, and what went wrong on the way in.

import { element, find, button, soon, duration } from './elements.js';

const LOGIN = '/api/auth/login?next=/submit';
const LOGOUT = '/api/auth/logout';
const REASONS = {
  missing_code: 'Hugging Face sent you back without a code. Try to sign in again.',
  server_config:
    'This server is not set up for signing in with a browser. The command standings submit works with a token.',
  token_exchange: 'Hugging Face did not confirm the sign-in. Try again.',
  userinfo: 'Hugging Face did not say who you are. Try again.',
  unknown: 'The sign-in failed. Try again.',
  state_mismatch: 'That sign-in was begun in another window, or too long ago. Try again here.',
  access_denied: 'You did not let this site know who you are, so you are not signed in.',
};

export const signInLink = (text = 'Sign in with Hugging Face') => element('a', { class: 'button', href: LOGIN }, text);

// A sentence for `?auth_error=` of this page's address, which is then taken out of it; null: there is none.
export function takeAuthError() {
  const code = new URLSearchParams(location.search).get('auth_error');
  if (code === null) return null;
  history.replaceState(null, '', location.pathname);
  return Object.hasOwn(REASONS, code) ? REASONS[code] : REASONS.unknown;
}

export function showAccount(viewer, failed) {
  find('account').replaceChildren(...(viewer ? known(viewer, failed) : [signInLink('Sign in')]));
}

function known({ name, avatarUrl, isMaintainer }, failed) {
  const lists = [
    isMaintainer && element('a', { href: '#review' }, 'Waiting for review'),
    element('a', { href: '#mine' }, 'My submissions'),
  ];
  const picture =
    avatarUrl?.startsWith('https://') && element('img', { src: avatarUrl, alt: '', width: 28, height: 28 });
  const leave = button('Sign out', () => signOut().catch(failed), { class: 'quiet' });
  return [...lists, picture, element('span', { class: 'name' }, name), leave].filter(Boolean);
}

async function signOut() {
  const headers = { 'Content-Type': 'application/json', 'GraphQL-Require-Preflight': '1' };
  const response = await fetch(LOGOUT, { method: 'POST', credentials: 'same-origin', headers, body: '{}' });
  if (!response.ok) throw new Error(`The server did not sign you out (${response.status}). Try again.`);
  location.reload();
}

// What stands above the form: whether somebody can send, and how often still.
export function describeAccount(viewer) {
  if (!viewer) {
    const text =
      'You are not signed in. Fill in the form and see the ranks; sign in to send it. Text is kept, files are not.';
    return element('div', { class: 'notice' }, element('p', {}, text), signInLink());
  }
  const { limit, remaining, windowSeconds, resetAt } = viewer.submissionLimit;
  const left = `${remaining} of ${limit} submissions left`;
  const then = resetAt ? ` The next one is free at ${soon(resetAt)}.` : '';
  const rule = `Each try counts, for ${duration(windowSeconds)}.`;
  return element(
    'div',
    { class: remaining ? 'notice' : 'notice bad' },
    element('p', {}, element('strong', {}, `${left}.`), ` ${rule}${then}`),
  );
}

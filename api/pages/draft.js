// Keeps what was typed while somebody goes to sign in, in this tab alone. Files cannot be kept.

const KEY = 'standings-submission';

export function keepDraft(draft) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(draft));
  } catch {
    // A browser that keeps nothing still shows the form.
  }
}

export function findDraft() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

export function dropDraft() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // There was none, then.
  }
}

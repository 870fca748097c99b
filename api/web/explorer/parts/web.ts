// Addresses come from sources: only those of the web become links.
export function webOnly(text: string | null): string | null {
  return text !== null && /^https?:\/\//.test(text) ? text : null;
}

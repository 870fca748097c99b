// Numbers as people type them: empty is none, and a point stands before decimals.

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;

const plain = (text) => text.trim().replace('\u2212', '-');

// The number, or null where there is none.
export function parseNumber(text) {
  const value = NUMBER.test(plain(text)) ? Number(plain(text)) : NaN;
  return Number.isFinite(value) ? value : null;
}

export const isWrong = (text) => text.trim() !== '' && parseNumber(text) === null;

// What is wrong with a text that is no number.
export function explainNumber(text) {
  const point = plain(text).replace(',', '.');
  const advice = text.includes(',') && NUMBER.test(point) ? `Write it with a point: ${point}.` : 'Write it as 54.3.';
  return `“${text.trim()}” is no number. ${advice}`;
}

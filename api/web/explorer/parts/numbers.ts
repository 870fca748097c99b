// Numbers and days as people read them.
export type Unit = 'FRACTION' | 'PERCENT' | 'POINTS' | null;

export const UNITS = { FRACTION: '0 to 1', PERCENT: '%', POINTS: 'points' } as const;

const DIGITS = { FRACTION: 4, PERCENT: 2, POINTS: 2 } as const;

// A score as published, to as many digits as tell models apart; never rescaled.
export function score(value: number, unit: Unit): string {
  return value.toFixed(unit ? DIGITS[unit] : Math.abs(value) <= 1 ? 4 : 2);
}

// 7.6B, 335M, 22.7M.
export function count(value: number): string {
  const [divisor, letter] =
    value >= 1e12 ? [1e12, 'T'] : value >= 1e9 ? [1e9, 'B'] : value >= 1e6 ? [1e6, 'M'] : value >= 1e3 ? [1e3, 'K'] : [1, ''];
  return `${Number((value / Number(divisor)).toPrecision(3))}${letter}`;
}

export function whole(value: number): string {
  return value.toLocaleString('en');
}

// 1 Jun 2026, in the day of Greenwich, as the server says it.
export function day(text: string): string {
  return new Date(text).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
}

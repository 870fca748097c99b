// Elements made from text, never from markup; and how numbers, sizes and times are written.

const TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const CLOCK = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export const find = (id) => document.getElementById(id);

// An element with attributes (null and false are left out, `on` holds listeners) and children (text or elements).
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  const { on = {}, ...rest } = attributes;
  for (const [key, value] of Object.entries(rest)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? '' : value);
  }
  for (const [event, listener] of Object.entries(on)) made.addEventListener(event, listener);
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

export const button = (text, press, attributes = {}) =>
  element('button', { type: 'button', ...attributes, on: { click: press } }, text);

export function time(iso) {
  return element('time', { datetime: iso }, TIME.format(new Date(iso)));
}

// When something comes: the hour today, else the day too, and how far off it is.
export function soon(iso) {
  const left = new Date(iso) - Date.now();
  const minutes = Math.max(1, Math.ceil(left / MINUTE));
  const away = minutes < 90 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
  return `${(left < DAY ? CLOCK : TIME).format(new Date(iso))} (in ${away})`;
}

export function duration(seconds) {
  const [count, noun] = seconds % 3600 === 0 ? [seconds / 3600, 'hour'] : [Math.round(seconds / 60), 'minute'];
  return plural(count, noun);
}

export const plural = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;

export const megabytes = (bytes) => (bytes / 1_000_000).toFixed(bytes < 1_000_000 ? 2 : 1);

export const decimal = (value, digits = 4) =>
  value.toLocaleString('en', { maximumFractionDigits: digits, useGrouping: false }).replace('-', '\u2212');

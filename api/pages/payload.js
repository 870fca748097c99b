// Reads an easi_results.json, or another payload of that form, into texts for the form.

const MOST_BYTES = 2_000_000;
const MOST_KEYS = 200;
const LONGEST_KEY = 128;
const LONGEST_TEXT = 10_000;
const NAMES = ['modelName', 'modelType', 'precision', 'revision', 'weightType', 'baseModel', 'backend', 'remarks'];

export class Unreadable extends Error {}

// Gives { fields: text by name, scores: [{ id, text, subs: [[key, text]] }], notes: sentences on what was left out }.
export async function readPayload(file) {
  if (file.size > MOST_BYTES) throw new Unreadable(`${file.name} is larger than 2 MB: this is no payload.`);
  const payload = parse(file.name, await file.text());
  if (!isMap(payload) || !isMap(payload.scores)) {
    throw new Unreadable(`${file.name} has no “scores”: choose the easi_results.json that belongs to the archive.`);
  }
  const notes = [];
  const fields = Object.fromEntries(NAMES.filter((name) => isText(payload[name])).map((name) => [name, payload[name]]));
  return { fields, scores: readScores(payload, notes), notes };
}

function parse(name, text) {
  try {
    return JSON.parse(text);
  } catch {
    const hint = /\b(NaN|Infinity)\b/.test(text)
      ? 'It holds NaN, which JSON has not. Write null instead, or make it anew with standings collect.'
      : 'Choose the easi_results.json of an evaluation.';
    throw new Unreadable(`${name} is no JSON. ${hint}`);
  }
}

function readScores({ scores, subScores }, notes) {
  const subs = isMap(subScores) ? subScores : {};
  const ids = [...new Set([...Object.keys(scores), ...Object.keys(subs)])];
  return within(ids, 'benchmarks', notes).map((id) => ({
    id,
    text: write(scores[id], id, notes),
    subs: readSubScores(id, isMap(subs[id]) ? subs[id] : {}, notes),
  }));
}

const readSubScores = (id, values, notes) =>
  within(Object.keys(values), `sub-scores of ${id}`, notes).map((key) => [
    key,
    write(values[key], `${id}, ${key}`, notes),
  ]);

function within(keys, what, notes) {
  const kept = keys.filter((key) => key.length > 0 && key.length <= LONGEST_KEY).slice(0, MOST_KEYS);
  if (kept.length < keys.length)
    notes.push(`${keys.length - kept.length} ${what} were left out: too many, or too long a name.`);
  return kept;
}

function write(value, place, notes) {
  if (typeof value === 'number') return String(value);
  if (value !== null && value !== undefined) notes.push(`${place} is no number and was left empty.`);
  return '';
}

const isMap = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value) => typeof value === 'string' && value.length <= LONGEST_TEXT;

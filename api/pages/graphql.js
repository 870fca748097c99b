// Asks GraphQL, with progress where a file goes along. What goes wrong is an `Unanswered` whose text is for people.

const URL = '/graphql';
const ACCEPT = 'application/graphql-response+json, application/json;q=0.9';
const HEADERS = { Accept: ACCEPT, 'GraphQL-Require-Preflight': '1' };
const ASK_MS = 60_000;
const SEND_MS = 900_000;

export class Unanswered extends Error {}
export class Cancelled extends Error {}

// The data of a document. Raises `Unanswered`, and `Cancelled` once the signal says so.
export async function ask(document, variables = {}, signal = undefined) {
  const timeout = AbortSignal.timeout(ASK_MS);
  try {
    const response = await fetch(URL, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { ...HEADERS, 'Content-Type': 'application/json' },
      body: JSON.stringify({ query: document, operationName: named(document), variables }),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    return read(response.status, response.headers.get('Retry-After'), await response.text());
  } catch (error) {
    if (error instanceof Unanswered) throw error;
    if (signal?.aborted) throw new Cancelled();
    if (timeout.aborted) throw new Unanswered('The server did not answer within a minute. Try again.');
    throw new Unanswered('The server cannot be reached. See whether you are online, and try again.');
  }
}

// The data of a document whose variable at `path` is a file, by the GraphQL multipart request specification.
// `progress` is told the share that is sent, 0 to 1. Raises as `ask` does.
export function send(document, variables, path, file, progress, signal) {
  const request = new XMLHttpRequest();
  const stop = () => request.abort();
  signal.addEventListener('abort', stop);
  return new Promise((resolve, reject) => {
    const lose = (text) => () => reject(new Unanswered(text));
    request.upload.addEventListener('progress', ({ loaded, total }) => progress(total ? loaded / total : 0));
    request.upload.addEventListener('load', () => progress(1));
    request.addEventListener('abort', () => reject(new Cancelled()));
    request.addEventListener('error', lose('The connection was lost while sending.'));
    request.addEventListener('timeout', lose('The server took longer than a quarter of an hour.'));
    request.addEventListener('load', () => {
      try {
        resolve(read(request.status, request.getResponseHeader('Retry-After'), request.responseText));
      } catch (error) {
        reject(error);
      }
    });
    request.open('POST', URL);
    request.timeout = SEND_MS;
    for (const [name, value] of Object.entries(HEADERS)) request.setRequestHeader(name, value);
    request.send(multipart(document, variables, path, file));
  }).finally(() => signal.removeEventListener('abort', stop));
}

function multipart(document, variables, path, file) {
  const body = new FormData();
  body.append('operations', JSON.stringify({ query: document, operationName: named(document), variables }));
  body.append('map', JSON.stringify({ 0: [path] }));
  body.append('0', file, file.name);
  return body;
}

const named = (document) => /\b(?:query|mutation) (\w+)/.exec(document)[1];

function read(status, retryAfter, text) {
  const answer = parse(text);
  const errors = Array.isArray(answer?.errors) ? answer.errors.map(({ message }) => String(message)) : [];
  if (errors.length > 0) throw new Unanswered(errors.join(' '));
  if (status < 400 && answer?.data) return answer.data;
  throw new Unanswered(explain(status, retryAfter));
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function explain(status, retryAfter) {
  const later = /^\d+$/.test(retryAfter ?? '') ? `in ${retryAfter} seconds` : 'later';
  if (status === 413) return 'The server takes no request as large as this (413).';
  if (status === 429 || status === 503) return `The server cannot answer now (${status}). Try again ${later}.`;
  return `The server gave no answer that this page can read (${status}). Try again later.`;
}

// Asks the server, and remembers what it answered for as long as the page is open.
import { print } from 'graphql';
import type { TadaDocumentNode } from 'gql.tada';

const MOST_REMEMBERED = 40;

export interface Answer<Data> {
  data: Data;
  snapshot: string;
}

interface Body<Data> {
  data?: Data | null;
  errors?: { message: string }[];
  extensions?: { snapshot?: string };
}

// What the server said instead of an answer, as a sentence for people.
export class Refused extends Error {}

const remembered = new Map<string, Answer<unknown>>();
const texts = new WeakMap<object, string>();

// The document as text, for sending and for "Copy as GraphQL".
export function textOf(document: TadaDocumentNode<never, never> | object): string {
  const text = texts.get(document) ?? print(document as Parameters<typeof print>[0]);
  texts.set(document, text);
  return text;
}

// The answer, where it was asked for before.
export function recall<Data, Variables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
): Answer<Data> | undefined {
  return remembered.get(keyOf(document, variables)) as Answer<Data> | undefined;
}

export async function ask<Data, Variables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Answer<Data>> {
  const known = recall(document, variables);
  if (known) return known;
  const answer = read(await send<Data>(textOf(document), variables, signal));
  remember(keyOf(document, variables), answer);
  return answer;
}

async function send<Data>(query: string, variables: unknown, signal?: AbortSignal): Promise<Body<Data>> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query, variables }),
    signal: signal ?? null,
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new Refused('The server cannot be reached. Try again in a moment.');
  });
  return response.json().catch(() => {
    throw new Refused(`The server answered ${response.status} without saying why. Try again in a moment.`);
  });
}

function read<Data>(body: Body<Data>): Answer<Data> {
  if (body.errors?.length) throw new Refused(body.errors.map((error) => error.message).join(' '));
  if (!body.data) throw new Refused('The server gave no answer. Try again in a moment.');
  return { data: body.data, snapshot: body.extensions?.snapshot ?? '' };
}

function remember(key: string, answer: Answer<unknown>): void {
  remembered.delete(key);
  remembered.set(key, answer);
  for (const oldest of remembered.keys()) {
    if (remembered.size <= MOST_REMEMBERED) break;
    remembered.delete(oldest);
  }
}

function keyOf(document: object, variables: unknown): string {
  return `${textOf(document)}\n${JSON.stringify(variables)}`;
}

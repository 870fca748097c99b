// Boards, models and tasks by a part of their name.
import { ask } from '../graphql/client.ts';
import { graphql } from '../graphql/graphql.ts';
import type { Option } from '../parts/Combobox.tsx';
import { counted, size } from '../parts/words.ts';

const OFFERED = 6;

// For what is offered while somebody types, and for the page of all that was found.
export const FIND = graphql(`
  query Find($boards: BenchmarkWhere!, $models: ModelWhere!, $tasks: TaskWhere!, $first: Int!) {
    benchmarks(where: $boards, first: $first, orderBy: [{ field: NAME }]) {
      totalCount
      nodes {
        name
        displayName
        source
        modelCount
        taskCount
      }
    }
    models(where: $models, first: $first) {
      totalCount
      nodes {
        name
        displayName
        parameters
        releaseDate
      }
    }
    tasks(where: $tasks, first: $first) {
      totalCount
      nodes {
        name
        displayName
        type
        modelCount
      }
    }
  }
`);

const MODELS = graphql(`
  query FindModels($where: ModelWhere!, $first: Int!) {
    models(where: $where, first: $first) {
      nodes {
        name
        parameters
      }
    }
  }
`);

const BOARDS = graphql(`
  query FindBoards($where: BenchmarkWhere!, $first: Int!) {
    benchmarks(where: $where, first: $first) {
      nodes {
        name
        taskCount
      }
    }
  }
`);

// The text as typed, and with its separators as names have them: "qwen3 embedding" finds Qwen3-Embedding.
export function spellings(text: string): string[] {
  return [...new Set([text, text.replace(/[\s_-]+/g, '-'), text.replace(/[\s_-]+/g, '_')])];
}

export const named = (text: string) => ({ or: spellings(text).map((contains) => ({ name: { contains } })) });

export function findVariables(text: string, first: number) {
  const where = named(text);
  return { boards: where, models: where, tasks: where, first };
}

export async function findAll(text: string, signal: AbortSignal): Promise<Option[]> {
  const { data } = await ask(FIND, findVariables(text, OFFERED), signal);
  return [
    ...data.benchmarks.nodes.map(({ name, displayName }) => ({
      key: `board ${name}`,
      text: titled(name, displayName),
      group: 'board',
    })),
    ...data.models.nodes.map(({ name, parameters }) => ({
      key: `model ${name}`,
      text: name,
      group: 'model',
      ...sized(parameters),
    })),
    ...data.tasks.nodes.map(({ name, type }) => ({
      key: `task ${name}`,
      text: name,
      group: 'task',
      ...(type ? { note: type } : {}),
    })),
  ];
}

export async function findModels(text: string, signal: AbortSignal): Promise<Option[]> {
  const { data } = await ask(MODELS, { where: named(text), first: 12 }, signal);
  return data.models.nodes.map(({ name, parameters }) => ({ key: name, text: name, ...sized(parameters) }));
}

export async function findBoards(text: string, signal: AbortSignal): Promise<Option[]> {
  const { data } = await ask(BOARDS, { where: named(text), first: 12 }, signal);
  return data.benchmarks.nodes.map(({ name, taskCount }) => ({ key: name, text: name, note: counted(taskCount, 'task') }));
}

const sized = (parameters: number | null) => (parameters === null ? {} : { note: size(parameters) });

// Both names of a thing where they differ.
export function titled(name: string, displayName: string): string {
  return displayName && displayName !== name ? `${displayName} (${name})` : name;
}

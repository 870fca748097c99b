// From the state of the view to what the server is asked: what decides the ranking, and what only chooses rows.
import type { Asking } from './documents.ts';
import { parameters, type State } from './state.ts';

type ModelWhere = NonNullable<Asking['models']>;
type TaskWhere = NonNullable<Asking['tasks']>;

export function ranking(state: State): Asking {
  const models = modelWhere(state);
  const weights = [...state.weights].map(([task, weight]) => ({ task, weight }));
  return {
    board: state.board,
    ...(state.method && state.method !== 'WEIGHTED' && { method: state.method }),
    ...(isWeighted(state) && { weights }),
    ...(state.asOf && { asOf: state.asOf }),
    ...(state.modelsAnew && models && { models }),
    ...(state.zeroShot !== null && { zeroShot: state.zeroShot === 'unknown' ? { isNull: true } : { gte: state.zeroShot } }),
    ...tasksOf(state),
    ...(state.common && { common: true }),
    ...(state.languages.length > 0 && { languages: state.languages }),
  };
}

// The condition on the rows that are shown; null: all are.
export function shown(state: State): ModelWhere | null {
  return state.modelsAnew ? null : modelWhere(state);
}

export function isWeighted(state: State): boolean {
  return state.method === 'WEIGHTED' && [...state.weights.values()].some((weight) => weight > 0);
}

// Whether the board is ranked otherwise than it is by itself, time apart.
export function isAnew(state: State): boolean {
  const { board: _board, asOf: _asOf, ...others } = ranking(state);
  return Object.keys(others).length > 0;
}

export function modelWhere(state: State): ModelWhere | null {
  const where: ModelWhere = {
    ...(state.text && { name: { contains: state.text } }),
    ...((state.size.from || state.size.to) && {
      parameters: {
        ...(state.size.from && { gte: parameters(state.size.from) }),
        ...(state.size.to && { lt: parameters(state.size.to) }),
      },
    }),
    ...((state.released.from || state.released.to) && {
      releaseDate: {
        ...(state.released.from && { gte: state.released.from }),
        ...(state.released.to && { lte: state.released.to }),
      },
    }),
    ...(state.licenses.length > 0 && { license: { in: state.licenses } }),
    ...(state.openWeights !== null && { openWeights: state.openWeights }),
    ...(state.openness !== null && { openness: { score: { gte: state.openness } } }),
    ...(state.types.length > 0 && { modelTypes: { containsAny: state.types } }),
    ...(state.modalities.length > 0 && { modalities: { containsAll: state.modalities } }),
    ...(state.speaks.length > 0 && { languages: { containsAll: state.speaks } }),
  };
  return Object.keys(where).length > 0 ? where : null;
}

// Whether a task is among those that are picked.
export function isPicked(state: State, task: { name: string; type: string | null; domains: string[] }): boolean {
  return (
    (state.tasks.length === 0 || state.tasks.includes(task.name)) &&
    (state.taskTypes.length === 0 || (task.type !== null && state.taskTypes.includes(task.type))) &&
    (state.domains.length === 0 || task.domains.some((domain) => state.domains.includes(domain)))
  );
}

export function picksTasks(state: State): boolean {
  return state.tasks.length + state.taskTypes.length + state.domains.length > 0;
}

function tasksOf(state: State): { tasks?: TaskWhere } {
  if (!state.tasksAnew || !picksTasks(state)) return {};
  const tasks: TaskWhere = {
    ...(state.tasks.length > 0 && { name: { in: state.tasks } }),
    ...(state.taskTypes.length > 0 && { type: { in: state.taskTypes } }),
    ...(state.domains.length > 0 && { domains: { containsAny: state.domains } }),
  };
  return { tasks };
}

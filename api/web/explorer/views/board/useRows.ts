// The rows of a board that are shown, with what is asked for after the board itself is in sight.
import { useMemo } from 'preact/hooks';
import { useAnswer } from '../../graphql/useAnswer.ts';
import { ranking, shown } from './asking.ts';
import { keyOf, type Row } from './columns.ts';
import { ChosenDocument, IntervalsDocument, type Benchmark } from './documents.ts';
import { VerifiedDocument } from './parts.ts';
import type { State } from './state.ts';

// The one source that vouches for scores.
export const VOUCHING = 'hub';

export function useRows(board: Benchmark, state: State, every: readonly Row[], withIntervals: boolean): readonly Row[] {
  const chosen = useChosen(state);
  const intervals = useIntervals(state, withIntervals);
  const verified = useVerified(board, state);
  return useMemo(() => {
    const some = chosen ? every.filter(({ key }) => chosen.has(key)) : every;
    if (!intervals && !verified) return some;
    return some.map((row) => ({
      ...row,
      interval: intervals ? (intervals.get(row.key) ?? null) : undefined,
      verified: verified?.get(row.key) ?? null,
    }));
  }, [every, chosen, intervals, verified]);
}

// The keys of the rows that a filter chooses; null: all.
function useChosen(state: State): ReadonlySet<string> | null {
  const where = shown(state);
  const { answer } = useAnswer(ChosenDocument, where && { ...ranking(state), where });
  const nodes = where ? answer?.data.benchmark?.leaderboard?.entries.nodes : undefined;
  return useMemo(() => (nodes ? new Set(nodes.map(keyOf)) : null), [nodes]);
}

function useIntervals(state: State, wanted: boolean): ReadonlyMap<string, Row['interval']> | null {
  const { answer } = useAnswer(IntervalsDocument, wanted ? ranking(state) : null);
  const nodes = wanted ? answer?.data.benchmark?.leaderboard?.entries.nodes : undefined;
  return useMemo(() => (nodes ? new Map(nodes.map((node) => [keyOf(node), node.rankInterval])) : null), [nodes]);
}

// Whether the source vouches for all scores of an entry; null: it does not say of one of them.
function useVerified(board: Benchmark, state: State): ReadonlyMap<string, boolean | null> | null {
  const wanted = board.source === VOUCHING;
  const { answer } = useAnswer(VerifiedDocument, wanted ? { board: state.board, ...(state.asOf && { asOf: state.asOf }) } : null);
  const nodes = wanted ? answer?.data.benchmark?.leaderboard?.entries.nodes : undefined;
  return useMemo(() => {
    if (!nodes) return null;
    const said = (node: (typeof nodes)[number]) =>
      node.taskScores.flatMap(({ cells }) => cells.map(({ score }) => score.verified));
    return new Map(nodes.map((node) => [keyOf(node), together(said(node))]));
  }, [nodes]);
}

function together(said: readonly (boolean | null)[]): boolean | null {
  if (said.length === 0 || said.includes(null)) return null;
  return said.every((each) => each);
}

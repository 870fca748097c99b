// The parts of a board's view, and the one that is chosen.
import { kept, type Change } from '../../address/address.ts';
import { useAnswer } from '../../graphql/useAnswer.ts';
import { Link } from '../../parts/Link.tsx';
import { Capabilities } from './Capabilities.tsx';
import { Changes } from './Changes.tsx';
import { Conflicts } from './Conflicts.tsx';
import type { Benchmark } from './documents.ts';
import { LabelsDocument } from './parts.ts';
import { Languages } from './Languages.tsx';
import { Standings } from './Standings.tsx';
import type { State, Tab } from './state.ts';
import { Time } from './Time.tsx';

export interface Part {
  board: Benchmark;
  snapshot: string;
  state: State;
  change: (change: Change, how?: 'push' | 'replace') => void;
}

const NAMES: Record<Tab, string> = {
  table: 'Table',
  scatter: 'Scatter',
  capabilities: 'Capabilities',
  languages: 'Languages',
  changes: 'Changes',
  conflicts: 'Conflicts',
};
const SHOWN = {
  table: Standings,
  scatter: Standings,
  capabilities: Capabilities,
  languages: Languages,
  changes: Changes,
  conflicts: Conflicts,
};
// The one source whose tasks carry labels.
const LABELLED = 'easi';

export function Shown(part: Part) {
  const { board, state, change } = part;
  const tabs = useTabs(board, state);
  const tab = tabs.includes(state.tab) ? state.tab : 'table';
  const Chosen = SHOWN[tab];
  return (
    <>
      <nav class="tabs" aria-label="Parts of the board">
        {tabs.map((each) => (
          <Link
            key={each}
            to={kept({ tab: each === 'table' ? null : each, sort: null })}
            {...(each === tab && { 'aria-current': 'page' as const })}
          >
            {NAMES[each]}
          </Link>
        ))}
      </nav>
      {tab !== 'conflicts' && tab !== 'changes' && <Time board={board} state={state} change={change} />}
      <Chosen {...part} state={{ ...state, tab }} />
    </>
  );
}

// Only parts that have something to show.
function useTabs(board: Benchmark, state: State): Tab[] {
  const { answer } = useAnswer(
    LabelsDocument,
    board.source === LABELLED ? { board: state.board, ...(state.asOf && { asOf: state.asOf }) } : null,
  );
  const labels = answer?.data.benchmark?.leaderboard?.capabilities.length ?? 0;
  return [
    'table',
    'scatter',
    ...(labels > 0 || state.tab === 'capabilities' ? ['capabilities' as const] : []),
    ...(board.languages.length > 1 ? ['languages' as const] : []),
    ...(board.versions.nodes.length > 1 ? ['changes' as const] : []),
    'conflicts',
  ];
}

// The page: what is the same on every view, and the view that the address names.
import { useEffect, useRef } from 'preact/hooks';
import { useAddress, viewOf, type View } from './address/address.ts';
import { Foot } from './Foot.tsx';
import { Guard } from './parts/Guard.tsx';
import { Link } from './parts/Link.tsx';
import { Search } from './search/Search.tsx';
import { Board } from './views/board/Board.tsx';
import { Boards } from './views/boards/Boards.tsx';
import { Compare } from './views/compare/Compare.tsx';
import { Conflicts } from './views/conflicts/Conflicts.tsx';
import { Model } from './views/model/Model.tsx';
import { Task } from './views/task/Task.tsx';

const SHOWN = { board: Board, boards: Boards, compare: Compare, conflicts: Conflicts, model: Model, task: Task };

// Views of one thing are another view for another thing; the others stay the same whatever they show.
const OF_ONE: readonly View[] = ['board', 'model', 'task'];

export function Page() {
  const [params] = useAddress();
  const view = viewOf(params);
  const thing = OF_ONE.includes(view) ? (params.get(view) ?? '') : '';
  const title = titleOf(view, thing, params.get('q'));
  const Shown = SHOWN[view];
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <Top view={view} />
      <Main name={`${view}:${thing}`}>
        <Guard key={`${view}:${thing}`}>
          <Shown />
        </Guard>
      </Main>
      <Foot />
    </>
  );
}

function Top({ view }: { view: View }) {
  const current = (of: View) => (view === of ? { 'aria-current': 'page' as const } : {});
  return (
    <header class="top">
      <p class="brand">
        <Link to={{}}>Standings</Link>
      </p>
      <nav aria-label="Views">
        <Link to={{}} {...current('boards')}>
          Boards
        </Link>
        <Link to={{ compare: '' }} {...current('compare')}>
          Compare
        </Link>
        <Link to={{ conflicts: '' }} {...current('conflicts')}>
          Conflicts
        </Link>
      </nav>
      {view !== 'boards' && <Search />}
    </header>
  );
}

// Moves the focus to a view that replaces another one, so that a screen reader begins there.
function Main({ name, children }: { name: string; children: preact.ComponentChildren }) {
  const main = useRef<HTMLElement>(null);
  const before = useRef(name);
  useEffect(() => {
    if (before.current !== name) main.current?.focus({ preventScroll: true });
    before.current = name;
  }, [name]);
  return (
    <main id="main" tabIndex={-1} ref={main}>
      {children}
    </main>
  );
}

function titleOf(view: View, thing: string, searched: string | null): string {
  if (view === 'boards') return searched ? `${searched}: search in Standings` : 'Standings: which model is best at what';
  const named = { board: thing, model: thing, task: thing, compare: 'Compare models', conflicts: 'Where sources disagree' }[view];
  return `${named} · Standings`;
}

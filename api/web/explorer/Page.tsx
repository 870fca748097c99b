// The page: what is the same on every view, and the view that the address names.
import { useEffect, useRef } from 'preact/hooks';
import { useAddress, viewOf, type View } from './address/address.ts';
import { Link } from './parts/Link.tsx';
import { Board } from './views/board/Board.tsx';
import { Boards } from './views/boards/Boards.tsx';
import { Compare } from './views/compare/Compare.tsx';
import { Conflicts } from './views/conflicts/Conflicts.tsx';
import { Model } from './views/model/Model.tsx';
import { Task } from './views/task/Task.tsx';

const SHOWN = { board: Board, boards: Boards, compare: Compare, conflicts: Conflicts, model: Model, task: Task };

export function Page() {
  const [params] = useAddress();
  const view = viewOf(params);
  const key = `${view}:${params.get(view) ?? ''}`;
  const Shown = SHOWN[view];
  return (
    <>
      <a class="skip" href="#main">Skip to the content</a>
      <Top view={view} />
      <Main name={key}><Shown key={key} /></Main>
      <footer class="foot">
        <a href="/graphql">GraphQL</a> <a href="/submit">Submit results</a> <a href="/warehouse/latest.duckdb">DuckDB file</a>
      </footer>
    </>
  );
}

function Top({ view }: { view: View }) {
  const current = (of: View) => (view === of ? { 'aria-current': 'page' as const } : {});
  return (
    <header class="top">
      <p class="brand"><Link to={{}}>Standings</Link></p>
      <nav aria-label="Views">
        <Link to={{}} {...current('boards')}>Boards</Link>
        <Link to={{ compare: '' }} {...current('compare')}>Compare</Link>
        <Link to={{ conflicts: '' }} {...current('conflicts')}>Conflicts</Link>
      </nav>
    </header>
  );
}

// Moves the focus to a view that replaces another one, so that a screen reader begins there.
function Main({ name, children }: { name: string; children: preact.ComponentChildren }) {
  const main = useRef<HTMLElement>(null);
  const before = useRef(name);
  useEffect(() => {
    if (before.current !== name) main.current?.focus();
    before.current = name;
  }, [name]);
  return <main id="main" tabIndex={-1} ref={main}>{children}</main>;
}

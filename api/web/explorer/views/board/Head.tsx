// What a board is: its name, what it measures, and of when the numbers are.
import { Link } from '../../parts/Link.tsx';
import { day } from '../../parts/numbers.ts';
import { counted, methodOf, plain, sourceOf, unitOf } from '../../parts/words.ts';
import type { Benchmark } from './documents.ts';

export function Head({ board, snapshot }: { board: Benchmark; snapshot: string }) {
  const ranked = board.leaderboard;
  const facts = [
    `${counted(ranked?.totalModels ?? 0, 'entry', 'entries')} ranked by ${ranked ? methodOf(ranked.method) : 'nothing'}`,
    counted(ranked?.tasks.length ?? 0, 'task'),
    board.unit && `values in ${unitOf(board.unit)}`,
  ].filter(Boolean);
  return (
    <header class="board-head">
      <h1>{board.displayName}</h1>
      {board.description && <p class="lead">{plain(board.description)}</p>}
      <p class="about-board">
        {facts.join(' · ')} · from {sourceOf(board.source)}
        {ranked?.version && (
          <>
            {' '}
            as of <time dateTime={ranked.version.at}>{day(ranked.version.at)}</time>
          </>
        )}
        {' · '}
        <span class="snapshot">snapshot {snapshot}</span>
        {board.url && /^https?:/.test(board.url) && (
          <>
            {' '}
            ·{' '}
            <a href={board.url} rel="external">
              Its own page
            </a>
          </>
        )}
      </p>
      {board.supersededBy.length > 0 && (
        <p class="notice">
          Replaced by{' '}
          {board.supersededBy.map((name, place) => (
            <>
              {place > 0 && ', '}
              <Link key={name} to={{ board: name }}>
                {name}
              </Link>
            </>
          ))}
          .
        </p>
      )}
    </header>
  );
}

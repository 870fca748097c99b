// Cards of a few boards with who leads them, over all sizes and of each size.
import { useAnswer } from '../../graphql/useAnswer.ts';
import { Link } from '../../parts/Link.tsx';
import { counted, methodOf, size, standing, NONE } from '../../parts/words.ts';
import { LEADERS, type Leader, type Leading } from './documents.ts';

// Boards that many people look for; where a server has fewer than three of them, its largest ones stand beside them.
const PINNED = [
  'MTEB(Multilingual, v2)',
  'EASI-8',
  'MTEB(eng, v2)',
  'MTEB(Code, v1)',
  'ViDoRe(v3)',
  'cais/hle',
  'SampleMTEB(v2)',
];
const FEWEST = 3;

export function Leaders() {
  const { answer, error } = useAnswer(LEADERS, { boards: PINNED });
  const boards = answer ? pick(answer.data.pinned.nodes, answer.data.largest.nodes) : null;
  return (
    <section class="section" aria-labelledby="leaders">
      <h2 id="leaders">Who leads</h2>
      {error && (
        <p class="problem" role="alert">
          {error}
        </p>
      )}
      <ul class="cards" aria-busy={!answer && !error}>
        {boards?.map((board) => (
          <Card key={board.name} board={board} />
        ))}
        {!boards && !error && Array.from({ length: FEWEST }, (_, place) => <li key={place} class="card empty" />)}
      </ul>
    </section>
  );
}

function pick(pinned: readonly Leading[], largest: readonly Leading[]): Leading[] {
  const order = (board: Leading) => PINNED.indexOf(board.name);
  const found = [...pinned].sort((a, b) => order(a) - order(b));
  const others = largest.filter(({ name }) => !found.some((board) => board.name === name));
  return [...found, ...others.slice(0, Math.max(0, FEWEST - found.length))];
}

function Card({ board }: { board: Leading }) {
  const ranked = board.leaderboard;
  if (!ranked) return null;
  const rows: [string, Leader | undefined][] = [
    ['Any size', ranked.all.nodes[0]],
    ['Under 1B', ranked.small.nodes[0]],
    ['1B to 5B', ranked.medium.nodes[0]],
    ['Over 5B', ranked.large.nodes[0]],
    ['Unknown', ranked.unknown.nodes[0]],
  ];
  return (
    <li class="card">
      <h3>
        <Link to={{ board: board.name }}>{board.displayName}</Link>
      </h3>
      <p class="hint" title={`Ranked by ${methodOf(ranked.method)}`}>
        {board.displayName !== board.name && <>{board.name} · </>}
        {counted(board.taskCount, 'task')} · {counted(ranked.totalModels, 'model')}
      </p>
      <table>
        <caption class="unseen">Leaders of {board.displayName} by size</caption>
        <colgroup>
          <col class="of" />
          <col class="rank" />
          <col />
          <col class="value" />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Size</th>
            <th scope="col" class="number">
              #
            </th>
            <th scope="col">Model</th>
            <th scope="col" class="number">
              {short(ranked.method)}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, leader]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="number">{leader?.rank ?? NONE}</td>
              <td class="who">
                {leader ? (
                  <Link to={{ model: leader.model.name }} title={named(leader)}>
                    {leader.model.displayName}
                  </Link>
                ) : (
                  'none'
                )}
              </td>
              <td class="number">{leader ? standing(leader.value, ranked.method, board.unit) : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </li>
  );
}

const named = ({ model }: Leader) => `${model.name}, ${model.parameters === null ? 'size unknown' : size(model.parameters)}`;
const short = (method: string) => ({ BORDA: 'Points', WIN_RATE: 'Wins' })[method] ?? 'Mean';

// One task: what it is, the boards that hold it, and how models do on its subsets and splits.
import { useAddress } from '../../address/address.ts';
import { useAnswer } from '../../graphql/useAnswer.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Link } from '../../parts/Link.tsx';
import { Unknown } from '../../parts/Unknown.tsx';
import { webOnly } from '../../parts/web.ts';
import { plain, sourceOf } from '../../parts/words.ts';
import { TASK, type TaskFacts } from './documents.ts';
import { Facts } from './Facts.tsx';
import { Ranking } from './Ranking.tsx';
import { Statistics } from './Statistics.tsx';
import { Subsets } from './Subsets.tsx';
import './task.css';

export function Task() {
  const [params] = useAddress();
  const name = params.get('task') ?? '';
  const asked = useAnswer(TASK, { task: name });
  return (
    <Answered asked={asked}>
      {({ task, warehouse }) => {
        if (!task) return <Unknown kind="task" name={name} />;
        const versions = warehouse.sources
          .filter((source) => task.sources.includes(source.name))
          .flatMap((source) => source.versions.nodes);
        return <Shown task={task} versions={versions} />;
      }}
    </Answered>
  );
}

function Shown({ task, versions }: { task: TaskFacts; versions: { label: string; at: string }[] }) {
  const page = webOnly(task.url);
  return (
    <>
      <h1>{task.displayName}</h1>
      <p class="under">
        {task.displayName !== task.name && <code>{task.name}</code>}
        <span>scored by {task.sources.map(sourceOf).join(', ')}</span>
        {page && (
          <a href={page} rel="noreferrer">
            Its page
          </a>
        )}
      </p>
      {task.description && <p class="lead">{plain(task.description)}</p>}
      <Facts task={task} />
      <Boards boards={task.benchmarks} />
      <Ranking task={task} versions={versions} />
      <Subsets subsets={task.subsets} />
      <Statistics statistics={task.descriptiveStatistics} />
    </>
  );
}

// Links of Markdown as their text.

function Boards({ boards }: { boards: TaskFacts['benchmarks'] }) {
  return (
    <section class="section" aria-labelledby="boards">
      <h2 id="boards">Boards that hold it</h2>
      {boards.length === 0 && <p class="none">No board holds it.</p>}
      <ul class="tags">
        {boards.map((board) => (
          <li key={board.name}>
            <Link to={{ board: board.name }}>{board.name}</Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

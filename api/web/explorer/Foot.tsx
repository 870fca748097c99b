// The foot of the page: which snapshot answers, and the other ways to the same data.
import { graphql } from './graphql/graphql.ts';
import { useAnswer } from './graphql/useAnswer.ts';
import { time } from './parts/words.ts';

const SNAPSHOT = graphql(`
  query Snapshot {
    warehouse {
      snapshot
      builtAt
    }
  }
`);

export function Foot() {
  const { answer } = useAnswer(SNAPSHOT, {});
  const warehouse = answer?.data.warehouse;
  return (
    <footer class="foot">
      <p>
        {warehouse ? (
          <>
            Snapshot <code>{warehouse.snapshot}</code>, built <time dateTime={warehouse.builtAt}>{time(warehouse.builtAt)}</time>
          </>
        ) : (
          'Standings'
        )}
      </p>
      <nav aria-label="Other ways to the data">
        {warehouse && (
          <a href={`/warehouse/${warehouse.snapshot}.duckdb`} download>
            DuckDB file
          </a>
        )}
        <a href="/graphql">GraphQL</a>
        <a href="/submit">Submit results</a>
      </nav>
    </footer>
  );
}

// What stands in the place of a thing whose name nobody knows.
import { Link } from './Link.tsx';

export function Unknown({ kind, name }: { kind: string; name: string }) {
  return (
    <>
      <h1>No such {kind}</h1>
      <p class="none" role="status">
        {name ? (
          <>
            There is no {kind} “{name}” in this snapshot, and none has it as another name.
          </>
        ) : (
          <>The address names no {kind}.</>
        )}{' '}
        <Link to={name ? { q: name.split('/').at(-1) ?? name } : {}}>Search for it</Link>
      </p>
    </>
  );
}

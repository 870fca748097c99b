// Where a score was found: the source in sight, the rest unfolded on demand.
import { webOnly } from './web.ts';
import { date, sourceOf, yesNo } from './words.ts';

export interface Found {
  name: string | null;
  path: string | null;
  url: string | null;
  revision: string | null;
  evaluatedAt: string | null;
  tool: string | null;
  submittedBy: string | null;
  pullRequest: number | null;
  notes: string | null;
}

interface Props {
  source: string;
  found: Found;
  score: Said;
  since?: { label: string; at: string };
}

// What the source says of the score beside its value.
interface Said {
  modelRevision: string | null;
  verified?: boolean | null;
  sourceRank?: number | null;
  derivedFrom?: string | null;
}

export function Provenance({ source, found, score, since }: Props) {
  const facts: [string, string | null][] = [
    ['From', found.name],
    ['File', found.path],
    ['File’s revision', found.revision],
    ['Model’s revision', score.modelRevision],
    ['Verified by the source', yesNo(score.verified ?? null).replace('unknown', '')],
    ['Rank at the source', score.sourceRank ? String(score.sourceRank) : null],
    ['Repeats evidence of', score.derivedFrom ? sourceOf(score.derivedFrom) : null],
    ['Evaluated', found.evaluatedAt && date(found.evaluatedAt)],
    ['Tool', found.tool],
    ['Submitted by', found.submittedBy],
    ['Open pull request', found.pullRequest === null ? null : String(found.pullRequest)],
    ['Notes', found.notes],
    ['First in version', since ? `${since.label} of ${date(since.at)}` : null],
  ];
  const page = webOnly(found.url);
  return (
    <details class="provenance">
      <summary>{sourceOf(source)}</summary>
      <dl>
        {facts
          .filter(([, fact]) => fact)
          .map(([name, fact]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{fact}</dd>
            </div>
          ))}
        {page && (
          <div>
            <dt>Evidence</dt>
            <dd>
              <a href={page} rel="noreferrer">
                {page}
              </a>
            </dd>
          </div>
        )}
      </dl>
    </details>
  );
}

// What the view of conflicts asks the server.
import { graphql, type ResultOf } from '../../graphql/graphql.ts';

export const CONFLICTS = graphql(`
  query Conflicts($where: ScoreWhere, $minSpread: Float, $first: Int!, $after: String) {
    warehouse {
      sources {
        name
      }
    }
    conflicts(where: $where, minSpread: $minSpread, first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        split
        subset
        metric
        variant
        spread
        unit
        model {
          name
          displayName
        }
        task {
          name
          displayName
        }
        scores {
          id
          source
          value
          verified
          sourceRank
          modelRevision
          derivedFrom
          provenance {
            name
            path
            url
            revision
            evaluatedAt
            tool
            submittedBy
            pullRequest
            notes
          }
        }
      }
    }
  }
`);

export type Conflict = ResultOf<typeof CONFLICTS>['conflicts']['nodes'][number];
export type Score = Conflict['scores'][number];

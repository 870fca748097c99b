// What the view of a task asks the server.
import { graphql, type ResultOf } from '../../graphql/graphql.ts';

export const TASK = graphql(`
  query Task($task: String!) {
    warehouse {
      sources {
        name
        versions(last: 200) {
          nodes {
            label
            at
          }
        }
      }
    }
    task(name: $task) {
      name
      displayName
      description
      url
      citation
      sources
      type
      languages
      domains
      modalities
      metric
      unit
      lowerIsBetter
      dataset
      license
      isPublic
      dateFrom
      dateTo
      annotationsCreators
      sampleCreation
      modelCount
      descriptiveStatistics
      subsets {
        name
        languages
        capabilities {
          label
          name
        }
      }
      benchmarks {
        name
        displayName
        inMenu
        source
      }
    }
  }
`);

export const RANKING = graphql(`
  query TaskRanking($task: String!, $subsets: [String!], $splits: [String!], $asOf: DateTime, $cells: Boolean!) {
    task(name: $task) {
      leaderboard(subsets: $subsets, splits: $splits, asOf: $asOf) {
        version {
          label
          at
          source
        }
        subsets
        splits
        sql
        sqlParameters
        entries(first: 5000) {
          totalCount
          nodes {
            rank
            variant
            value
            scored
            expected
            trainedOn
            model {
              name
              displayName
              organization
            }
            cells @include(if: $cells) {
              subset
              split
              value
            }
          }
        }
      }
    }
  }
`);

export type TaskFacts = NonNullable<ResultOf<typeof TASK>['task']>;
export type Ranked = NonNullable<NonNullable<ResultOf<typeof RANKING>['task']>['leaderboard']>;
export type Entry = Ranked['entries']['nodes'][number];

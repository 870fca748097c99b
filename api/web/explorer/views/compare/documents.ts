// What the view that compares models asks the server.
import { graphql, type ResultOf } from '../../graphql/graphql.ts';

// Who is compared, and the boards they are on.
export const MODELS = graphql(`
  query Compared($models: [String!]!) {
    models(where: { name: { in: $models } }, first: 10) {
      nodes {
        name
        displayName
        organization
        parameters
        license
        openWeights
        releaseDate
        standings {
          totalModels
          benchmark {
            name
            displayName
            taskCount
            source
          }
          entry {
            rank
            coverage {
              scored
              expected
            }
          }
        }
      }
    }
  }
`);

// Each board as it is with the models' entries, and as it were of these models on the tasks that all of them have.
export const BOARDS = graphql(`
  query ComparedOn($models: [String!]!, $boards: [String!]!) {
    benchmarks(where: { name: { in: $boards } }) {
      nodes {
        name
        displayName
        unit
        defaultMethod
        leaderboard {
          totalModels
          taskTypes
          tasks {
            name
            displayName
            type
            unit
            lowerIsBetter
          }
          capabilities {
            label
            name
          }
          entries(where: { name: { in: $models } }) {
            nodes {
              rank
              variant
              value
              meanTask
              trainedOnTasks
              taskValues
              coverage {
                scored
                expected
              }
              taskTypeScores {
                taskType
                value
              }
              capabilityScores {
                value
                scored
                expected
                capability {
                  label
                }
              }
              model {
                name
              }
            }
          }
        }
        common: leaderboard(models: { name: { in: $models } }, commonTasksOnly: true) {
          tasks {
            name
          }
          entries {
            nodes {
              rank
              variant
              value
              meanTask
              model {
                name
              }
            }
          }
        }
      }
    }
  }
`);

export type Compared = ResultOf<typeof MODELS>['models']['nodes'][number];
export type Board = ResultOf<typeof BOARDS>['benchmarks']['nodes'][number];
export type Ranked = NonNullable<Board['leaderboard']>;
export type Entry = Ranked['entries']['nodes'][number];
export type Common = NonNullable<Board['common']>;

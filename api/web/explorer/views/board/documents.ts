// What the view of a board asks the server.
import { graphql, type ResultOf, type VariablesOf } from '../../graphql/graphql.ts';

export const BoardDocument = graphql(`
  query Board(
    $board: String!
    $method: RankingMethod
    $weights: [TaskWeight!]
    $asOf: DateTime
    $models: ModelWhere
    $zeroShot: IntWhere
    $tasks: TaskWhere
    $common: Boolean! = false
    $languages: [String!]
    $where: ModelWhere
    $orderBy: LeaderboardOrder
  ) {
    benchmark(name: $board) {
      name
      displayName
      description
      url
      source
      unit
      languages
      languageView
      modelCount
      taskCount
      defaultMethod
      aggregations
      showZeroShot
      supersededBy
      versions(last: 1000) {
        nodes {
          id
          label
          at
        }
      }
      tasks {
        task {
          name
          displayName
          type
          domains
        }
      }
      leaderboard(
        method: $method
        weights: $weights
        asOf: $asOf
        models: $models
        zeroShotPercent: $zeroShot
        tasks: $tasks
        commonTasksOnly: $common
        languages: $languages
      ) {
        method
        totalModels
        taskTypes
        version {
          id
          label
          at
        }
        tasks {
          name
          displayName
          type
          domains
          unit
          lowerIsBetter
        }
        entries(where: $where, orderBy: $orderBy) {
          totalCount
          nodes {
            rank
            variant
            value
            meanTask
            meanTaskType
            meanPublic
            meanPrivate
            zeroShotPercent
            trainedOnTasks
            coverage {
              scored
              expected
            }
            taskTypeScores {
              taskType
              value
            }
            taskValues
            model {
              name
              displayName
              organization
              parameters
              activeParameters
              embeddingDimension
              maxTokens
              unlimitedTokens
              memoryMb
              license
              openWeights
              instructionTuned
              releaseDate
              modelTypes
              modalities
              openness {
                score
              }
            }
          }
        }
      }
    }
  }
`);

// Which entries a condition on models chooses: no more than their names, so that a filter answers at once.
export const ChosenDocument = graphql(`
  query Chosen(
    $board: String!
    $method: RankingMethod
    $weights: [TaskWeight!]
    $asOf: DateTime
    $models: ModelWhere
    $zeroShot: IntWhere
    $tasks: TaskWhere
    $common: Boolean! = false
    $languages: [String!]
    $where: ModelWhere
  ) {
    benchmark(name: $board) {
      leaderboard(
        method: $method
        weights: $weights
        asOf: $asOf
        models: $models
        zeroShotPercent: $zeroShot
        tasks: $tasks
        commonTasksOnly: $common
        languages: $languages
      ) {
        entries(where: $where) {
          nodes {
            variant
            model {
              name
            }
          }
        }
      }
    }
  }
`);

export const IntervalsDocument = graphql(`
  query RankIntervals(
    $board: String!
    $method: RankingMethod
    $weights: [TaskWeight!]
    $asOf: DateTime
    $models: ModelWhere
    $zeroShot: IntWhere
    $tasks: TaskWhere
    $common: Boolean! = false
    $languages: [String!]
  ) {
    benchmark(name: $board) {
      leaderboard(
        method: $method
        weights: $weights
        asOf: $asOf
        models: $models
        zeroShotPercent: $zeroShot
        tasks: $tasks
        commonTasksOnly: $common
        languages: $languages
      ) {
        entries {
          nodes {
            variant
            model {
              name
            }
            rankInterval {
              low
              high
            }
          }
        }
      }
    }
  }
`);

export const StatementDocument = graphql(`
  query Statement(
    $board: String!
    $method: RankingMethod
    $weights: [TaskWeight!]
    $asOf: DateTime
    $models: ModelWhere
    $zeroShot: IntWhere
    $tasks: TaskWhere
    $common: Boolean! = false
    $languages: [String!]
  ) {
    benchmark(name: $board) {
      leaderboard(
        method: $method
        weights: $weights
        asOf: $asOf
        models: $models
        zeroShotPercent: $zeroShot
        tasks: $tasks
        commonTasksOnly: $common
        languages: $languages
      ) {
        sql
        sqlParameters
      }
    }
  }
`);

export type Asking = VariablesOf<typeof BoardDocument>;
export type Benchmark = NonNullable<ResultOf<typeof BoardDocument>['benchmark']>;
export type Leaderboard = NonNullable<Benchmark['leaderboard']>;
export type Entry = Leaderboard['entries']['nodes'][number];
export type RankedTask = Leaderboard['tasks'][number];
export type Version = Benchmark['versions']['nodes'][number];

// What the view of a model asks the server.
import { graphql, type ResultOf } from '../../graphql/graphql.ts';

export const MODEL = graphql(`
  query Model($model: String!) {
    model(name: $model) {
      name
      displayName
      organization
      url
      license
      openWeights
      modelTypes
      modalities
      languages
      frameworks
      instructionTuned
      parameters
      activeParameters
      embeddingDimension
      maxTokens
      unlimitedTokens
      memoryMb
      trainingCode
      trainingData
      releaseDate
      adaptedFrom
      supersededBy
      aliases {
        source
        name
        match
      }
      openness {
        score
        openWeights
        openLicense
        openTrainingCode
        openTrainingData
        paper
        modelCard
      }
      trainingDatasets {
        name
        task {
          name
        }
      }
      standings {
        totalModels
        benchmark {
          name
          displayName
          source
          unit
          defaultMethod
        }
        entry {
          rank
          variant
          value
          meanTask
          zeroShotPercent
          coverage {
            scored
            expected
          }
        }
      }
    }
  }
`);

export const HISTORY = graphql(`
  query ModelHistory($model: String!, $board: String!) {
    model(name: $model) {
      history(benchmark: $board) {
        rank
        value
        variant
        version {
          label
          at
        }
      }
    }
  }
`);

export const PROFILE = graphql(`
  query ModelProfile($model: String!, $source: String!) {
    model(name: $model) {
      standings(where: { source: { eq: $source } }) {
        benchmark {
          name
          displayName
          unit
        }
        entry {
          variant
          capabilityScores {
            value
            scored
            expected
            capability {
              label
              name
            }
          }
        }
      }
    }
  }
`);

export const SCORES = graphql(`
  query ModelScores($model: String!, $where: ScoreWhere, $first: Int!, $after: String, $orderBy: [ScoreOrder!]) {
    model(name: $model) {
      scores(where: $where, first: $first, after: $after, orderBy: $orderBy) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          id
          split
          subset
          metric
          variant
          value
          unit
          source
          sourceRank
          verified
          trainedOn
          modelRevision
          derivedFrom
          task {
            name
            displayName
          }
          validFrom {
            label
            at
          }
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

export const DISAGREEMENTS = graphql(`
  query ModelConflicts($model: String!, $first: Int!) {
    conflicts(where: { model: { name: { eq: $model } } }, first: $first) {
      totalCount
      nodes {
        spread
        unit
        split
        subset
        metric
        variant
        task {
          name
          displayName
        }
        scores {
          source
          value
          modelRevision
        }
      }
    }
  }
`);

export type ModelFacts = NonNullable<ResultOf<typeof MODEL>['model']>;
export type Standing = ModelFacts['standings'][number];
export type HistoryPoint = NonNullable<ResultOf<typeof HISTORY>['model']>['history'][number];
export type ScoreRow = NonNullable<ResultOf<typeof SCORES>['model']>['scores']['nodes'][number];

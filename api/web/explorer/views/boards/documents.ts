// What the view of all boards asks the server.
import { graphql, type ResultOf } from '../../graphql/graphql.ts';

export const CATALOGUE = graphql(`
  query Catalogue {
    warehouse {
      snapshot
      builtAt
      counts {
        models
        benchmarks
        tasks
        scores
        versions
      }
      sources {
        name
        loadedAt
        problemCount
        versions(last: 1) {
          totalCount
          nodes {
            at
          }
        }
      }
    }
    menu {
      name
      description
      benchmarks {
        name
      }
      children {
        name
        benchmarks {
          name
        }
        children {
          name
          benchmarks {
            name
          }
        }
      }
    }
    benchmarks(first: 5000) {
      totalCount
      nodes {
        name
        displayName
        source
        inMenu
        languages
        taskTypes
        modalities
        modelCount
        taskCount
        supersededBy
      }
    }
  }
`);

// The boards of one list with their leaders: over all sizes, and of each size.
export const LEADERS = graphql(`
  query Leaders($boards: [String!]!) {
    pinned: benchmarks(where: { name: { in: $boards } }, first: 6) {
      nodes {
        ...Leading
      }
    }
    largest: benchmarks(orderBy: [{ field: MODEL_COUNT, direction: DESC }], first: 3) {
      nodes {
        ...Leading
      }
    }
  }

  fragment Leading on Benchmark {
    name
    displayName
    unit
    taskCount
    leaderboard {
      method
      totalModels
      all: entries(first: 1) {
        nodes {
          ...Leader
        }
      }
      small: entries(first: 1, where: { parameters: { lt: 1000000000 } }) {
        nodes {
          ...Leader
        }
      }
      medium: entries(first: 1, where: { parameters: { gte: 1000000000, lt: 5000000000 } }) {
        nodes {
          ...Leader
        }
      }
      large: entries(first: 1, where: { parameters: { gte: 5000000000 } }) {
        nodes {
          ...Leader
        }
      }
      unknown: entries(first: 1, where: { parameters: { isNull: true } }) {
        nodes {
          ...Leader
        }
      }
    }
  }

  fragment Leader on LeaderboardEntry {
    rank
    value
    meanTask
    model {
      name
      displayName
      parameters
    }
  }
`);

export type Catalogue = ResultOf<typeof CATALOGUE>;
export type Listed = Catalogue['benchmarks']['nodes'][number];
export type Leading = ResultOf<typeof LEADERS>['pinned']['nodes'][number];
export type Leader = NonNullable<Leading['leaderboard']>['all']['nodes'][number];

// What the panels and the other parts of a board's view ask the server.
import { graphql, type ResultOf } from '../../graphql/graphql.ts';

// Whether the source vouches for each entry's scores.
export const VerifiedDocument = graphql(`
  query Verified($board: String!, $asOf: DateTime) {
    benchmark(name: $board) {
      leaderboard(asOf: $asOf) {
        entries {
          nodes {
            variant
            model {
              name
            }
            taskScores {
              cells {
                score {
                  verified
                }
              }
            }
          }
        }
      }
    }
  }
`);

// What the panels offer to choose from.
export const OffersDocument = graphql(`
  query Offers {
    languages {
      code
      name
    }
  }
`);

export const SpokenDocument = graphql(`
  query Spoken($board: String!) {
    models(where: { benchmark: { eq: $board } }, first: 5000) {
      nodes {
        languages
      }
    }
  }
`);

export const MovesDocument = graphql(`
  query Moves($board: String!, $from: ID!, $to: ID!) {
    benchmark(name: $board) {
      diff(from: $from, to: $to) {
        entered {
          variant
          rank
          model {
            name
            displayName
          }
        }
        left {
          variant
          rank
          model {
            name
            displayName
          }
        }
        moved {
          variant
          fromRank
          toRank
          model {
            name
            displayName
          }
        }
      }
    }
  }
`);

export const ChangesDocument = graphql(`
  query Changes($board: String!, $from: ID!, $to: ID!) {
    benchmark(name: $board) {
      diff(from: $from, to: $to) {
        entered {
          variant
          rank
          value
          model {
            name
            displayName
          }
        }
        left {
          variant
          rank
          value
          model {
            name
            displayName
          }
        }
        moved {
          variant
          fromRank
          toRank
          model {
            name
            displayName
          }
        }
        changed {
          variant
          subset
          split
          from
          to
          model {
            name
            displayName
          }
          task {
            name
            displayName
            unit
          }
        }
      }
    }
  }
`);

export const CapabilitiesDocument = graphql(`
  query Capabilities($board: String!, $asOf: DateTime) {
    benchmark(name: $board) {
      leaderboard(asOf: $asOf) {
        capabilities {
          label
          name
        }
        entries {
          nodes {
            rank
            variant
            model {
              name
              displayName
              organization
            }
            capabilityScores {
              value
              scored
              expected
              capability {
                label
              }
            }
          }
        }
      }
    }
  }
`);

export const LabelsDocument = graphql(`
  query Labels($board: String!, $asOf: DateTime) {
    benchmark(name: $board) {
      leaderboard(asOf: $asOf) {
        capabilities {
          label
        }
      }
    }
  }
`);

export const LanguagesDocument = graphql(`
  query PerLanguage($board: String!, $asOf: DateTime, $languages: [String!]) {
    languages {
      code
      name
    }
    benchmark(name: $board) {
      perLanguage(asOf: $asOf, languages: $languages) {
        languages
        entries {
          model {
            name
            displayName
            organization
          }
          values
        }
      }
    }
  }
`);

export const ConflictsDocument = graphql(`
  query BoardConflicts($board: String!, $first: Int!) {
    conflicts(where: { benchmark: { eq: $board } }, first: $first) {
      totalCount
      nodes {
        split
        subset
        metric
        variant
        unit
        spread
        model {
          name
          displayName
        }
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

export type Moves = NonNullable<NonNullable<ResultOf<typeof MovesDocument>['benchmark']>['diff']>;

// Everything that the page asks.

const SUBMISSION = `
fragment SubmissionParts on Submission {
  id status modelName modelType precision revision weightType baseModel backend remarks
  submittedBy submittedAt reviewedBy reviewedAt reviewNote evidenceSha256 evidenceBytes evidenceUrl
  scores { benchmark variant value subScores { key value } }
}`;

const PAGE = `
fragment PageParts on SubmissionConnection {
  totalCount
  nodes { ...SubmissionParts }
  pageInfo { hasNextPage endCursor }
}${SUBMISSION}`;

export const VIEWER = `
query SubmitViewer {
  viewer { id name avatarUrl isMaintainer submissionLimit { limit remaining windowSeconds resetAt } }
}`;

export const MINE = `
query MySubmissions($first: Int!, $after: String) {
  viewer { id submissions(first: $first, after: $after) { ...PageParts } }
}${PAGE}`;

export const WAITING = `
query WaitingSubmissions($first: Int!, $after: String) {
  submissions(status: PENDING, first: $first, after: $after) { ...PageParts }
}${PAGE}`;

export const PREVIEW = `
query PreviewSubmission($input: SubmissionPreviewInput!) {
  submissionPreview(input: $input) {
    boards { rank totalModels value benchmark { name displayName } }
    problems { path message code blocking }
  }
}`;

export const SUBMIT = `
mutation SubmitEvaluation($input: SubmitEvaluationInput!) {
  submitEvaluation(input: $input) {
    __typename
    ... on Problem { message code }
    ... on SubmissionInvalid { problems { path message code blocking } }
    ... on SubmissionRateLimited { retryAt }
    ... on Submission { ...SubmissionParts warnings { path message code } }
  }
}${SUBMISSION}`;

const RESULT = `
    __typename
    ... on Problem { message code }
    ... on SubmissionInvalid { problems { path message code } }
    ... on Submission { ...SubmissionParts }`;

export const WITHDRAW = `
mutation WithdrawSubmission($id: ID!) {
  withdrawSubmission(id: $id) {${RESULT}
  }
}${SUBMISSION}`;

export const REVIEW = `
mutation ReviewSubmission($id: ID!, $decision: ReviewDecision!, $note: String) {
  reviewSubmission(id: $id, decision: $decision, note: $note) {${RESULT}
  }
}${SUBMISSION}`;

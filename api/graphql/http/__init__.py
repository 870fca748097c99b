"""GraphQL over HTTP, by the specification of that name: docs/http.md says what of it, and what more."""

from api.graphql.http.endpoint import GraphQLEndpoint

__all__ = ["GraphQLEndpoint"]

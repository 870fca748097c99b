"""The GraphQL schema, its execution and its HTTP side."""

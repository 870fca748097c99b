"""What a client or an operator touches: GraphQL, HTTP and the command line."""

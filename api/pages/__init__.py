"""Pages for people, written by hand: they ask the same GraphQL as everyone."""

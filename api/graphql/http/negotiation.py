"""In which media type a GraphQL answer is wanted."""

from functools import lru_cache

from api.negotiation import REMEMBERED, choose

GRAPHQL_JSON = "application/graphql-response+json"
JSON = "application/json"
ANY = (JSON, GRAPHQL_JSON)
SPOKEN = {JSON: (JSON,), GRAPHQL_JSON: (GRAPHQL_JSON,), "application/*": ANY, "*/*": ANY}


@lru_cache(REMEMBERED)
def choose_media_type(accept: str) -> str | None:
    """Of the media types we speak the one that `Accept` prefers; null: it takes none."""
    return choose(accept, SPOKEN)

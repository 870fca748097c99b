"""Entity tags: whether a client has already what it asks for."""


def holds_tag(if_none_match: str, tag: str) -> bool:
    """Whether one of the validators that a client tells is that one; a weak one does."""
    given = [each.strip().removeprefix("W/") for each in if_none_match.split(",")]
    return tag in given or "*" in given

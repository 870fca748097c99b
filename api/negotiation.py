"""What a client prefers of what we have: media types and codings, by the headers it sends."""

from collections.abc import Mapping

REMEMBERED = 256


def choose(accept: str, spoken: Mapping[str, tuple[str, ...]]) -> str | None:
    """Of the media types that are spoken the one that `Accept` prefers; null: it takes none.

    `spoken` has what each range stands for, best first: a type for itself, and more for `*/*` and the like.
    """
    ranges = _qualities(accept.strip() or "*/*")
    refused = {name for name, quality in ranges if quality <= 0}
    for name, quality in sorted(ranges, key=lambda found: -found[1]):
        for each in spoken.get(name, ()):
            if quality > 0 and each not in refused:
                return each
    return None


def choose_coding(accept_encoding: str, known: tuple[str, ...]) -> tuple[str | None, bool]:
    """Of the known codings, best first, the one that `Accept-Encoding` prefers, and whether it takes no other.

    Null: none of them, only the body as it is. Both, null and true: not even that.
    """
    qualities = dict(_qualities(accept_encoding)) if accept_encoding.strip() else {}
    rest = qualities.get("*", 0.0)
    plain = qualities.get("identity", qualities.get("*", 1.0))
    ranked = [(qualities.get(name, rest), -place, name) for place, name in enumerate(known)]
    quality, _, name = max(ranked)
    if quality <= 0:
        return None, plain <= 0
    if "identity" in qualities and plain > quality:
        return None, False
    return name, plain <= 0


def _qualities(header: str) -> list[tuple[str, float]]:
    return [_quality(part) for part in header.split(",")]


def _quality(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return name, float(parameter[2:])
            except ValueError:
                return name, 0.0
    return name, 1.0

"""Whether a browser sends a request from a page of this site."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers

DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def same_origin(headers: Headers, public_host: str | None) -> bool:
    """Whether a page of this site sends it: by `Sec-Fetch-Site`, else by the host of `Origin`.

    No page can choose either. The host must be the one asked, or the public one where a proxy asks by another.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = _host(headers.get("origin", ""))
    ours = {headers.get("host", "").lower(), (public_host or "").lower()} - {""}
    return origin is not None and origin in ours


def _host(origin: str) -> str | None:
    """Host and port of an origin; null: it tells none, as `null`."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not parts.netloc or parts.path or parts.query or parts.fragment:
        return None
    return parts.netloc.lower().removesuffix(DEFAULT_PORTS[parts.scheme])

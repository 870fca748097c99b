"""Who asks the loopback Hub, and what they may see."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.hub.fake import FakeHub
from tests.hub.repos import Repo


class BadToken(Exception):
    """A token that nobody holds."""


def person_of(hub: FakeHub, request: Request) -> dict[str, Any] | None:
    """Whose token the request carries; None without one."""
    sent = request.headers.get("authorization")
    if sent is None:
        return None
    person = hub.people.get(sent.removeprefix("Bearer "))
    if person is None:
        raise BadToken
    return person


def refusal(repo: Repo | None, person: dict[str, Any] | None, *, content: bool) -> Response | None:
    """Why a repository, or the content of its files, is not shown; None where it is.

    An anonymous caller cannot tell a missing repository from a private one: both are 401. The code in the header
    is there as the client recognises a bare 401 only over https.
    """
    granted = repo is not None and person is not None and person["name"] in repo.granted
    if repo is None or (repo.private and not granted):
        return refused(401 if person is None else 404, "RepoNotFound", "Invalid username or password.")
    if content and repo.gated and not granted:
        return gate(person)
    return None


def gate(person: dict[str, Any] | None) -> Response:
    """What a gated place answers to someone without access."""
    return refused(401 if person is None else 403, "GatedRepo", "Access to this resource is restricted.")


def refused(status: int, code: str, message: str) -> Response:
    return JSONResponse({"error": message}, status, {"X-Error-Code": code, "X-Error-Message": message})

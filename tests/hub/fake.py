"""What the loopback Hub holds, and what was asked of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.hub.faults import Fault
from tests.hub.oauth import Desk
from tests.hub.repos import Repo


@dataclass(frozen=True)
class Recorded:
    """One request as it arrived."""

    method: str
    host: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]

    @property
    def token(self) -> str | None:
        """The bearer token it carried."""
        return self.headers.get("authorization", "").removeprefix("Bearer ") or None

    @property
    def target(self) -> str:
        return self.path + ("?" + "&".join(f"{name}={value}" for name, value in self.query) if self.query else "")


@dataclass
class Quota:
    """A fixed rate window: so many requests are left, and it starts anew in so many seconds."""

    left: int
    seconds: int
    of: int = 500

    def spend(self) -> bool:
        """Whether one more request is allowed."""
        if self.left == 0:
            return False
        self.left -= 1
        return True

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit": f'"api";r={self.left};t={self.seconds}',
            "RateLimit-Policy": f'"fixed window";"api";q={self.of};w=300',
        }


@dataclass
class FakeHub:
    """A Hub's datasets, models, leaderboards and people; tests fill it and read `requests`."""

    url: str = ""
    repos: dict[tuple[str, str], Repo] = field(default_factory=dict)
    boards: dict[str, dict[str | None, list[Any]]] = field(default_factory=dict)
    gated_boards: set[str] = field(default_factory=set)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    requests: list[Recorded] = field(default_factory=list)
    quota: Quota | None = None
    objects: dict[str, bytes] = field(default_factory=dict)
    signatures: dict[str, str] = field(default_factory=dict)
    desk: Desk = field(default_factory=Desk)
    page_size: int = 1000

    def reset(self) -> None:
        """Forget everything but the address."""
        self.__init__(url=self.url)  # type: ignore[misc]

    def add_dataset(
        self, name: str, files: dict[str, Any] | None = None, *, official: bool = False, **info: Any
    ) -> Repo:
        """A dataset with one commit; `official` makes it a benchmark."""
        tags = [*info.pop("tags", []), *(["benchmark:official"] if official else [])]
        return self._add("datasets", name, files, {"tags": tags, **info})

    def add_model(self, name: str, files: dict[str, Any] | None = None, **info: Any) -> Repo:
        """A model with one commit; `info` holds createdAt, cardData, safetensors, evalResults, ..."""
        return self._add("models", name, files, info)

    def add_person(self, token: str, name: str, **profile: Any) -> None:
        """Someone who holds a token."""
        access = {"type": "access_token", "accessToken": {"displayName": name, "role": "read"}}
        self.people[token] = {"type": "user", "id": f"{len(self.people):024x}", "name": name, "auth": access, **profile}

    def let_write(self, token: str, repo: Repo) -> None:
        """Let the holder of a token read and write a repository."""
        person = self.people[token]
        person["auth"]["accessToken"]["role"] = "write"
        repo.granted.add(person["name"])
        repo.writers.add(person["name"])

    def sign_in(self, name: str | None, **profile: Any) -> None:
        """Let this person consent to whoever asks them to sign in; nobody: they deny it."""
        described = {"type": "user", "id": f"{len(self.people) + 0xA00:024x}", "name": name, "orgs": [], **profile}
        self.desk.person = described if name else None

    def set_board(self, dataset: str, rows: list[Any], task: str | None = None) -> None:
        """All results of one task of a benchmark, as `base_model=false` answers them."""
        self.boards.setdefault(dataset, {})[task] = rows

    def fail(self, pattern: str, status: int | None = None, **fault: Any) -> Fault:
        """Let requests whose target matches the regular expression go wrong."""
        self.faults.append(Fault(pattern, status, **fault))
        return self.faults[-1]

    def asked(self, part: str) -> list[Recorded]:
        """The requests whose target holds a text."""
        return [request for request in self.requests if part in request.target]

    def _add(self, kind: str, name: str, files: dict[str, Any] | None, info: dict[str, Any]) -> Repo:
        repo = Repo(kind, name, gated=info.pop("gated", False), private=info.pop("private", False))
        moment: datetime | None = info.pop("at", None)
        repo.info = info
        repo.commit(files or {}, at=moment, title="initial commit")
        self.repos[kind, name] = repo
        return repo

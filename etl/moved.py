"""Which of the sources that a snapshot records have moved since they were read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from etl.access import Hub
from etl.fetch import DATASET, is_remote
from etl.marks import ask_commit, is_commit, mark_files
from etl.seen import Memory, Seen
from etl.source import Unreadable

HUB_SECONDS = 3600.0
COMMITS_SECONDS = 60.0  # the Hub gives one address 500 requests in 5 minutes, for everything
RETRY_SECONDS = 300.0
# Where a source reads: the first of these folders that is there, else all that it was given.
FOLDERS = {"easi": ("leaderboard",), "mteb": ("results", "data"), "openevals": ("data",)}


@dataclass(frozen=True)
class Recorded:
    """A source as a snapshot records it; `loaded_at` is in seconds since 1970."""

    name: str
    uri: str
    revision: str
    loaded_at: float


@dataclass(frozen=True)
class Found:
    """A source as it was found. `mark` names its present state, null where that is not known.

    `error` says why it could not be looked at, or could not be read lately and is not read again yet.
    """

    source: Recorded
    mark: str | None = None
    moved: bool = False
    error: str | None = None


class Lookout:
    """Looks at one source after the other, at the time `now` (seconds since 1970).

    Datasets on the Hub are asked for their commit, at most once in `COMMITS_SECONDS`. Its live boards have none:
    they are due `hub_seconds` after they were read. Of a local path, names, sizes and times are looked at. A source
    that could not be read is due when it moves again, or after `RETRY_SECONDS`.
    """

    def __init__(self, memory: Memory, hub: Hub, data_dir: Path, now: float, hub_seconds: float = HUB_SECONDS) -> None:
        self.memory = memory
        self._hub = hub
        self._data_dir = data_dir
        self._now = now
        self._hub_seconds = hub_seconds
        self._asks = not 0 <= now - memory.asked_at < COMMITS_SECONDS
        self._unanswered: dict[str, str] = {} if self._asks else dict(memory.unanswered)
        self._asked = False

    def look(self, source: Recorded) -> Found:
        """How a source stands. Nothing is raised: what hinders is in the answer."""
        dataset = DATASET.fullmatch(source.uri)
        try:
            if dataset:
                return self._dataset(source, dataset[1], dataset[2] or "main")
            if is_remote(source.uri):
                return self._boards(source)
            return self.compare(source, mark_files(_place(source), self._data_dir))
        except Unreadable as error:
            return Found(source, error=str(error))

    def compare(self, source: Recorded, mark: str) -> Found:
        """How a source stands whose present state has that mark; its revision is a mark too."""
        seen = self._seen(source)
        if mark == source.revision:
            return Found(source, mark)
        if seen is None or seen.mark != mark:
            return Found(source, mark, moved=True)
        again = seen.error is not None and self._age(seen.at) >= RETRY_SECONDS
        return Found(source, mark, again, None if again else seen.error)

    def remember(
        self, snapshot: str, found: Sequence[Found], revisions: Mapping[str, str], errors: Mapping[str, str | None]
    ) -> Memory:
        """What to remember, given the current snapshot, its sources' revisions and, of those read now, their errors."""
        sources = {one.source.name: seen for one in found if (seen := self._remembered(one, revisions, errors))}
        asked_at = self._now if self._asked else self.memory.asked_at
        return Memory(max(snapshot, self.memory.snapshot), sources, asked_at, self._unanswered)

    def _remembered(self, found: Found, revisions: Mapping[str, str], errors: Mapping[str, str | None]) -> Seen | None:
        source, seen = found.source, self._seen(found.source)
        if source.name in errors:
            revision = revisions.get(source.name, source.revision)
            mark = found.mark or (seen.mark if seen else "")
            return Seen(source.uri, revision, mark, self._now, errors[source.name])
        if found.mark and found.mark == source.revision:
            return Seen(source.uri, source.revision, found.mark, source.loaded_at)
        return seen

    def _seen(self, source: Recorded) -> Seen | None:
        """What is remembered of a source as the snapshot has it: not after a rollback, or another build."""
        seen = self.memory.sources.get(source.name)
        return seen if seen and (seen.uri, seen.revision) == (source.uri, source.revision) else None

    def _age(self, at: float) -> float:
        """Seconds since then; a time that is yet to come is long ago, for clocks are set."""
        age = self._now - at
        return age if age >= 0 else float("inf")

    def _boards(self, source: Recorded) -> Found:
        self._check_address(source)
        seen = self._seen(source)
        every = min(RETRY_SECONDS, self._hub_seconds) if seen and seen.error else self._hub_seconds
        moved = self._age(max(source.loaded_at, seen.at if seen else 0.0)) >= every
        return Found(source, "", moved, seen.error if seen and not moved else None)

    def _check_address(self, source: Recorded) -> None:
        """The token goes to the Hub of the settings alone, whatever a snapshot says."""
        if self._hub.token and source.uri.rstrip("/") != self._hub.endpoint.rstrip("/"):
            raise Unreadable(
                f"it was read from {source.uri}, and the Hub token is for {self._hub.endpoint}: "
                "set STANDINGS_HUB_URL to the address it is for, or build it by hand"
            )

    def _dataset(self, source: Recorded, dataset: str, revision: str) -> Found:
        if is_commit(revision):
            return self.compare(source, revision)
        if not self._asks:
            seen = self._seen(source)
            return Found(source, error=self._unanswered.get(source.name) or (seen.error if seen else None))
        self._asked = True
        return self._compared(source, dataset, revision)

    def _compared(self, source: Recorded, dataset: str, revision: str) -> Found:
        from etl.client import HubError  # noqa: PLC0415 a look at local paths does not wait for HTTP libraries

        try:
            return self.compare(source, ask_commit(dataset, revision, self._hub))
        except HubError as error:
            said = f"{source.uri}: the Hub {error}"
            self._unanswered[source.name] = said
            # One that does not answer now is not asked for the next dataset either.
            self._asks = not error.passing
            return Found(source, error=said)


def _place(source: Recorded) -> Path:
    path = Path(source.uri).expanduser()
    return next((path / name for name in FOLDERS.get(source.name, ()) if (path / name).is_dir()), path)

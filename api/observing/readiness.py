"""Whether there is something to answer from, and how fresh it is."""

from datetime import datetime
from typing import Any

from warehouse.snapshot import Snapshot

RETRY_SECONDS = 5
NO_SNAPSHOT = {"status": "no snapshot"}


def describe(snapshot: Snapshot, now: datetime) -> dict[str, Any]:
    """A snapshot, its age at that time, and of each source by name what was loaded when."""
    return {
        "status": "ready",
        "snapshot": snapshot.id,
        "builtAt": snapshot.built_at.isoformat(),
        "ageSeconds": max(0, int((now - snapshot.built_at).total_seconds())),
        "sources": [_source(snapshot, source) for source in snapshot.dimensions.sources],
    }


def _source(snapshot: Snapshot, source: dict[str, Any]) -> dict[str, Any]:
    name = source["name"]
    versions = snapshot.dimensions.versions.get(name, [])
    newest = versions[-1] if versions else None
    return {
        "name": name,
        "revision": source["revision"],
        "loadedAt": source["loaded_at"].isoformat(),
        "newestVersion": newest and {"label": newest["label"], "publishedAt": newest["published_at"].isoformat()},
        "problems": snapshot.dimensions.problem_counts.get(name, 0),
    }

"""Repositories of the loopback Hub: commits, refs and the files they hold."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

LARGE_SUFFIXES = (".parquet", ".zip", ".xlsx", ".tar.gz", ".tar.xz")


@dataclass(frozen=True)
class File:
    """Bytes at a path, with the names the Hub gives them."""

    path: str
    content: bytes

    @property
    def is_large(self) -> bool:
        """Whether it is stored as LFS, and so served from another host."""
        return self.path.endswith(LARGE_SUFFIXES)

    @property
    def blob(self) -> str:
        return hashlib.sha1(b"blob %d\0" % len(self.content) + self.content, usedforsecurity=False).hexdigest()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def etag(self) -> str:
        return self.sha256 if self.is_large else self.blob

    def listed(self) -> dict[str, Any]:
        """As the tree endpoint shows it."""
        entry: dict[str, Any] = {"type": "file", "path": self.path, "oid": self.blob, "size": len(self.content)}
        if self.is_large:
            entry["lfs"] = {"oid": self.sha256, "size": len(self.content), "pointerSize": 130}
        return entry


@dataclass(frozen=True)
class Commit:
    """One state of a repository."""

    sha: str
    at: datetime
    title: str
    files: dict[str, bytes]

    def file(self, path: str) -> File | None:
        return File(path, self.files[path]) if path in self.files else None

    def tree(self, folder: str, recursive: bool) -> list[dict[str, Any]]:
        """Entries below a folder, folders first, as the tree endpoint orders them."""
        prefix = f"{folder}/" if folder else ""
        below = sorted(path for path in self.files if path.startswith(prefix))
        folders = {prefix + path[len(prefix) :].split("/")[0] for path in below if "/" in path[len(prefix) :]}
        if recursive:
            folders = {path[:i] for path in below for i in range(len(prefix), len(path)) if path[i] == "/"}
        else:
            below = [path for path in below if "/" not in path[len(prefix) :]]
        listed = [{"type": "directory", "path": path, "oid": _sha(path)} for path in sorted(folders)]
        return listed + [File(path, self.files[path]).listed() for path in below]


@dataclass
class Repo:
    """A dataset or model repository. `info` holds what its card and metadata say, by the API's names."""

    kind: str
    id: str
    info: dict[str, Any] = field(default_factory=dict)
    gated: bool = False
    private: bool = False
    granted: set[str] = field(default_factory=set)
    writers: set[str] = field(default_factory=set)
    commits: list[Commit] = field(default_factory=list)
    refs: dict[str, str] = field(default_factory=dict)

    def commit(self, files: dict[str, bytes | str | None], *, at: datetime | None = None, title: str = "Update") -> str:
        """Put files on `main` (None removes one) and return the commit's sha."""
        held = dict(self.commits[-1].files) if self.commits else {}
        for path, content in files.items():
            if content is None:
                held.pop(path, None)
            else:
                held[path] = content.encode() if isinstance(content, str) else content
        moment = at or datetime(2026, 3, 1, 12, len(self.commits) % 60, tzinfo=UTC)
        sha = _sha(self.kind, self.id, str(len(self.commits)), *(f"{p}:{_sha(held[p])}" for p in sorted(held)))
        self.commits.append(Commit(sha, moment, title, held))
        self.refs["main"] = sha
        return sha

    def tag(self, name: str, sha: str) -> None:
        self.refs[name] = sha

    def at(self, revision: str) -> Commit | None:
        """The commit that a branch, a tag or a sha names."""
        sha = self.refs.get(revision, revision)
        return next((commit for commit in self.commits if commit.sha == sha), None)

    def described(self, commit: Commit) -> dict[str, Any]:
        """As the info endpoint shows it."""
        return {
            "_id": _sha(self.kind, self.id)[:24],
            "id": self.id,
            "author": self.id.split("/")[0],
            "sha": commit.sha,
            "lastModified": stamp(self.commits[-1].at),
            "createdAt": stamp(self.commits[0].at),
            "private": self.private,
            "gated": "auto" if self.gated else False,
            "disabled": False,
            "downloads": 0,
            "likes": 0,
            "tags": [],
            "siblings": [{"rfilename": path} for path in sorted(commit.files)],
            **({"modelId": self.id} if self.kind == "models" else {}),
            **self.info,
        }


def stamp(moment: datetime) -> str:
    """A time as the API writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _sha(*parts: str | bytes) -> str:
    joined = b"\0".join(part if isinstance(part, bytes) else part.encode() for part in parts)
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()

"""The snapshots: which is current, and whether each can be served and read."""

from collections.abc import Iterator
from itertools import islice

from api.doctor.finding import Finding, ok, problem, warning
from warehouse.inspection import inspect_files, inspect_store
from warehouse.store import Published, Store, StoreError

MOST_SNAPSHOTS = 100
MOST_SHOWN = 3
REBUILD = "build it anew from its sources, or `standings rollback ID` to another"


def look_at_pointer(store: Store) -> Iterator[Finding]:
    """Whether there is a snapshot to serve."""
    name = "current"
    try:
        current = store.current()
    except StoreError as error:
        newest = next(iter(store.list()), None)
        remedy = f"`standings rollback {newest.id}`" if newest else "`standings build` publishes one"
        yield problem(name, f"the pointer is broken: {error}", remedy)
        return
    if current is None:
        yield problem(
            name, "there is no snapshot: /ready answers 503", "`standings build` or `standings demo` makes one"
        )
    else:
        yield ok(name, f"snapshot {current.id}")


def look_at_snapshots(store: Store, *, deep: bool) -> Iterator[Finding]:
    """Each snapshot; `deep` runs the checks of a build on all of them and reads all files, else on the current one."""
    current = _current(store)
    for published in islice(store.list(), MOST_SNAPSHOTS):
        yield from _look(published, is_current=published == current, deep=deep)
    whole = {each.id for each in store.list()}
    folders = [entry.name for entry in store.snapshots.iterdir()] if store.snapshots.is_dir() else []
    for name in sorted(set(folders) - whole)[:MOST_SNAPSHOTS]:
        yield warning(
            "snapshots", f"{store.snapshots / name} is no snapshot: it holds no store",
            "delete it; nothing reads it",
        )  # fmt: skip


def _current(store: Store) -> Published | None:
    try:
        return store.current()
    except StoreError:
        return None


def _look(published: Published, *, is_current: bool, deep: bool) -> Iterator[Finding]:
    name, checked = f"snapshot {published.id}", deep or is_current
    wrong = inspect_store(published, checks=checked)
    if wrong is not None:
        mark = problem if is_current else warning
        yield mark(name, wrong, REBUILD if is_current else f"delete {published.folder}; it cannot be served")
        return
    faults = list(inspect_files(published, hashes=deep))
    if faults:
        more = f"; and {len(faults) - MOST_SHOWN} more" if len(faults) > MOST_SHOWN else ""
        yield warning(
            name, f"it can be served, but not all of its files: {'; '.join(faults[:MOST_SHOWN])}{more}",
            "the next snapshot will have them; an import that reads them now will not",
        )  # fmt: skip
        return
    how = "opens, passes the checks" if checked else "opens"
    yield ok(name, f"{how}, and its files are {'as they were published' if deep else 'complete'}")

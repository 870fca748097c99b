"""Commands about snapshots: `snapshots`, `rollback`."""

from pathlib import Path
from typing import Any

import click
import orjson

from api.commands.options import as_json, data_dir, ends_clearly
from warehouse.store import Published, Store, StoreError


@click.command(short_help="List the snapshots that are kept.")
@data_dir
@as_json
@ends_clearly
def snapshots(data_dir: Path, as_json: bool) -> None:
    """List the snapshots that are kept, newest first; the current one is marked."""
    store = Store(data_dir)
    current = _served(store)
    rows: list[dict[str, Any]] = [
        {
            "id": each.id,
            "builtAt": each.built_at.isoformat(),
            "bytes": each.file.stat().st_size,
            "current": each == current,
        }
        for each in store.list()
    ]
    if as_json:
        click.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2))
        return
    for row in rows:
        click.echo(f"{'*' if row['current'] else ' '} {row['id']}  {row['bytes'] / 1e6:8.1f} MB")
    if not rows:
        click.echo(f"There is no snapshot in {data_dir}.", err=True)


@click.command(short_help="Serve an older snapshot again.")
@click.argument("snapshot_id", metavar="ID")
@data_dir
@ends_clearly
def rollback(snapshot_id: str, data_dir: Path) -> None:
    """Serve an older snapshot again; `standings snapshots` lists them."""
    store = Store(data_dir)
    with store.building():
        store.point_to(store.find(snapshot_id))
    click.echo(f"Snapshot {snapshot_id} is current.")


def _served(store: Store) -> Published | None:
    """The current snapshot; null, and said so, where the pointer to it is broken."""
    try:
        return store.current()
    except StoreError as error:
        click.echo(f"None is current: {error}; `standings rollback ID` makes one so.", err=True)
        return None

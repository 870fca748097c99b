"""Where a ledger is: its URL, checked."""

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from warehouse.ledger.errors import LedgerError

SQLITE = "sqlite"
POSTGRESQL = "postgresql+psycopg"
SCHEMES = {"sqlite": SQLITE, "postgresql": POSTGRESQL, "postgres": POSTGRESQL, "postgresql+psycopg": POSTGRESQL}
FOLDER = "ledger"
FILE = "ledger.sqlite3"


def ledger_url(data_dir: Path, set_url: str | None) -> str:
    """URL of the ledger that is set, with its password; without one, of the SQLite file in the data directory.

    Raises `LedgerError` for a URL that no ledger can have.
    """
    if set_url:
        return read_url(set_url).render_as_string(hide_password=False)
    file = data_dir.resolve() / FOLDER / FILE
    return URL.create(SQLITE, database=str(file)).render_as_string(hide_password=False)


def read_url(text: str) -> URL:
    """A URL with the driver we use. Raises `LedgerError`, without the URL in its text."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise LedgerError("the ledger's URL cannot be read: give postgresql://USER:PASSWORD@HOST/DATABASE") from None
    if url.drivername not in SCHEMES:
        raise LedgerError(f"the ledger cannot be in {url.drivername}: its URL begins with sqlite:// or postgresql://")
    url = url.set(drivername=SCHEMES[url.drivername])
    if url.drivername == SQLITE:
        _check_file(url)
    return url


def place(url: URL) -> str:
    """How messages name a ledger: a file, or host and database."""
    if url.drivername == SQLITE:
        return str(url.database).removeprefix("file://")
    port = f":{url.port}" if url.port else ""
    return f"postgresql://{url.host or 'localhost'}{port}/{url.database or ''}"


def _check_file(url: URL) -> None:
    if not url.database or url.database == ":memory:":
        raise LedgerError("the ledger must be a file: give sqlite:////PATH/TO/ledger.sqlite3")
    if url.query or url.host or url.username:
        raise LedgerError("the ledger's URL holds more than a file: give sqlite:////PATH/TO/ledger.sqlite3")

"""What people have sent: the ledger, the archives behind it, and the secret of sign-ins."""

import hashlib
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from api.accounts.secret import BYTES, FILE, OTHERS
from api.doctor.finding import Finding, ok, problem, warning
from api.settings import Settings
from api.submissions.evidence import EvidenceStore
from warehouse.ledger.inspection import Inspected, inspect_ledger
from warehouse.ledger.places import ledger_url
from warehouse.ledger.records import Evidence
from warehouse.ledger.tables import SCHEMA

HASHED_BYTES = 200_000_000
CHUNK = 2**20
MOST_SHOWN = 3


def look_at_ledger(settings: Settings, *, deep: bool) -> Iterator[Finding]:
    """Whether the ledger opens, which schema it has, and whether the archives are all there."""
    url = ledger_url(settings.data_dir, settings.ledger_url.get_secret_value() if settings.ledger_url else None)
    found = inspect_ledger(url)
    if found is None:
        yield ok("ledger", "none yet: `standings serve` makes it")
        return
    if found.faults:
        yield problem("ledger", f"{found.place} is damaged: {found.faults[0]}", "bring it back from a backup")
        return
    if found.schema != SCHEMA:
        yield warning(
            "ledger", f"{found.place} has schema {found.schema or 'none'}, and {SCHEMA} is needed",
            "`standings serve` brings it up to date when it starts",
        )  # fmt: skip
        return
    yield ok("ledger", f"{found.place}: schema {found.schema}, {found.submissions:,} submissions")
    yield from _look_at_mode(Path(found.place))
    yield from _look_at_pushes(found)
    yield from _look_at_evidence(EvidenceStore(settings.data_dir / "evidence"), found.evidence, deep=deep)


def _look_at_mode(file: Path) -> Iterator[Finding]:
    """Whether others can read a file that is for one user alone."""
    if file.is_file() and file.stat().st_mode & OTHERS:
        yield warning(file.name, f"others may read it ({stat.filemode(file.stat().st_mode)})", f"chmod 600 {file}")


def _look_at_pushes(found: Inspected) -> Iterator[Finding]:
    for error, count in found.errors[:MOST_SHOWN]:
        yield warning("pushes", f"{count:,} wait because: {error}", "mend that; they are tried again by themselves")
    if found.waiting and not found.errors:
        yield ok("pushes", f"{found.waiting:,} wait for the Hub")


def _look_at_evidence(store: EvidenceStore, known: Iterable[Evidence], *, deep: bool) -> Iterator[Finding]:
    lost, left, count, hashed = list[str](), HASHED_BYTES, 0, 0
    for evidence in known:
        count += 1
        path = store.open_path(evidence.sha256)
        if path is None:
            lost.append(f"{evidence.sha256} is missing")
        elif path.stat().st_size != evidence.size:
            lost.append(f"{evidence.sha256} has another size")
        elif deep or evidence.size <= left:
            left, hashed = left - evidence.size, hashed + 1
            if _hash(path) != evidence.sha256:
                lost.append(f"{evidence.sha256} holds other bytes")
    if lost:
        more = f"; and {len(lost) - MOST_SHOWN:,} more" if len(lost) > MOST_SHOWN else ""
        yield problem(
            "evidence", f"{'; '.join(lost[:MOST_SHOWN])}{more}", f"bring them back to {store.root} from a backup"
        )
    elif count:
        yield ok("evidence", f"{count:,} archives are there; {hashed:,} were read and are what was sent")


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def look_at_secret(root: Path) -> Iterator[Finding]:
    """The secret of sign-ins."""
    file = root / FILE
    if not file.exists():
        yield ok(FILE, "none yet: it is made where sign-in is set up")
        return
    faults = list(_look_at_mode(file))
    if file.stat().st_size != BYTES:
        faults.append(
            problem(FILE, f"it does not hold {BYTES} bytes", f"delete {file}: who is signing in then starts anew")
        )
    yield from faults or [ok(FILE, "well-formed, and for its owner alone")]

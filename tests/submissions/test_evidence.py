import asyncio
import hashlib
import stat
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from api.submissions.evidence import EvidenceStore
from api.uploads import Form, FormBounds, StoredFile, read_form
from tests.submissions.archives import make_zip
from warehouse.ledger.records import Evidence

ARCHIVE = make_zip()
SHA256 = hashlib.sha256(ARCHIVE).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "data" / "evidence")


def upload(store: EvidenceStore, content: bytes = ARCHIVE) -> tuple[Form, StoredFile]:
    async def stream() -> AsyncIterator[bytes]:
        yield b'--e\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n' + content + b"\r\n--e--"

    bounds = FormBounds(file_bytes=100_000)
    form = asyncio.run(read_form("multipart/form-data; boundary=e", stream(), store.temporary, bounds))
    part = form.first("f")
    assert part is not None
    assert part.file is not None
    return form, part.file


def files(store: EvidenceStore) -> list[Path]:
    return sorted(path for path in store.root.rglob("*") if path.is_file() and path.name != "lock")


def test_what_is_placed_is_there_by_its_hash(store):
    form, file = upload(store)
    assert store.place(file) == Evidence(SHA256, len(ARCHIVE))
    form.discard()
    path = store.open_path(SHA256)
    assert path == store.root / SHA256[:2] / f"{SHA256}.zip"
    assert path.read_bytes() == ARCHIVE
    assert files(store) == [path]


def test_the_same_evidence_is_kept_once(store):
    for _ in range(3):
        form, file = upload(store)
        assert store.place(file).sha256 == SHA256
        form.discard()
    assert len(files(store)) == 1


def test_only_the_servers_own_user_can_read_it(store):
    form, file = upload(store)
    store.place(file)
    form.discard()
    for path in [store.root, *store.root.rglob("*")]:
        if path.name != "lock":
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_a_file_that_was_cut_is_never_evidence(store):
    form, file = upload(store, bytes(100_001))
    assert file.too_large
    with pytest.raises(ValueError, match="read whole"):
        store.place(file)
    with pytest.raises(ValueError, match="read whole"):
        store.place(replace(file, too_large=False, sha256="../../etc"))
    form.discard()
    assert files(store) == []


@pytest.mark.parametrize(
    "sha256", ["", "..", "../../../etc/passwd", SHA256.upper(), SHA256[:-1], f"{SHA256}\n", SHA256 + "0", "0" * 64]
)
def test_nothing_but_the_hash_of_what_is_there_leads_to_a_file(store, sha256):
    form, file = upload(store)
    store.place(file)
    form.discard()
    assert store.open_path(sha256) is None


def test_a_sweep_takes_what_nobody_knows(store):
    kept, lost = upload(store), upload(store, b"PK\x03\x04 another")
    for form, file in (kept, lost):
        store.place(file)
        form.discard()
    assert store.sweep({SHA256}.__contains__) == 1
    assert files(store) == [store.open_path(SHA256)]
    assert store.sweep(lambda sha256: False) == 1
    assert files(store) == []


def test_a_sweep_leaves_what_still_comes_in(store):
    form, file = upload(store)
    assert store.sweep(lambda sha256: False) == 0
    store.place(file)
    assert store.open_path(SHA256) is not None
    form.discard()


def test_a_sweep_takes_what_a_dead_process_received(store):
    (store.temporary / "upload-dead").write_bytes(b"half of it")
    assert store.sweep(lambda sha256: False) == 1
    assert files(store) == []


def test_a_sweep_leaves_files_that_are_no_evidence(store):
    _ = store.temporary
    (store.root / "ab").mkdir()
    (store.root / "ab" / "notes.zip").write_text("an operator's own")
    assert store.sweep(lambda sha256: False) == 0
    assert len(files(store)) == 1


def test_a_sweep_waits_for_nobody_and_takes_nothing_while_evidence_is_placed(store):
    """Between the file and the row that names it, nobody knows the file."""
    form, file = upload(store)
    with store.placing():
        store.place(file)
        with ThreadPoolExecutor(1) as other:
            assert other.submit(store.sweep, lambda sha256: False).result(5) == 0
        assert store.open_path(SHA256) is not None
    form.discard()
    assert store.sweep(lambda sha256: False) == 1


def test_evidence_is_placed_after_a_sweep_that_runs(store):
    form, file = upload(store)
    stray = upload(store, b"PK\x03\x04 another")
    store.place(stray[1])
    stray[0].discard()
    sweeping, may_end = threading.Event(), threading.Event()

    def is_known(sha256: str) -> bool:
        sweeping.set()
        assert may_end.wait(5)
        return False

    with ThreadPoolExecutor(2) as others:
        sweep = others.submit(store.sweep, is_known)
        assert sweeping.wait(5)
        placing = others.submit(store.place, file)
        assert not placing.done()
        may_end.set()
        assert sweep.result(5) == 1
        assert placing.result(5).sha256 == SHA256
    assert store.open_path(SHA256) is not None
    form.discard()


def test_a_process_that_dies_leaves_nothing_locked(store):
    program = """
import os, signal, sys
from pathlib import Path
from api.submissions.evidence import EvidenceStore
with EvidenceStore(Path(sys.argv[1])).placing():
    os.kill(os.getpid(), signal.SIGKILL)
"""
    form, file = upload(store)
    store.place(file)
    form.discard()
    assert subprocess.run([sys.executable, "-c", program, str(store.root)], check=False).returncode == -9
    assert store.sweep(lambda sha256: False) == 1


def test_what_is_placed_is_on_the_disk_before_it_is_named(store, monkeypatch):
    steps = []
    monkeypatch.setattr("api.submissions.evidence.sync", steps.append)
    form, file = upload(store)
    steps.clear()
    real = Path.replace
    monkeypatch.setattr(Path, "replace", lambda self, target: (steps.append("renamed"), real(self, target))[1])
    store.place(file)
    form.discard()
    folder = store.root / SHA256[:2]
    at = steps.index("renamed")
    assert file.path in steps[:at]
    assert folder in steps[at:]

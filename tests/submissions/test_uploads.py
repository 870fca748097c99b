import asyncio
import hashlib
import stat
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from requests import Request

from api.spool import remove_abandoned
from api.submissions.archive import TOO_LARGE, check_archive
from api.uploads import BadForm, Form, FormBounds, read_form
from tests.submissions.archives import make_zip

SMALL = FormBounds(file_bytes=1_000, text_bytes=200, body_bytes=5_000, parts=4)
TYPE = "multipart/form-data; boundary=edge"
FORM = (
    b'--edge\r\nContent-Disposition: form-data; name="payload"\r\n\r\n{"modelName": "a/b"}\r\n'
    b'--edge\r\nContent-Disposition: form-data; name="zipFile"; filename="easi_results.zip"\r\n'
    b"Content-Type: application/zip\r\n\r\nPK\x03\x04 and more\r\n--edge--\r\n"
)


async def stream(chunks: Iterable[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


def part(name: str, content: bytes, filename: str | None = None) -> bytes:
    named = f'; filename="{filename}"' if filename is not None else ""
    return f'--edge\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode() + content + b"\r\n"


async def read(folder: Path, *parts: bytes, bounds: FormBounds = SMALL, **options: bool) -> Form:
    return await read_form(TYPE, stream([*parts, b"--edge--\r\n"]), folder, bounds, **options)


async def test_a_form_of_easis_client_is_read(tmp_path):
    archive = make_zip()
    sent = Request(
        "POST",
        "http://localhost",
        data={"payload": "{}"},
        files={"zipFile": ("easi_results.zip", archive, "application/zip")},
    ).prepare()
    async with await read_form(sent.headers["Content-Type"], stream([sent.body]), tmp_path, FormBounds()) as form:
        payload, file = form.parts
        assert (payload.name, payload.text, payload.file) == ("payload", "{}", None)
        assert (file.name, file.filename, file.content_type) == ("zipFile", "easi_results.zip", "application/zip")
        assert file.file is not None
        assert file.file.path.read_bytes() == archive
        assert file.file.size == len(archive)
        assert file.file.sha256 == hashlib.sha256(archive).hexdigest()
        assert file.file.head == archive[:8]
        assert stat.S_IMODE(file.file.path.stat().st_mode) == 0o600
        assert form.is_complete
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
async def test_a_form_may_come_in_pieces_of_any_size(tmp_path, size):
    chunks = [FORM[at : at + size] for at in range(0, len(FORM), size)]
    async with await read_form(TYPE, stream(chunks), tmp_path, SMALL) as form:
        assert form.first("payload").text == '{"modelName": "a/b"}'
        assert form.first("zipFile").file.path.read_bytes() == b"PK\x03\x04 and more"


async def test_parts_come_in_any_order_and_of_one_name_the_first_counts(tmp_path):
    parts = part("zipFile", b"PK", "a.zip"), part("other", b"?"), part("payload", b"1"), part("payload", b"2")
    async with await read(tmp_path, *parts) as form:
        assert form.first("payload").text == "1"
        assert form.first("zipFile").file.size == 2
        assert form.first("nothing") is None


async def test_a_file_name_makes_a_file(tmp_path):
    async with await read(tmp_path, part("payload", b"{}", ""), part("zipFile", b"text")) as form:
        assert form.first("payload").text is None
        assert form.first("payload").file.size == 2
        assert form.first("zipFile").file is None
        assert form.first("zipFile").text == "text"


async def test_an_empty_file_is_a_file(tmp_path):
    async with await read(tmp_path, part("zipFile", b"", "a.zip")) as form:
        assert (form.first("zipFile").file.size, form.first("zipFile").file.head) == (0, b"")


async def test_a_file_may_be_as_large_as_its_bound_and_no_larger(tmp_path):
    async with await read(
        tmp_path, part("a", b"x" * 1_000, "a"), part("b", b"y" * 1_001, "b"), part("c", b"z")
    ) as form:
        assert not form.first("a").file.too_large
        assert form.first("b").file.too_large
        assert (form.first("b").file.size, form.first("b").file.head) == (1_001, b"y" * 8)
        assert form.first("b").file.path.read_bytes() == b"y" * 8
        assert form.first("c").text == "z"
        assert form.is_complete


@pytest.mark.parametrize(("size", "verdict"), [(20 * 1024 * 1024 + 1, TOO_LARGE), (33 * 1024 * 1024, TOO_LARGE)])
async def test_an_archive_that_is_cut_is_told_to_be_too_large(tmp_path, size, verdict):
    chunks = [part("payload", b"{}"), part("zipFile", make_zip(), "a.zip").removesuffix(b"\r\n")]
    chunks += [bytes(1024 * 1024)] * (size // (1024 * 1024)) + [b"\r\n--edge--"]
    async with await read_form(TYPE, stream(chunks), tmp_path, FormBounds()) as form:
        file = form.first("zipFile").file
        assert file.path.stat().st_size == 8
        assert check_archive(file.path, file.size) == [verdict]


async def test_a_file_that_is_longer_than_the_whole_form_may_be_is_not_read_to_its_end(tmp_path):
    given = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given
        yield part("payload", b"{}")
        yield part("zipFile", b"", "a.zip").removesuffix(b"\r\n")
        while True:
            given += 1
            yield b"z" * 1_000

    async with await read_form(TYPE, endless(), tmp_path, SMALL) as form:
        assert form.first("payload").text == "{}"
        assert form.first("zipFile").file.too_large
        assert form.first("zipFile").file.size > SMALL.file_bytes
        assert not form.is_complete
    assert given <= 6
    assert not list(tmp_path.iterdir())


async def test_files_of_those_who_are_not_signed_in_never_reach_the_disk(tmp_path):
    absent = tmp_path / "absent"
    async with await read(absent, part("f", b"x" * 3_000, "a.zip"), part("payload", b"{}"), keep_files=False) as form:
        assert (form.first("f").filename, form.first("f").file, form.first("f").text) == ("a.zip", None, None)
        assert form.first("payload").text == "{}"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", FORM),
        ("", FORM),
        ("multipart/form-data", FORM),
        ("multipart/form-data; boundary=", FORM),
        ("multipart/form-data; boundary=" + "e" * 71, FORM),
        ('multipart/form-data; boundary="ed\u20acge"', FORM),
        ('multipart/form-data; boundary="edge "', FORM),
        ("multipart/mixed; boundary=edge", FORM),
        ("multipart/form-data; boundary=other", FORM),
        (TYPE, b""),
        (TYPE, b"{}"),
        (TYPE, FORM[:-8]),
        (TYPE, FORM[:60]),
        (TYPE, FORM.replace(b"form-data; name", b"attachment; name")),
        (TYPE, FORM.replace(b' name="payload"', b"")),
        (TYPE, FORM.replace(b'Content-Disposition: form-data; name="payload"\r\n', b"")),
        (TYPE, FORM.replace(b"a/b", b"\xff")),
        (TYPE, FORM.replace(b'"payload"', b'"\xff"')),
        (TYPE, FORM.replace(b"Content-Type", b"Content Type")),
        (TYPE, FORM.replace(b"Content-Type: ", b"X: " + b"x" * 5_000)),
        (TYPE, FORM.replace(b"Content-Type", b"X: 1\r\n" * 9 + b"Content-Type")),
        (TYPE, FORM.replace(b"a/b", b"x" * 200)),
        (TYPE, part("t", b"x" * 150) + part("u", b"x" * 150) + b"--edge--"),
        (TYPE, part("p", b"") * 5 + b"--edge--"),
        (TYPE, b"\r\n" * 3_000 + FORM),
    ],
)  # fmt: skip
async def test_what_is_no_form_within_bounds_is_refused_and_leaves_nothing(tmp_path, kind, body):
    with pytest.raises(BadForm) as refused:
        await read_form(kind, stream([body]), tmp_path, SMALL)
    assert "a/b" not in str(refused.value)
    assert not list(tmp_path.iterdir())


async def test_what_stands_after_the_last_boundary_is_ignored(tmp_path):
    async with await read_form(TYPE, stream([FORM, b"\r\nmore"]), tmp_path, SMALL) as form:
        assert len(form.parts) == 2


async def test_a_form_that_takes_too_long_is_refused(tmp_path):
    async def slow() -> AsyncIterator[bytes]:
        yield FORM[:-8]
        await asyncio.sleep(30)

    with pytest.raises(BadForm, match="longer than 0.05 seconds"):
        await read_form(TYPE, slow(), tmp_path, replace(SMALL, seconds=0.05))
    assert not list(tmp_path.iterdir())


class Gone(Exception):
    pass


async def test_a_client_that_leaves_leaves_nothing(tmp_path):
    async def leaving() -> AsyncIterator[bytes]:
        yield FORM[:-8] + b"z" * 70_000
        assert list(tmp_path.iterdir())
        raise Gone

    with pytest.raises(Gone):
        await read_form(TYPE, leaving(), tmp_path, FormBounds())
    assert not list(tmp_path.iterdir())


async def test_a_request_that_is_cancelled_leaves_nothing(tmp_path):
    """While it waits for more, and while a thread writes for it."""
    waits = asyncio.Event()

    async def waiting() -> AsyncIterator[bytes]:
        yield FORM[:-8] + b"z" * 70_000
        waits.set()
        await asyncio.sleep(30)

    async def endless() -> AsyncIterator[bytes]:
        yield FORM[:-8]
        while True:
            yield b"z" * 200_000

    for body, signal in ((waiting(), waits.wait()), (endless(), asyncio.sleep(0.02))):
        reading = asyncio.create_task(read_form(TYPE, body, tmp_path, replace(FormBounds(), body_bytes=10**12)))
        await signal
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        await asyncio.to_thread(lambda: None)
        assert not list(tmp_path.iterdir())


async def test_a_disk_that_is_full_leaves_nothing(tmp_path, monkeypatch):
    def refuse(self, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("api.spool.Upload.write", refuse)
    with pytest.raises(OSError, match="No space"):
        await read_form(TYPE, stream([FORM]), tmp_path, SMALL)
    assert not list(tmp_path.iterdir())


async def test_parsing_and_writing_do_not_stop_other_requests(tmp_path, monkeypatch):
    threads = []
    monkeypatch.setattr("api.spool.Upload.write", lambda self, data: threads.append(threading.current_thread()))
    async with await read_form(TYPE, stream([FORM]), tmp_path, SMALL):
        assert threads
        assert threading.main_thread() not in threads


async def test_files_in_use_are_not_abandoned(tmp_path):
    form = await read_form(TYPE, stream([FORM]), tmp_path, SMALL)
    assert remove_abandoned(tmp_path) == 0
    assert form.first("zipFile").file.path.exists()
    form.discard()
    form.discard()
    assert not list(tmp_path.iterdir())


def test_files_of_a_process_that_died_are_abandoned(tmp_path):
    program = """
import asyncio, os, signal, sys
from pathlib import Path
from api.uploads import FormBounds, read_form
async def stream():
    yield bytes.fromhex(sys.argv[2])
async def main():
    form = await read_form("multipart/form-data; boundary=edge", stream(), Path(sys.argv[1]), FormBounds())
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
    died = subprocess.run([sys.executable, "-c", program, str(tmp_path), FORM.hex()], check=False)
    assert died.returncode == -9
    assert len(list(tmp_path.iterdir())) == 1
    assert remove_abandoned(tmp_path) == 1
    assert not list(tmp_path.iterdir())


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    edits=st.lists(
        st.tuples(
            st.integers(0, len(FORM)),
            st.integers(0, 12),
            st.sampled_from([b"", b"\r\n", b"--edge", b"--edge--", b"\r\n--edge\r\n", b'"', b";", b":", b"\xff", b"\0"])
            | st.binary(max_size=20),
        ),
        max_size=6,
    ),
    size=st.integers(1, len(FORM)),
)  # fmt: skip
def test_any_bytes_are_a_form_or_refused_and_leave_nothing(tmp_path, edits, size):
    body = FORM
    for at, length, put in edits:
        body = body[:at] + put + body[at + length :]

    async def check() -> None:
        chunks = [body[at : at + size] for at in range(0, len(body), size)]
        try:
            async with await read_form(TYPE, stream(chunks), tmp_path, SMALL) as form:
                files = [each.file.path for each in form.parts if each.file]
                assert sorted(files) == sorted(tmp_path.iterdir())
        except BadForm:
            pass

    asyncio.run(check())
    assert not list(tmp_path.iterdir())


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.text(max_size=60)
    | st.text("mulipart/form-dbuy=; \"'*", max_size=40).map(lambda text: f"multipart/form-data; {text}")
)
def test_any_content_type_is_a_forms_or_refused(tmp_path, kind):
    with pytest.raises(BadForm):
        asyncio.run(read_form(kind, stream([b"\0"]), tmp_path, SMALL))

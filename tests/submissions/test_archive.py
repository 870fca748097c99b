import io
import re
import stat
import struct
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.submissions.archive import check_archive, looks_like_zip
from tests.submissions.archives import Entry, forge_directory, forge_zip, make_zip

NOT_A_ZIP = "File is not a valid ZIP archive."
TOO_LARGE = "ZIP file exceeds 20 MB limit."
PATHS = "ZIP contains invalid file paths."
INFLATES = "ZIP decompressed size exceeds 100 MB limit."
TYPES = "ZIP contains disallowed file types: "
ALLOWED = re.findall(
    r"\w+", "json jsonl csv tsv txt log parquet arrow npy pkl xlsx yaml yml xml md html pdf py sh png jpg jpeg gif svg"
)
MB = 1024 * 1024


@pytest.fixture
def told(tmp_path: Path):
    """The texts of what is wrong with an archive."""

    def tell(content: bytes, size: int | None = None) -> list[str]:
        file = tmp_path / "evidence"
        file.write_bytes(content)
        problems = check_archive(file, len(content) if size is None else size)
        assert all(problem.path == "evidence" and problem.blocking for problem in problems)
        return [problem.message for problem in problems]

    return tell


def test_what_easis_client_sends_is_taken(told):
    assert told(make_zip()) == []
    assert told(make_zip(method=zipfile.ZIP_STORED)) == []


@pytest.mark.parametrize("backend", ["vlmevalkit", "lmmseval"])
def test_what_easis_client_has_really_sent_is_taken(told, shared_data, backend):
    assert told((shared_data / "easi" / backend / "expected_core" / "easi_results.zip").read_bytes()) == []


@pytest.mark.parametrize("case", [str.lower, str.upper])
def test_every_type_that_easi_takes_is_taken_in_any_case(told, case):
    assert told(make_zip({f"m/{case(f'file.{name}')}": b"1" for name in ALLOWED})) == []


def test_folders_are_no_files(told):
    assert told(make_zip({"model/": b"", "model/deeper.v1/": b"", "model/deeper.v1/a.csv": b"1"})) == []


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"PK\x03", b"MZ\x90\x00" + bytes(100), b"<html></html>", b"Rar!\x1a\x07"]
)
def test_what_does_not_begin_as_an_archive_is_none(told, content):
    assert told(content) == [NOT_A_ZIP]
    assert not looks_like_zip(content[:8])


def test_an_archive_of_nothing_is_none(told):
    assert told(make_zip({})) == [NOT_A_ZIP]


def test_an_archive_behind_something_else_is_none(told):
    assert told(b"#!/bin/sh\n" + make_zip()) == [NOT_A_ZIP]
    assert told(b"PK\x03\x04 and a script" + make_zip()) == [NOT_A_ZIP]


@pytest.mark.parametrize("keep", [0.2, 0.6, 0.99])
def test_a_truncated_archive_is_none(told, keep):
    content = make_zip()
    assert told(content[: int(len(content) * keep)]) == [NOT_A_ZIP]


def test_the_beginning_is_looked_at_before_the_size(told):
    assert told(b"not a zip", 21 * MB) == [NOT_A_ZIP]
    assert told(b"PK\x03\x04", 20 * MB + 1) == [TOO_LARGE]


def test_twenty_megabytes_are_taken_and_a_byte_more_is_not(told):
    files = {"a.npy": bytes(20 * MB - 200)}
    content = make_zip(files, zipfile.ZIP_STORED)
    files["a.npy"] += bytes(20 * MB - len(content))
    content = make_zip(files, zipfile.ZIP_STORED)
    assert len(content) == 20 * MB
    assert told(content) == []
    files["a.npy"] += b"\0"
    assert told(make_zip(files, zipfile.ZIP_STORED)) == [TOO_LARGE]


@pytest.mark.parametrize("path", ["../a.csv", "m/../a.csv", "m/a..b.csv", ".."])
def test_paths_that_lead_upwards_are_refused_in_easis_words(told, path):
    assert told(make_zip({path: b"1"}))[0] == PATHS


@pytest.mark.parametrize(
    "name",
    [
        b"/etc/passwd.txt",
        b"C:/a.csv",
        b"c:a.csv",
        b"m\\a.csv",
        b"\\\\host\\a.csv",
        b"m//a.csv",
        b"",
        b"a\0.csv",
        b"a\n.csv",
        b"\x1b[31m.csv",
        b"a.exe\0.csv",
        b"m/" + b"a" * 1_000 + b".csv",
    ],
)
def test_other_paths_that_mean_something_elsewhere_are_refused_too(told, name):
    assert told(forge_zip(Entry(name)))[0] == PATHS


def test_text_that_turns_its_direction_is_no_path(told):
    assert told(make_zip({"m/\u202evsc.exe": b"1"}))[0] == PATHS


def test_names_in_any_script_are_paths(told):
    assert told(make_zip({"模型/结果 é.csv": b"1"})) == []


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_devices_are_refused(told, kind):
    [text] = told(forge_zip(Entry(b"m/a.csv", b"/etc/passwd", mode=kind | 0o777)))
    assert text.startswith(PATHS)
    assert "'m/a.csv'" in text


def test_a_path_that_is_there_twice_is_refused(told):
    [text] = told(forge_zip(Entry(b"a.csv", b"1"), Entry(b"a.csv", b"2"), Entry(b"b.csv")))
    assert text == f"{PATHS} 'a.csv' is there 2 times."


@pytest.mark.parametrize("flags", [0x1, 0x41, 0x2001])
def test_encrypted_entries_are_refused(told, flags):
    [text] = told(forge_zip(Entry(b"a.csv", flags=flags)))
    assert text.startswith(NOT_A_ZIP)
    assert "encrypted" in text


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 9, 93, 99])
def test_other_methods_than_deflate_are_refused(told, method):
    [text] = told(forge_zip(Entry(b"a.csv", method=method)))
    assert text.startswith(NOT_A_ZIP)
    assert "deflate" in text


def test_what_is_declared_to_inflate_too_far_is_refused(told):
    assert told(forge_zip(Entry(b"a.csv", declared=100 * MB + 1))) == [INFLATES]
    assert told(forge_zip(*(Entry(b"%d.csv" % each, declared=60 * MB) for each in range(2)))) == [INFLATES]


def test_what_is_declared_too_large_by_far_is_refused(told):
    assert told(forge_zip(Entry(b"a.csv", declared=0xFFFFFFFE))) == [INFLATES]


def test_a_bomb_that_declares_little_is_stopped_at_the_limit(told):
    bomb = forge_zip(Entry(b"a.csv", bytes(101 * MB), declared=10))
    assert len(bomb) < 200_000
    tracemalloc.start()
    assert told(bomb) == [INFLATES]
    assert tracemalloc.get_traced_memory()[1] < 8 * MB
    tracemalloc.stop()


def test_what_several_entries_inflate_to_counts_together(told):
    half = bytes(51 * MB)
    assert told(forge_zip(Entry(b"a.csv", half), Entry(b"b.csv", half, declared=10))) == [INFLATES]


@pytest.mark.parametrize("declared", [0, 3, 5, 50])
def test_a_size_that_is_a_lie_is_damage(told, declared):
    assert told(forge_zip(Entry(b"a.csv", b"1234", declared=declared))) == [NOT_A_ZIP]
    assert told(forge_zip(Entry(b"a.csv", b"1234", declared=declared, method=zipfile.ZIP_STORED))) == [NOT_A_ZIP]


def test_a_wrong_checksum_is_damage(told):
    assert told(forge_zip(Entry(b"a.csv", b"1234", crc=1))) == [NOT_A_ZIP]


def test_damaged_bytes_are_damage(told):
    content = bytearray(forge_zip(Entry(b"a.csv", bytes(range(256)) * 40)))
    content[60] ^= 0xFF
    assert told(bytes(content)) == [NOT_A_ZIP]


def test_entries_that_share_bytes_are_refused_before_they_are_read(told):
    """A small file whose entries all inflate the same large part."""
    started = time.perf_counter()
    content = bytearray(forge_zip(Entry(b"a.csv", bytes(MB)), *(Entry(b"%d.csv" % each) for each in range(50))))
    at = -1
    while (at := content.find(b"PK\x01\x02", at + 1)) != -1:
        struct.pack_into("<I", content, at + 20, 1_000)
    assert told(bytes(content)) == [NOT_A_ZIP]
    assert time.perf_counter() - started < 2


def test_ten_thousand_entries_are_taken_and_one_more_is_not(told):
    content = io.BytesIO(make_zip({f"{each}.csv": b"" for each in range(10_000)}, zipfile.ZIP_STORED))
    assert told(content.getvalue()) == []
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("one_more.csv", b"")
    [text] = told(content.getvalue())
    assert text == f"{NOT_A_ZIP} At most 10,000 entries are taken."


def test_what_is_in_the_files_does_not_count_as_entries(told):
    """A workbook is an archive itself, and is stored as it is where it cannot be made smaller."""
    workbook = make_zip({f"sheet{each}.xml": b"" for each in range(600)})
    assert told(make_zip({f"{each}.xlsx": workbook for each in range(20)}, zipfile.ZIP_STORED)) == []


def test_a_directory_of_hundreds_of_thousands_is_refused_at_once(told):
    content = forge_directory(350_000)
    started = time.perf_counter()
    [text] = told(content)
    assert text.startswith(NOT_A_ZIP)
    assert time.perf_counter() - started < 0.5


@pytest.mark.parametrize(
    ("names", "types"),
    [
        (["a.exe"], ".exe"),
        (["a.exe", "b.EXE", "c.bat", "d.csv"], ".bat, .exe"),
        (["readme"], "(no extension)"),
        (["readme", "m/a.exe"], "(no extension), .exe"),
        (["model.v1/readme"], ".v1/readme"),
        (["a.csv."], "."),
        ([".gitignore"], ".gitignore"),
        (["a.tar.gz"], ".gz"),
        (["a.zip"], ".zip"),
    ],
)
def test_other_types_are_listed_sorted_and_once(told, names, types):
    assert told(make_zip(dict.fromkeys(names, b"1"))) == [TYPES + types]


def test_a_list_of_types_ends(told):
    [text] = told(make_zip({f"a.x{each:03}" + "y" * 500: b"1" for each in range(300)}))
    assert text.endswith(" and 280 more")
    assert len(text) < 2_000


def test_path_comes_before_size_and_size_before_type(told):
    entries = [Entry(b"../a.csv"), Entry(b"b.csv", declared=101 * MB), Entry(b"c.exe")]
    assert told(forge_zip(*entries)) == [PATHS, INFLATES, f"{TYPES}.exe"]
    assert told(forge_zip(*entries[1:])) == [INFLATES, f"{TYPES}.exe"]


def test_a_pickle_is_not_opened(told):
    boom = b"cos\nsystem\n(S'exit 1'\ntR."
    assert told(make_zip({"a.pkl": boom})) == []


BASE = make_zip({"m/a.csv": b"1,2\n" * 50, "m/b.exe": b"MZ"})


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    edits=st.lists(st.tuples(st.integers(4, len(BASE) - 1), st.integers(0, 255)), min_size=1, max_size=8),
    cut=st.integers(4, len(BASE)) | st.just(len(BASE)),
    tail=st.binary(max_size=30),
)
def test_any_damage_gives_a_verdict(told, edits, cut, tail):
    content = bytearray(BASE)
    for at, byte in edits:
        content[at] = byte
    content[cut:] = tail
    texts = told(bytes(content))
    assert all(text.startswith((NOT_A_ZIP, PATHS, INFLATES, TYPES)) for text in texts)
    if not texts:  # the damage hides the file of a type that is not taken
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
            assert not any(name.endswith(".exe") for name in archive.namelist())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_header_gives_a_verdict(told, data):
    number = st.sampled_from([0, 1, 20, 0xFFFE, 0xFFFF, 0xFFFFFFFE, 0xFFFFFFFF])
    content = bytearray(BASE)
    for signature, fields in (
        (b"PK\x01\x02", (6, 8, 10, 20, 24, 28, 30, 38, 42)),
        (b"PK\x05\x06", (4, 8, 10, 12, 16, 20)),
    ):
        at = content.rfind(signature)
        for field in data.draw(st.sets(st.sampled_from(fields), max_size=3)):
            content[at + field : at + field + 4] = data.draw(number).to_bytes(4, "little")
    texts = told(bytes(content))
    assert all(text.startswith((NOT_A_ZIP, PATHS, INFLATES, TYPES)) for text in texts)


def test_a_verdict_says_nothing_of_the_servers_own_files(told, tmp_path):
    buffer = io.BytesIO(make_zip())
    assert str(tmp_path) not in str(told(buffer.getvalue()[:50]))

"""The results tree in a tar archive."""

import io
import lzma
import os
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from etl.source import Unreadable
from etl.sources.mteb import archive
from tests.etl.mteb import encoded, load, messages, read_catalogue, result, scores, write_tree

GOOD = "acme__embed/r/Arguing.json"
OLD = {"mteb_dataset_name": "Arguing", "test": {"ndcg_at_10": 0.4}}
FILES: dict[str, object] = {
    "acme__embed/r/Old.json": OLD,
    GOOD: result(),
    "acme__embed/r/model_meta.json": {"name": "acme/embed"},
    "acme__embed/r/experiments/dim_2/Arguing.json": result(),
    "acme__embed/r/run_settings.jsonl": "{}",
}


def pack(path: Path, files: dict[str, object], prefix: str = "", mode: str = "w:xz") -> Path:
    with tarfile.open(path, mode) as tar:  # type: ignore[call-overload]
        for name, content in files.items():
            add(tar, prefix + name, encoded(content))
    return path


def add(tar: tarfile.TarFile, name: str, content: bytes = b"", **fields: object) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mtime = len(content), 1_750_000_000
    for field, value in fields.items():
        setattr(member, field, value)
    tar.addfile(member, io.BytesIO(content))


@pytest.mark.parametrize(("suffix", "mode"), [(".tar.xz", "w:xz"), (".tar.gz", "w:gz"), (".tar", "w:")])
@pytest.mark.parametrize("prefix", ["results/", "", "./results/", "results-main/results/"])
def test_an_archive_gives_what_its_tree_gives(tmp_path: Path, prefix: str, suffix: str, mode: str) -> None:
    catalogue = read_catalogue(tmp_path / "c")
    write_tree(tmp_path / "tree" / "results", FILES)
    tree = load(tmp_path / "tree", catalogue)
    packed = load(pack(tmp_path / f"results{suffix}", FILES, prefix, mode), catalogue)
    assert scores(packed) == scores(tree)
    assert (packed.revision, packed.files, packed.problems) == (tree.revision, tree.files, [])


def test_nothing_is_written_to_disk(tmp_path: Path) -> None:
    path = pack(tmp_path / "results.tar.xz", FILES)
    before = sorted(tmp_path.rglob("*"))
    load(path)
    assert sorted(tmp_path.rglob("*")) == before


def test_the_state_has_the_time_of_the_newest_member(tmp_path: Path) -> None:
    path = pack(tmp_path / "results.tar.gz", FILES, mode="w:gz")
    os.utime(path, (0, 1_790_000_000))
    assert next(load(path).states).at == datetime.fromtimestamp(1_750_000_000, UTC)
    with tarfile.open(tmp_path / "odd.tar", "w") as tar:
        add(tar, GOOD, encoded(result()), mtime=10**17)
    assert next(load(tmp_path / "odd.tar").states).at <= datetime.now(UTC)


def test_links_pipes_directories_and_ways_out_are_problems(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "odd.tar", "w") as tar:
        add(tar, f"results/{GOOD}", encoded(result()))
        add(tar, "results/acme__embed/r/Soft.json", type=tarfile.SYMTYPE, linkname="/etc/passwd")
        add(tar, "results/acme__embed/r/Hard.json", type=tarfile.LNKTYPE, linkname=f"results/{GOOD}")
        add(tar, "results/acme__embed/r/Pipe.json", type=tarfile.FIFOTYPE)
        add(tar, "results/acme__embed/r/Folder.json", type=tarfile.DIRTYPE)
        add(tar, "../../acme__embed/r/Escape.json", encoded(result()))
        add(tar, "/acme__embed/r/Root.json", encoded(result()))
    found = load(tmp_path / "odd.tar")
    assert len(scores(found)) == 1
    reasons = {path.rsplit("/", 1)[-1]: message for path, message in messages(found).items()}
    assert "link" in reasons["Soft.json"]
    assert "link" in reasons["Hard.json"]
    assert "no regular file" in reasons["Pipe.json"]
    assert "directory where a file is meant" in reasons["Folder.json"]
    assert "leads out" in reasons["Escape.json"]
    assert "leads out" in reasons["Root.json"]


def test_a_member_that_is_too_large_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_FILE", 2000)
    big = encoded(result()) + b" " * 2000
    path = pack(tmp_path / "results.tar.xz", {"acme__embed/r/Big.json": big, GOOD: result()})
    found = load(path)
    assert [row["task"] for row in scores(found)] == ["Arguing"]
    assert "bytes, more than the 2,000" in messages(found)["acme__embed/r/Big.json"]


def test_a_header_that_says_it_is_endless_does_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MOST_HEADER", 100_000)
    with tarfile.open(tmp_path / "odd.tar", "w", format=tarfile.GNU_FORMAT) as tar:
        add(tar, GOOD, encoded(result()))
        add(tar, "././@LongLink", b"x" * 3_000_000, type=tarfile.GNUTYPE_LONGNAME)
        add(tar, "acme__embed/r/Late.json", encoded(result("Late")))
    found = load(tmp_path / "odd.tar")
    assert [row["task"] for row in scores(found)] == ["Arguing"]
    assert "a header that does not end" in messages(found)["odd.tar"]


@pytest.mark.parametrize(("suffix", "mode"), [(".tar.xz", "w:xz"), (".tar.gz", "w:gz"), (".tar", "w:")])
def test_a_truncated_archive_gives_what_comes_before_the_cut(tmp_path: Path, suffix: str, mode: str) -> None:
    files: dict[str, object] = {
        f"acme__embed/r/T{n}.json": result(f"T{n}", note=os.urandom(20_000).hex()) for n in range(9)
    }
    path = pack(tmp_path / f"results{suffix}", files, mode=mode)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    found = load(path)
    assert 1 <= len(scores(found)) < 9
    assert "cannot be unpacked further" in messages(found)[path.name]


def test_an_archive_of_several_xz_streams_is_read_whole(tmp_path: Path) -> None:
    plain = pack(tmp_path / "plain.tar", FILES, mode="w:").read_bytes()
    half = len(plain) // 2
    (tmp_path / "two.tar.xz").write_bytes(lzma.compress(plain[:half]) + lzma.compress(plain[half:]))
    assert scores(load(tmp_path / "two.tar.xz")) == scores(load(tmp_path / "plain.tar"))


@pytest.mark.parametrize("content", [b"", b"not an archive", b"\xfd7zXZ\0garbage", b"\x1f\x8bgarbage"])
def test_what_is_no_archive_cannot_be_read(tmp_path: Path, content: bytes) -> None:
    write_tree(tmp_path, {"results.tar.xz": content})
    with pytest.raises(Unreadable, match="no MTEB score"):
        load(tmp_path / "results.tar.xz")


def test_a_file_of_another_kind_cannot_be_read(tmp_path: Path) -> None:
    write_tree(tmp_path, {"results.zip": b"PK"})
    with pytest.raises(Unreadable, match=r"\.tar\.xz"):
        load(tmp_path / "results.zip")

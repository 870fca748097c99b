import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.accounts.pending import LASTS_SECONDS, Pending, Sealer
from api.accounts.secret import FILE, NoSecret, Secret, read_secret
from tests.accounts.site import Clock

PENDING = Pending("state", "nonce", "verifier", "https://h/api/auth/callback", "/submit")


def test_all_who_start_at_once_read_the_same_secret(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: read_secret(folder).value, range(16)))
    assert len(found) == 1
    assert read_secret(folder).value in found
    assert [file.name for file in folder.iterdir()] == [FILE]


def test_nobody_else_may_read_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    secret = read_secret(tmp_path)
    file = tmp_path / FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(secret.value) == 32
    assert repr(secret) == "Secret()"
    assert not caplog.records
    file.chmod(0o644)
    read_secret(tmp_path)
    assert "chmod 600" in caplog.text


def test_a_spoilt_secret_is_said(tmp_path: Path) -> None:
    for spoilt in (b"", b"short", b"x" * 33):
        (tmp_path / FILE).write_bytes(spoilt)
        with pytest.raises(NoSecret, match=FILE):
            read_secret(tmp_path)


def test_a_place_that_cannot_hold_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NoSecret, match=FILE):
        read_secret(tmp_path / "file")


def test_each_purpose_has_its_own_key() -> None:
    secret = Secret(b"x" * 32)
    assert secret.key("one") == Secret(b"x" * 32).key("one")
    assert len({secret.value, secret.key("one"), secret.key("two")}) == 3


def test_a_sealed_sign_in_is_read_by_whoever_has_the_key() -> None:
    sealed = Sealer(b"k" * 32).seal(PENDING)
    assert Sealer(b"k" * 32).open(sealed) == PENDING
    assert Sealer(b"o" * 32).open(sealed) is None
    assert "verifier" not in sealed + repr(PENDING).replace("verifier=", "")


def test_a_sealed_sign_in_is_good_for_ten_minutes() -> None:
    clock = Clock()
    sealer = Sealer(b"k" * 32, clock.seconds)
    sealed = sealer.seal(PENDING)
    clock.ahead = LASTS_SECONDS - 5
    assert sealer.open(sealed) == PENDING
    clock.ahead = LASTS_SECONDS + 5
    assert sealer.open(sealed) is None


@pytest.mark.parametrize(
    "change", [lambda s: s[:-4], lambda s: s[:30] + "AAAA" + s[34:], lambda s: "", lambda s: "é" + s, lambda s: s * 50]
)
def test_a_changed_sign_in_is_not_read(change: object) -> None:
    sealer = Sealer(b"k" * 32)
    assert callable(change)
    assert sealer.open(change(sealer.seal(PENDING))) is None

"""How bodies are coded on their way, as the client prefers."""

import asyncio
import gzip
import threading
from collections.abc import Callable

import brotli
import pytest
import zstandard

from api import encodings
from tests.api.desk import Desk

LONG = '{ tell(text: "%s") }' % ("a long tale " * 200)
SHORT = "{ tell }"
DECODE: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "identity": lambda body: body,
}


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        (None, "identity"),
        ("", "identity"),
        ("identity", "identity"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, br", "br"),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip;q=1.0, br;q=0.8, zstd;q=0.2", "gzip"),
        ("zstd;q=0, br;q=0.5", "br"),
        ("gzip;q=0", "identity"),
        ("deflate, compress", "identity"),
        ("*", "zstd"),
        ("*;q=0.1, gzip;q=0.5", "gzip"),
        ("zstd;q=0, *", "br"),
        ("identity;q=1, gzip;q=0.5", "identity"),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("*;q=0, gzip", "gzip"),
        ("gzip;q=none", "identity"),
    ],
)
async def test_the_client_says_which_codings_it_takes(desk: Desk, accepted: str | None, expected: str) -> None:
    headers = {} if accepted is None else {"accept-encoding": accepted}
    plain = (await desk.get(LONG)).content
    for _ in range(2):
        for answer in (await desk.get(LONG, headers), await desk.ask(LONG, headers=headers)):
            assert answer.told.get("content-encoding", "identity") == expected
            assert answer.told["content-length"] == str(len(answer.content))
            assert answer.told["vary"] == "Accept, Accept-Encoding"
            assert DECODE[expected](answer.content) == plain
            assert expected == "identity" or len(answer.content) < len(plain) / 2
    assert len(desk.ran) <= 2


@pytest.mark.parametrize("accepted", ["identity;q=0", "*;q=0", "identity;q=0, gzip;q=0", "deflate, *;q=0"])
async def test_a_client_that_takes_no_coding_at_all_gets_406(desk: Desk, accepted: str) -> None:
    for answer in (
        await desk.get(SHORT, {"accept-encoding": accepted}),
        await desk.ask(SHORT, headers={"accept-encoding": accepted}),
    ):
        assert (answer.status, answer.json["errors"][0]["extensions"]["code"]) == (406, "NOT_ACCEPTABLE")
    assert desk.ran == []


async def test_what_is_small_is_sent_as_it_is(desk: Desk) -> None:
    answer = await desk.get(SHORT, {"accept-encoding": "zstd, br, gzip"})
    assert "content-encoding" not in answer.told
    assert answer.json["data"] == {"tell": ""}


async def test_what_is_small_is_coded_for_a_client_that_takes_nothing_else(desk: Desk) -> None:
    answer = await desk.get(SHORT, {"accept-encoding": "identity;q=0, gzip"})
    assert answer.told["content-encoding"] == "gzip"
    assert b'"tell":""' in gzip.decompress(answer.content)


async def test_each_coding_has_a_validator_of_its_own(desk: Desk) -> None:
    tags = {name: (await desk.get(LONG, {"accept-encoding": name})).told["etag"] for name in DECODE}
    assert len(set(tags.values())) == 4
    for name, tag in tags.items():
        statuses = [
            (await desk.get(LONG, {"accept-encoding": other, "if-none-match": tag})).status == 304 for other in DECODE
        ]
        assert statuses == [other == name for other in DECODE]


async def test_errors_are_coded_too(desk: Desk) -> None:
    answer = await desk.ask("{ tell nothing }", headers={"accept-encoding": "identity;q=0, br"})
    assert (answer.status, answer.told["content-encoding"]) == (200, "br")
    assert b"nothing" in brotli.decompress(answer.content)


async def test_what_is_large_is_coded_beside_the_event_loop(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what is small is not: to hand it to a thread would take longer."""
    coded_by: list[threading.Thread] = []

    def remember(body: bytes) -> bytes:
        coded_by.append(threading.current_thread())
        return gzip.compress(body, 1)

    monkeypatch.setattr(encodings, "CODINGS", {**encodings.CODINGS, "gzip": remember})
    for size in (2_000, encodings.LARGE):
        answer = await desk.ask(
            "query ($text: String) { tell(text: $text) }",
            variables={"text": "x" * size},
            headers={"accept-encoding": "gzip"},
        )
        assert len(gzip.decompress(answer.content)) > size
    await asyncio.sleep(0)
    assert [thread is threading.main_thread() for thread in coded_by] == [True, False]

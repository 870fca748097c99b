"""SQL over HTTP: its answers in every form, its bounds, and that GraphQL does not notice."""

import csv
import io
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from httpx2 import Response
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.rankings import METHODS, document
from tests.api.test_ranking_sql import SAMPLE, by_method
from tests.asking import ask
from warehouse.store import Store

ENDLESS = "select count(*) from range(100000000000) t(i) where hash(i) % 7 = 9"
ARROW = "application/vnd.apache.arrow.stream"
PARQUET = "application/vnd.apache.parquet"
SECONDS = 0.4


@pytest.fixture(scope="module")
def small(sample_dir: Path) -> Iterator[TestClient]:
    """A client of an application that gives a statement little."""
    bounds = {"sql_seconds": SECONDS, "sql_rows": 1_000, "sql_memory_mb": 128, "sql_answer_mb": 1}
    with TestClient(create_app(Settings(data_dir=sample_dir, sql_processes=1, sql_queue=1, **bounds))) as client:
        yield client


def post(client: TestClient, query: str, params: Any = None, **headers: str) -> Response:
    return client.post("/sql", json={"query": query, "params": params}, headers=headers)


def rows(response: Response) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.text
    return response.json()["rows"]


def refusal(response: Response) -> tuple[int, str]:
    error = response.json()["error"]
    assert set(error) == {"code", "message"}
    assert error["message"]
    assert response.headers["cache-control"] == "no-store"
    return response.status_code, error["code"]


def test_an_answer_has_columns_and_rows(client: TestClient, sample_dir: Path) -> None:
    response = post(client, "select rank, model, value from leaderboard($board) limit 1", {"board": "EASI-8"})
    assert response.headers["content-type"] == "application/json"
    current = Store(sample_dir).current()
    assert current is not None
    assert response.headers["x-standings-snapshot"] == current.id
    assert response.json() == {
        "columns": [
            {"name": "rank", "type": "BIGINT"},
            {"name": "model", "type": "VARCHAR"},
            {"name": "value", "type": "DOUBLE"},
        ],
        "rows": [{"rank": 1, "model": "sensenova/SenseNova-SI-1.3-InternVL3-8B", "value": 65.15}],
    }


def test_an_answer_without_rows_has_its_columns(client: TestClient) -> None:
    query = "select 1 as a, 'x' as b where false"
    assert post(client, query).json() == {
        "columns": [{"name": "a", "type": "INTEGER"}, {"name": "b", "type": "VARCHAR"}],
        "rows": [],
    }
    assert post(client, query, accept="text/csv").text == '"a","b"\n'
    assert pq.read_table(io.BytesIO(post(client, query, accept=PARQUET).content)).column_names == ["a", "b"]
    assert pa.ipc.open_stream(post(client, query, accept=ARROW).content).read_all().column_names == ["a", "b"]


VALUES = """
    select 1::tinyint as whole, 18446744073709551615::ubigint as most, 170141183460469231731687303715884105727::hugeint as huge,
        1.50::decimal(5, 2) as money, 0.1::double as real, 'nan'::double as nan, '-inf'::double as endless, true as flag,
        'a"b,\n\u00e9\u4e16' as text, '' as nothing_in_it, null as nothing, '\\xAA\\x00x'::blob as bytes,
        date '2026-01-02' as day, timestamp '2026-01-02 03:04:05.678' as moment, timestamptz '2026-01-02 03:04:05+02' as zoned,
        time '01:02:03' as clock, interval '1 month 2 days 3.5 seconds' as span,
        uuid '12345678-1234-1234-1234-123456789012' as id, 'b'::enum('a', 'b') as choice, [1, null] as list,
        {'a': {'b': [0.5]}} as nested, map {'k': 1} as pairs, array_value(1, 2) as fixed, '{"a": 1}'::json as document
"""


def test_values_of_every_type_have_a_form_in_json(client: TestClient) -> None:
    response = post(client, VALUES)
    row = rows(response)[0]
    assert "170141183460469231731687303715884105727" in response.text
    assert row == {
        "whole": 1, "most": 18446744073709551615, "huge": 170141183460469231731687303715884105727, "money": 1.5, "real": 0.1,
        "nan": None, "endless": None, "flag": True, "text": 'a"b,\n\u00e9\u4e16', "nothing_in_it": "", "nothing": None,
        "bytes": "\\xAA\\x00x", "day": "2026-01-02", "moment": "2026-01-02T03:04:05.678000", "zoned": "2026-01-02T01:04:05+00:00",
        "clock": "01:02:03", "span": "P1M2DT3.5S", "id": "12345678-1234-1234-1234-123456789012", "choice": "b", "list": [1, None],
        "nested": {"a": {"b": [0.5]}}, "pairs": [["k", 1]], "fixed": [1, 2], "document": '{"a": 1}',
    }  # fmt: skip


def test_values_of_every_type_have_a_form_in_csv(client: TestClient) -> None:
    response = post(client, VALUES, accept="text/csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    row = next(csv.DictReader(io.StringIO(response.text, newline="")))
    assert (row["huge"], row["money"], row["nan"], row["text"]) == (
        "170141183460469231731687303715884105727",
        "1.50",
        "nan",
        'a"b,\n\u00e9\u4e16',
    )
    assert (row["list"], row["choice"], row["span"], row["bytes"]) == ("[1,null]", "b", "P1M2DT3.5S", "\\xAA\\x00x")
    assert (row["nothing"], row["nothing_in_it"]) == ("", "")
    assert ',"",,' in response.text  # a text without characters has quotes, null has none


def test_values_of_every_type_have_a_form_in_arrow(client: TestClient) -> None:
    response = post(client, VALUES, accept=ARROW)
    row = pa.ipc.open_stream(response.content).read_all()
    assert row.schema.field("zoned").type == pa.timestamp("us", "UTC")
    assert row["huge"].to_pylist() == [170141183460469231731687303715884105727]
    assert str(row["nan"].to_pylist()) == "[nan]"


def test_values_have_a_form_in_parquet_or_it_is_said_which_have_not(client: TestClient) -> None:
    assert refusal(post(client, VALUES, accept=PARQUET)) == (400, "UNWRITABLE")
    table = pq.read_table(io.BytesIO(post(client, f"select * exclude (span) from ({VALUES})", accept=PARQUET).content))
    assert table["nested"].to_pylist() == [{"a": {"b": [0.5]}}]


@pytest.mark.parametrize("form", ["json", "csv", "parquet", "arrow"])
@pytest.mark.parametrize(
    "value",
    [
        "'101'::bit",
        "340282366920938463463374607431768211455::uhugeint",
        "timetz '01:02:03+02'",
        "['101'::bit]",
        "'infinity'::date",
        "'-infinity'::timestamptz",
    ],
)
def test_values_that_would_change_on_the_way_are_refused(client: TestClient, value: str, form: str) -> None:
    response = client.get("/sql", params={"query": f"select {value} as a", "format": form})
    assert response.status_code == 400
    assert "column `a`" in response.text
    assert "cast it to varchar" in response.text
    assert client.get("/sql", params={"query": f"select {value}::varchar as a", "format": form}).status_code == 200


def test_times_beyond_the_calendar_are_refused_as_json(client: TestClient) -> None:
    for value in ("date '20000-01-02'", "[timestamp '290000-01-01']"):
        assert refusal(post(client, f"select {value} as a")) == (400, "UNWRITABLE")


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/json"), ("*/*", "application/json"), ("application/*", "application/json"), ("text/*", "text/csv"),
        ("text/csv;q=0.5, application/json;q=0.1", "text/csv"), (f"text/html, {ARROW};q=0.9, */*;q=0.1", ARROW), (PARQUET, PARQUET),
        ("application/json;q=0, */*", "text/csv"),
    ],
)  # fmt: skip
def test_the_form_is_what_accept_prefers(client: TestClient, accept: str | None, media_type: str) -> None:
    response = client.get("/sql", params={"query": "select 1"}, headers={} if accept is None else {"accept": accept})
    assert response.headers["content-type"].partition(";")[0] == media_type
    assert response.headers["vary"] == "Accept, Accept-Encoding"


def test_none_of_the_forms_is_406(client: TestClient) -> None:
    assert refusal(post(client, "select 1", accept="image/png")) == (406, "NOT_ACCEPTABLE")
    assert refusal(post(client, "select 1", **{"accept-encoding": "identity;q=0, x-none"})) == (406, "NOT_ACCEPTABLE")


def test_a_get_may_name_its_form_for_a_file(client: TestClient) -> None:
    response = client.get("/sql", params={"query": "select 1 as a", "format": "csv"}, headers={"accept": "text/html"})
    assert response.text == '"a"\n1\n'
    assert response.headers["content-disposition"] == 'attachment; filename="standings.csv"'


def test_a_get_may_be_kept_and_asked_for_again(client: TestClient) -> None:
    asked = {"query": "select model from leaderboard($b)", "params": '{"b": "EASI-8"}'}
    first = client.get("/sql", params=asked)
    assert first.headers["cache-control"] == "public, max-age=60"
    again = client.get("/sql", params=asked, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    other = client.get("/sql", params={**asked, "format": "csv"}, headers={"if-none-match": first.headers["etag"]})
    assert other.status_code == 200
    head = client.head("/sql", params=asked)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", first.headers["etag"])
    posted = post(client, "select 1")
    assert posted.headers["cache-control"] == "no-store"
    assert "etag" not in posted.headers


@pytest.mark.parametrize("coding", ["zstd", "br", "gzip", "identity"])
def test_a_long_answer_is_coded_as_the_client_prefers(client: TestClient, coding: str) -> None:
    plain = rows(post(client, "from scores", **{"accept-encoding": "identity"}))
    response = client.post("/sql", json={"query": "from scores"}, headers={"accept-encoding": coding})
    assert response.headers.get("content-encoding", "identity") == coding
    assert ("content-length" in response.headers) == (coding == "identity")
    body = (
        zstandard.ZstdDecompressor().stream_reader(response.content).read()
        if coding == "zstd" and response.content[:1] == b"\x28"
        else response.content
    )
    assert json.loads(body)["rows"] == plain
    assert "content-encoding" not in post(client, "from scores", accept=PARQUET, **{"accept-encoding": coding}).headers


def test_another_kept_snapshot_may_be_asked(client: TestClient, sample_dir: Path) -> None:
    (kept,) = Store(sample_dir).list()
    assert client.get("/sql", params={"query": "select 1", "snapshot": kept.id}).status_code == 200
    for name in ("20260101T000000Z-00000000", "../../etc", ""):
        assert refusal(client.get("/sql", params={"query": "select 1", "snapshot": name})) == (404, "NO_SNAPSHOT")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"select 1"', b"{}", b'{"query": 1}', b'{"query": "select 1", "params": 1}', b'{"query": "select 1", "format": "xml"}',
     b'{"query": "select 1", "limit": 1}', b'{"query": "select \xff"}', b'{"query": "\\ud800"}', b'{"query":"select 1","snapshot":1}', b"[" * 100_000],
)  # fmt: skip
def test_a_body_that_is_no_question_is_400(client: TestClient, body: bytes) -> None:
    response = client.post("/sql", content=body, headers={"content-type": "application/json"})
    assert refusal(response) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    "address",
    [
        "/sql",
        "/sql?query=select%20%ff",
        "/sql?query=select+1&params={",
        "/sql?query=1&query=2",
        "/sql?query=select+1&x=1",
        "/sql?" + "&".join(f"a{n}=1" for n in range(90)),
    ],
)
def test_an_address_that_is_no_question_is_400(client: TestClient, address: str) -> None:
    assert refusal(client.get(address)) == (400, "BAD_REQUEST")


def test_other_methods_and_media_types_are_refused(client: TestClient) -> None:
    response = client.put("/sql", json={"query": "select 1"})
    assert refusal(response) == (405, "METHOD_NOT_ALLOWED")
    assert response.headers["allow"] == "GET, HEAD, POST"
    assert refusal(
        client.post("/sql", content=b"query=select+1", headers={"content-type": "application/x-www-form-urlencoded"})
    ) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert refusal(client.post("/sql", content=b" " * 1_000_001, headers={"content-type": "application/json"})) == (
        413,
        "TOO_LARGE",
    )


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "REFUSED_STATEMENT"), ("-- nothing", "REFUSED_STATEMENT"), ("select 1; select 2", "REFUSED_STATEMENT"), ("drop table scores", "REFUSED_STATEMENT"),
        ("set threads = 4", "REFUSED_STATEMENT"), ("from read_text('/etc/passwd')", "REFUSED_STATEMENT"), ("from duckdb_settings()", "REFUSED_STATEMENT"),
        ("from pandas_scan(null)", "REFUSED_STATEMENT"), ("select 1\0", "REFUSED_STATEMENT"), ("select '" + "x" * 250_000 + "'", "REFUSED_STATEMENT"),
        ("selec", "WRONG_STATEMENT"), ("from nowhere", "WRONG_STATEMENT"), ("select $a", "WRONG_STATEMENT"), ("select error('x') from range(3)", "WRONG_STATEMENT"),
        ("select case when i > 900000 then error('late') else i end from range(1000000) t(i)", "WRONG_STATEMENT"),
        ("select " + "(" * 1_000, "WRONG_STATEMENT"),
    ],
)  # fmt: skip
def test_what_is_refused_or_wrong_is_400(client: TestClient, query: str, code: str) -> None:
    response = post(client, query)
    assert refusal(response) == (400, code)
    assert "/snapshots/" not in response.text


def test_more_rows_than_may_be_is_413(small: TestClient) -> None:
    response = post(small, "from range(1001)")
    assert refusal(response) == (413, "TOO_LARGE")
    assert "1,000 rows" in response.text
    assert len(rows(post(small, "from range(1000)"))) == 1000


@pytest.mark.parametrize("accept", ["application/json", "text/csv", ARROW, PARQUET])
def test_more_bytes_than_may_be_is_413(small: TestClient, accept: str) -> None:
    assert refusal(post(small, "select repeat(sha256(i::varchar), 40) as a from range(900) t(i)", accept=accept)) == (
        413,
        "TOO_LARGE",
    )
    assert post(small, "select 1", accept=accept).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "select length(repeat('x', 1000000000))",
        "select sum(length(repeat('x', 100000000 + i::int))) from range(20) t(i)",
        "select len(range(1000000000))",
        "select damerau_levenshtein(repeat('a', 30000), repeat('b', 30000))",
        "select list(i) from range(100000000) t(i)",
        "select string_agg(repeat('x', 100000), '') from range(100000)",
    ],
)
def test_more_memory_than_may_be_is_413_or_takes_too_long(small: TestClient, query: str) -> None:
    started = time.monotonic()
    assert refusal(post(small, query)) in ((413, "TOO_LARGE"), (408, "TIMEOUT"))
    assert time.monotonic() - started < SECONDS + 10
    assert rows(post(small, "select 1 as one")) == [{"one": 1}]


@pytest.mark.parametrize(
    "query",
    [
        ENDLESS,
        "with recursive a as (select 1 as x union all select x + 1 from a) select count(*) from a",
        "select count(*) from scores a, scores b, scores c where hash(a.seq + b.seq + c.seq) % 7 = 9",
        "select levenshtein(repeat('a', 200000), repeat('b', 200000))",  # cannot be interrupted
    ],
)
def test_more_seconds_than_may_be_is_408(small: TestClient, query: str) -> None:
    started = time.monotonic()
    response = post(small, query)
    assert refusal(response) == (408, "TIMEOUT")
    assert "after 0.4 seconds" in response.text
    assert time.monotonic() - started < SECONDS + 10
    assert rows(post(small, "select 1 as one")) == [{"one": 1}]


@pytest.mark.parametrize(
    "query",
    [
        "select regexp_matches(repeat('a', 50000) || 'b', '(a*)*c')",
        "select repeat('a', 3000) like repeat('%a', 300) || 'b'",
        "select regexp_matches('a', '((a{100}){100}){100}')",
    ],
)
def test_patterns_do_not_explode(small: TestClient, query: str) -> None:
    assert post(small, query).status_code in (200, 400, 408, 413)
    assert rows(post(small, "select 1 as one")) == [{"one": 1}]


def test_a_full_queue_is_503_and_graphql_does_not_notice(small: TestClient) -> None:
    with ThreadPoolExecutor(8) as crowd:
        flood = [crowd.submit(post, small, ENDLESS) for _ in range(6)]
        time.sleep(0.1)
        started = time.monotonic()
        assert ask(small, '{ benchmark(name: "EASI-8") { leaderboard { sql } } }')
        assert time.monotonic() - started < SECONDS
        answers = [each.result() for each in flood]
    busy = [each for each in answers if each.status_code == 503]
    assert len(busy) == 4
    assert {refusal(each) for each in busy} == {(503, "BUSY")}
    assert busy[0].headers["retry-after"] == "1"
    assert [each.status_code for each in answers].count(408) == 2


def test_one_statement_leaves_nothing_for_the_next(small: TestClient) -> None:
    for query in (
        "create temp table kept as select 1",
        "set variable kept = 1",
        "explain analyze create temp table kept as select 1",
        "prepare kept as select 1",
    ):
        assert post(small, query).status_code == 400
    for query in ("from kept", "select getvariable('kept')", "execute kept"):
        assert post(small, query).status_code == 400


def test_it_can_be_turned_off(sample_dir: Path) -> None:
    with TestClient(create_app(Settings(data_dir=sample_dir, sql=False))) as client:
        assert post(client, "select 1").status_code == 404


def test_without_a_snapshot_it_is_not_ready(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(data_dir=tmp_path))) as client:
        response = post(client, "select 1")
    assert refusal(response) == (503, "NOT_READY")
    assert response.headers["retry-after"] == "5"


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("board", "arguments"), [SAMPLE[0], SAMPLE[3]])
def test_the_statement_of_a_board_gives_its_rows_to_the_last_bit(
    client: TestClient, board: str, arguments: dict[str, Any], method: str
) -> None:
    chosen = {**by_method(client, board, method), **arguments}
    fields = "sql sqlParameters entries(first: 5000) { nodes { rank value meanTask model { name } } }"
    answer = ask(client, document(chosen, fields), board=board, **chosen)["benchmark"]["leaderboard"]
    found = rows(post(client, answer["sql"], answer["sqlParameters"]))
    assert [
        {"rank": row["rank"], "value": row["value"], "meanTask": row["mean_task"], "model": {"name": row["model"]}}
        for row in found
    ] == answer["entries"]["nodes"]

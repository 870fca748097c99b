"""Whole answers that were given before: what is the same question, who shares an answer, and for how long it holds."""

import asyncio
import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from api.graphql.cost import MOST_COST
from tests.api.desk import Call, Desk, open_desk, serve, serving
from warehouse.snapshot import Serving

GRAPHQL_JSON = "application/graphql-response+json"
QUERY = "query Tell($text: String) { tell(text: $text) }"
LONG = '{ tell(text: "%s") }' % ("a long tale " * 200)


@pytest.fixture(autouse=True)
def open_gate(desk: Desk) -> None:
    """Nothing waits unless a test says so."""
    desk.gate.set()


async def test_what_was_answered_is_not_worked_out_again_by_get_or_post(desk: Desk) -> None:
    query = '{ tell(text: "hello") }'
    answers = [await desk.ask(query), await desk.get(query), await desk.ask(query), await desk.get(query)]
    assert [answer.json["data"] for answer in answers] == [{"tell": "hello"}] * 4
    assert len({answer.content for answer in answers}) == 1
    assert desk.ran == ["hello"]


OTHERS: list[dict[str, Any]] = [
    {"query": QUERY.replace("tell(", "told: tell(")},
    {"query": f"{QUERY} "},
    {"variables": {"text": "another"}},
    {"variables": {"text": "a", "more": "b", "most": "c"}},
    {"operationName": "Tell"},
    {"headers": {"accept": GRAPHQL_JSON}},
    {"headers": {"accept-encoding": "gzip"}},
]


async def test_another_question_has_an_answer_of_its_own(desk: Desk) -> None:
    first = {"query": QUERY, "variables": {"text": "a", "more": "b"}}
    await desk.ask(**first)
    for asked, other in enumerate(OTHERS, start=2):
        answer = await desk.ask(**{**first, **other})
        assert len(desk.ran) == asked, other
        assert answer.told["content-type"].startswith(other.get("headers", {}).get("accept", "application/json"))
        if "told" in other.get("query", ""):
            assert answer.json["data"] == {"told": "a"}


async def test_the_order_of_variables_and_what_says_nothing_make_no_other_question(desk: Desk) -> None:
    await desk.ask(QUERY, variables={"text": "a", "more": "b"})
    await desk.ask(QUERY, variables={"more": "b", "text": "a"}, operationName="", extensions={"client": "x"})
    assert desk.ran == ["a"]
    for nothing in ({}, {"variables": {}}, {"variables": None}):
        await desk.ask("{ tell }", **nothing)
    assert desk.ran == ["a", ""]


async def test_a_new_snapshot_is_asked_anew(tmp_path: Path, tiny: Path) -> None:
    with serving(tmp_path / "data", tiny) as served:
        desk = open_desk(served)
        before = await desk.get("{ tell }")
        newer = serve(served, tiny, 2)
        after = await desk.get("{ tell }", {"if-none-match": before.told["etag"]})
    assert desk.ran == ["", ""]
    assert (after.status, after.json["extensions"]["snapshot"]) == (200, newer)
    assert after.told["etag"] != before.told["etag"]


async def test_an_answer_with_an_error_is_not_kept(desk: Desk) -> None:
    for query in ("{ fail }", '{ tell(text: "beside") fail }', "{ crowded }"):
        desk.ran.clear()
        answers = [await desk.get(query) for _ in range(2)]
        assert len(desk.ran) == 2 * len(re.findall(r"tell|fail|crowded", query))
        for answer in answers:
            assert answer.json["errors"]
            assert answer.told["cache-control"] == "no-store"
            assert "etag" not in answer.told


@pytest.mark.parametrize("header", ["authorization", "cookie"])
async def test_who_says_who_they_are_neither_fills_nor_reads_what_others_share(desk: Desk, header: str) -> None:
    own = [await desk.get("{ tell }", {header: "secret"}), await desk.ask("{ tell }", headers={header: "secret"})]
    assert len(desk.ran) == 2
    await desk.get("{ tell }")
    assert len(desk.ran) == 3
    own.append(await desk.get("{ tell }", {header: "secret", "if-none-match": "*"}))
    assert len(desk.ran) == 4
    for answer in own:
        assert (answer.status, answer.told["cache-control"]) == (200, "private, no-store")
        assert "etag" not in answer.told


async def test_those_who_say_who_they_are_do_not_wait_for_one_another(desk: Desk) -> None:
    desk.gate.clear()
    calls = [Call.post("{ wait }", {"cookie": f"reader={number}"}) for number in range(3)]
    tasks = [asyncio.create_task(call.run(desk.endpoint)) for call in calls]
    await desk.until_running(3)
    desk.gate.set()
    await asyncio.gather(*tasks)
    assert [call.json["data"] for call in calls] == [{"wait": ""}] * 3


async def test_a_mutation_runs_each_time(desk: Desk) -> None:
    desk.gate.clear()
    calls = [Call.post('mutation { write(text: "x") }') for _ in range(3)]
    tasks = [asyncio.create_task(call.run(desk.endpoint)) for call in calls]
    await desk.until_running(3)
    desk.gate.set()
    await asyncio.gather(*tasks)
    again = await desk.ask('mutation { write(text: "x") }')
    assert desk.ran == ["x"] * 4
    assert again.told["cache-control"] == "no-store"


async def test_an_operation_beside_a_mutation_is_another_question(desk: Desk) -> None:
    both = 'query Read { tell(text: "read") } mutation Write { write(text: "written") }'
    assert (await desk.ask(both, operationName="Read")).json["data"] == {"tell": "read"}
    assert (await desk.ask(both, operationName="Write")).json["data"] == {"write": "written"}
    assert desk.ran == ["read", "written"]


@pytest.mark.parametrize("cache_mb", [0, 256])
async def test_fifty_who_ask_the_same_have_it_worked_out_once(served: Serving, cache_mb: int) -> None:
    desk = open_desk(served, cache_mb=cache_mb)
    calls = [Call.post('{ wait(text: "cold") }') for _ in range(50)]
    tasks = [asyncio.create_task(call.run(desk.endpoint)) for call in calls]
    await desk.until_running()
    await asyncio.sleep(0.01)
    desk.gate.set()
    await asyncio.gather(*tasks)
    assert desk.ran == ["cold"]
    assert {call.content for call in calls} == {calls[0].content}
    assert calls[0].json["data"] == {"wait": "cold"}
    await desk.ask('{ wait(text: "cold") }')
    assert len(desk.ran) == (1 if cache_mb else 2)


async def test_an_error_reaches_all_who_wait_for_the_same(desk: Desk) -> None:
    desk.gate.clear()
    calls = [Call.post("{ fail }") for _ in range(5)]
    tasks = [asyncio.create_task(call.run(desk.endpoint)) for call in calls]
    await desk.until_running()
    await asyncio.sleep(0.01)
    desk.gate.set()
    await asyncio.gather(*tasks)
    assert desk.ran == ["fail"]
    assert [call.json["errors"][0]["extensions"]["code"] for call in calls] == ["INTERNAL_SERVER_ERROR"] * 5


async def test_what_is_larger_than_the_cache_is_answered_all_the_same(served: Serving) -> None:
    desk = open_desk(served, cache_mb=1)
    query = "query ($text: String) { tell(text: $text) }"
    for _ in range(2):
        answer = await desk.ask(query, variables={"text": "x" * 400_000})
        assert len(answer.json["data"]["tell"]) == 400_000
    assert len(desk.ran) == 2


async def test_others_may_keep_an_answer_to_get_for_a_while(served: Serving) -> None:
    desk = open_desk(served, max_age=90)
    read, posted = await desk.get("{ tell }"), await desk.ask("{ tell }")
    assert read.told["cache-control"] == "public, max-age=90"
    assert re.fullmatch(r'"[0-9a-f]{40}"', read.told["etag"])
    assert posted.told["cache-control"] == "no-store"
    assert "etag" not in posted.told


IF_NONE_MATCH = {
    "{tag}": 304,
    "W/{tag}": 304,
    '"other", {tag}': 304,
    'W/"other",W/{tag}': 304,
    "*": 304,
    '"other"': 200,
    "{bare}": 200,
    "": 200,
}


async def test_who_has_the_answer_is_not_sent_it(desk: Desk) -> None:
    first = await desk.get(LONG)
    tag = first.told["etag"]
    kept = {name: first.told[name] for name in ("etag", "cache-control", "vary")}
    for (if_none_match, status), method in product(IF_NONE_MATCH.items(), ("GET", "HEAD")):
        headers = {"if-none-match": if_none_match.format(tag=tag, bare=tag.strip('"'))}
        answer = await desk.get(LONG, headers, method)
        assert answer.status == status, (if_none_match, method)
        assert {name: answer.told[name] for name in kept} == kept
        assert answer.content == (first.content if status == 200 and method == "GET" else b"")
        if status == 304:
            assert not {"content-type", "content-length", "content-encoding"} & set(answer.told)
        else:
            assert answer.told["content-length"] == first.told["content-length"]


async def test_a_post_is_answered_whole_whatever_its_client_has(desk: Desk) -> None:
    assert (await desk.ask("{ tell }", headers={"if-none-match": "*"})).status == 200


async def test_two_processes_have_the_same_validator_for_the_same_answer(served: Serving) -> None:
    tags = []
    for cache_mb in (256, 0):
        desk = open_desk(served, cache_mb=cache_mb)
        tags += [(await desk.get(LONG, {"accept-encoding": "gzip"})).told["etag"] for _ in range(2)]
    assert len(set(tags)) == 1


async def test_the_cost_of_a_request_is_among_its_headers(desk: Desk) -> None:
    for _ in range(2):
        told = (await desk.get("{ cost }")).told
        assert (told["x-query-cost"], told["x-query-cost-limit"]) == ("12", "500")
    told = (await desk.get("{ tell }")).told
    assert (told["x-query-cost"], told["x-query-cost-limit"]) == ("1", str(MOST_COST))
    assert "x-query-cost" not in (await desk.get("{ nothing }")).told


@pytest.mark.parametrize("query", ["{ crowded }", '{ tell(text: "beside") crowded }'])
async def test_where_too_much_is_going_on_the_client_is_told_to_come_again(desk: Desk, query: str) -> None:
    accepted = [{"accept": accept} for accept in (GRAPHQL_JSON, "application/json")]
    posted = [await desk.ask(query, headers=headers) for headers in accepted]
    for answer in (*posted, *[await desk.get(query, headers) for headers in accepted]):
        assert (answer.status, answer.told["retry-after"], answer.told["cache-control"]) == (503, "1", "no-store")
        assert "data" not in answer.json
        (error,) = answer.json["errors"]
        assert error["extensions"] == {"code": "BUSY"}
        assert "256 statements" in error["message"]

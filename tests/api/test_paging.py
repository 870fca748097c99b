"""Pages of every connection are slices of its whole list, in every order and from both ends."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.asking import ask, refusal

Keys = dict[str, Callable[[Any], Any]]
PAGE = """totalCount edges { cursor node { ...Keys } } nodes { ...Keys }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"""
ARGUMENTS = "$orderBy: %s, $first: Int, $after: String, $last: Int, $before: String"
PASSED = "orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before"

quick = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def own(name: str) -> Callable[[Any], Any]:
    return lambda node: node[name]


def size(name: str) -> Callable[[Any], Any]:
    return lambda node: len(node[name])


def of_model(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda node: read(node["model"])


def openness(node: Any) -> Any:
    return node["openness"] and node["openness"]["score"]


@dataclass(frozen=True)
class Listing:
    """A connection: what it lists, the keys it can be sorted by, what holds them, and what is around it."""

    field: str
    element: str
    keys: Keys
    selected: str
    around: str = "{ %s }"
    several: bool = True

    @property
    def query(self) -> str:
        order = f"[{self.element}Order!]" if self.several else "LeaderboardOrder"
        field = self.around % f"{self.field}({PASSED}) {{ {PAGE} }}"
        return f"query ({ARGUMENTS % order}) {field} fragment Keys on {self.element} {{ {self.selected} }}"

    def read(self, client: TestClient, **asked: Any) -> Any:
        """A page."""
        found = ask(client, self.query, **asked)
        while self.field not in found:
            (found,) = found.values()
        return found[self.field]

    def order(self, *chosen: tuple[str, str]) -> Any:
        """The argument that sorts by these keys and directions."""
        orders = [{"field": field, "direction": direction} for field, direction in chosen]
        if self.several:
            return orders
        return {"by": _column(orders[0]["field"]), "direction": orders[0]["direction"]} if orders else None


def _column(field: str) -> dict[str, str]:
    name, _, column = field.partition("=")
    return {name: column} if column else {"field": field}


def _on(kind: str, name: str) -> Callable[[Any], Any]:
    """The value an entry has in a column of tasks or of task types."""
    if kind == "task":
        return lambda node: next((each["value"] for each in node["taskScores"] if each["task"]["name"] == name), None)
    return lambda node: next((each["value"] for each in node["taskTypeScores"] if each["taskType"] == name), None)


MODELS = Listing(
    "models",
    "Model",
    {
        "NAME": own("name"),
        "TYPE": lambda node: next(iter(node["modelTypes"]), None),
        "PARAMETERS": own("parameters"),
        "RELEASE_DATE": own("releaseDate"),
        "EMBEDDING_DIMENSION": own("embeddingDimension"),
        "MAX_TOKENS": own("maxTokens"),
        "OPENNESS": openness,
    },
    "name modelTypes parameters releaseDate embeddingDimension maxTokens openness { score }",
)
TASKS = Listing(
    "tasks",
    "Task",
    {
        "NAME": own("name"),
        "TYPE": own("type"),
        "METRIC": own("metric"),
        "MODEL_COUNT": own("modelCount"),
        "BENCHMARK_COUNT": size("benchmarks"),
        "LANGUAGE_COUNT": size("languages"),
    },
    "name type metric modelCount benchmarks { name } languages",
)
BENCHMARKS = Listing(
    "benchmarks",
    "Benchmark",
    {
        "NAME": own("name"),
        "MODEL_COUNT": own("modelCount"),
        "TASK_COUNT": own("taskCount"),
        "LANGUAGE_COUNT": size("languages"),
    },
    "name modelCount taskCount languages",
)
SCORES = Listing(
    "scores",
    "Score",
    {
        "VALUE": own("value"),
        "MODEL": of_model(own("name")),
        "TASK": lambda node: node["task"]["name"],
    },
    "id value model { name } task { name }",
)
ENTRIES = Listing(
    "entries",
    "LeaderboardEntry",
    {
        "RANK": own("rank"),
        "NAME": of_model(own("name")),
        "MEAN_TASK": own("meanTask"),
        "MEAN_TASK_TYPE": own("meanTaskType"),
        "MEAN_PUBLIC": own("meanPublic"),
        "MEAN_PRIVATE": own("meanPrivate"),
        "ZERO_SHOT": own("zeroShotPercent"),
        "PARAMETERS": of_model(own("parameters")),
        "RELEASE_DATE": of_model(own("releaseDate")),
        "OPENNESS": of_model(openness),
        "task=SampleSentencePairs": _on("task", "SampleSentencePairs"),
        "taskType=Classification": _on("taskType", "Classification"),
    },
    """rank meanTask meanTaskType meanPublic meanPrivate zeroShotPercent taskScores { task { name } value }
    taskTypeScores { taskType value } model { name parameters releaseDate openness { score } }""",
    '{ benchmark(name: "SampleMTEB(v2)") { leaderboard { %s } } }',
    several=False,
)
LISTINGS = {listing.field: listing for listing in (MODELS, TASKS, BENCHMARKS, SCORES, ENTRIES)}


def arrange(nodes: list[Any], keys: Keys, chosen: tuple[tuple[str, str], ...]) -> list[Any]:
    """Nodes by the chosen keys, unknown values last either way, and otherwise as they were."""
    for field, direction in reversed(chosen):
        known = [node for node in nodes if keys[field](node) is not None]
        unknown = [node for node in nodes if keys[field](node) is None]
        nodes = sorted(known, key=keys[field], reverse=direction == "DESC") + unknown
    return nodes


@pytest.fixture(scope="module")
def natural(client: TestClient) -> dict[str, list[Any]]:
    """The whole of every connection in its own order."""
    return {field: listing.read(client, first=5_000)["nodes"] for field, listing in LISTINGS.items()}


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize(
    ("field", "key"), [(listing.field, key) for listing in LISTINGS.values() for key in listing.keys]
)
def test_each_key_sorts_both_ways(
    client: TestClient, natural: dict[str, list[Any]], field: str, key: str, direction: str
) -> None:
    listing, chosen = LISTINGS[field], ((key, direction),)
    page = listing.read(client, orderBy=listing.order(*chosen), first=5_000)
    assert page["nodes"] == arrange(natural[field], listing.keys, chosen)


@st.composite
def windows(draw: st.DrawFn, lists: dict[str, list[Any]]) -> tuple[Any, ...]:
    """A connection, how it is sorted, and a part of it: after and before which place, how many from which end."""
    listing = draw(st.sampled_from(list(LISTINGS.values())))
    key = st.tuples(st.sampled_from(sorted(listing.keys)), st.sampled_from(["ASC", "DESC"]))
    chosen = tuple(draw(st.lists(key, max_size=3 if listing.several else 1)))
    places = st.none() | st.integers(0, len(lists[listing.field]) - 1)
    end = draw(st.sampled_from(["first", "last"]))
    return listing, chosen, draw(places), draw(places), end, draw(st.integers(0, 12) | st.just(5_000))


@quick
@given(data=st.data())
def test_a_page_is_a_slice_of_the_whole(client: TestClient, natural: dict[str, list[Any]], data: st.DataObject) -> None:
    listing, chosen, after, before, end, count = data.draw(windows(natural))
    order = listing.order(*chosen)
    whole = listing.read(client, orderBy=order, first=5_000)
    nodes, cursors = whole["nodes"], [edge["cursor"] for edge in whole["edges"]]
    assert nodes == arrange(natural[listing.field], listing.keys, chosen)
    assert len(set(cursors)) == len(nodes)

    bounds = {"after": None if after is None else cursors[after], "before": None if before is None else cursors[before]}
    page = listing.read(client, orderBy=order, **{end: count}, **bounds)
    start, stop = -1 if after is None else after, len(nodes) if before is None else before
    between = list(range(len(nodes)))[start + 1 : max(stop, start + 1)]
    kept = between[:count] if end == "first" else between[max(0, len(between) - count) :]
    assert page["nodes"] == [nodes[place] for place in kept]
    assert page["edges"] == [{"cursor": cursors[place], "node": nodes[place]} for place in kept]
    assert page["totalCount"] == len(nodes)
    more = len(between) > count
    assert page["pageInfo"] == {
        "hasNextPage": more if end == "first" else before is not None,
        "hasPreviousPage": more if end == "last" else after is not None,
        "startCursor": cursors[kept[0]] if kept else None,
        "endCursor": cursors[kept[-1]] if kept else None,
    }


@pytest.mark.parametrize(
    ("end", "beyond", "more", "cursor"),
    [("first", "after", "hasNextPage", "endCursor"), ("last", "before", "hasPreviousPage", "startCursor")],
)
@pytest.mark.parametrize("field", list(LISTINGS))
def test_pages_follow_one_another_to_the_end(
    client: TestClient, natural: dict[str, list[Any]], field: str, end: str, beyond: str, more: str, cursor: str
) -> None:
    listing, place = LISTINGS[field], None
    read: list[Any] = []
    while True:
        page = listing.read(client, **{end: 97 if field == "scores" else 5, beyond: place})
        read = read + page["nodes"] if end == "first" else page["nodes"] + read
        place = page["pageInfo"][cursor]
        if not page["pageInfo"][more]:
            break
    assert read == natural[field]


def test_a_page_has_100_elements_unless_asked_otherwise(client: TestClient, natural: dict[str, list[Any]]) -> None:
    page = SCORES.read(client)
    assert page["nodes"] == natural["scores"][:100]
    assert page["pageInfo"]["hasNextPage"]
    assert page["totalCount"] == len(natural["scores"]) > 100


def test_scores_of_a_model_and_of_a_task_come_in_pages_too(client: TestClient) -> None:
    query = """query ($after: String) {
        model(name: "sample-lab/Sample-VL-7B") { scores(first: 30, after: $after) { ...Page } }
        task(name: "vsi_bench") { scores(first: 30, after: null) { ...Page } }
    } fragment Page on ScoreConnection { totalCount nodes { id } pageInfo { endCursor hasNextPage } }"""
    first = ask(client, query)
    for of in ("model", "task"):
        assert len(first[of]["scores"]["nodes"]) == 30
        assert first[of]["scores"]["totalCount"] > 30
    second = ask(client, query, after=first["model"]["scores"]["pageInfo"]["endCursor"])["model"]["scores"]["nodes"]
    assert second
    assert [node for node in second if node in first["model"]["scores"]["nodes"]] == []


def test_entries_are_the_whole_board_unless_asked_otherwise(client: TestClient, natural: dict[str, list[Any]]) -> None:
    page = ENTRIES.read(client)
    assert page["nodes"] == natural["entries"]
    assert (page["pageInfo"]["hasNextPage"], page["pageInfo"]["hasPreviousPage"]) == (False, False)
    rest = ENTRIES.read(client, after=page["edges"][2]["cursor"])
    assert rest["nodes"] == natural["entries"][3:]
    assert rest["pageInfo"]["hasPreviousPage"]


@pytest.mark.parametrize("field", list(LISTINGS))
@pytest.mark.parametrize(
    "asked",
    [{"first": -1}, {"last": -1}, {"first": 5_001}, {"last": 5_001}, {"first": 2**31 - 1}, {"first": 1, "last": 1}],
)
def test_a_size_that_cannot_be_is_an_error_that_says_so(client: TestClient, field: str, asked: dict[str, int]) -> None:
    error = refusal(client, LISTINGS[field].query, **asked)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["path"][-1] == field
    assert "first" in error["message"] or "last" in error["message"]


def _broken(cursor: str) -> Iterator[str]:
    yield from ("", "x", "null", "é", "\0", "=" * 8, "A" * 10_000, cursor[:-8], cursor[4:], cursor + cursor)
    for text in ("1", "{}", "[]", '["a"]', '{"a": 1, "b": 2}', '"ab"', "[[], []]", "[null, null, 1]"):
        yield base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize("field", list(LISTINGS))
def test_what_is_no_cursor_is_an_error_that_says_so(client: TestClient, field: str) -> None:
    listing = LISTINGS[field]
    good = listing.read(client, first=1)["pageInfo"]["endCursor"]
    for cursor in _broken(good):
        error = refusal(client, listing.query, after=cursor)
        assert error["extensions"]["code"] in {"BAD_CURSOR", "CURSOR_EXPIRED"}, cursor
        assert "cursor" in error["message"]


def test_a_key_that_was_changed_within_a_cursor_never_reaches_a_statement(client: TestClient) -> None:
    good = SCORES.read(client, first=1)["pageInfo"]["endCursor"]
    inside = base64.urlsafe_b64decode(good).decode()
    for key in ('"x"', "[1]", '{"a": 1}', "true", "1e300"):
        changed = base64.urlsafe_b64encode(f"{inside.rpartition(',')[0]},{key}]".encode()).decode()
        assert refusal(client, SCORES.query, after=changed)["extensions"]["code"] == "BAD_CURSOR"


def test_a_cursor_of_another_order_or_list_is_an_error_that_says_so(client: TestClient) -> None:
    cursor = MODELS.read(client, first=1)["pageInfo"]["endCursor"]
    others = [
        (MODELS, {"orderBy": [{"field": "NAME", "direction": "DESC"}]}),
        (MODELS, {"orderBy": [{"field": "PARAMETERS"}]}),
        (TASKS, {}),
        (SCORES, {}),
        (ENTRIES, {}),
    ]
    for listing, asked in others:
        for bound in ("after", "before"):
            error = refusal(client, listing.query, **asked, **{bound: cursor})
            assert (error["extensions"]["code"], error["path"][-1]) == ("BAD_CURSOR", listing.field)


def test_a_cursor_of_another_board_or_time_is_an_error(client: TestClient) -> None:
    entries = """query ($name: String!, $after: String) { benchmark(name: $name) { leaderboard {
        entries(first: 1, after: $after) { pageInfo { endCursor } }
    } } }"""
    board = ask(client, entries, name="EASI-8")["benchmark"]["leaderboard"]["entries"]
    assert (
        refusal(client, entries, name="EASI-12", after=board["pageInfo"]["endCursor"])["extensions"]["code"]
        == "BAD_CURSOR"
    )
    scores = """query ($at: DateTime, $after: String) {
        scores(asOf: $at, first: 1, after: $after) { pageInfo { endCursor } }
    }"""
    now = ask(client, scores)["scores"]["pageInfo"]["endCursor"]
    assert refusal(client, scores, at="2026-06-01T09:00:00Z", after=now)["extensions"]["code"] == "BAD_CURSOR"


def test_a_cursor_of_another_snapshot_has_expired(client: TestClient, easi_client: TestClient) -> None:
    cursor = MODELS.read(client, first=1)["pageInfo"]["endCursor"]
    error = refusal(easi_client, MODELS.query, after=cursor)
    assert error["extensions"]["code"] == "CURSOR_EXPIRED"
    assert "first page" in error["message"]


def test_too_many_sort_keys_are_an_error(client: TestClient) -> None:
    error = refusal(client, MODELS.query, orderBy=[{"field": "NAME"}] * 9)
    assert (error["extensions"]["code"], error["path"]) == ("BAD_USER_INPUT", ["models"])


@pytest.mark.parametrize(("by", "named"), [({"task": "nothing"}, "nothing"), ({"task": "vsi_bench'"}, "vsi_bench'")])
def test_a_board_cannot_be_sorted_by_a_task_that_is_not(client: TestClient, by: dict[str, str], named: str) -> None:
    error = refusal(client, ENTRIES.query, orderBy={"by": by})
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert named in error["message"]

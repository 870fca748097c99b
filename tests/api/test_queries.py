"""What things are found by: names, aliases, ids, times, and the tree they are offered in."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.ids import write_id
from tests.asking import ask, send

BOARD = "SampleMTEB(v2)"
MODEL = "sample-lab/Sample-VL-7B"
IDS = """{
  models(first: 5000) { nodes { id } }
  tasks(first: 5000) { nodes { id } }
  benchmarks(first: 5000) { nodes { id leaderboard { entries { nodes { taskScores { cells { score { id } } } } } } } }
  scores(first: 5000) { nodes { id validFrom { id } } }
  old: scores(first: 5000, asOf: "2026-03-01T09:00:00Z") { nodes { id validTo { id } } }
  warehouse { sources { versions { nodes { id } } } }
}"""
SCORE = """
fragment Score on Score {
  id value split subset metric variant unit languages source sourceRank modelRevision trainedOn verified derivedFrom
  model { name } task { name } provenance { name path url notes evaluatedAt } validFrom { label } validTo { label }
}
"""


def nodes(client: TestClient, ids: list[str]) -> list[Any]:
    """The nodes of these ids, some in each request."""
    found: list[Any] = []
    for start in range(0, len(ids), 50):
        asked = (
            f'n{place}: node(id: "{each}") {{ __typename id ...Score }}'
            for place, each in enumerate(ids[start : start + 50])
        )
        found.extend(ask(client, f"{{ {' '.join(asked)} }} {SCORE}").values())
    return found


def identified(found: Any) -> set[str]:
    """Every id within an answer."""
    if isinstance(found, dict):
        inner = set().union(*map(identified, found.values()))
        return inner | {found["id"]} if "id" in found else inner
    return set().union(*map(identified, found)) if isinstance(found, list) else set()


def test_every_id_leads_back_to_its_thing(client: TestClient) -> None:
    answer = ask(client, IDS)
    counts = ask(client, "{ warehouse { counts { models benchmarks tasks versions } } }")["warehouse"]["counts"]
    scores = {node["id"] for node in [*answer["scores"]["nodes"], *answer["old"]["nodes"]]}
    assert len(scores) > len(answer["scores"]["nodes"])
    ids = sorted(identified(answer) - scores)
    found = nodes(client, ids)
    assert [node["id"] for node in found] == ids
    assert Counter(f"{node['__typename'].lower()}s" for node in found) == counts
    some = sorted(scores)[::12]
    assert [(node["__typename"], node["id"]) for node in nodes(client, some)] == [("Score", each) for each in some]


def test_a_score_is_the_same_by_its_id_and_in_a_list(client: TestClient) -> None:
    for at in (None, "2026-03-01T09:00:00Z"):
        query = (
            f"query ($at: DateTime) {{ scores(first: 5000, asOf: $at) {{ nodes {{ __typename ...Score }} }} }} {SCORE}"
        )
        listed = ask(client, query, at=at)["scores"]["nodes"][::15]
        assert nodes(client, [score["id"] for score in listed]) == listed


def test_ids_mean_the_same_in_every_snapshot(client: TestClient, easi_client: TestClient) -> None:
    ids = """{ scores(first: 5000, where: { source: { eq: "easi" } }) { nodes { id } } benchmark(name: "EASI-8") { id }
        task(name: "vsi_bench") { id } warehouse { sources { name versions { nodes { id } } } } }"""
    ours, other = ask(client, ids), ask(easi_client, ids)
    for answer in (ours, other):
        answer["versions"] = [each["versions"] for each in answer.pop("warehouse")["sources"] if each["name"] == "easi"]
        answer["scores"] = identified(answer["scores"])
    assert ours == other


@pytest.mark.parametrize("nothing", ["", "x", "é", "=" * 9, "A" * 10_000, "W10"])
def test_an_id_that_is_none_is_null(client: TestClient, nothing: str) -> None:
    assert ask(client, "query ($id: ID!) { node(id: $id) { id } }", id=nothing) == {"node": None}


NOTHING: dict[str, list[list[Any]]] = {
    "Model": [[], ["nothing"], [["a"]], [MODEL, MODEL]],
    "Task": [[{"a": 1}], [None], [1]],
    "Benchmark": [[None], ["Sample"]],
    "Version": [["easi"], ["easi", "2026-03-01"], [[], 1], [None, None]],
    "Score": [["easi"], [None] * 10, [{}] * 10, ["\0"] * 10],
    "Warehouse": [[]],
    "Query": [["x"]],
}


@pytest.mark.parametrize(("kind", "key"), [(kind, key) for kind, keys in NOTHING.items() for key in keys])
def test_an_id_of_nothing_is_null(client: TestClient, kind: str, key: list[Any]) -> None:
    assert ask(client, "query ($id: ID!) { node(id: $id) { id } }", id=write_id(kind, key)) == {"node": None}


def test_all_names_and_aliases_lead_to_their_thing(client: TestClient) -> None:
    found = ask(
        client,
        "{ benchmarks { nodes { name aliases } } models(first: 5000) { nodes { name aliases { name } } } }",
    )
    for field, alias in (("benchmark", lambda each: each), ("model", lambda each: each["name"])):
        pairs = [
            (name, node["name"])
            for node in found[f"{field}s"]["nodes"]
            for name in {node["name"], *map(alias, node["aliases"])}
        ]
        assert len({name for name, _ in pairs}) == len(pairs)
        for name, canonical in pairs:
            answer = ask(client, f"query ($name: String!) {{ {field}(name: $name) {{ name }} }}", name=name)
            assert answer == {field: {"name": canonical}}


def test_known_aliases(client: TestClient) -> None:
    query = """{
        short: benchmark(name: "Sample") { name }
        dataset: benchmark(name: "sample-lab/sample-reasoning") { name aliases }
        guessed: model(name: "Sample-VL-72B") { name aliases { source name match } }
        curated: model(name: "GPT-5-2025-08-07") { aliases { match } }
        missing: model(name: "sample-vl-72b") { name }
        nothing: benchmark(name: "") { name }
        unknown: task(name: "VSI-Bench") { name }
    }"""
    assert ask(client, query) == {
        "short": {"name": BOARD},
        "dataset": {"name": "sample-lab/sample-reasoning#algebra", "aliases": ["sample-lab/sample-reasoning"]},
        "guessed": {
            "name": "sample-lab/Sample-VL-72B",
            "aliases": [
                {"source": "easi", "name": "Sample-VL-72B", "match": "NORMALIZED"},
                {"source": "hub", "name": "sample-lab/Sample-VL-72B", "match": "EXACT"},
                {"source": "openevals", "name": "sample-lab/Sample-VL-72B", "match": "EXACT"},
            ],
        },
        "curated": {"aliases": [{"match": "EXACT"}]},
        "missing": None,
        "nothing": None,
        "unknown": None,
    }


def test_the_menu_holds_the_boards_that_are_in_it(client: TestClient) -> None:
    query = """{ menu { name open description benchmarks { name inMenu } children { name } }
        benchmarks(where: { inMenu: true }) { nodes { name } } }"""
    answer = ask(client, query)
    assert [(entry["name"], [board["name"] for board in entry["benchmarks"]]) for entry in answer["menu"]] == [
        ("Sample: texts", ["SampleMTEB(v2)", "SampleRTEB(beta)"]),
        ("Sample: pictures", ["SampleMIEB", "SampleViDoRe"]),
    ]
    within = {board["name"] for entry in answer["menu"] for board in entry["benchmarks"] if board["inMenu"]}
    assert within == {board["name"] for board in answer["benchmarks"]["nodes"]}


def test_languages_and_capabilities_are_named(client: TestClient) -> None:
    answer = ask(client, "{ languages { code name } capabilities { label name } }")
    codes = [each["code"] for each in answer["languages"]]
    assert codes == sorted(codes)
    assert {"code": "fra-Latn", "name": "French (Latin)"} in answer["languages"]
    labels = [each["label"] for each in answer["capabilities"]]
    assert labels == sorted(labels)
    assert {"label": "mm", "name": "Metric Measurement"} in answer["capabilities"]


def test_subsets_carry_the_capabilities_of_a_time(client: TestClient) -> None:
    query = (
        """query ($at: DateTime) { task(name: "vsi_bench") { subsets(asOf: $at) { name capabilities { label } } } }"""
    )
    found = {
        at: {
            each["name"]: [label["label"] for label in each["capabilities"]]
            for each in ask(client, query, at=at)["task"]["subsets"]
        }
        for at in (None, "2026-06-01T09:00:00Z", "2026-02-28T00:00:00Z")
    }
    assert found[None]["object_rel_distance_accuracy"] == ["mm", "sr"]
    assert found[None]["room_size_estimation"] == []
    assert found[None]["default"] == []
    assert found["2026-06-01T09:00:00Z"] == found[None]
    assert found["2026-02-28T00:00:00Z"] == {name: [] for name in found[None]}


def test_scores_of_a_model_or_task_are_those_of_all_that_are_about_it(client: TestClient) -> None:
    query = """query ($model: String!, $task: String!, $at: DateTime) {
        model(name: $model) { scores(first: 5000, asOf: $at) { totalCount nodes { id } } }
        task(name: $task) { scores(first: 5000, asOf: $at) { totalCount nodes { id } } }
        ofModel: scores(where: { model: { name: { eq: $model } } }, first: 5000, asOf: $at) { totalCount nodes { id } }
        ofTask: scores(where: { task: { name: { eq: $task } } }, first: 5000, asOf: $at) { totalCount nodes { id } }
        both: model(name: $model) { scores(where: { task: { name: { eq: $task } } }, asOf: $at) { nodes { id } } }
    }"""
    for at in (None, "2026-03-01T09:00:00Z"):
        answer = ask(client, query, model=MODEL, task="vsi_bench", at=at)
        assert answer["model"]["scores"] == answer["ofModel"]
        assert answer["task"]["scores"] == answer["ofTask"]
        both = identified(answer["ofModel"]) & identified(answer["ofTask"])
        assert identified(answer["both"]) == both != set()


def test_scores_as_of_a_time_are_those_that_were_valid_then(client: TestClient) -> None:
    fields = (
        "totalCount nodes { id value model { name } task { name } subset validFrom { at label } validTo { at label } }"
    )
    query = f"""query ($at: DateTime) {{
        scores(asOf: $at, where: {{ source: {{ eq: "easi" }} }}, first: 5000) {{ {fields} }}
    }}"""
    first, second = "2026-03-01T09:00:00+00:00", "2026-06-01T09:00:00+00:00"
    before, between, now = (
        ask(client, query, at=at)["scores"] for at in ("2026-03-01T08:59:59Z", "2026-05-31T23:00:00-09:59", None)
    )
    assert before["nodes"] == []
    assert {score["validFrom"]["at"] for score in between["nodes"]} == {first}
    assert {score["validTo"] and score["validTo"]["at"] for score in between["nodes"]} == {None, second}
    assert {score["validFrom"]["at"] for score in now["nodes"]} == {first, second}
    assert {score["validTo"] for score in now["nodes"]} == {None}
    kept = {score["id"] for score in between["nodes"] if score["validTo"] is None}
    assert kept == {score["id"] for score in now["nodes"] if score["validFrom"]["at"] == first}
    assert ask(client, query, at=second)["scores"] == now
    assert ask(client, query, at="2026-06-01T09:00:00")["scores"] == now


def test_counts_are_those_of_the_lists(client: TestClient) -> None:
    query = """{ warehouse { snapshot builtAt counts { models benchmarks tasks scores versions }
        sources { name uri loadedAt problemCount problems(first: 2) { path message } versions { totalCount } } }
        models { totalCount } benchmarks { totalCount } tasks { totalCount } scores { totalCount } }"""
    answer = ask(client, query)
    counts, sources = answer["warehouse"]["counts"], answer["warehouse"]["sources"]
    assert counts.pop("versions") == sum(source["versions"]["totalCount"] for source in sources)
    assert counts == {name: answer[name]["totalCount"] for name in counts}
    assert {source["name"] for source in sources} >= {"easi", "hub", "mteb", "openevals"}
    assert all(len(source["problems"]) == min(2, source["problemCount"]) for source in sources)


ELSEWHERE = """
import sys
from collections import Counter
from pathlib import Path
from starlette.testclient import TestClient
from api.app import create_app
from api.settings import Settings

with TestClient(create_app(Settings(data_dir=Path(sys.argv[1])))) as client:
    print(client.post("/graphql", json={"query": sys.argv[2]}).text)
"""


def test_times_and_ids_do_not_depend_on_where_the_server_stands(client: TestClient, sample_dir: Path) -> None:
    query = """{ scores(first: 3) { nodes { id validFrom { id at } } }
        benchmark(name: "EASI-8") { versions { nodes { id at } } }
        naive: scores(asOf: "2026-03-01T09:00:00") { totalCount } warehouse { builtAt sources { loadedAt } } }"""
    command = [sys.executable, "-c", ELSEWHERE, str(sample_dir), query]
    environment = {**os.environ, "TZ": "Asia/Kathmandu", "PYTHONPATH": str(Path(__file__).parents[2])}
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    assert json.loads(told) == send(client, query)

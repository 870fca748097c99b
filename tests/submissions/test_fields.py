import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.submissions.drafts import Draft, DraftScore, read_payload
from api.submissions.fields import Held, check, check_model_name, warnings
from api.submissions.problems import Invalid
from warehouse.easi.facts import read_facts
from warehouse.ledger.records import Entry

FACTS = read_facts()
CORE = [name for name, one in FACTS.benchmarks.items() if one.core]
INVALID = "Invalid submission payload."
MODEL_NAME = "A valid model name in the format 'organization/model-name' is required."
MODEL_TYPE = "Please select a model type (pretrained, finetuned, instruction, or rl)."
PRECISION = "Please select a precision (bfloat16, float16, float32, or int8)."
SENT = {  # key by key what EASI's client sends with only the three fields set that it asks for
    "modelName": "Qwen/Qwen3-VL-2B-Instruct",
    "modelType": "instruction",
    "precision": "bfloat16",
    "revision": "main",
    "weightType": "",
    "baseModel": "",
    "backend": "vlmevalkit",
    "remarks": "",
    "scores": {"vsi_bench": 50.3, "site": -12.5, "blink": None},
    "subScores": {"site": {"counting_and_existence_caa": -100}},
}


def take(**fields: object) -> Entry:
    entry, problems = check(read_payload(json.dumps(SENT | fields)), FACTS)
    assert not problems
    assert entry is not None
    return entry


def refuse(**fields: object) -> list[tuple[str, str, str]]:
    entry, problems = check(read_payload(json.dumps(SENT | fields)), FACTS)
    assert entry is None
    assert all(problem.blocking for problem in problems)
    return [(problem.path, problem.code, problem.message) for problem in problems]


def refuse_one(**fields: object) -> tuple[str, str]:
    [(path, _, message)] = refuse(**fields)
    return path, message


def test_what_easis_client_sends_is_taken_with_its_defaults():
    entry = take()
    assert (entry.model_name, entry.model_type, entry.precision) == (
        "Qwen/Qwen3-VL-2B-Instruct",
        "instruction",
        "bfloat16",
    )
    assert (entry.revision, entry.weight_type, entry.base_model) == ("main", "original", None)
    assert (entry.backend, entry.remarks, entry.model_sha) == ("vlmevalkit", None, None)
    assert [(score.id, score.value) for score in entry.scores] == [
        ("vsi_bench", 50.3),
        ("site", -12.5),
        ("blink", None),
    ]
    assert entry.scores[1].sub_scores == (("counting_and_existence_caa", -100.0),)


def test_what_is_absent_null_or_empty_is_the_default():
    bare = {key: SENT[key] for key in ("modelName", "modelType", "precision", "scores")}
    entry, problems = check(read_payload(json.dumps(bare)), FACTS)
    assert not problems
    nulls = dict.fromkeys(("revision", "weightType", "baseModel", "backend", "remarks", "subScores"))
    empty = dict.fromkeys(nulls, "")
    assert entry == take(**nulls) == take(**empty)
    assert (entry.revision, entry.weight_type, entry.backend) == ("main", "original", "others")


def test_who_sends_it_is_not_for_the_payload_to_say():
    assert take(userId="1", userName="somebody", blobUrl="https://example.com", more=[1]) == take()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "not json",
        "{'a': 1}",
        '{"a": 1,}',
        "null",
        "[]",
        '"x"',
        "5",
        "true",
        '{"scores": {"spar_bench": NaN}}',
        '{"scores": {"spar_bench": Infinity}}',
        '{"scores": {"spar_bench": -Infinity}}',
        "[" * 10_000 + "]" * 10_000,
        '{"a":' * 10_000 + "1" + "}" * 10_000,
        "1" * 5_000,
        "\ufeff{}",
        "{} {}",
    ],
)
def test_what_is_no_json_object_is_refused_in_easis_words(text):
    with pytest.raises(Invalid) as refused:
        read_payload(text)
    [problem] = refused.value.problems
    assert (problem.path, problem.message) == ("payload", INVALID)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"scores": {"blink": 1e400}}', "'1e400'"),
        ('{"modelName": "a/b", "modelName": "a/c"}', "'modelName'"),
        ('{"scores": {"blink": 1, "blink": 2}}', "'blink'"),
        (r'{"remarks": "\ud800"}', "surrogate"),
        (r'{"\udfff": 1}', "surrogate"),
        ('{"remarks": "' + "x" * 2_000_000 + '"}', "2,000,000"),
    ],
)
def test_what_easi_lets_pass_is_refused_with_the_reason(text, why):
    with pytest.raises(Invalid) as refused:
        read_payload(text)
    assert refused.value.message.startswith(f"{INVALID} ")
    assert why in refused.value.message


def test_a_surrogate_pair_is_a_character():
    assert take(remarks="\U0001f600").remarks == "\U0001f600"


@pytest.mark.parametrize(
    "name",
    [
        "",
        None,
        "model",
        "/model",
        "org/",
        "a/b/c",
        "org/mo del",
        "org/model\n",
        "org/m\u00f6del",
        "../..",
        "org/..",
        "./m",
        "org/" + "m" * 197,
        5,
        True,
        ["a/b"],
        {"a/b": 1},
        "org\\model",
        "https://huggingface.co/org/model",
    ],
)
def test_other_names_than_those_of_models_on_the_hub_are_refused(name):
    assert refuse_one(modelName=name) == ("modelName", MODEL_NAME)
    assert [problem.message for problem in check_model_name(name)] == [MODEL_NAME]


@pytest.mark.parametrize("name", ["a/b", "Qwen/Qwen2.5-VL_7B", "org/..model..", "org/" + "m" * 196])
def test_names_of_models_are_taken_as_they_are(name):
    assert take(modelName=name).model_name == name
    assert check_model_name(name) == []


@pytest.mark.parametrize("value", ["", None, "foo", 1, True, [], {}, "instruction "])
def test_other_model_types_and_precisions_are_refused(value):
    assert refuse_one(modelType=value) == ("modelType", MODEL_TYPE)
    assert refuse_one(precision="fp4" if value == "foo" else value) == ("precision", PRECISION)


def test_enumerations_are_taken_in_any_case():
    entry = take(modelType="RL", precision="Float16", weightType="Original", backend="VLMEVALKIT")
    assert (entry.model_type, entry.precision, entry.weight_type, entry.backend) == (
        "rl", "float16", "original", "vlmevalkit",
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["Delta", "adapter"])
def test_weights_on_a_base_need_its_name(kind):
    text = f"Base model is required when using {kind.title()} weights."
    for missing in ("", None):
        assert refuse_one(weightType=kind, baseModel=missing) == ("baseModel", text)
    for wrong in ("base", "../..", 5):
        path, message = refuse_one(weightType=kind, baseModel=wrong)
        assert path == "baseModel"
        assert message.startswith(text)
    entry = take(weightType=kind, baseModel="org/base")
    assert (entry.weight_type, entry.base_model) == (kind.lower(), "org/base")


def test_original_weights_may_name_a_base():
    assert take(baseModel="org/base").base_model == "org/base"
    assert refuse_one(baseModel="none")[0] == "baseModel"


def test_other_weight_types_are_refused():
    assert refuse_one(weightType="quantized") == ("weightType", "The weight type must be Original, Delta or Adapter.")


@pytest.mark.parametrize("revision", ["main", "v1.0", "refs/pr/3", "0123456789abcdef" * 2, "feature/a_b-c", "r" * 200])
def test_revisions_are_taken_as_git_names_them(revision):
    assert take(revision=revision).revision == revision


@pytest.mark.parametrize(
    "revision",
    [
        "../main",
        "a..b",
        "/main",
        "main/",
        "a//b",
        "-d",
        ".git",
        "a/.b",
        "a.lock",
        "a b",
        "a\n",
        "a~1",
        "a@{1}",
        "ma\u00efn",
        "r" * 201,
        5,
        ["main"],
        "main?x=1",
        "%2e%2e",
    ],
)
def test_what_is_no_revision_is_refused(revision):
    assert refuse_one(revision=revision)[0] == "revision"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("lmmseval", "lmmseval"),
        ("lmms-eval", "lmmseval"),
        ("VLMEvalKit", "vlmevalkit"),
        ("others", "others"),
        ("my own", "others"),
    ],
)
def test_a_backend_that_easi_does_not_list_is_among_the_others(sent, kept):
    assert take(backend=sent).backend == kept


def test_a_backend_is_a_text():
    assert refuse_one(backend=7)[0] == "backend"


def test_remarks_are_kept_as_they_are():
    for remarks in ("Two lines\r\n\tof text", "\u4f60\u597d \U0001f469\u200d\U0001f4bb", "x" * 10_000):
        assert take(remarks=remarks).remarks == remarks
    assert take(remarks=" \n").remarks is None


@pytest.mark.parametrize("remarks", ["x" * 10_001, "x" * 1_000_000, "a\0b", "\x1b[31m", "\u202eabc", 5, ["text"]])
def test_other_remarks_are_refused(remarks):
    path, message = refuse_one(remarks=remarks)
    assert path == "remarks"
    assert len(message) < 200


@pytest.mark.parametrize("value", [True, False, "50.3", "", [50.3], {}, 100.001, -100.5, 1e308, 10**300])
def test_a_score_is_a_number_in_percent_or_null(value):
    for found in (
        refuse_one(scores={"vsi_bench": 1, "blink": value}),
        refuse_one(scores={"vsi_bench": 1}, subScores={"blink": {"jigsaw": value}}),
    ):
        assert found[0] in ("scores[1].value", "scores[1].subScores[0].value")
        assert "must be a number from -100 to 100" in found[1]


@pytest.mark.parametrize("value", [0, -0.0, -100, 100, 33.3333])
def test_zero_and_the_ends_of_the_range_are_scores(value):
    assert take(scores={"site": value}).scores[0].value == value


@pytest.mark.parametrize("scores", [[], "x", 5, True, "", [{"vsi_bench": 1}]])
def test_scores_are_an_object(scores):
    path, message = refuse_one(scores=scores, subScores=None)
    assert path == "scores"
    assert message.startswith("Scores must be an object")


@pytest.mark.parametrize("sub_scores", [[], "x", 5, {"blink": [1]}, {"blink": 1}])
def test_sub_scores_are_objects_of_objects(sub_scores):
    path, message = refuse_one(subScores=sub_scores)
    assert path == "scores"
    assert message.startswith("Sub-scores must be an object")


@pytest.mark.parametrize("scores", [None, {}, {"vsi_bench": None}])
def test_at_least_one_score_is_there(scores):
    path, message = refuse_one(scores=scores)
    assert (path, message) == ("scores", "At least one score that is not null is required.")


def test_sub_scores_without_a_headline_are_kept():
    entry = take(subScores={"blink": {"jigsaw": 40}, "own_bench": {"part": 1, "other": None}, "none": None})
    by_id = {score.id: score for score in entry.scores}
    assert by_id["blink"].sub_scores == (("jigsaw", 40.0),)
    assert (by_id["own_bench"].value, by_id["own_bench"].sub_scores) == (None, (("part", 1.0), ("other", None)))


def test_unknown_benchmarks_and_judged_runs_are_kept_as_they_are_called():
    ids = [
        "my_bench",
        "blink_exact_matching",
        "blink_gpt-4o-1120",
        "omnispatial_(manual_cot)",
        "3dsrbench",
        "\u6d4b\u8bd5",
    ]
    entry = take(scores=dict.fromkeys(ids, 1), subScores=None)
    assert [score.id for score in entry.scores] == ids
    assert [(score.benchmark, score.variant) for score in entry.scores] == [
        ("my_bench", None),
        ("blink", "exact_matching"),
        ("blink", "gpt-4o-1120"),
        ("omnispatial_(manual_cot)", None),
        ("3dsrbench", None),
        ("\u6d4b\u8bd5", None),
    ]


@pytest.mark.parametrize("name", ["", " blink", "blink ", "a\nb", "a\0", "b" * 129, "\u202eabc", "EASI-8", "EASI-12"])
def test_what_cannot_name_a_benchmark_is_refused(name):
    path, message = refuse_one(scores={"site": 1, name: 1})
    assert path == "scores[1].benchmark"
    assert message.isprintable()
    assert len(message) < 250


@pytest.mark.parametrize("key", ["", " a", "a\nb", "k" * 129, "default"])
def test_what_cannot_name_a_sub_score_is_refused(key):
    assert refuse_one(subScores={"site": {"a": 1, key: 1}})[0] == "scores[1].subScores[1].key"


def test_as_many_scores_as_anyone_has_are_taken_and_no_more():
    take(
        scores={f"bench{each}": 1 for each in range(200)},
        subScores={"bench0": {f"key{each}": 1 for each in range(200)}},
    )
    assert refuse_one(scores={f"bench{each}": 1 for each in range(201)}, subScores=None)[0] == "scores"
    keys = {f"key{each}": 1 for each in range(201)}
    assert refuse_one(scores={"site": 1}, subScores={"site": keys})[0] == "scores[0].subScores"


def test_everything_that_is_wrong_is_told_at_once_in_easis_order():
    found = refuse(
        modelName="x",
        modelType="x",
        precision="x",
        revision="..",
        weightType="Delta",
        backend=1,
        remarks="\0",
        scores={"a": True, "": 1},
        subScores={"a": {"b": "c"}},
    )
    assert [path for path, _, _ in found] == [
        "modelName",
        "modelType",
        "precision",
        "baseModel",
        "revision",
        "backend",
        "remarks",
        "scores[0].value",
        "scores[0].subScores[0].value",
        "scores[1].benchmark",
    ]
    assert all(code.isupper() and code.isidentifier() for _, code, _ in found)


def test_of_very_many_problems_the_first_are_told():
    values = {f"key{each}": "x" for each in range(150)}
    assert len(refuse(scores={"a": 1, "b": 2}, subScores={"a": values, "b": values})) == 100


def draft(*scores: DraftScore) -> Draft:
    return Draft("a/b", "rl", "int8", scores=scores)


def test_benchmark_and_variant_may_be_sent_apart():
    scores = [
        DraftScore("blink", "exact_matching", 1),
        DraftScore("blink", None, 2),
        DraftScore("blink", "tools", 3),
        DraftScore("own", "tools", 4),
        DraftScore("site", "", 5, (("a", 6),)),
    ]
    entry, problems = check(draft(*scores), FACTS)
    assert not problems
    assert [(score.id, score.benchmark, score.variant) for score in entry.scores] == [
        ("blink_exact_matching", "blink", "exact_matching"),
        ("blink", "blink", None),
        ("blink_tools", "blink", "tools"),
        ("own_tools", "own", "tools"),
        ("site", "site", None),
    ]


@pytest.mark.parametrize(
    ("scores", "path", "code"),
    [
        (
            [DraftScore("blink_gpt-4o", None, 1), DraftScore("blink", "gpt-4o", 1)],
            "scores[1].benchmark",
            "REPEATED_BENCHMARK",
        ),
        ([DraftScore("blink", "a\n", 1)], "scores[0].variant", "INVALID_VARIANT"),
        ([DraftScore("b" * 100, "v" * 100, 1)], "scores[0].variant", "INVALID_VARIANT"),
        ([DraftScore("blink", None, 1, (("a", 1), ("a", 2)))], "scores[0].subScores[1].key", "REPEATED_KEY"),
        ([DraftScore(5, None, 1)], "scores[0].benchmark", "INVALID_BENCHMARK"),
        ([DraftScore("blink", None, float("nan"))], "scores[0].value", "INVALID_SCORE"),
        ([DraftScore("blink", None, float("inf"))], "scores[0].value", "INVALID_SCORE"),
    ],
)
def test_what_only_graphql_can_send_is_checked_alike(scores, path, code):
    entry, problems = check(draft(*scores), FACTS)
    assert entry is None
    assert [(problem.path, problem.code) for problem in problems] == [(path, code)]


def test_a_whole_set_of_easis_benchmarks_is_taken_without_remark():
    assert warnings(take(scores=dict.fromkeys(CORE, 1), subScores=None), FACTS) == []


def test_what_is_missing_of_easis_benchmarks_is_named():
    scores = dict.fromkeys(CORE, 1) | {"site": None}
    del scores["embspatial"]
    [warning] = warnings(take(scores=scores, subScores=None), FACTS)
    assert (warning.path, warning.code, warning.blocking) == ("scores", "INCOMPLETE", False)
    assert warning.message == (
        "Of the 8 benchmarks of EASI-8 these have no score: SITE (site), EmbSpatial (embspatial). It ranks by the mean of the others."
    )


def test_what_a_model_has_already_is_not_missing_and_easis_own_value_stays():
    held = Held(frozenset({"site", "embspatial"}), own=frozenset({"site"}))
    scores = {name: 1 for name in CORE if name != "embspatial"}
    [warning] = warnings(take(scores=scores, subScores=None), FACTS, held)
    assert (warning.path, warning.code, warning.blocking) == ("scores", "KEPT", False)
    assert warning.message == (
        "EASI has a value of its own for this model, which stays and counts instead of yours: SITE (site)."
    )
    judged = {"embspatial": 1, "blink_exact_matching": 1}
    held = Held(frozenset(CORE), own=frozenset({"blink"}))
    assert warnings(take(scores=judged, subScores=None), FACTS, held) == []


def test_a_judged_run_does_not_stand_for_the_plain_one():
    scores = {name: 1 for name in CORE if name != "blink"} | {"blink_exact_matching": 1, "blink_gpt-4o-1120": 2}
    [warning] = warnings(take(scores=scores, subScores=None), FACTS)
    assert "no score: BLINK (blink). It ranks" in warning.message
    assert "blink_exact_matching, blink_gpt-4o-1120" in warning.message


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def verdict(text: str) -> list[str]:
    """What is said of a payload: nothing of one that is taken."""
    try:
        entry, problems = check(read_payload(text), FACTS)
    except Invalid as error:
        return [problem.message for problem in error.problems if problem.message.startswith(INVALID)]
    assert (entry is None) == bool(problems)
    return [problem.message for problem in problems]


@settings(max_examples=200, deadline=None)
@given(fields=st.dictionaries(st.sampled_from([*SENT, "scores", "subScores"]), JSON, max_size=4))
def test_any_payload_is_an_entry_or_refused(fields):
    assert all(message.isprintable() for message in verdict(json.dumps(SENT | fields)))


PAYLOAD = json.dumps(SENT)


@settings(max_examples=200, deadline=None)
@given(
    at=st.integers(0, len(PAYLOAD)), length=st.integers(0, 10), put=st.text(max_size=10) | st.sampled_from('{}[]",:\\')
)
def test_any_text_is_a_payload_or_refused(at, length, put):
    assert all(message.isprintable() for message in verdict(PAYLOAD[:at] + put + PAYLOAD[at + length :]))

"""Models: from the catalogue, and from the model_meta.json beside results."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from etl.source import ModelHint
from tests.etl.mteb import EMBED, described, load, load_files, messages, result, write_tree

FULL = {
    "name": "acme/full",
    "release_date": "2024-07-23",
    "n_parameters": 100,
    "n_active_parameters": 80,
    "memory_usage_mb": 375.0,
    "max_tokens": 512.0,
    "max_tokens_infinite": False,
    "embed_dim": [64, 1024, 128],
    "license": "mit",
    "open_weights": True,
    "public_training_code": "https://example.org/code",
    "public_training_data": True,
    "framework": ["PyTorch"],
    "reference": "https://example.org",
    "use_instructions": False,
    "languages": None,
    "modalities": ["text"],
    "model_type": ["dense"],
    "training_datasets": ["NQ"],
    "training_datasets_closure": ["NQ", "NQ-NL"],
    "adapted_from": "acme/embed",
    "superseded_by": None,
    "citation": "@x",
    "openness": {
        "open weights": True,
        "open license": True,
        "open training code": True,
        "open training data": True,
        "paper": False,
        "model card": True,
    },
    "openness_score": 5,
}


def of_catalogue(tmp_path: Path, **more: object) -> dict[str, Any]:
    found = load_files(tmp_path, {"acme__embed/r/Arguing.json": result()}, models=[{**FULL, **more}])[1]
    return described(found, "models")["acme/full"]


def of_meta(tmp_path: Path, meta: object, **catalogue: object) -> dict[str, Any]:
    files = {"new__model/r/Arguing.json": result(), "new__model/r/model_meta.json": meta}
    return described(load_files(tmp_path, files, **catalogue)[1], "models")["new/model"]


def test_a_model_of_the_catalogue_is_described_as_its_maintainers_do(tmp_path: Path) -> None:
    assert of_catalogue(tmp_path) == {
        "name": "acme/full",
        "organization": "acme",
        "display_name": "full",
        "url": "https://example.org",
        "citation": "@x",
        "parameters": 100,
        "active_parameters": 80,
        "embedding_dimension": 1024,
        "max_tokens": 512,
        "unlimited_tokens": False,
        "memory_mb": 375.0,
        "license": "mit",
        "open_weights": True,
        "openness_score": 5,
        "open_license": True,
        "open_training_code": True,
        "open_training_data": True,
        "has_paper": False,
        "has_model_card": True,
        "training_code": "https://example.org/code",
        "training_data": "true",
        "release_date": date(2024, 7, 23),
        "model_types": ["dense"],
        "modalities": ["text"],
        "languages": [],
        "frameworks": ["PyTorch"],
        "instruction_tuned": False,
        "adapted_from": "acme/embed",
        "superseded_by": None,
        "training_datasets": ["NQ"],
        "trained_on": ["NQ", "NQ-NL"],
        "place": 0,
    }


@pytest.mark.parametrize(
    ("field", "value", "column", "stored"),
    [
        ("max_tokens", 512.5, "max_tokens", None),
        ("max_tokens_infinite", True, "unlimited_tokens", True),
        ("embed_dim", 7, "embedding_dimension", 7),
        ("embed_dim", [], "embedding_dimension", None),
        ("public_training_data", "https://x", "training_data", "https://x"),
        ("public_training_data", None, "training_data", None),
        ("license", "not specified", "license", None),
        ("release_date", "last year", "release_date", None),
    ],
)
def test_fields_with_rules_of_their_own(tmp_path: Path, field: str, value: object, column: str, stored: object) -> None:
    assert of_catalogue(tmp_path, **{field: value})[column] == stored


def test_a_closure_that_the_catalogue_lacks_is_worked_out(tmp_path: Path) -> None:
    models = [
        {"name": "a/base", "training_datasets": ["NQ"]},
        {"name": "a/tuned", "training_datasets": ["FEVER"], "adapted_from": "a/base"},
        {"name": "a/circular", "training_datasets": [], "adapted_from": "a/circular"},
        {"name": "a/secret", "training_datasets": None, "adapted_from": "a/base"},
    ]
    similar = {"NQ": ["NQ-NL"], "NQ-NL": ["NQ-NL.v2"], "FEVER-VN": ["FEVER"]}
    files = {"a__tuned/r/NQ-NL.v2.json": result("NQ-NL.v2"), "a__secret/r/NQ.json": result("NQ")}
    rows, found = load_files(tmp_path, files, models=models, similar_tasks=similar)
    assert {name: model["trained_on"] for name, model in described(found, "models").items()} == {
        "a/base": ["NQ", "NQ-NL", "NQ-NL.v2"],
        "a/tuned": ["FEVER", "FEVER-VN", "NQ", "NQ-NL", "NQ-NL.v2"],
        "a/circular": [],
        "a/secret": None,
    }
    assert {row["source_model"]: row["trained_on"] for row in rows} == {"a/tuned": True, "a/secret": None}


def test_models_that_only_results_hold_come_after_the_catalogues(tmp_path: Path) -> None:
    files = {f"{name}/r/Arguing.json": result() for name in ("z__last", "new__model", "acme__embed")}
    models = described(load_files(tmp_path, files)[1], "models")
    assert {name: model["place"] for name, model in models.items()} == {"acme/embed": 0, "new/model": 1, "z/last": 2}
    assert (models["z/last"]["organization"], models["z/last"]["display_name"]) == ("z", "last")


def test_the_catalogue_counts_before_a_model_meta(tmp_path: Path) -> None:
    meta = {"name": "acme/embed", "n_parameters": 9, "training_datasets": None}
    files = {"acme__embed/r/Arguing.json": result(), "acme__embed/r/model_meta.json": meta}
    found = load_files(tmp_path, files)[1]
    assert described(found, "models")["acme/embed"]["parameters"] is None
    assert described(found, "models")["acme/embed"]["trained_on"] == EMBED["training_datasets_closure"]


def test_a_model_meta_describes_a_model_that_the_catalogue_lacks(tmp_path: Path) -> None:
    model = of_meta(
        tmp_path, {**FULL, "name": "new/model", "embed_dim": 8, "revision": "r", "n_embedding_parameters": 30}
    )
    assert (model["parameters"], model["embedding_dimension"], model["license"]) == (100, 8, "mit")
    assert (model["release_date"], model["frameworks"], model["place"]) == (date(2024, 7, 23), ["PyTorch"], 1)


@pytest.mark.parametrize(
    ("meta", "column", "stored"),
    [
        ({"open_source": True}, "open_weights", True),
        ({"open_weights": False, "open_source": True}, "open_weights", False),
        ({"use_instuctions": True}, "instruction_tuned", True),
        ({"embedding_dimension": 64}, "embedding_dimension", 64),
        ({"is_cross_encoder": True}, "model_types", ["cross-encoder"]),
        ({"is_cross_encoder": True, "model_type": ["sparse"]}, "model_types", ["sparse"]),
        ({"n_parameters": 9, "n_embedding_parameters": 4}, "active_parameters", 5),
        ({"n_parameters": 9, "n_active_parameters_override": 3}, "active_parameters", 3),
        ({"max_tokens": float("inf")}, "unlimited_tokens", True),
        ({"max_tokens": float("inf")}, "max_tokens", None),
        ({"max_tokens": 8192}, "max_tokens", 8192),
        ({"memory_usage_mb": float("nan")}, "memory_mb", None),
        ({"training_datasets": ["NQ"]}, "training_datasets", ["NQ"]),
        ({"training_datasets": {"NQ": ["train"], "FEVER": []}}, "training_datasets", ["NQ", "FEVER"]),
        ({"training_datasets": None}, "training_datasets", None),
        ({"training_datasets": []}, "trained_on", []),
        ({"n_parameters": "many", "license": "mit"}, "parameters", None),
        ({"n_parameters": "many", "license": "mit"}, "license", "mit"),
        ({"n_parameters": -1}, "parameters", None),
        ({"languages": None}, "languages", []),
    ],
)
def test_the_drifting_keys_of_model_meta(tmp_path: Path, meta: dict[str, object], column: str, stored: object) -> None:
    assert of_meta(tmp_path, {"name": "new/model", **meta})[column] == stored


def test_the_training_data_of_a_model_meta_reaches_similar_tasks(tmp_path: Path) -> None:
    meta = {"name": "new/model", "training_datasets": ["Arguing-NL"]}
    files = {"new__model/r/Arguing.json": result(), "new__model/r/model_meta.json": meta}
    rows, found = load_files(tmp_path, files)
    assert described(found, "models")["new/model"]["trained_on"] == ["Arguing", "Arguing-NL"]
    assert [row["trained_on"] for row in rows] == [True]


def test_of_several_model_metas_a_real_revisions_fullest_one_counts(tmp_path: Path) -> None:
    metas: dict[str, dict[str, object]] = {
        "external": {"license": "external", "n_parameters": 1, "n_embedding_parameters": 1},
        "aaa": {"license": "sparse"},
        "bbb": {"license": "full", "n_parameters": 3},
        "bbb/experiments/x": {"license": "experiment", "n_parameters": 3, "framework": [], "citation": "@x"},
    }
    files: dict[str, object] = {
        f"new__model/{revision}/model_meta.json": {"name": "new/model", **meta} for revision, meta in metas.items()
    }
    found = load_files(tmp_path, {**files, "new__model/aaa/Arguing.json": result()})[1]
    assert described(found, "models")["new/model"]["license"] == "full"


@pytest.mark.parametrize("content", ["{", "[]", '{"name": 3}', '{"name": "\\ud800"}', b"\xff"])
def test_a_broken_model_meta_is_a_problem_and_the_model_still_loads(tmp_path: Path, content: object) -> None:
    files = {"new__model/r/Arguing.json": result(), "new__model/r/model_meta.json": content}
    rows, found = load_files(tmp_path, files)
    assert [row["source_model"] for row in rows] == ["new/model"]
    assert "results/new__model/r/model_meta.json" in messages(found)


def test_only_names_that_can_be_hub_ids_are_hinted_as_such(tmp_path: Path) -> None:
    names = ("acme/embed", "acme/embed (dim=2)", "plain", "a/b/c")
    write_tree(tmp_path / "results", {f"{name.replace('/', '__')}/r/Arguing.json": result() for name in names[2:3]})
    found = load_files(tmp_path, {}, models=[{"name": name} for name in names])[1]
    assert found.hints == [ModelHint(name, name if name == "acme/embed" else None) for name in names]


def test_models_are_known_without_a_catalogue(tmp_path: Path) -> None:
    meta = {"name": "new/model", "n_parameters": 5, "training_datasets": ["Arguing"]}
    write_tree(tmp_path / "results/new__model/r", {"model_meta.json": meta, "Arguing.json": result()})
    model = described(load(tmp_path), "models")["new/model"]
    assert (model["parameters"], model["trained_on"], model["place"]) == (5, ["Arguing"], 0)

"""One model under many names: joined when that is certain, apart when in doubt."""

from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from etl.identity import HUB_ID, Alias, Name, read_curated, resolve

CURATED = {"Great Model": "org/great-model"}


def told(names: Sequence[Name], curated: Mapping[str, str] = CURATED) -> dict[tuple[str, str], tuple[str, str]]:
    """(source, name) to (model, match)."""
    return {(alias.source, alias.name): (alias.model, alias.match) for alias in resolve(names, curated)}


def hub(*ids: str) -> list[Name]:
    return [Name("hub", name, name) for name in ids]


def of(name: str, *others: Name, curated: Mapping[str, str] = CURATED, hub_id: str | None = None) -> tuple[str, str]:
    """Who EASI's name is, given the names of others."""
    return told([Name("easi", name, hub_id), *others], curated)["easi", name]


def test_a_name_that_the_source_gives_the_hub_id_of_is_that_model() -> None:
    assert of("Nick", hub_id="org/model") == ("org/model", "EXACT")


def test_a_name_that_is_a_hub_id_elsewhere_is_that_model() -> None:
    assert of("org/model", *hub("org/model")) == ("org/model", "EXACT")


def test_a_curated_name_is_the_model_of_the_list_even_where_another_reads_the_same() -> None:
    assert of("Great Model", *hub("other/great-model")) == ("org/great-model", "CURATED")
    assert of("Great Model") == ("org/great-model", "CURATED")


def test_what_the_source_itself_says_goes_before_the_list() -> None:
    assert of("Great Model", hub_id="org/another") == ("org/another", "EXACT")


def test_the_only_hub_id_that_reads_the_same_is_the_model() -> None:
    known = hub("Org/Some-Model-8B", "org/unlike")
    for name in (
        "Some-Model-8B",
        "some model 8b",
        "SOME_MODEL_8B",
        "org/some-model-8b",
        "Org Some Model 8B",
        " some-model-8b ",
    ):
        assert of(name, *known) == ("Org/Some-Model-8B", "NORMALIZED"), name


def test_names_that_two_hub_ids_read_as_stay_apart() -> None:
    assert of("model", *hub("one/model", "two/model")) == ("model", "EXACT")
    assert of("one/Model", *hub("one/model", "two/model")) == ("one/model", "NORMALIZED")


def test_dots_and_letters_tell_models_apart() -> None:
    known = hub("org/Model-1.5", "org/Model-7B")
    for name in ("Model-15", "Model-1-5", "Model-7", "Model-7B-Instruct", "Mode-l7B"):
        assert of(name, *known) == (name, "EXACT")


def test_two_sources_without_hub_ids_share_a_model_only_by_the_very_name() -> None:
    found = told([Name("easi", "Model X"), Name("mteb", "Model X"), Name("openevals", "model-x")])
    assert [model for model, _ in found.values()] == ["Model X", "Model X", "model-x"]


def test_a_name_that_its_source_uses_for_another_is_that_model() -> None:
    names = [Name("easi", "Nick", "org/model"), Name("easi", "key_1", same_as="Nick"), Name("mteb", "key_1")]
    found = told(names)
    assert found["easi", "key_1"] == ("org/model", "EXACT")
    assert found["mteb", "key_1"] == ("key_1", "EXACT")


def test_the_curated_list_holds_hub_ids_of_models_it_does_not_name_twice() -> None:
    curated = read_curated()
    assert curated
    assert all(HUB_ID.fullmatch(hub_id) for hub_id in curated.values())
    assert not any(HUB_ID.fullmatch(name) for name in curated)


organizations = st.sampled_from(["org", "Org", "lab"])
models = st.sampled_from(["model", "Model", "model-1", "model_1", "model 1", "model1", "model-1.0", ""])
hub_ids = st.builds("{}/{}".format, organizations, st.sampled_from(["model", "Model", "model-1", "model_1", "model1"]))
plain = st.builds("{}{}".format, st.sampled_from(["", "org/", "lab "]), models).filter(bool)
names = st.builds(Name, st.sampled_from(["hub", "easi", "mteb"]), plain | hub_ids, st.none() | hub_ids)
lists_of_names = st.lists(names, max_size=8, unique_by=lambda name: (name.source, name.name))
CHOSEN = {"model 1": "lab/model-1"}


@given(lists_of_names.flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_the_order_of_names_does_not_matter(lists: tuple[list[Name], list[Name]]) -> None:
    given_order, another = lists
    assert told(given_order, CHOSEN) == told(another, CHOSEN)


@given(lists_of_names)
def test_two_hub_ids_are_never_one_model(names: list[Name]) -> None:
    found = told(names, CHOSEN)
    for name in names:
        if name.hub_id:
            assert found[name.source, name.name] == (name.hub_id, "EXACT")
    known = {name.hub_id for name in names if name.hub_id}
    for name in names:
        if name.name in known and not name.hub_id:
            assert found[name.source, name.name] == (name.name, "EXACT")


@given(lists_of_names, names)
def test_a_further_name_without_a_hub_id_changes_no_other(names: list[Name], further: Name) -> None:
    before = told(names, CHOSEN)
    extra = Name("openevals", further.name)

    after = told([*names, extra], CHOSEN)

    assert {key: after[key] for key in before} == before


@given(lists_of_names)
def test_every_name_has_one_model_and_one_reason(names: list[Name]) -> None:
    found: list[Alias] = resolve(names, CHOSEN)
    assert [(alias.source, alias.name) for alias in found] == [(name.source, name.name) for name in names]
    for alias in found:
        assert alias.match in ("EXACT", "CURATED", "NORMALIZED")
        assert alias.match == "EXACT" or HUB_ID.fullmatch(alias.model)

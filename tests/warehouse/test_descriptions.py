"""What describes the files of a snapshot says what they are."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from warehouse.description import public_address
from warehouse.store import Published, Store
from warehouse.stored import STORED

DATA_PACKAGE_TYPES = {
    pa.string(): "string", pa.int64(): "integer", pa.float64(): "number", pa.bool_(): "boolean", pa.date32(): "date",
}  # fmt: skip
CROISSANT_TYPES = {
    pa.string(): "sc:Text", pa.int64(): "cr:Int64", pa.float64(): "cr:Float64", pa.bool_(): "sc:Boolean",
    pa.date32(): "sc:Date",
}  # fmt: skip


@pytest.fixture(scope="module")
def published(sample_dir: Path) -> Published:
    current = Store(sample_dir).current()
    assert current is not None
    return current


def read(published: Published, name: str) -> Any:
    return json.loads((published.folder / name).read_bytes())


def kind(type_: pa.DataType, known: dict[pa.DataType, str], text: str, moment: str) -> str:
    if pa.types.is_list(type_):
        return text
    return moment if pa.types.is_timestamp(type_) else known[type_]


def test_a_data_package_describes_every_table_and_column(published: Published) -> None:
    package = read(published, "datapackage.json")
    assert (package["version"], package["$schema"]) == (
        published.id,
        "https://datapackage.org/profiles/2.0/datapackage.json",
    )
    resources = {resource["name"]: resource for resource in package["resources"]}
    assert set(resources) == {"standings", *(table.name for table in STORED)}
    for table in STORED:
        resource = resources[table.name]
        written = pq.read_schema(published.folder / resource["path"])
        fields = [(field["name"], field["type"]) for field in resource["schema"]["fields"]]
        assert fields == [(each.name, kind(each.type, DATA_PACKAGE_TYPES, "array", "datetime")) for each in written]
        descriptions = [field["description"] for field in resource["schema"]["fields"]]
        assert descriptions == [column.description for column in table.columns]
        assert resource["description"] == table.description


def test_a_croissant_describes_every_table_and_column(published: Published) -> None:
    told = read(published, "croissant.json")
    assert told["conformsTo"] == "http://mlcommons.org/croissant/1.1"
    files = {file["@id"]: file for file in told["distribution"]}
    records = {record["name"]: record for record in told["recordSet"]}
    assert set(records) == {table.name for table in STORED}
    for table in STORED:
        fields = records[table.name]["field"]
        file = files[fields[0]["source"]["fileObject"]["@id"]]
        written = pq.read_schema(published.folder / file["contentUrl"])
        assert [field["source"]["extract"]["column"] for field in fields] == written.names
        kinds = [kind(each.type, CROISSANT_TYPES, "sc:Text", "sc:DateTime") for each in written]
        assert [field["dataType"] for field in fields] == kinds
        assert [field.get("isArray", False) for field in fields] == [pa.types.is_list(each.type) for each in written]
        assert all(field["description"] for field in fields)


def test_sizes_and_hashes_are_those_of_the_files(published: Published) -> None:
    on_disk = {
        path.name: (path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in published.folder.iterdir()
        if path.suffix != ".json"
    }
    resources = read(published, "datapackage.json")["resources"]
    files = read(published, "croissant.json")["distribution"]
    assert {each["path"]: (each["bytes"], each["hash"].removeprefix("sha256:")) for each in resources} == on_disk
    assert {
        each["contentUrl"]: (int(each["contentSize"].removesuffix(" B")), each["sha256"]) for each in files
    } == on_disk


def test_what_a_column_refers_to_is_there(published: Published) -> None:
    resources = {resource["name"]: resource for resource in read(published, "datapackage.json")["resources"]}
    keys = [(name, key) for name, each in resources.items() for key in each.get("schema", {}).get("foreignKeys", [])]
    assert len(keys) > 20
    for name, key in keys:
        (column,), other = key["fields"], key["reference"]
        values = pq.read_table(published.folder / resources[name]["path"], columns=[column])[column]
        known = pq.read_table(published.folder / resources[other["resource"]]["path"], columns=other["fields"])
        assert set(values.to_pylist()) - {None} <= set(known[other["fields"][0]].to_pylist()), (name, key)


def test_sources_are_told_but_not_where_they_lie_on_a_machine(published: Published) -> None:
    text = (published.folder / "datapackage.json").read_text("utf-8")
    assert {source["title"] for source in json.loads(text)["sources"]} >= {"easi", "mteb"}
    assert str(published.folder.parents[2]) not in text


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("hf://datasets/mteb/results@main", "https://huggingface.co/datasets/mteb/results"),
        ("https://example.org/boards?token=x", "https://example.org/boards"),
        ("https://me:secret@example.org/boards", None),
        ("/data/easi", None),
        ("file:///data/easi", None),
        (None, None),
    ],
)
def test_an_address_is_one_that_anybody_can_read(uri: str | None, address: str | None) -> None:
    assert public_address(uri) == address

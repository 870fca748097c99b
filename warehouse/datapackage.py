"""A folder of tables as a Data Package (https://datapackage.org), version 2."""

from typing import Any

from warehouse.description import ABOUT, NAME, TERMS, TITLE, Description, File, Origin
from warehouse.tables import DAY, FLAG, MOMENT, REAL, TEXT, TEXTS, WHOLE, Column, Table

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
TYPES = {
    TEXT: "string", WHOLE: "integer", REAL: "number", FLAG: "boolean", MOMENT: "datetime", DAY: "date", TEXTS: "array",
}  # fmt: skip
MEDIA_TYPES = {
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv",
    "arrow": "application/vnd.apache.arrow.file",
    "duckdb": "application/octet-stream",
}
# A column of such a name holds the name or number of a row there.
REFERENCES = {
    "model": ("models", "name"),
    "task": ("tasks", "name"),
    "benchmark": ("benchmarks", "name"),
    "source": ("sources", "name"),
    "cell": ("cells", "cell"),
    "language_set": ("language_sets", "language_set"),
}


def data_package(described: Description) -> dict[str, Any]:
    """The content of `datapackage.json`. Its addresses are relative, so that it holds on disk and over HTTP."""
    return {
        "$schema": PROFILE,
        "name": NAME,
        "title": TITLE,
        "description": f"{ABOUT} {TERMS}",
        "version": described.snapshot.id,
        "created": f"{described.built_at:%Y-%m-%dT%H:%M:%SZ}",
        "licenses": [{"name": "notspecified", "title": TERMS}],
        "sources": [_source(origin) for origin in described.origins],
        "resources": [_resource(file, described) for file in described.files],
    }


def _source(origin: Origin) -> dict[str, Any]:
    told = {"title": origin.name, "path": origin.address, "version": origin.revision}
    return {name: value for name, value in told.items() if value is not None}


def _resource(file: File, described: Description) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": file.table.name if file.table else NAME,
        "path": file.name,
        "description": file.table.description if file.table else "All tables and views as one DuckDB file.",
        "format": file.format,
        "mediatype": MEDIA_TYPES[file.format],
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
    }
    if file.table is None:
        return told
    if file.format == "csv":
        told |= {"encoding": "utf-8", "dialect": {"$schema": "https://datapackage.org/profiles/2.0/tabledialect.json"}}
    return {**told, "type": "table", "schema": _schema(file.table, described)}


def _schema(table: Table, described: Description) -> dict[str, Any]:
    keys = [
        {"fields": [column], "reference": {"resource": other, "fields": [key]}}
        for column, (other, key) in REFERENCES.items()
        if column in table.names and other != table.name and other in described.tables
    ]
    fields = [_field(column) for column in table.columns]
    return {"fields": fields, **({"foreignKeys": keys} if keys else {})}


def _field(column: Column) -> dict[str, Any]:
    return {"name": column.name, "type": TYPES[column.type], "description": column.description}

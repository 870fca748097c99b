"""A folder of Parquet tables as a Croissant description (https://docs.mlcommons.org/croissant), version 1.1."""

from typing import Any

from warehouse.description import ABOUT, NAME, TERMS, TITLE, Description, File
from warehouse.tables import DAY, FLAG, MOMENT, REAL, TEXT, TEXTS, WHOLE, Column, Table

VERSION = "http://mlcommons.org/croissant/1.1"
TYPES = {
    TEXT: "sc:Text", WHOLE: "cr:Int64", REAL: "cr:Float64", FLAG: "sc:Boolean", MOMENT: "sc:DateTime", DAY: "sc:Date",
    TEXTS: "sc:Text",
}  # fmt: skip
MEDIA_TYPES = {"parquet": "application/x-parquet", "duckdb": "application/octet-stream"}
TERMS_OF_CROISSANT = (
    "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field", "fileProperty",
    "fileObject", "fileSet", "format", "includes", "isArray", "isLiveDataset", "jsonPath", "key", "md5", "parentField",
    "path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate", "separator", "source",
    "subField", "transform",
)  # fmt: skip
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{term: f"cr:{term}" for term in TERMS_OF_CROISSANT},
}


def croissant(described: Description) -> dict[str, Any]:
    """The content of `croissant.json`. Its addresses are relative, so that it holds on disk and over HTTP."""
    origins = [origin.address for origin in described.origins if origin.address]
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": VERSION,
        "name": NAME,
        "description": f"{TITLE}. {ABOUT}",
        "version": described.snapshot.id,
        "datePublished": f"{described.built_at:%Y-%m-%d}",
        "license": TERMS,
        "citeAs": f"{NAME}, snapshot {described.snapshot.id}, and what models, tasks and benchmarks name as citation.",
        **({"isBasedOn": origins} if origins else {}),
        "distribution": [_file(file) for file in described.files],
        "recordSet": [_records(file, file.table) for file in described.files if file.table],
    }


def _file(file: File) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "description": file.table.description if file.table else "All tables and views as one DuckDB file.",
        "contentUrl": file.name,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": MEDIA_TYPES[file.format],
        "sha256": file.sha256,
    }


def _records(file: File, table: Table) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description,
        "field": [_field(file, table, column) for column in table.columns],
    }


def _field(file: File, table: Table, column: Column) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": column.description,
        "dataType": TYPES[column.type],
        **({"isArray": True, "arrayShape": "-1"} if column.type == TEXTS else {}),
        "source": {"fileObject": {"@id": file.name}, "extract": {"column": column.name}},
    }

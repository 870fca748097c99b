"""The sample's wide table of scores, in the shape of OpenEvals/leaderboard-data."""

import math
from typing import Any

import pyarrow as pa

from etl.sample.files import Files
from etl.sample.hub import cell_values, read_models

# Column of the table to column of chat_models.csv.
COLUMNS = {
    "sampleAlgebra_score": "algebra",
    "sampleGeometry_score": "geometry",
    "sampleTranscription_score": "transcription",
    "sampleSummaries_score": "extra",
}
PATH = "data/train-00000-of-00001.parquet"


def write_openevals(files: Files) -> None:
    """One row a model; NaN is a score that it has not."""
    files.table(PATH, pa.Table.from_pylist([_row(model) for model in read_models()]))


def _row(model: dict[str, str]) -> dict[str, Any]:
    scores = {column: _score(model[name]) for column, name in COLUMNS.items()}
    known = [score for score in scores.values() if not math.isnan(score)]
    return {
        "model_id": model["model"].lower().replace("/", "-"),
        "model_name": model["model"],
        "provider": model["model"].split("/")[0],
        "model_type": "open",
        "parameters_billions": int(model["parameters"]) / 1e9,
        "license": "Unknown",
        "context_window": 0,
        "modality": "text",
        "architecture": "Transformer",
        **scores,
        "aggregate_score": sum(known) / len(known),
        "coverage_count": len(known),
        "coverage_percent": round(100 * len(known) / len(scores)),
    }


def _score(cell: str) -> float:
    return next(iter(cell_values(cell)), math.nan)

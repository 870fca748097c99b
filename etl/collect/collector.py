"""Collects a result directory by the backend that wrote it."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from etl.collect import lmmseval, vlmevalkit
from etl.collect.collected import Collected
from etl.collect.files import Unusable

MODEL = re.compile(r"(?:[A-Za-z0-9._-]{1,96}/)?[A-Za-z0-9._-]{1,96}")
BACKENDS: Mapping[str, Callable[[Path, str], Collected]] = MappingProxyType(
    {"vlmevalkit": vlmevalkit.collect, "lmms-eval": lmmseval.collect}
)


def collect(directory: Path, backend: str, model: str) -> Collected:
    """What a backend left in a directory. `model` is the name on the Hub. Raises `Unusable`."""
    if not MODEL.fullmatch(model) or {".", ".."} & set(model.split("/")):
        raise Unusable(f"{model!r} is no model's name: give it as on the Hub, like org/name")
    if not directory.is_dir():
        raise Unusable(f"{directory} is no directory: give the one that holds the results")
    return BACKENDS[backend](directory.resolve(), model)

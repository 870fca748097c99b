"""Results of the Massive Text Embedding Benchmark (MTEB)."""

from etl.sources.mteb.catalogue import Catalogue
from etl.sources.mteb.parquet import PATTERNS
from etl.sources.mteb.registry import write_catalogue
from etl.sources.mteb.source import MtebSource

__all__ = ["PATTERNS", "Catalogue", "MtebSource", "write_catalogue"]

"""OpenEvals' table of scores: one row a model, one column a benchmark, mostly views of the Hub's own boards."""

from etl.sources.openevals.source import PATTERNS, OpenEvalsSource

__all__ = ["PATTERNS", "OpenEvalsSource"]

"""The EASI leaderboard: every version file, its sub-scores and its capability map."""

from etl.sources.easi.source import PATTERNS, EasiSource

__all__ = ["PATTERNS", "EasiSource"]

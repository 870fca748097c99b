"""The sample that the project ships: small source trees, written the same to the byte every time."""

from etl.sample.sample import write_sample

__all__ = ["write_sample"]

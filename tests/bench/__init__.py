"""Measurements of loading, starting, ranking and answering, by `python -m tests.bench`: medians of one run."""

"""Measurements of loading and starting, by `python -m tests.bench`: medians of one run, side by side."""

"""Other people's SQL: a locked DuckDB in a process of its own, which can be ended whatever it does.

DuckDB's own locks keep a statement from files, network and settings. What they leave is caught around them: `admission`
lets in one reading statement of known functions, `worker` runs it in a process without environment, whose memory and
time the kernel bounds. Bounds within DuckDB alone would not do: strings and lists are no part of its memory limit, some
functions cannot be interrupted, and some end the process (in 1.5, `pandas_scan(null)`).
"""

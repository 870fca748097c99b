"""Reads and decodes every JSON file of a tree with the standard library: `python decode.py TREE`."""

import json
import sys
import time
from pathlib import Path

files = sorted(Path(sys.argv[1]).rglob("*.json"))
started = time.perf_counter()
for file in files:
    json.loads(file.read_bytes())
sys.stdout.write(json.dumps({"files": len(files), "seconds": time.perf_counter() - started}))

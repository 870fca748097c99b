"""What is on disk before anybody is told of it."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Wait until a file, or which files a folder has, is on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

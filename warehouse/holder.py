"""Who holds the lock on a file, told without taking it, which would make who wants it fail."""

import os
from dataclasses import dataclass
from pathlib import Path

LOCKS = Path("/proc/locks")


@dataclass(frozen=True)
class Holder:
    """The process that took a lock; 0: one that cannot be seen from here. `is_alive`: it still runs."""

    pid: int
    is_alive: bool


def find_holder(file: Path) -> Holder | None:
    """Who holds the lock; null: nobody. Raises `OSError` where the system does not tell."""
    status = file.stat()
    place = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
    for line in LOCKS.read_text("ascii").splitlines():
        words = line.split()
        # A line that begins with an arrow waits for the lock and has none.
        if len(words) > 5 and words[1] == "FLOCK" and words[5] == place:
            pid = int(words[4])
            return Holder(pid, pid <= 0 or Path(f"/proc/{pid}").exists())
    return None

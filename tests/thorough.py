"""How much of what is made up is tried: a little in every run, for it costs much, and more in CI."""

import os


def cases(few: int, many: int) -> int:
    """`many` where the environment has STANDINGS_TEST_THOROUGH, as in CI."""
    return many if os.environ.get("STANDINGS_TEST_THOROUGH") else few

"""How many examples a property is tried on: all of them in CI, a third of them where the suite is run often."""

import os


def examples(number: int) -> int:
    return number if os.environ.get("CI") else number // 3

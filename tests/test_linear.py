"""No regular expression takes work out of proportion to what it is given, whatever a model or a customer writes."""

from time import thread_time

import pytest
from support.patterns import hard_texts, patterns, use_of

LENGTH = 8_000
LITTLE = 0.05
"""Seconds of the processor that a text may take, whatever half of it takes."""
LONGEST = 1.0


@pytest.mark.slow
def test_no_pattern_takes_work_out_of_proportion() -> None:
    steep = {where: took for where, pattern in patterns().items() if (took := steepest(where, pattern))}
    assert steep == {}


def steepest(where: str, pattern: object) -> str:
    """What a pattern needs for the text that is hardest for it, where that grows faster than the text; else ""."""
    use = use_of(where)
    for text in hard_texts(pattern, LENGTH):  # type: ignore[arg-type]
        whole = seconds(use, pattern, text)
        if whole > LITTLE:
            half = seconds(use, pattern, text[: LENGTH // 2])
            if whole > LONGEST or whole > 2.8 * half:
                return f"{whole:.2f} s after {half:.2f} s for half of {text[:20]!r}…"
    return ""


def seconds(use: object, pattern: object, text: str) -> float:
    began = thread_time()
    use(pattern, text)  # type: ignore[operator]
    return thread_time() - began

"""Words that are about the rules and the prompts that we go by: they ask for nothing that a team is there for."""

import re

ON_RULES = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b[^.!?\n]{0,60}"
    r"\b(?:instructions?|rules?|prompts?|policy|policies|guidelines|above|previous)\b",
    re.IGNORECASE,
)
"""An attempt to talk us out of our rules."""
SHOWS_RULES = re.compile(
    r"\bsystem prompt\b|\b(?:reveal|print|show|repeat|tell)\b[^.!?\n]{0,40}\b(?:prompt|instructions)\b|\bdeveloper mode\b"
    r"|\bjailbreak\b|\byou are now\b|\bpretend (?:to be|you)\b|\bact as\b",
    re.IGNORECASE,
)
"""One that wants our instructions shown, or has us be somebody else."""
SENTENCES = re.compile(r"(?<=[.!?;])\s+|\n")


def is_on_rules(text: str) -> bool:
    """Whether a text is, or holds, such an attempt."""
    return bool(ON_RULES.search(text) or SHOWS_RULES.search(text))


def without_rules(text: str) -> str:
    """The sentences of a text that are about something else."""
    return " ".join(one for one in SENTENCES.split(text) if not is_on_rules(one)).strip()

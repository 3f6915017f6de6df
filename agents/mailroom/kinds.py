"""The kinds of letters: each value is the agent who answers it."""

from enum import StrEnum


class Kind(StrEnum):
    QUESTION = "question"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"

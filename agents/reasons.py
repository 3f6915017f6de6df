"""Why one agent hands a matter to another: what rules branch on, where the note says it in free words."""

from enum import StrEnum


class Reason(StrEnum):
    """The reasons of the desk and of the research team."""

    NEW_MATTER = "new_matter"
    """Triage has read from the customer's words whose it is."""
    FOLLOW_UP = "follow_up"
    """The newest words go on with an earlier matter."""
    PASSED_ON = "passed_on"
    """Whoever leads, or had it back, gives it to whom it is for."""
    COURTESY = "courtesy"
    UNCLEAR = "unclear"
    NEEDS_HUMAN = "needs_human"
    """Only a person can settle it."""
    NOT_VERIFIED = "not_verified"
    """It is for the one who hands it back, once the customer is verified."""
    OTHER_ACCOUNT = "other_account"
    """The customer names another account as theirs; its address is the fact `account`."""
    SAME_ACCOUNT = "same_account"
    """That account is the verified customer's after all."""
    OTHER_DEPARTMENT = "other_department"
    """It is, or has become, the matter of another department; the fact `kind` says what is asked for."""
    GENERAL_QUESTION = "general_question"
    """It is about our rules, and not about anything of the customer's own."""
    GOODS_FIRST = "goods_first"
    """The money comes back with what becomes of the order."""
    CHARGED_TWICE = "charged_twice"
    FINDINGS = "findings"
    """What a research found is complete."""

"""Errors, named after who can mend them."""

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""How a code or a reason is written that rules branch on: a few words in snake_case."""
OF_THE_CALL = frozenset(
    [
        "no_such_tool",
        "no_such_handoff",
        "wrong_arguments",
        "not_offered",
        "never_named",
        "too_many",
        "not_let_pass",
        "not_asked_for",
        "not_verified",
        "identity_not_given",
        "identity_not_from_channel",
    ]
)
"""Codes of refusals that say what is wrong with a call as an agent made it, and nothing of the case."""
NOT_ANSWERED = frozenset(
    [
        "away",
        "not_known",
        "gave_up",
        "failed",
        "wrong_answer",
        "not_allowed_there",
        "result_too_long",
        "query_refused",
        "description_changed",
        "not_approved",
        "approval_unfit",
        "against_rules",
        "refused_before",
        "stopped",
        "not_in_a_branch",
        "several_found",
        "no_such_tool",
        "not_offered",
        "not_let_pass",
        "not_verified",
    ]
)
"""Codes of calls that were not made, and of tools that could not tell: whatever was asked for may be there."""


class SwitchboardError(Exception):
    """Root of every error this package raises on purpose. `who` can mend it."""

    who = "developer"
    at: tuple[str | int, ...] = ()
    """The keys of a project's file under which stands what it is about, the outermost first, as far as they are known."""
    is_placed = False
    """Whether its message says where that is, with file and line."""


class OperatorError(SwitchboardError):
    """The installation or the command is wrong: a setting, a file, a name. The message says what to do."""

    who = "operator"


class NotThere(OperatorError):
    """There is no case, ticket or team of this name."""


class DeclarationError(SwitchboardError):
    """A tool, agent, team or scenario is declared wrongly, or an agent's rules name what was never declared."""

    who = "developer"


class ToolError(SwitchboardError):
    """A tool refuses or cannot do what was asked. Its text is told to the model, and says what would work.

    Rules do not read the text: they branch on the `code`, in snake_case, and take what they need to know (ids, cents, a
    status) from `data`, which is JSON-able.
    """

    who = "model"
    code = "refused"

    def __init__(self, message: str = "", /, *, code: str | None = None, **data: Any) -> None:
        super().__init__(message)
        self.code, self.data = code or self.code, data
        if not CODE.fullmatch(self.code):
            raise DeclarationError(f"{self.code!r} is no code of a refusal: write up to 40 small letters, digits and _.")


class Refused(ToolError):
    """The call is not allowed: wrong agent, wrong customer, not verified, or a decision said no."""

    code = "not_allowed"


class Away(ToolError):
    """The other side could not be reached: nothing of the call came to it, so nothing was done."""

    who = "other side"
    code = "away"


class NotKnown(ToolError):
    """The call was sent, and no answer came that says whether it was done."""

    who = "other side"
    code = "not_known"


class ModelUnavailable(SwitchboardError):
    """No configured model endpoint answered."""

    who = "other side"


class Stopped(SwitchboardError):
    """A human stopped the run."""

    who = "operator"


class GaveUp(Exception):
    """A tool did not finish in time, and its transaction cannot be used any more. The text is for the model."""


@contextmanager
def about(*keys: str | int) -> Iterator[None]:
    """What is raised within is about what stands under these keys of a project's file."""
    try:
        yield
    except SwitchboardError as error:
        if not error.is_placed:
            error.at = (*keys, *error.at)
        raise


class Problem(str):
    """A sentence on what is wrong, and the keys `at` which that stands in its part of a project's file."""

    at: tuple[str | int, ...]

    def __new__(cls, text: str, *at: str | int) -> "Problem":
        made = super().__new__(cls, text)
        made.at = at
        return made


MOST_NAMED = 6


def nearest(wrong: str, known: Collection[str]) -> str | None:
    """What is called nearly so: of the same letters first; None where nothing is. Of a path, what stands beside it counts by
    its own name, since all that does begins alike, and then what is called just so elsewhere.
    """
    letters = {re.sub(r"[\W_]", "", one).lower(): one for one in reversed([*known])}
    if same := letters.get(re.sub(r"[\W_]", "", wrong).lower()):
        return same
    above, _, leaf = wrong.rpartition(".")
    beside = {one.rpartition(".")[2]: one for one in known if one.rpartition(".")[0] == above}
    elsewhere = [one for one in known if "." in f"{above}{one}" and one.rpartition(".")[2] == leaf]
    near = [*(beside[one] for one in get_close_matches(leaf, beside, 1)), *elsewhere]
    near += [] if beside and above else get_close_matches(wrong, known, 1)
    return next(iter(near), None)


def did_you_mean(wrong: str, known: Collection[str], quoted: Callable[[str], str] = repr) -> str:
    """How a sentence ends on a name that there is not: with the one that is called nearly so, else with what there is."""
    if near := nearest(wrong, known):
        return f"did you mean {quoted(near)}"
    more = f", and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    return f"there is {', '.join([*known][:MOST_NAMED]) or 'none'}{more}"


def kind_of(value: Any) -> str:
    """What a value is that is declared in the wrong place, in a few words: its name where it has one, else its type."""
    name = getattr(value, "__name__", None)
    return f"{type(value).__name__} {name}" if isinstance(name, str) else f"{type(value).__name__} {value!r:.40}"

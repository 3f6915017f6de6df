"""How surely the articles answer, 0 to 100: one scale for tickets, for the desk, and for what of a model counts beside it."""

CERTAIN = 100
"""What rules tell out of rows, or as a play has it."""
BOTH, SURE, FOUND, DOUBTFUL, NOTHING = 95, 88, 75, 55, 0
"""Where customers surely ask for a passage in such words and the search finds the same one; where they do, and it does not, or
where all of a question's words stand in what is found; where only the search finds one that they ask for so; where it may be
another; where there is none.
"""
OWN_CASE, SEVERAL = 55, 75
"""The most where something of the customer's own is asked for, and where several questions are."""


def bound(ours: int, *, same: bool) -> int:
    """As sure as a model's answer can be by its own claim, where the rules are as sure as `ours`, of the same passage or not.

    Alone it can make a draft of what nothing was; what the rules found too it can make surer by a step; and never is it surer
    than rules are of what customers surely ask for.
    """
    if not same:
        return FOUND
    return max(ours, SURE if ours >= FOUND else FOUND)

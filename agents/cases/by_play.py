"""A matter by its play: the next move of the process, or a person where it cannot go on."""

from collections.abc import Callable

from agents.cases.handover import transfer
from switchboard.declare.moves import Move, Unsure
from switchboard.declare.play import Play, Process
from switchboard.declare.transcript import View
from switchboard.plays.process import NotSettled, walk


def by_play(view: View, play: Play, step: Callable[[Process, View], Move | Unsure] = walk) -> Move | Unsure:
    """The next move of a play that has a process. What it cannot settle goes to a person, who first reads what it is about.

    `walk` says of a further question that it is one; with `step_of` the sentences of the play say so, and how often it asks.
    """
    assert play.process
    try:
        return step(play.process, view)
    except NotSettled as why:
        return transfer(view, f"{play.about} {why}")

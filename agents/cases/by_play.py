"""A matter by its play: the next move of the process, or a person where it cannot go on."""

from agents.cases.handover import transfer
from switchboard.declare.moves import Move, Unsure
from switchboard.declare.play import Play
from switchboard.declare.transcript import View
from switchboard.plays.process import NotSettled, walk


def by_play(view: View, play: Play) -> Move | Unsure:
    """The next move of a play that has a process. What it cannot settle goes to a person, who first reads what it is about."""
    assert play.process
    try:
        return walk(play.process, view)
    except NotSettled as why:
        return transfer(view, f"{play.about} {why}")

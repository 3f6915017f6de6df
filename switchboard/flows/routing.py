"""One structured question decides whose it is."""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, Field, create_model

from switchboard.declare.moves import HandOff
from switchboard.declare.transcript import View
from switchboard.errors import DeclarationError
from switchboard.flows.hub import Hub, hub
from switchboard.flows.inner.board import check_names


def routing(entry: str, routes: type[StrEnum], closer: str | None = None) -> Hub:
    """One structured question to the entry agent decides who answers (router, triage by classification): the values of the enum
    are the agents, so that a model can name no other.

    For messages of a few plain kinds, each with one agent. Not for messages with several matters, nor for specialists that
    have specialists: that is a `hub`, which this is the smallest of. It ends as a hub does.
    """
    names = [route.value for route in routes]
    check_names("routing", entry, *names, closer)
    if len(names) < 2:
        raise DeclarationError(f"Flow routing: {routes.__name__} has {len(names)} values; with less than two nothing is asked.")
    return hub(entry, {name: [] for name in names}, closer)


def question_of(routes: type[StrEnum]) -> type[BaseModel]:
    """The structure in which the entry agent's model answers: its `output`."""
    why: Any = (str, Field(default="", max_length=500))
    return create_model("Route", to=(routes, ...), why=why)


def routed(answer: Any, view: View) -> HandOff:
    """What turns that answer into a move: the entry agent's `read`."""
    return HandOff(answer.to.value, answer.why)

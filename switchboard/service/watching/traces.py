"""What a case did, as a tree, with its times and its costs."""

from switchboard.cases.tracing.tree import trace_of
from switchboard.events.tracing.span import Span
from switchboard.service.place import Place


def trace(place: Place, case_id: str) -> Span:
    """The trace of a case, also of one that goes on. Raises OperatorError where there is no such case."""
    return trace_of(place.engine, case_id)

"""The tool that leaves a case with a person, for projects that have none of their own. The case itself holds all of it."""

from typing import Annotated

from pydantic import Field

from switchboard.declare.tool import tool

Summary = Annotated[str, Field(min_length=1, max_length=8000, description="What a person must know, in a few sentences.")]


@tool(effect="send", public=True, ends="escalated")
def hand_over_to_a_person(summary: Summary) -> str:
    """Hand the customer over to a person, who gets the summary: when asked for one, or when nothing else can help."""
    return ""  # the customer hears it in their own language, as the library says it

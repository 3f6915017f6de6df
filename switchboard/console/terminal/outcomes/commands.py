"""The commands that say what became of cases, and what is to be learned from them."""

from enum import StrEnum
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from switchboard.console.terminal.cli import WAITING, Data, Json, app
from switchboard.console.terminal.operators import PANEL, CaseId, Name, text

LIST = "list"
Draft = Annotated[str, typer.Option("--for", metavar="HASH", help="The draft that is meant, as `drafts` shows it.")]


class Direction(StrEnum):
    up = "up"
    down = "down"


@app.command(rich_help_panel=PANEL)
def thumb(
    case_id: CaseId,
    direction: Annotated[Direction, typer.Argument(metavar="up|down", help="Whether it went well.")],
    why: Annotated[str, typer.Option("--why", metavar="WORDS", help="What they say to it.")] = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Keep what the customer thinks of how a case went; an earlier thumb of theirs counts no more."""
    from switchboard.console.terminal.outcomes.showing import keep_thumb

    keep_thumb(case_id, direction.value, why, data, json)


@app.command(rich_help_panel=PANEL)
def note(
    case_id: CaseId,
    words: Annotated[str, typer.Argument(metavar="TEXT", help="What operators are to know; - reads it from standard input.")],
    name: Name = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Keep a note on a case for operators: `show` and the pages have it, and no customer and no agent ever does."""
    from switchboard.console.terminal.cases import note as keep_note
    from switchboard.console.terminal.cli import words as words_of

    keep_note(case_id, name, words_of(words), data, json)


@app.command(rich_help_panel=PANEL)
def flag(
    case_id: CaseId,
    number: Annotated[int, typer.Argument(metavar="N", min=1, help="The line, as `fork CASE` numbers it.")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="What is wrong with it.")] = "",
    scenario: Annotated[str, typer.Option("--scenario", metavar="NAME", help="Write scenarios/NAME.py, to be finished.")] = "",
    drop: Annotated[bool, typer.Option("--drop", help="Keep it no longer.")] = False,
    name: Name = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Keep a turn that went wrong: `eval flagged` says whether it is other with today's code."""
    from switchboard.console.terminal.outcomes import showing

    if drop:
        showing.drop_flag(case_id, number, name, data, json)
    else:
        showing.flag_turn(case_id, number, text(why, "--why is empty. Say what is wrong with it."), scenario, name, data, json)


@app.command(rich_help_panel=PANEL)
def drafts(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, the oldest first.")] = 20,
    json: Json = False,
    data: Data = None,
) -> None:
    """List the answers that wait for an operator to send them, the oldest first."""
    from switchboard.console.terminal.outcomes.drafts import list_drafts

    list_drafts(limit, data, json)


@app.command(rich_help_panel=PANEL)
def suggest(case_id: CaseId, name: Name = "", json: Json = False, data: Data = None) -> None:
    """Have the agents suggest an answer in a case that a person has: it waits as a draft, and the customer hears nothing."""
    from switchboard.console.terminal.outcomes.drafts import suggest_answer

    if not suggest_answer(case_id, name, data, json):
        raise typer.Exit(WAITING)


@app.command(rich_help_panel=PANEL)
def send(
    case_id: CaseId,
    words: Annotated[str | None, typer.Option("--with", metavar="TEXT", help="What the customer hears in its place.")] = None,
    name: Name = "",
    bound: Draft = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Send the draft of a case, as it is or edited: shown first, and asked for unless --for names it."""
    from switchboard.console.terminal.outcomes.drafts import send_draft

    if words is not None:
        text(words, "--with is empty. Say what the customer is to hear, or leave it out.")
    if not send_draft(case_id, name, words, bound, data, json):
        raise typer.Exit(WAITING)


@app.command(rich_help_panel=PANEL)
def drop(
    case_id: CaseId,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="What is wrong with it.")] = "",
    name: Name = "",
    bound: Draft = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Drop the draft of a case; its ticket waits on, and `say` answers it."""
    from switchboard.console.terminal.outcomes.drafts import drop_draft

    drop_draft(case_id, name, why, bound, data, json)


class ListFirst(TyperGroup):
    """`suggestions` is `suggestions list`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        begins = next(iter(args), "")
        named = begins in self.commands or begins in ctx.help_option_names
        return super().parse_args(ctx, args if named else [LIST, *args])


suggestions = typer.Typer(cls=ListFirst, help="List questions that nothing answered (`suggestions`), and learn from them.")
app.add_typer(suggestions, name="suggestions", rich_help_panel=PANEL)


@suggestions.command(name=LIST)
def list_(
    least: Annotated[int, typer.Option("--least", min=1, help="How often a question must have come.")] = 2,
    json: Json = False,
    data: Data = None,
) -> None:
    """List questions that nothing answered, the most frequent first, with what people answered."""
    from switchboard.console.terminal.outcomes.suggestions import show_suggestions

    show_suggestions(least, data, json)


@suggestions.command()
def take(
    number: Annotated[int, typer.Argument(metavar="N", min=1, help="The question, as `suggestions` numbers it.")],
    article: Annotated[
        str, typer.Option("--article", metavar="FILE", help="A file of the articles' folder to add it to.")
    ] = "",
    example: Annotated[str, typer.Option("--example", metavar="DEPARTMENT", help="Whose examples to add it to.")] = "",
    words: Annotated[str, typer.Option("--with", metavar="TEXT", help="The article's answer; else the newest of people.")] = "",
    name: Name = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Write a question into an article, with its answer, or to the examples of a department."""
    from switchboard.console.terminal.outcomes.suggestions import take_suggestion
    from switchboard.errors import OperatorError

    if bool(article) == bool(example):
        raise OperatorError("Name an --article FILE, or an --example DEPARTMENT.")
    take_suggestion(number, article, example, words, name, data, json)

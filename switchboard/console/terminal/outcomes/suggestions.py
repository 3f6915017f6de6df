"""Questions that nothing answered, shown, and taken over into the project."""

from dataclasses import asdict
from pathlib import Path

from switchboard.console.app import Workplace
from switchboard.console.terminal.accounts.who import acting
from switchboard.console.terminal.screen import out, say, show_record, show_table
from switchboard.events.rendering import cut
from switchboard.service.outcomes.suggestions import suggestion, suggestions
from switchboard.service.outcomes.taking import take_as_examples, take_into_article


def show_suggestions(least: int, data: Path | None, json: bool) -> None:
    found = suggestions(Workplace(data).engine, least)
    if json:
        show_record([{"count": one.count, **asdict(one)} for one in found])
        return
    if not found:
        say(f"No question that nothing answered came {least} times or more.")
        return
    most = max(40, out.width)
    rows = [(one.number, one.count, cut(one.question, most), cut(next(iter(one.answers), ""), most)) for one in found]
    show_table("", ("n", "came", "question", "newest answer of a person"), rows)
    say("`switchboard suggestions take N --article FILE`, or `--example DEPARTMENT`, writes one into the project.")


def take_suggestion(number: int, article: str, example: str, words: str, name: str, data: Path | None, json: bool) -> None:
    place = Workplace(data)
    by, one = acting(place, name, "lead"), suggestion(place.engine, number)
    if article:
        path = take_into_article(place.engine, place.project, one, article, words, by)
    else:
        path = take_as_examples(place.engine, place.project, one, example, by)
    if json:
        show_record({"number": number, "file": str(path), "count": one.count, "cases": list(one.case_ids)})
    else:
        then = "Read it over: customers are told it." if article else "`switchboard learn` learns it."
        say(f"{path} has it now. {then}")

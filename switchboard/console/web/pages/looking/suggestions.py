"""Questions that nothing answered, which a person takes over into the project, or puts aside."""

from collections.abc import Mapping

from starlette.responses import RedirectResponse, Response

from switchboard.console.web.asked import Asked
from switchboard.console.web.pages.deciding import words_of
from switchboard.console.web.pages.taking_part import said_in
from switchboard.declare.transcript import digest
from switchboard.errors import OperatorError
from switchboard.service.outcomes.suggestions import Suggestion, put_aside, suggestion, suggestions
from switchboard.service.outcomes.taking import (
    articles_of,
    departments_with_examples,
    take_as_examples,
    take_into_article,
)

LEASTS = (1, 2, 3, 5, 10)
LEAST = 2
"""How often a question must have come, for whoever does not say."""
MOST_SHOWN = 50
TOLD = {
    "article": "It stands in the article now. Read it over there: customers are told it.",
    "examples": "The wordings are examples of the department now. `switchboard learn` learns them.",
    "aside": "Put aside. These cases are suggested no more.",
}


def show(asked: Asked) -> Response:
    return _page(asked)


def settle(asked: Asked) -> Response:
    """Take one over, or put it aside; where that cannot be, the page says why, and what was typed stands there still."""
    number, what = asked.request.path_params["number"], asked.request.path_params["what"]
    try:
        _settle(asked, _found(asked, number), what)
    except OperatorError as error:
        return _page(asked, 409, wrong=str(error), typed={**asked.form, "number": number, "what": what})
    return RedirectResponse(f"/suggestions?told={what}", 303)


def seen_of(one: Suggestion) -> str:
    """What a form is bound to: the cases that were counted when its page was made."""
    return digest([one.number, list(one.case_ids)])


def _found(asked: Asked, number: str) -> Suggestion:
    if not number.isascii() or not number.isdecimal() or len(number) > 9:
        raise OperatorError("There is no such suggestion.")
    one = suggestion(asked.desk.engine, int(number))
    if asked.form.get("seen") != seen_of(one):
        raise OperatorError(
            "More customers have asked this since the page was made. Look at what they wrote, and send it again."
        )
    return one


def _settle(asked: Asked, one: Suggestion, what: str) -> None:
    engine, project, by = asked.desk.engine, asked.desk.project, asked.person.name
    match what:
        case "article":
            answer = said_in(asked, "answer", "Write the answer that customers are to be told.")
            take_into_article(engine, project, one, words_of(asked, "article"), answer, by)
        case "examples":
            take_as_examples(engine, project, one, asked.form.get("department", ""), by)
        case "aside":
            put_aside(engine, one, said_in(asked, "why", "Say why it is put aside."), by)
        case _:
            raise OperatorError("There is nothing like that to do with a suggestion.")


def _page(asked: Asked, status: int = 200, wrong: str = "", typed: Mapping[str, str] | None = None) -> Response:
    project, given = asked.desk.project, asked.request.query_params.get("least", str(LEAST))
    least = int(given) if given in map(str, LEASTS) else LEAST
    if wrong:
        least = 1  # the one that it is about is among them
    found, typed = suggestions(asked.desk.engine, least), typed or {}
    is_gone = bool(wrong) and typed.get("number") not in {str(one.number) for one in found[:MOST_SHOWN]}
    return asked.page(
        "looking/suggestions.html",
        status,
        found=[(one, seen_of(one)) for one in found[:MOST_SHOWN]],
        left_off=max(0, len(found) - MOST_SHOWN),
        least=least,
        leasts=LEASTS,
        told="" if wrong else TOLD.get(asked.request.query_params.get("told", ""), ""),
        wrong=wrong,
        typed=typed,
        given_back=(typed.get("answer") or typed.get("why", "")) if is_gone else "",
        articles=articles_of(project),
        takes_articles=bool(project.file.articles) and not project.is_sample,
        departments=[] if project.is_sample else departments_with_examples(project),
        is_sample=project.is_sample,
    )

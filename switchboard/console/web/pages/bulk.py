"""Many calls answered together: chosen on one page, looked at once more on the next, and then told one by one."""

from starlette.responses import Response

from switchboard.console.web.asked import Asked
from switchboard.console.web.pages.deciding import words_of
from switchboard.errors import OperatorError
from switchboard.service.operators.bulk import MOST, Offered, answer_these, kinds, of_kind

PREFIX = "call."


def show(asked: Asked) -> Response:
    """What waits by kinds, and the calls of the one that the address names."""
    return _page(asked, asked.request.query_params.get("kind", ""))


def confirm(asked: Asked) -> Response:
    """What was chosen, once more; nothing is answered by that."""
    return _confirm(asked)


def _confirm(asked: Asked, *, wrong: str = "", status: int = 200) -> Response:
    key, chosen = asked.form.get("kind", ""), _chosen(asked)
    found = [one for one in of_kind(asked.desk, key).calls if chosen.get(one.call.case_id) == one.mark]
    if not found:
        why = "What you chose has changed meanwhile. Choose anew." if chosen else "Choose at least one call."
        return _page(asked, key, wrong=wrong or why, status=409)
    left_out, why = len(chosen) - len(found), asked.form.get("why", "")
    return asked.page("bulk_confirm.html", status, key=key, calls=found, left_out=left_out, wrong=wrong, why=why)


def answer(asked: Asked) -> Response:
    """Answer what was confirmed, each on its own, and say what became of each."""
    yes, why = asked.form.get("answer") == "approve", words_of(asked, "why")
    key, by = asked.form.get("kind", ""), asked.person.name
    try:
        became = answer_these(asked.desk, key, _chosen(asked), by, yes=yes, why=why)
    except OperatorError as error:
        return _confirm(asked, wrong=str(error), status=409)
    asked.request.app.state.live.wake()
    return asked.page("bulk_done.html", became=became, done=sum(one.done for one in became))


def _page(asked: Asked, key: str, *, wrong: str = "", status: int = 200) -> Response:
    found = kinds(asked.desk)
    chosen = next((kind for kind in found if kind.key == key), None)
    offered = of_kind(asked.desk, key) if chosen else Offered([], 0)
    values = {"calls": offered.calls, "left": offered.left, "most": MOST, "why": asked.form.get("why", "")}
    return asked.page("bulk.html", status, kinds=found, chosen=chosen, wrong=wrong, **values)


def _chosen(asked: Asked) -> dict[str, str]:
    """What was chosen: the mark of what was seen of a case's call, by the case."""
    return {name.removeprefix(PREFIX): mark for name, mark in asked.form.items() if name.startswith(PREFIX)}

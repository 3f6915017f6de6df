"""How a member of the panel bids: by the words of its field, and by what lies on the board."""

import re

from agents.sourced.quotes import best, quotes_in, search, searches
from agents.sourced.says import nothing
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import HandOff, Move, Say, Unsure
from switchboard.declare.transcript import View
from tools.documents import search_documents

PROMPT = """\
You are on a panel, and know about {about}. Propose who takes the question, by a handoff to that colleague, or to yourself \
where it is yours; go along with who clearly knows more. Whoever all propose answers it."""


def expert(name: str, about: str, words: re.Pattern[str], names: tuple[str, ...]) -> AgentSpec:
    """A member of the panel of these `names`, whose field the `words` tell."""

    def without_model(view: View) -> Move | Unsure:
        round_of = view.said[-len(names) :] if view.said and len(view.said) % len(names) == 0 else ()
        if searches(view) or (round_of and {line.to for line in round_of} == {name}):
            return answer(view)
        bids = {line.speaker: line.facts.get("bid", 0) for line in view.said} | {name: len(words.findall(view.text))}
        mine = bids[name]
        to = max(names, key=lambda one: (bids.get(one, -1), -names.index(one)))
        move = HandOff(to, f"{mine} words of it are of my field.", {"bid": mine})
        return move if mine else Unsure(move)

    return AgentSpec(
        name=name,
        description=f"Knows about {about}.",
        prompt=PROMPT.format(about=about),
        tools=(search_documents,),
        rules_first=True,
        without_model=without_model,
    )


def answer(view: View) -> Move:
    found = searches(view)
    if not found:
        return search(view.text)
    told = best(quotes_in(found), view.text, 3)
    return Say("\n".join(quote.bullet for quote in told)) if told else nothing(view)

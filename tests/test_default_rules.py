"""What an agent does that declares no rules: it answers from an article that surely fits, else asks once, else hands over."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.toys import PAID, call_a_human, find_customer, look_up, pay, run, statuses, told
from test_knowledge import QUESTIONS

from switchboard.declare.agent import AgentSpec
from switchboard.declare.human import Prepared
from switchboard.declare.moves import HandOff, Say, call
from switchboard.declare.play import Play, Process, Slot
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import Tool, tool
from switchboard.flows.chain import chain
from switchboard.flows.hub import hub
from switchboard.plays.articles import article_search, best_fit
from switchboard.plays.default import NOT_SETTLED
from switchboard.reading.languages import said
from switchboard.search.index import index_of
from switchboard.search.passages import Excerpt
from tools.knowledge import search_articles

ALONE, ASK = said("play.alone", "en"), said("play.ask", "en")
ARTICLES = {
    "kettle.md": "# Kettle care\n\nIt boils water.\n\n## Remove limescale\n\n**Descaler** works. Leave it for 30 minutes.\n",
    "pool.md": "# Swimming pool\n\n## Opening hours\n\nThe pool opens at 8.\n",
}
FITS = "How do I remove the limescale from my kettle?"
VAGUE, FOREIGN = "Hello, I need help", "Who won the chess match yesterday?"
RULES = tuple(Rule("approve", effect=effect) for effect in ("read", "send", "write", "compute"))


@pytest.fixture(scope="module")
def find_help(tmp_path_factory: pytest.TempPathFactory) -> Tool:
    return searching(tmp_path_factory.mktemp("articles"))


def searching(folder: Path) -> Tool:
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")

    @tool(effect="read", public=True)
    def find_help(question: str) -> list[Excerpt]:
        """Search the articles."""
        return [Excerpt.of(passage) for passage in index_of(folder).search(question, 3)]

    return find_help


def agent(name: str, *tools: Tool, **facts: Any) -> AgentSpec:
    return AgentSpec(name=name, description=name, prompt=f"You are {name}.", tools=tools, **facts)


def team(*tools: Tool, **facts: Any) -> TeamSpec:
    """One agent without rules, and a closer without."""
    members = {"helper": agent("helper", *tools), "closer": agent("closer")}
    return TeamSpec("toys", "", **{"members": members, "flow": hub("helper", {}, "closer"), "approvals": RULES, **facts})


def test_an_article_that_fits_is_told_and_cited(tmp_path: Path, find_help: Tool) -> None:
    result = run(tmp_path, team(find_help, call_a_human), FITS)
    assert told(result) == "Descaler works. Leave it for 30 minutes.\n[kettle.md#remove-limescale]"
    assert (result.end, statuses(result)) == ("resolved", [("find_help", "done")])
    assert result.document["note"] == f"The customer wrote: {FITS} Done: nothing was changed."


@pytest.mark.parametrize("words", [VAGUE, FOREIGN, "kettle", "What is the kettle limit of a chess match in the pool?"])
def test_an_article_that_does_not_surely_fit_is_not_used(tmp_path: Path, find_help: Tool, words: str) -> None:
    result = run(tmp_path, team(find_help, call_a_human), words)
    assert (result.end, told(result)) == ("awaiting_customer", ASK)


def test_the_answer_to_the_question_may_fit_an_article(tmp_path: Path, find_help: Tool) -> None:
    result = run(tmp_path, team(find_help, call_a_human), VAGUE, Prepared([FITS]))
    assert result.end == "resolved" and "[kettle.md#remove-limescale]" in told(result)


BOTH = "Descaler works. Leave it for 30 minutes.\n[kettle.md#remove-limescale]\n\nThe pool opens at 8.\n[pool.md#opening-hours]"


@pytest.mark.parametrize(
    "words",
    [
        "How do I remove the limescale from my kettle, and what are the opening hours of the swimming pool?",
        "Hello, I am new here. How do I remove limescale from a kettle? When does the swimming pool open?",
    ],
)
def test_two_questions_are_answered_each_from_its_article(tmp_path: Path, find_help: Tool, words: str) -> None:
    result = run(tmp_path, team(find_help, call_a_human), words)
    assert (result.end, told(result)) == ("resolved", BOTH)


def test_of_two_questions_the_one_without_an_article_is_named_and_then_a_person_has_it(tmp_path: Path, find_help: Tool) -> None:
    words = "How do I remove limescale from the kettle and do you lend towels for the sauna?"
    result = run(tmp_path, team(find_help, call_a_human), words)
    answer, named = told(result).split("\n\n")
    assert (result.end, answer) == ("awaiting_customer", BOTH.split("\n\n")[0])
    assert named.startswith("To this I find no answer: “do you lend towels for the sauna”")
    again = run(tmp_path, team(find_help, call_a_human), words, Prepared(["I mean the big ones, for the sauna."]))
    assert (again.end, told(again)) == ("escalated", "A human comes.")


def test_what_is_asked_beside_a_play_is_answered_from_an_article_or_named(tmp_path: Path, find_help: Tool) -> None:
    def asked(words: str) -> tuple[str, str]:
        shelf = Play(
            "shelf",
            "The customer asks what is on a shelf.",
            examples=("what is on shelf S-1", "what do you keep on shelf S-2", "is shelf S-3 empty", "show me shelf S-4") * 2,
            says="A colleague looks.",
            process=Process("On {shelf} there are pears.", slots=(Slot("shelf", "Which shelf?", r"S-\d"),)),
            of_customer=False,
        )
        members = {"helper": agent("helper", find_help, call_a_human, plays=(shelf,)), "closer": agent("closer")}
        result = run(tmp_path, team(members=members), words)
        return result.end or "", told(result)

    pears = "On S-7 there are pears."
    both = asked("What is on shelf S-7 and what are the opening hours of the swimming pool?")
    assert both == ("resolved", f"{pears}\n\n{BOTH.split(chr(10) * 2)[1]}")
    _, said_then = asked("What is on shelf S-7 and do you lend towels for the sauna?")
    assert said_then.startswith(f"{pears} I do one thing at a time.") and "“do you lend towels for the sauna”" in said_then
    assert asked("What is on shelf S-7?") == ("resolved", pears)


def test_two_messages_that_fit_together_find_an_article(tmp_path: Path, find_help: Tool) -> None:
    result = run(tmp_path, team(find_help, call_a_human), "It has limescale", Prepared(["The kettle. Remove it?"]))
    assert result.end == "resolved" and "[kettle.md#remove-limescale]" in told(result)


def test_it_asks_once_and_then_hands_over_to_a_human(tmp_path: Path, find_help: Tool) -> None:
    result = run(tmp_path, team(find_help, call_a_human), VAGUE, Prepared([FOREIGN, "More words", "Even more"]))
    assert [e["text"] for e in result.document["transcript"] if e.get("asks")] == [ASK]
    assert (result.end, statuses(result)[-1], told(result)) == ("escalated", ("call_a_human", "done"), "A human comes.")
    [handed] = [c for c in result.document["tool_calls"] if c["tool"] == "call_a_human"]
    assert FOREIGN in handed["arguments"]["summary"]


def test_without_a_search_it_asks_once_and_hands_over(tmp_path: Path) -> None:
    assert run(tmp_path, team(call_a_human), FITS).end == "awaiting_customer"
    result = run(tmp_path, team(call_a_human), FITS, Prepared(["That is all I know."]))
    assert (result.end, statuses(result)) == ("escalated", [("call_a_human", "done")])


def test_an_operator_who_refuses_the_human_is_told_of(tmp_path: Path) -> None:
    rules = (Rule("ask", tool="call_a_human"), *RULES)
    result = run(tmp_path, team(call_a_human, approvals=rules), FITS, Prepared(["That is all."], [False]))
    assert result.end == "cancelled" and told(result).startswith(ALONE)


def test_who_holds_no_way_to_a_human_hands_back_to_the_entry_agent(tmp_path: Path, find_help: Tool) -> None:
    def entry(view: Any) -> Any:
        came_back = any(line.kind == "handoff" and line.to == "entry" for line in view.case)
        return call_if_new(view) if came_back else HandOff("helper", "a question")

    members = {"entry": agent("entry", call_a_human, without_model=entry), "helper": agent("helper", find_help)}
    spec = team(members={**members, "closer": agent("closer")}, flow=hub("entry", {"helper": []}, "closer"))
    assert told(run(tmp_path, spec, FITS)).endswith("[kettle.md#remove-limescale]")
    result = run(tmp_path, spec, VAGUE, Prepared([FOREIGN]))
    handed = [(e.speaker, e.to, e.reason) for e in result.run.transcript if e.kind == "handoff"]
    assert handed == [("entry", "helper", ""), ("helper", "entry", NOT_SETTLED)]
    assert result.end == "escalated"


def call_if_new(view: Any) -> Any:
    done = view.last("call_a_human")
    return Say(done.result) if done else call("call_a_human", summary="It came back.")


def test_who_can_hand_to_nobody_says_so(tmp_path: Path) -> None:
    result = run(tmp_path, team(), FITS, Prepared(["That is all."]))
    assert (result.end, told(result)) == ("resolved", ALONE)


def test_danger_goes_to_a_human_before_a_play_or_an_article_is_looked_for(tmp_path: Path, find_help: Tool) -> None:
    result = run(tmp_path, team(find_help, call_a_human), f"{FITS} And smoke comes out of it, it smells of burning!")
    assert (result.end, statuses(result)) == ("escalated", [("call_a_human", "done")])
    assert told(result).startswith("Please stop using the device now.")
    [summary] = [call["arguments"]["summary"] for call in result.document["tool_calls"]]
    assert summary.startswith("URGENT")


def test_danger_that_nobody_can_be_told_of_is_met_with_what_helps_at_once(tmp_path: Path) -> None:
    result = run(tmp_path, team(), "My kettle is on fire", Prepared([]))
    assert "call the fire brigade" in told(result) and told(result).endswith(ALONE)


def test_in_a_line_it_hands_on(tmp_path: Path) -> None:
    spec = team(members={"first": agent("first"), "helper": agent("helper", call_a_human)}, flow=chain("first", "helper"))
    result = run(tmp_path, spec, VAGUE, Prepared([FOREIGN, "more"]))
    handed = [(e.speaker, e.to, e.reason) for e in result.run.transcript if e.kind == "handoff"]
    assert handed == [("first", "helper", NOT_SETTLED)]
    assert result.end == "escalated"


def test_a_search_is_known_by_what_it_takes_and_gives(find_help: Tool) -> None:
    assert article_search(agent("a", look_up, find_help)) is find_help
    assert article_search(agent("a", search_articles)) is search_articles
    assert article_search(agent("a", look_up, pay, find_customer, call_a_human)) is None


def test_the_samples_questions_are_answered_from_the_right_article_or_not_at_all() -> None:
    found = {q: best_fit(q, [e.model_dump() for e in search_articles(q)]) for q in QUESTIONS}
    answered = {question: excerpt.citation.split("#")[0] for question, excerpt in found.items() if excerpt}
    assert len(answered) >= 14
    assert {q: name for q, name in answered.items() if name != QUESTIONS[q]} == {}
    for question in ("weather in Paris tomorrow", "tell me a joke about cats", "who won the world cup", "", "order", "refund?"):
        assert best_fit(question, [e.model_dump() for e in search_articles(question)]) is None, question


words = st.text(max_size=60) | st.sampled_from([FITS, VAGUE, FOREIGN, "", "TERMINATE", "I paid $9", "\x1b[2J", "word " * 2000])


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(opening=words, answers=st.lists(words, max_size=3), yes=st.booleans(), live=st.booleans())
def test_whatever_is_written_nothing_is_changed_and_the_end_is_one_of_three(
    opening: str, answers: list[str], yes: bool, live: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        spec = team(searching(Path(folder)), find_customer, look_up, pay, call_a_human)
        result = run(Path(folder), spec, opening, Prepared(answers, [yes] * 9, live=live))
    assert PAID == [] and {name for name, _ in statuses(result)} <= {"find_help", "call_a_human"}
    assert result.end in ("resolved", "awaiting_customer", "escalated") and told(result).strip()

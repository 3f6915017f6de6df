"""Chats are lent to one case after the other: nothing of a case is in what the next one is lent."""

import gc
import json
import re
import threading
import weakref
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

import autogen
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from support import toys
from support.toys import team

from switchboard.database import open_engine, sqlite_url
from switchboard.declare.human import Nobody, Prepared, Review
from switchboard.declare.moves import Say, call
from switchboard.declare.team import TeamSpec
from switchboard.loop import autogen_chat
from switchboard.loop.autogen_chat import Chat
from switchboard.loop.drive import RunResult, run_team

ENDS = {"pays": "resolved", "asks": "resolved", "waits": "awaiting_approval", "breaks": "failed", "stops": "cancelled"}
MARK = re.compile(r"mark\d+")

PAID = "\n\nWhat was done: pay 3.00 USD."
"""What closes an answer of the toy that does not tell what was done."""


def does(view: Any) -> Any:
    """What the customer's words say: every word that a case leaves behind bears its mark."""
    mark = next(iter(MARK.findall(view.text)), "none")
    if "breaks" in view.text:
        raise KeyError(mark)
    if "asks" in view.text and not view.questions:
        return Say(f"Which one, {mark}?", asks=True)
    if not view.calls:
        return call("pay", cents=7000 if "waits" in view.text else 300)
    return Say(f"{mark} answered {view.latest!r}.")


class Stopping(Nobody):
    reviews = True

    def review(self, agent: str, move: Any, effects: dict[str, str]) -> Review:
        return Review("stop") if agent == "worker" else Review()


def case(engine: Engine, spec: TeamSpec, number: int, kind: str, human: Any = None) -> RunResult:
    mark = f"mark{number}"
    humans: dict[str, Any] = {"asks": Prepared([f"{mark} says this one"]), "stops": Stopping()}
    known = {"email": f"{mark}@example.com"}
    return run_team(spec, f"{mark} {kind}", engine=engine, human=human or humans.get(kind), known=known)


def others(result: RunResult, number: int) -> set[str]:
    """The marks of other cases in all that a case left."""
    return set(MARK.findall(json.dumps(result.document))) - {f"mark{number}"}


def strings_in(thing: Any) -> Iterator[str]:
    """Every string that can be reached from a thing, through what it holds and what its functions remember."""
    seen, left = set(), [thing]
    while left:
        one = left.pop()
        if id(one) in seen or isinstance(one, ModuleType | type | BuiltinFunctionType):
            continue
        seen.add(id(one))
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            left += [*one.keys(), *one.values()]
        elif isinstance(one, list | tuple | set | frozenset | deque):
            left += one
        elif isinstance(one, MethodType):
            left += [one.__self__]
        elif isinstance(one, FunctionType):
            left += [cell.cell_contents for cell in one.__closure__ or ()]
        else:
            left += [vars(one)] if hasattr(one, "__dict__") else []


def idle(spec: TeamSpec) -> list[Chat]:
    return list(autogen_chat._chats.get(spec, ()))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = open_engine(sqlite_url(tmp_path_factory.mktemp("toys") / "toys.db"))
    yield engine
    engine.dispose()


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(kinds=st.lists(st.sampled_from(sorted(ENDS)), min_size=1, max_size=6))
def test_one_after_the_other_cases_leave_nothing_in_a_chat(engine: Engine, kinds: list[str]) -> None:
    spec = team(does)
    for number, kind in enumerate(kinds):
        result = case(engine, spec, number, kind)
        assert (result.end, others(result, number)) == (ENDS[kind], set())
        assert [text for text in strings_in(idle(spec)) if MARK.search(text)] == []
        assert all(chat._run is None and len(chat._chat.agents) == 2 for chat in idle(spec))
    assert len(idle(spec)) <= 1


def test_the_search_for_what_a_case_leaves_would_find_it() -> None:
    spec = team(does)
    chat = Chat(spec)
    chat._customer.send({"content": "mark1 was here"}, chat._executor, request_reply=False, silent=True)
    assert any("mark1" in text for text in strings_in([chat]))
    remembered = {"mark2": 1}
    chat._executor.register_function({"another": lambda: remembered})
    assert any("mark2" in text for text in strings_in([chat]))


@settings(max_examples=8, deadline=None)
@given(kinds=st.lists(st.sampled_from(sorted(ENDS)), min_size=4, max_size=12))
def test_at_the_same_time_cases_do_not_hear_each_other(engine: Engine, kinds: list[str]) -> None:
    spec = team(does)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(partial(case, engine, spec), range(len(kinds)), kinds))
    assert [(r.end, others(r, n)) for n, r in enumerate(results)] == [(ENDS[kind], set()) for kind in kinds]
    assert [text for text in strings_in(idle(spec)) if MARK.search(text)] == []


def test_cases_that_wait_for_their_customers_at_the_same_moment_go_on_with_their_own(engine: Engine) -> None:
    spec, everybody = team(does), threading.Barrier(4, timeout=60)

    class Waiting(Prepared):
        def next_words(self, question: str) -> str | None:
            if "Which one" not in question:
                return None
            everybody.wait()
            return f"{MARK.findall(question)[0]} heard the question"

    def one(number: int) -> str:
        return toys.told(case(engine, spec, number, "asks", Waiting()))

    for _ in range(2):  # in new chats, and in those that were lent before
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(one, range(4)))
        assert answers == [f"mark{n} answered 'mark{n} heard the question'.{PAID}" for n in range(4)]
        assert len(idle(spec)) == 4


def test_a_case_that_begins_inside_of_another_has_a_chat_of_its_own(engine: Engine) -> None:
    spec = team(does)

    class Meanwhile(Prepared):
        def next_words(self, question: str) -> str | None:
            if "Which one" not in question:
                return None
            inner = case(engine, spec, 2, "asks")
            assert (inner.end, others(inner, 2)) == ("resolved", set())
            return "mark1 goes on"

    outer = case(engine, spec, 1, "asks", Meanwhile())
    assert (toys.told(outer), others(outer, 1)) == (f"mark1 answered 'mark1 goes on'.{PAID}", set())


@pytest.mark.parametrize("kind", ["breaks", "stops"])
def test_a_chat_in_which_something_broke_is_not_lent_again(engine: Engine, kind: str) -> None:
    spec = team(does)
    case(engine, spec, 1, "pays")
    [chat] = idle(spec)
    case(engine, spec, 2, kind)
    assert idle(spec) == []
    case(engine, spec, 3, "pays")
    assert idle(spec) != [chat] and len(idle(spec)) == 1


@pytest.mark.slow
def test_teams_lend_each_other_nothing_and_take_their_chats_along(engine: Engine) -> None:
    one, other = team(does), team(does)
    case(engine, one, 1, "pays")
    assert (len(idle(one)), idle(other)) == (1, [])
    gone = weakref.ref(idle(one)[0])
    del one
    gc.collect()
    assert gone() is None


def test_it_is_autogens_own_agents_that_speak_and_each_in_one_way(tmp_path: Path) -> None:
    spec = team()
    toys.run(tmp_path, spec)
    [chat] = idle(spec)
    assert isinstance(chat._chat, autogen.GroupChat) and isinstance(chat._manager, autogen.GroupChatManager)
    assert type(chat._customer) is type(chat._executor) is autogen.UserProxyAgent
    assert chat._assistants.keys() == {"triage", "worker", "closer"}
    assert all(type(agent) is autogen.AssistantAgent for agent in chat._assistants.values())
    assert chat._executor.function_map.keys() == {*spec.tools, "hand_off"}
    for agent in (chat._customer, chat._executor, *chat._assistants.values()):
        assert len(agent._reply_func_list) == 1 and not agent.llm_config and agent.human_input_mode == "NEVER"


def test_an_agent_that_is_never_named_never_joins(tmp_path: Path) -> None:
    spec = team()
    asking = toys.agent("triage", lambda view: Say("Which one?", asks=True), toys.find_customer)
    spec = TeamSpec(**{**vars(spec), "members": {**spec.members, "triage": asking}})
    assert toys.run(tmp_path, spec).end == "awaiting_customer"
    assert idle(spec)[0]._assistants.keys() == {"triage"}

"""No secret, card, address or key leaves with a trace, whatever field it stands in: each byte is read by a real receiver."""

import json
import re
import string
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.otlp_receiver import Receiver

from switchboard.cases.entries import STEP
from switchboard.cases.tracing.runs import RunFacts, Written, run_span
from switchboard.declare.outcomes import Answer, HumanOutcome, ModelOutcome, RunEnded, ToolOutcome
from switchboard.declare.transcript import CallEntry, HandoffEntry, MessageEntry, NoteEntry, ResultEntry
from switchboard.events.secrets import without_secrets
from switchboard.events.tracing import names
from switchboard.events.tracing.leaving import MOST_READ, Masks, leaving
from switchboard.events.tracing.otlp import Otlp

KNOWN = "correct-horse-battery"
"""A key of the project that looks like none."""
LETTERS = string.ascii_letters + string.digits
STAYS = {"kind", "by", "status", "end", "stance", "ends"}
"""Fields of closed lists, which are words of the program."""


BEGIN_KEYS = ("sk-", "sk-proj-", "sk-ant-api03-", "ghp_", "github_pat_", "glpat-", "xoxb-", "AKIA", "AIza", "hf_", "SG.", "")


class Planted(NamedTuple):
    """What is written into a field, and what of it must not leave."""

    written: str
    secret: str


def words(least: int, most: int, letters: str = LETTERS) -> st.SearchStrategy[str]:
    return st.text(letters, min_size=least, max_size=most)


def mixed(least: int, most: int) -> st.SearchStrategy[str]:
    return words(least, most).map(lambda word: f"a1{word}9z")


@st.composite
def cards(draw: st.DrawFn) -> Planted:
    digits = draw(st.sampled_from("3456")) + "".join(draw(st.lists(st.sampled_from(string.digits), min_size=14, max_size=14)))
    doubled = sum(sum(divmod(int(d) * (2 if n % 2 == 0 else 1), 10)) for n, d in enumerate(digits))
    number = digits + str(-doubled % 10)
    sign = draw(st.sampled_from(["", " ", "-", ".", "\u00a0"]))
    written = sign.join(number[n : n + 4] for n in range(0, 16, 4))
    return Planted(written, written)


@st.composite
def addresses(draw: st.DrawFn) -> Planted:
    local = draw(words(1, 12, string.ascii_lowercase)) + draw(st.sampled_from(["", ".7", "+x"])) + "q"
    written = f"{local}@{draw(words(2, 9, string.ascii_lowercase))}.example"
    return Planted(written, written)


@st.composite
def keys(draw: st.DrawFn) -> Planted:
    core = draw(mixed(20, 40))
    begins = [
        "sk-",
        "sk-proj-",
        "sk-ant-api03-",
        "ghp_",
        "github_pat_",
        "glpat-",
        "xoxb-",
        "AKIA",
        "AIza",
        "hf_",
        "SG.",
        "ya29.",
        "",
    ]
    return Planted(draw(st.sampled_from(begins)) + core, core)


@st.composite
def named(draw: st.DrawFn) -> Planted:
    core = draw(mixed(4, 16))
    forms = [
        "password: {}",
        "password={}",
        "my password is {}",
        "api_key = {}",
        "token={}",
        "Bearer aaaa{}",
        "https://ada:{}@h.example/x",
    ]
    return Planted(draw(st.sampled_from(forms)).format(core), core)


@st.composite
def tokens(draw: st.DrawFn) -> Planted:
    core = draw(mixed(16, 30))
    return Planted(f"eyJhbGciOi.{core}.{core}", core)


PLANTED = st.one_of(cards(), addresses(), keys(), named(), tokens(), st.just(Planted(KNOWN, KNOWN)))
AROUND = st.sampled_from(
    [("", ""), ("x ", " y"), ('"', '"'), ("(", ")"), ("\n", "\n"), ("<", ">"), ("no. ", "."), ("\\", "\\")]
)


def planted(value: Any, text: str, name: str = "") -> Any:
    """Data with the text behind each text in it, and in each name of what has names of its own."""
    if isinstance(value, dict):
        own = name in ("arguments", "result", "facts", "data")
        return {f"{key}{text}" if own else key: planted(one, text, key) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [planted(one, text, name) for one in value]
    return f"{value}{text}" if isinstance(value, str) and name not in STAYS else value


def entries(text: str) -> Iterator[Written]:
    """An entry of each kind that a trace takes, with the text in every field."""
    made: dict[str, Any] = {"tool": "pay", "call_id": "call_1", "arguments": {"to": "x", "deep": [{"y": "z"}]}}
    found = [{"citation": "a.md#b", "text": "c"}]
    answer = Answer("Hello.", (), "little", 10, 5, 0.1, 0, provider="openai", requested="little", cached_tokens=3)
    tool: dict[str, Any] = {"seconds": 0.1, "customer_id": "ada", "agent": "worker", "arguments": made["arguments"]}
    lines: list[tuple[str, Any]] = [
        ("", MessageEntry("customer", "Hello.", "human", quoted="before")),
        ("", HandoffEntry("triage", "do it", to="worker", facts={"k": "v"}, reason="passed_on", request="r")),
        ("model worker", ModelOutcome(answer=answer, error="", seconds=0.1, asked="a")),
        ("model worker", ModelOutcome(answer=None, error="away", seconds=0.1, asked="a")),
        ("", CallEntry("worker", "so", **made)),
        ("call_1 pay", ToolOutcome(status="done", result={"paid": "x"}, **tool)),
        ("call_2 search", ToolOutcome(status="done", result=found, **tool)),
        ("call_3 pay", ToolOutcome(status="refused", text="no", code="no_such", data={"k": "v"}, **tool)),
        ("", ResultEntry("executor", "no", "tool", status="failed", to="worker", code="c", **{**made, "call_id": "call_9"})),
        ("human review worker", HumanOutcome(answer="yes")),
        ("", MessageEntry("worker", "It is paid.", "model")),
        ("", NoteEntry("closer", "The note.")),
        ("end of run", RunEnded("resolved")),
    ]
    for n, (name, what) in enumerate(lines, start=1):
        data = planted(what.as_data() if name else what.document(), text)
        yield Written(n, STEP if name else what.kind, f"{name}{text}" if name else "", data, 1000.0 + n)


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def otlp(receiver: Receiver) -> Otlp:
    return Otlp(receiver.url, "1", {})


@pytest.mark.slow
@given(planted=PLANTED, around=AROUND, texts=st.booleans())
@settings(max_examples=examples(1200), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_secret_leaves_in_no_byte(receiver: Receiver, otlp: Otlp, planted: Planted, around: Any, texts: bool) -> None:
    text = f" {around[0]}{planted.written}{around[1]}"
    facts = RunFacts(f"case_0{text}", 1, f"desk{text}", f"words{text}", 1000.0, f"resolved{text}", f"v{text}", 1, f"Hi{text}")
    run = run_span(facts, list(entries(text)))
    receiver.bodies.clear()
    spans = leaving(run, Masks((KNOWN,), texts), former="0" * 16, waited_for=f"operator{text}", waited_seconds=1.0)
    assert otlp.send(spans) == 0 and len(receiver.spans) == len(spans) > 8
    sent = receiver.bytes.decode("utf-8", "replace")
    assert planted.secret not in sent
    assert re.sub(r"\W", "", planted.secret) not in sent
    assert ("gen_ai.input.messages" in sent) == texts


def test_only_what_is_listed_leaves() -> None:
    given: dict[str, Any] = {"gen_ai.system_instructions": "x", "user.email": "x", names.AGENT: "worker", names.RUN: 1}
    assert Masks().attributes(given) == {names.AGENT: "worker", names.RUN: 1}
    assert Masks().attributes({names.RUN: "4111111111111111", names.AGENT: 4111111111111111, names.RESULT: "x"}) == {}


def test_words_that_are_no_secret_stay() -> None:
    plain = (
        "Where is my order #W1000009? It is the find_user_id_by_email tool of claude-sonnet-4-5-20250929, case_012345678901."
    )
    assert without_secrets(plain) == plain
    for name in ("find_user_id_by_email", "claude-sonnet-4-5-20250929", "little@q4", "refunds", "openai_compatible"):
        assert Masks().name(name) == name


@pytest.mark.parametrize(
    "text",
    [
        "Mein Passwort lautet Wiesel, bitte merken",
        "Kennwort: Wiesel",
        "la contraseña es Wiesel",
        "mon mot de passe est Wiesel",
        "my pin is Wiesel",
        'password = "red Wiesel at night"',
        'password: "a \\" Wiesel"',
        '{"credentials": {"user": "x", "word": "Wiesel"}}',
        '{"tokens": ["Wiesel", 7]}',
        "Cookie: theme=dark; sid=Wiesel",
        "Authorization: Digest Wiesel77",
        "the password Wiesel7 does not work",
        "PIN 7-Wiesel",
        "my key is 9f8aWiesel",
        "https://h.example/x?page=2&sig=Wiesel",
        "see https://h.example/login?mail=Wiesel%40h.example&x=1",
        "Wiesel＠h.example",
        "write to Wiesel @ h.example today",
        'to "Anna Wiesel"@h.example',
        "Wiesel (at) h.example",
        "kRqTbWiesel/aPzVnXcLoMw8/gHjKlQwErTy",
        json.dumps({"note": "Bearer\nWiesel7777", "rest": "x" * MOST_READ}),
        json.dumps({"passwords": ["Wiesel"], "rest": "x" * MOST_READ}),
    ],
)
def test_what_is_called_a_secret_is_one_in_each_language_and_whatever_it_is_made_of(text: str) -> None:
    assert "Wiesel" not in Masks((), texts=True).data(text)


@pytest.mark.parametrize(
    "text",
    [
        "3 @ 4.50 USD each, 2 @ 9.99",
        "Press the key and hold it for 5 seconds; a bent pin breaks.",
        "a password of 8 characters",
        "signed at the door, look at shop.example",
        "Order W1000009 at 10:30, item 3000000101, 2026-11-28",
    ],
)
def test_what_only_looks_like_a_secret_or_an_address_stays(text: str) -> None:
    assert Masks((), texts=True).data(text) == text


def test_what_is_masked_in_json_stays_json_and_what_is_only_spelt_alike_stays() -> None:
    told = '{"password":"a b","shipping":"fast","opinion":"is good"}'
    assert without_secrets(told) == '{"password":"[secret]","shipping":"fast","opinion":"is good"}'

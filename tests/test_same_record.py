"""An answer on another record than the one asked for is told to nobody, whatever the other side speaks."""

from typing import Any

import pytest
from test_remote import context

from switchboard.declare.tool import Tool
from switchboard.errors import DeclarationError, NotKnown, ToolError
from switchboard.toolsets.facts import Facts
from switchboard.toolsets.remote import Operation, tools_from
from switchboard.toolsets.same_record import untied


def operation(*arguments: str, path: tuple[str, ...] = (), record: str = "", declared: tuple[str, ...] = ()) -> Operation:
    takes = {"type": "object", "properties": {one: {} for one in arguments}, "required": list(arguments)}
    return Operation("look", "Look it up.", takes, declared, "GET" if path else "", path, record)


def made_of(answer: Any, what: Operation, **facts: Any) -> Tool:
    return tools_from({"look": (what, lambda *_, **__: answer)}, {"look": Facts(**{"effect": "read", **facts})})["look"]


def asked(answer: Any, what: Operation, facts: dict[str, Any], **arguments: Any) -> Any:
    return made_of(answer, what, **facts)(ctx=context("M-7"), **arguments)


LOAN, BY_PATH = operation("loan"), operation("id", path=("id",), record="id")
REF, TITLE = {"matches": {"loan": "ref"}}, {"matches": {"loan": "loan.title.no"}}


@pytest.mark.parametrize(
    ("answer", "what", "facts", "given"),
    [
        ({"ref": "L-12", "title": "x"}, LOAN, REF, {"loan": "L-13"}),
        ({"title": "x"}, LOAN, REF, {"loan": "L-13"}),
        ({"ref": None}, LOAN, REF, {"loan": "L-13"}),
        ([{"ref": "L-13"}, {"ref": "L-12"}], LOAN, REF, {"loan": "L-13"}),
        ({"loan": {"title": [{"no": 5}, {"no": 6}]}}, LOAN, TITLE, {"loan": 5}),
        ({"loan": "L-12"}, LOAN, {}, {"loan": "L-13"}),
        ({"data": {"loan": 12}}, LOAN, {}, {"loan": "13"}),
        ({"id": 1002}, BY_PATH, {}, {"id": 1001}),
        ([{"id": 1002}], BY_PATH, {}, {"id": "1001"}),
        ({"order": {"id": 1002}}, BY_PATH, {}, {"id": "1001"}),
        ({"loanNumber": "7"}, operation("loan_number"), {}, {"loan_number": "8"}),
        ({"rows": [{"loan_id": 7}, {"loan_id": 8}]}, operation("loanId"), {}, {"loanId": 7}),
        ({"loanId": 7}, operation("it"), {"names": {"it": "loanId"}}, {"it": 8}),
        ({"memberId": "M-8"}, operation("memberId"), {"customer": "memberId"}, {}),
        ({"id": None, "state": "open"}, BY_PATH, {}, {"id": 1001}),
        ({"data": {"loanId": None}}, operation("loan_id"), {}, {"loan_id": 7}),
        ({"rows": [{"loanId": 7}, {"loanId": None}]}, operation("loanId"), {}, {"loanId": 7}),
        ({"memberId": None}, operation("memberId"), {"customer": "memberId"}, {}),
    ],
)
def test_another_record_is_an_error_of_the_other_side(
    answer: Any, what: Operation, facts: dict[str, Any], given: dict[str, Any], caplog: Any
) -> None:
    with pytest.raises(ToolError) as refused:
        asked(answer, what, facts, **given)
    assert refused.value.code == "wrong_answer" and refused.value.data == {}
    assert not {"12", "1002", "M-8"} & set(str(refused.value).split()) and "1002" not in caplog.text


@pytest.mark.parametrize(
    ("answer", "what", "facts", "given"),
    [
        ({"ref": 13}, LOAN, REF, {"loan": "13"}),
        ({"ref": "l-13"}, LOAN, REF, {"loan": "L-13"}),
        ({"ref": "0013"}, LOAN, REF, {"loan": 13}),
        ([], LOAN, REF, {"loan": "L-13"}),
        ({"hits": []}, LOAN, {"matches": {"loan": "hits.ref"}}, {"loan": "L-13"}),
        ({"loan": "The Sea"}, LOAN, {}, {"loan": "sea"}),
        ([{"loan": "L-1"}, {"loan": "L-2"}], LOAN, {}, {"loan": "L-1"}),
        ({"loan": "L-12"}, LOAN, {"matches": {"loan": False}}, {"loan": "L-13"}),
        ([{"id": 1}, {"id": 2}], operation("id", path=("id",)), {}, {"id": 1001}),
        ({"id": "S-1"}, operation("id", path=("id",)), {}, {"id": 1001}),
        ({"id": 1001.0}, BY_PATH, {}, {"id": 1001}),
        ({"state": "open"}, BY_PATH, {}, {"id": 1001}),
        ({"rows": [{"state": "open"}, {"state": "shut"}]}, operation("loanId"), {}, {"loanId": 7}),
        ({"id": None, "state": "open"}, BY_PATH, {"matches": {"id": False}}, {"id": 1001}),
        ({"phone_number": "+49 30 12"}, operation("phone_number"), {}, {"phone_number": "03012"}),
        ({"day": "2030-02-28T10:00:00Z"}, operation("day"), {}, {"day": "2030-02-28"}),
        ({"page": {"id": 3}, "id": 1001}, BY_PATH, {}, {"id": 1001}),
    ],
)
def test_what_was_asked_for_is_told(answer: Any, what: Operation, facts: dict[str, Any], given: dict[str, Any]) -> None:
    assert asked(answer, what, facts, **given) == answer


def test_nobody_is_verified_by_another_record() -> None:
    ctx = context("")
    ctx.customer_id = None
    made = made_of({"id": "M-8", "card_id": "C-2"}, operation("card_id"), verifies="id")
    with pytest.raises(ToolError):
        made(ctx=ctx, card_id="C-1")
    assert ctx.customer_id is None


def test_a_change_that_is_answered_with_another_record_is_not_known() -> None:
    made = made_of({"booking_id": 4}, operation("booking_id"), effect="write", key="k")
    assert made.outside
    with pytest.raises(NotKnown):
        made.outside(context("M-7"), made(ctx=context("M-7"), booking_id=3))
    nulled = made_of({"booking_id": None, "state": "gone"}, operation("booking_id"), effect="write", key="k")
    assert nulled.outside
    with pytest.raises(NotKnown):
        nulled.outside(context("M-7"), nulled(ctx=context("M-7"), booking_id=3))
    assert made.outside(context("M-7"), made(ctx=context("M-7"), booking_id="4")) == {"booking_id": 4}


@pytest.mark.parametrize(
    ("what", "facts", "loose"),
    [
        (BY_PATH, {}, ["id"]),
        (operation("id", path=("id",), record="id", declared=("id", "state")), {}, []),
        (operation("id", path=("id",), record="id", declared=("data.id", "data.state", "took")), {}, []),
        (operation("id", path=("id",), record="id", declared=("customer.id", "state")), {}, ["id"]),
        (operation("id", path=("id",), declared=("id",)), {}, ["id"]),
        (operation("loan_no", "day", declared=("loanNo",)), {}, []),
        (operation("loan_no", "day"), {}, ["loan_no"]),
        (operation("loan_no", "day"), {"matches": {"loan_no": "ref"}}, []),
        (operation("loan_no", "day"), {"matches": {"loan_no": False}}, []),
        (operation("loan_no"), {"customer": "loan_no"}, []),
    ],
)
def test_a_call_that_nothing_ties_is_found(what: Operation, facts: dict[str, Any], loose: list[str]) -> None:
    assert untied(what, Facts(effect="read", **facts)) == loose


def test_what_matches_names_is_an_argument() -> None:
    with pytest.raises(DeclarationError, match="matches names 'lone'"):
        made_of({}, LOAN, matches={"lone": "ref"})

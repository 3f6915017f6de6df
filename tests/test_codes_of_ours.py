"""No other side says a code that means something here."""

import ast
from pathlib import Path

import pytest

import switchboard
from switchboard.errors import CODE, NOT_ANSWERED, OF_THE_CALL, Refused, ToolError
from switchboard.loop.codes.sending import TOLD
from switchboard.plays.demands import Broken
from switchboard.toolsets.openapi.answers import OURS, code_of

ROOM = Path(switchboard.__file__).parent
PLACES = ("declare", "consent", "plays", "loop", "toolsets/functions.py", "toolsets/same_record.py", "toolsets/remote.py")
"""Where calls are refused or not made for what this program knows, whichever tool is called."""


def given() -> set[str]:
    """The codes that these places give, as words or by the name of a constant."""
    files = [path for place in PLACES for path in ([ROOM / place] if place.endswith(".py") else (ROOM / place).rglob("*.py"))]
    found, named = set[str](), dict[str, str]()
    for path in files:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(value))):
                    named[name] = value
                case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                    pairs = zip(names, values, strict=False)
                    named |= {n.id: str(v.value) for n, v in pairs if isinstance(n, ast.Name) and isinstance(v, ast.Constant)}
                case ast.keyword(arg="code", value=ast.Constant(value=str(value))):
                    found.add(value)
                case ast.keyword(arg="code", value=ast.Name(id=name)) if name.isupper():
                    found.add(name)
                case ast.Call(func=ast.Attribute(attr="not_done"), args=args):
                    found |= {str(one.value) for one in args[2:3] if isinstance(one, ast.Constant)}
    return {code for one in found if CODE.fullmatch(code := str(named.get(one, one)))}


def of_errors(kind: type[ToolError]) -> set[str]:
    return {kind.code}.union(*(of_errors(one) for one in kind.__subclasses__() if one.__module__ == kind.__module__))


MEANT = given() | of_errors(ToolError) | set(TOLD) | {Broken().code, Broken("state").code}
SHARED = {ToolError.code, "not_found"}
"""Codes that mean the same, whoever says them."""


def test_the_codes_of_this_program_are_found() -> None:
    assert {"web_not_allowed", "no_longer_so", "not_read_before", "said_no", "stopped", "not_in_a_branch"} <= MEANT
    assert Refused.code in MEANT and len(MEANT) > 30


@pytest.mark.parametrize("code", sorted((MEANT | OF_THE_CALL | NOT_ANSWERED) - SHARED))
def test_no_other_side_says_a_code_that_means_something_here(code: str) -> None:
    assert code in OURS
    assert code_of({"error": {"code": code}}) == code_of({"code": code.upper().replace("_", "-")}) == ToolError.code


@pytest.mark.parametrize("code", ["not_found", "too_late", "kennel_full"])
def test_a_code_of_its_own_it_may_say(code: str) -> None:
    assert code_of({"code": code}) == code

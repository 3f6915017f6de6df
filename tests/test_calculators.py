"""The calculators: right, bounded, and never running code."""

import math
import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchboard.errors import ToolError
from tools.calculators import calculate, circle_area, rectangle_area, triangle_area


def test_a_rectangle_of_10_5_by_4_is_42_square_metres() -> None:
    area = rectangle_area(10.5, 4)
    assert (area.area, area.unit, area.text) == ("42", "m²", "10.5 m × 4 m = 42 m²")


def test_areas_state_their_unit_squared() -> None:
    assert (circle_area(2, "cm").area, circle_area(2, "cm").unit) == ("12.5663706144", "cm²")
    assert (triangle_area(3, 5, "ft").area, triangle_area(3, 5, "ft").unit) == ("7.5", "ft²")
    assert rectangle_area(0.1, 0.2).area == "0.02" and rectangle_area(0, 3).area == "0"


@pytest.mark.parametrize("size", [math.nan, math.inf, -math.inf, -1, -0.001, 1.1e12])
def test_a_length_that_is_none_is_refused(size: float) -> None:
    for tool, sizes in ((rectangle_area, (size, 1)), (circle_area, (size,)), (triangle_area, (1, size))):
        with pytest.raises(ToolError):
            tool(*sizes)


def test_an_area_beyond_the_range_is_refused() -> None:
    with pytest.raises(ToolError, match="use smaller numbers or a larger unit"):
        rectangle_area(1e8, 1e8)


def test_a_unit_that_is_none_is_refused_before_the_tool_runs() -> None:
    with pytest.raises(ToolError, match="unit"):
        rectangle_area.validated({"length": 1, "width": 2, "unit": "parsec"})


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("2 + 2", "4"),
        ("1093.34 + 500.00", "1593.34"),
        ("0.1+0.2", "0.3"),
        ("10.5*4", "42"),
        ("155.33 - 147.05 + 268.77 - 235.13", "41.92"),
        ("1,093.34 + 1,000,000", "1001093.34"),
        ("-(3 - 5) * +2", "4"),
        ("1/3", "0.3333333333"),
        ("2/3", "0.6666666667"),
        ("(1/3)*3 - 1", "0"),
        ("-0", "0"),
        ("-7 % 3", "2"),
        ("2 ** 10", "1024"),
        ("2 ** -1", "0.5"),
        ("6 × 7 ÷ 2 − 1", "20"),
        ("1e-12", "1e-12"),
        ("0.3 % 0.1", "0"),
        ("1.05 ** 10", "1.6288946268"),
        ("100", "100"),
        ("999999999999.99 * 1000", "999999999999990"),
    ],
)
def test_an_expression_is_calculated(expression: str, result: str) -> None:
    assert calculate(expression) == result


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("1 +", "cannot be read"),
        ("(" * 100, "cannot be read"),
        ("007", "cannot be read"),
        ("1 / 0", "divides by zero"),
        ("0 ** -1", "divides by zero"),
        ("5 % 0", "divides by zero"),
        ("9 ** 9 ** 9", "exponent"),
        ("2 ** 0.5", "exponent"),
        ("10 ** 60", "beyond"),
        ("2e12 - 1", "beyond"),
        ("1e12 * 1e12", "beyond"),
        ("1e999999999", "too large or too small"),
        ("1e-999999999", "too large or too small"),
        ("(0.999999999 ** 64) ** 64", "too many digits"),
        ("0 * 1e13", "beyond"),
        ("1 + " * 60 + "1", "longer than 200"),
        ("5(3)", r"write \* to multiply"),
        ("1, 2", "not arithmetic"),
        ("__import__('os')", "not arithmetic"),
        ("nan", "not arithmetic"),
        ("7 // 2", "Only numbers"),
        ("1 if 1 else 2", "not arithmetic"),
        ("1 << 9", "not arithmetic"),
        ("５", "not arithmetic"),
    ],
)
def test_what_is_no_plain_arithmetic_is_refused_with_a_sentence(expression: str, why: str) -> None:
    with pytest.raises(ToolError, match=why):
        calculate(expression)


@settings(deadline=None)
@given(st.text() | st.text(alphabet="0123456789.eE+-*/%() ,", max_size=80))
def test_any_text_gives_a_number_or_a_refusal(text: str) -> None:
    try:
        result = calculate(text)
    except ToolError as refusal:
        assert str(refusal).endswith(".")
    else:
        assert math.isfinite(float(result))


def expressions() -> st.SearchStrategy[str]:
    numbers = st.decimals(0, 10_000, places=2).map(str) | st.integers(0, 999).map(str)
    return st.recursive(
        numbers,
        lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from("+-*/%"), inner) | inner.map("-{}".format),
        max_leaves=8,
    )


def exactly(expression: str) -> Fraction:
    """Python's own evaluation, with exact fractions in place of the numbers."""
    code = re.sub(r"\d+(?:\.\d+)?", lambda m: f"Fraction('{m[0]}')", expression)
    return Fraction(eval(code, {"Fraction": Fraction}))


@settings(deadline=None)
@given(expressions())
def test_results_agree_with_exact_fractions(expression: str) -> None:
    try:
        expected = exactly(expression)
    except ZeroDivisionError:
        with pytest.raises(ToolError):
            calculate(expression)
        return
    try:
        result = calculate(expression)
    except ToolError as refusal:
        assert "beyond" in str(refusal) or "longer" in str(refusal)
        return
    assert abs(Fraction(result) - expected) <= Fraction(1, 10**10)

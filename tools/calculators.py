"""Arithmetic that is right: areas with their unit, and expressions read as a syntax tree, never evaluated as code."""

import ast
import math
import operator
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from switchboard.declare.tool import tool
from switchboard.errors import ToolError

# Numbers are exact fractions, so that 0.1 + 0.2 is 0.3 and 0.3 % 0.1 is 0; they are rounded only when they are shown.
LARGEST_INPUT = 10**12
LARGEST_RESULT = 10**15
LARGEST_EXPONENT = 64
LARGEST_POWER = 4096  # bits of an exact power: fractions of many digits grow without bound when they are nested
SMALLEST_WRITTEN = -30  # power of ten
LONGEST_EXPRESSION = 200
DECIMALS = 10
PI = Fraction("3.14159265358979323846264338327950288")
SIGNS = str.maketrans({"×": "*", "÷": "/", "−": "-", "–": "-"})

Unit = Literal["mm", "cm", "m", "km", "in", "ft", "yd", "mi"]
Size = Annotated[float, Field(description="0 or more, in the unit.")]
Expression = Annotated[str, Field(description="Numbers, + - * / % **, parentheses, such as '1093.34 + 500.00'.")]


class Area(BaseModel):
    """`area` as a plain number in text, `unit` squared, and the sum written out."""

    area: str
    unit: str
    text: str


@tool(effect="compute", public=True)
def rectangle_area(length: Size, width: Size, unit: Unit = "m") -> Area:
    """Area of a rectangle."""
    a, b = side("length", length), side("width", width)
    return area(a * b, unit, f"{plain(a)} {unit} × {plain(b)} {unit}")


@tool(effect="compute", public=True)
def circle_area(radius: Size, unit: Unit = "m") -> Area:
    """Area of a circle."""
    r = side("radius", radius)
    return area(PI * r * r, unit, f"π × ({plain(r)} {unit})²")


@tool(effect="compute", public=True)
def triangle_area(base: Size, height: Size, unit: Unit = "m") -> Area:
    """Area of a triangle from its base and height."""
    b, h = side("base", base), side("height", height)
    return area(b * h / 2, unit, f"{plain(b)} {unit} × {plain(h)} {unit} / 2")


@tool(effect="compute", public=True)
def calculate(expression: Expression) -> str:
    """Calculate an arithmetic expression.

    The result has up to 10 decimals. Raises ToolError for anything but arithmetic on numbers of a sensible size.
    """
    if len(expression) > LONGEST_EXPRESSION:
        raise ToolError(
            f"The expression is longer than {LONGEST_EXPRESSION} characters; calculate it in parts.", code="too_long"
        )
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", " ".join(expression.translate(SIGNS).split()))
    if not text:
        raise ToolError("The expression is empty; write one such as '2 + 2'.", code="nothing_to_calculate")
    if strange := re.search(r"[^0-9eE.+\-*/%() ]", text):
        raise ToolError(f"{strange[0]!r} is not arithmetic; use numbers, + - * / % ** and parentheses.", code="no_arithmetic")
    try:
        return plain(value(ast.parse(text, mode="eval").body, text))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ToolError("The expression cannot be read; check its signs and parentheses.", code="unreadable") from error
    except ZeroDivisionError as error:
        raise ToolError("The expression has no result: it divides by zero.", code="divides_by_zero") from error


def value(node: ast.expr, text: str) -> Fraction:
    """What a part of the expression comes to; `text` is the whole expression, for the digits as they were written."""
    match node:
        case ast.Constant():
            return within(written(text[node.col_offset : node.end_col_offset]), LARGEST_INPUT)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -value(operand, text)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return value(operand, text)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in OPERATIONS:
            return within(OPERATIONS[type(sign)](value(left, text), value(right, text)), LARGEST_RESULT)
    raise ToolError("Only numbers, + - * / % ** and parentheses can be calculated; write * to multiply.", code="no_arithmetic")


def written(number: str) -> Fraction:
    """A number as it is written. Its exponent is looked at first, as an exact 1e-999999999 would fill the memory."""
    _, _, exponent = number.lower().partition("e")
    if exponent and not SMALLEST_WRITTEN <= int(exponent) <= -SMALLEST_WRITTEN:
        raise ToolError(
            f"{number} is too large or too small; use exponents from {SMALLEST_WRITTEN} to 12.", code="number_too_large"
        )
    return Fraction(number)


def power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1 or abs(exponent) > LARGEST_EXPONENT:
        raise ToolError(
            f"The exponent must be a whole number from -{LARGEST_EXPONENT} to {LARGEST_EXPONENT}.", code="number_too_large"
        )
    if (base.numerator.bit_length() + base.denominator.bit_length()) * abs(exponent) > LARGEST_POWER:
        raise ToolError("That power has too many digits; use fewer decimals or a smaller exponent.", code="number_too_large")
    return Fraction(base ** int(exponent))


OPERATIONS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,  # with the sign of the divisor: -7 % 3 is 2
    ast.Pow: power,
}


def side(name: str, size: float) -> Fraction:
    """A length as the decimal that was written. Raises ToolError unless it is 0 or more and finite."""
    if not math.isfinite(size):
        raise ToolError(f"The {name} must be a number; {size} is none.", code="no_number")
    if size < 0:
        raise ToolError(f"The {name} is {size}; a length cannot be negative.", code="negative_length")
    return within(Fraction(str(size)), LARGEST_INPUT)


def within(number: Fraction, largest: int) -> Fraction:
    if abs(number) > largest:
        raise ToolError(
            f"A number beyond {largest:.0e} came up; use smaller numbers or a larger unit.", code="number_too_large"
        )
    return number


def area(size: Fraction, unit: str, working: str) -> Area:
    text = plain(within(size, LARGEST_RESULT))
    return Area(area=text, unit=f"{unit}²", text=f"{working} = {text} {unit}²")


def plain(number: Fraction) -> str:
    """A number as people write it: 42, 0.3, 0.3333333333; only what 10 decimals cannot show as 1e-12."""
    rounded = round(abs(number) * 10**DECIMALS)
    if not rounded and number:
        return f"{float(number):.10g}"
    whole, rest = divmod(rounded, 10**DECIMALS)
    return f"{'-' if number < 0 else ''}{whole}.{rest:0{DECIMALS}d}".rstrip("0").rstrip(".")

"""Bar charts as SVG, made here: no script, no font, nothing from elsewhere.

Widths are shares of the page's and letters have their own size, so that a chart is read on a telephone as on a desk.
"""

from html import escape

from switchboard.reading.languages import OURS, said
from switchboard.reports.report import Figure

LINE, BAR, GAP = 18, 12, 12
"""Pixels: of the line with label and number, of the bar below it, and of the space below that."""
MOST_LABEL = 26


def to_svg(figure: Figure, language: str = OURS) -> str:
    """A bar for each value, from zero, below its label and number, which lead to its reference; a negative one goes left."""
    low, high = min(0.0, *(bar.value for bar in figure.bars)), max(0.0, *(bar.value for bar in figure.bars))
    scale = 100 / ((high - low) or 1.0)
    zero = -low * scale
    each = LINE + BAR + GAP
    height = len(figure.bars) * each
    size, name = f'width="100%" height="{height}"', f'role="group" aria-label="{_text(figure.title)}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} {name}>']
    for n, bar in enumerate(figure.bars):
        top, told = n * each, _text(figure.told(bar))
        label = bar.label if len(bar.label) <= MOST_LABEL else f"{bar.label[: MOST_LABEL - 1]}…"
        cited = _text(said("report.reference", language, number=f"{bar.reference}"))
        left, length = zero + min(0.0, bar.value * scale), abs(bar.value) * scale
        parts += [
            f'<a href="#r{bar.reference}" aria-label="{_text(bar.label)}: {told}, {cited}">',
            f'<text x="0" y="{top + 13}">{_text(label)}</text>',
            f'<text x="100%" y="{top + 13}" text-anchor="end" class="value">{told}</text>',
            f'<rect x="{left:.2f}%" y="{top + LINE}" width="{max(length, 0.3):.2f}%" height="{BAR}" rx="2"/></a>',
        ]
    if low < 0:
        parts.append(f'<line x1="{zero:.2f}%" x2="{zero:.2f}%" y1="0" y2="{height - GAP}"/>')
    return "".join([*parts, "</svg>"])


def _text(text: str) -> str:
    """Text as it may stand in an element or an attribute, on one line."""
    return escape(" ".join("".join(character if character.isprintable() else " " for character in text).split()))

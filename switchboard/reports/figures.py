"""Bar charts as SVG, made here: no script, no font, nothing from elsewhere."""

from html import escape

from switchboard.reports.report import Figure

WIDTH, BAR, GAP, LABELS, NUMBERS = 640, 18, 8, 220, 90
"""Pixels: of the chart, of a bar and the space below it, of the labels at the left and the numbers at the right."""
MOST_LABEL = 32


def to_svg(figure: Figure) -> str:
    """A horizontal bar for each value, from zero, with its label and number; those below zero go to the left."""
    low, high = min(0.0, *(bar.value for bar in figure.bars)), max(0.0, *(bar.value for bar in figure.bars))
    scale = (WIDTH - LABELS - NUMBERS) / ((high - low) or 1.0)
    zero = LABELS - low * scale
    height = len(figure.bars) * (BAR + GAP) + GAP
    told = "; ".join(f"{bar.label}: {bar.value:g} {figure.unit}".strip() for bar in figure.bars)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(told)}">',
        f"<title>{escape(figure.title)}</title>",
    ]
    for n, bar in enumerate(figure.bars):
        top = GAP + n * (BAR + GAP)
        middle = top + BAR / 2
        left, length = min(zero, zero + bar.value * scale), max(abs(bar.value) * scale, 1.0)
        label = bar.label if len(bar.label) <= MOST_LABEL else f"{bar.label[: MOST_LABEL - 1]}…"
        parts += [
            f'<text x="{LABELS - 8}" y="{middle:.1f}" text-anchor="end" dominant-baseline="central">{escape(label)}</text>',
            f'<rect x="{left:.1f}" y="{top}" width="{length:.1f}" height="{BAR}" rx="2"/>',
            f'<text x="{max(zero, zero + bar.value * scale) + 6:.1f}" y="{middle:.1f}" dominant-baseline="central" '
            f'class="value">{escape(f"{bar.value:g} {figure.unit}".strip())}</text>',
        ]
    return "".join([*parts, "</svg>"])

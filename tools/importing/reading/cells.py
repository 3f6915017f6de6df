"""Cells of a spreadsheet: one that would be taken for a formula is written with a ' before it, and read without."""

RUN = tuple("=+-@\t\r＝＋－＠")
"""What a cell begins with that a spreadsheet would calculate."""


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet runs; one that looks guarded already gets a second sign, so that it reads back."""
    return f"'{text}" if text.startswith(RUN) or (text.startswith("'") and text.lstrip("'").startswith(RUN)) else text


def unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(RUN) else cell

"""Tables for a terminal: plain text, wrapped, no colour."""

import textwrap
from collections.abc import Sequence

WIDTH = 120
HANGING = "    "
Cell = Sequence[str]
"""The paragraphs of a cell, each wrapped on its own."""
Row = Sequence[Cell]


def table(headings: Row, rows: Sequence[Row], widths: Sequence[int]) -> str:
    """A table with a line under its headings and between its rows; at most ``WIDTH`` wide."""
    rule = "-+-".join("-" * width for width in widths)
    if len(rule) > WIDTH:
        raise ValueError("the table is wider than the page")
    return f"\n{rule}\n".join(_row(row, widths) for row in (headings, *rows))


def stacked(rows: Sequence[Row], widths: Sequence[int]) -> list[list[str]]:
    """Several rows as the cells of one, what stood side by side still side by side."""
    columns: list[list[str]] = [[] for _ in widths]
    for row in rows:
        wrapped = [_wrapped(cell, width) for cell, width in zip(row, widths, strict=True)]
        height = max(map(len, wrapped))
        for column, lines in zip(columns, wrapped, strict=True):
            column += lines + [""] * (height - len(lines))
    return columns


def paragraph(text: str, indent: str = "", bullet: str = "") -> str:
    """Running text, wrapped to the page."""
    hanging = indent + " " * len(bullet)
    return textwrap.fill(
        text, WIDTH, initial_indent=indent + bullet, subsequent_indent=hanging, break_on_hyphens=False
    )


def _row(cells: Row, widths: Sequence[int]) -> str:
    wrapped = [_wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
    height = max(map(len, wrapped))
    lines = []
    for number in range(height):
        texts = (column[number] if number < len(column) else "" for column in wrapped)
        lines.append(
            " | ".join(text.ljust(width) for text, width in zip(texts, widths, strict=True)).rstrip()
        )
    return "\n".join(lines)


def _wrapped(cell: Cell, width: int) -> list[str]:
    lines: list[str] = []
    for text in cell:
        hanging = HANGING if text.startswith("[") else ""
        lines += textwrap.wrap(text, width, subsequent_indent=hanging, break_on_hyphens=False) or [""]
    return lines

"""Bars that are drawn on the server, for pages that have the figures in a table beside them: pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, LABELS, LINE, THICK, MARGIN, LETTER = 640, 230, 30, 18, 70, 9
"""In units of the drawing: all of it, what the labels take, one line, one bar, room for a number, and for one
letter of it."""
_SHORT = 28


@dataclass(frozen=True, slots=True)
class Bar:
    """``series`` chooses the colour; ``words`` stand at the end of the bar."""

    label: str
    words: str
    series: int
    y: int
    length: int


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    height: int
    bars: Sequence[Bar]


def chart_of(
    title: str,
    rows: Sequence[tuple[str, int | None, int]],
    fewer_than: int = 0,
    in_words: Callable[[int], str] = "{:,}".format,
) -> Chart:
    """A chart of (label, figure, series); a figure that is None is too small to be told, and has no bar."""
    most = max([figure for _, figure, _ in rows if figure is not None], default=0) or 1
    told = [f"fewer than {fewer_than}" if figure is None else in_words(figure) for _, figure, _ in rows]
    room = WIDTH - LABELS - max([MARGIN, *(LETTER * len(words) for words in told)])
    bars = [
        Bar(
            label=label if len(label) <= _SHORT else label[: _SHORT - 1] + "…",
            words=told[place],
            series=series,
            y=place * LINE,
            length=0 if figure is None else max(round(room * figure / most), 1 if figure else 0),
        )
        for place, (label, figure, series) in enumerate(rows)
    ]
    return Chart(title, max(len(rows), 1) * LINE, bars)

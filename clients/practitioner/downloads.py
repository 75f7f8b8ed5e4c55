"""A table of a page as a file for a spreadsheet: the same rows, asked for in the same way."""

import csv
import io
from collections.abc import Sequence
from urllib.parse import urlencode

from fastapi import Response

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_of(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The table as comma-separated values (RFC 4180), in which no cell is a formula for a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in (columns, *rows):
        writer.writerow([_as_text(cell) for cell in row])
    return text.getvalue()


def _as_text(cell: str) -> str:
    """What somebody typed may begin like a formula, which a spreadsheet would work out."""
    return f"'{cell}" if cell.lstrip(" \ufeff\u200b").startswith(_BEGINS_A_FORMULA) else cell


def download(name: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Response:
    """The file; a mark at its beginning tells spreadsheets that it is UTF-8."""
    content = ("\ufeff" + csv_of(columns, rows)).encode()
    headers = {"content-disposition": f'attachment; filename="{name}.csv"', "cache-control": "no-store"}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def download_address(page: str, **query: str | None) -> str:
    """Where a page's table is had as a file, with what the page was asked for."""
    asked = urlencode({name: value for name, value in query.items() if value})
    return f"{page}/download?{asked}" if asked else f"{page}/download"

"""An assessment as a printed page, made of projected entries only: it says no more than the view does. Pure.

Headings are the instrument's own. What no line here names a heading for is printed under its kind, so that
an entry that the caller may see is never missing from the paper.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from services.gateway.projection import Shown
from shared.disclosure import AgencyCard

STYLE = (
    "body{font:12pt/1.4 sans-serif;max-width:42em;margin:1cm auto}"
    "article{break-inside:avoid}dt{font-weight:bold}dd{margin:0 0 .4em}"
    ".notice{border:2pt solid;padding:.5em}.owner{font-size:10pt}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
}
"""A page of other people's words: nothing in it runs, loads or is sent anywhere."""

_pages = Environment(
    loader=PackageLoader("services.gateway"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_COVER = "assessment"
_UNKNOWN_INSTRUMENT: Mapping[str, Any] = {"title": "Assessment", "domains": (), "parts": ()}


def printed_assessment(
    view: Mapping[str, Any],
    person: Shown,
    instrument: Mapping[str, Any] | None,
    agencies: Mapping[str, AgencyCard],
    printed_for: str,
) -> str:
    """The page. ``view`` is what ``entries_view`` gives for one assessment; ``instrument`` as the assessment
    service has it, None where the cover is not seen; ``printed_for`` names the reader and their agency."""
    instrument = instrument or _UNKNOWN_INSTRUMENT
    return _pages.get_template("assessment.html").render(
        title=instrument["title"],
        style=STYLE,
        person=person,
        sections=_sections(view["entries"], instrument, agencies),
        not_available=view["not_available"],
        notice=view["notice"],
        decision=view["decision"],
        printed_for=printed_for,
    )


def _sections(
    entries: Sequence[Shown], instrument: Mapping[str, Any], agencies: Mapping[str, AgencyCard]
) -> list[dict[str, Any]]:
    """Cover first, then the domains in the instrument's order, then its other parts, then the rest."""
    titles = {part["kind"]: part["title"] for part in instrument["parts"]}
    elements = {e["code"]: e["title"] for domain in instrument["domains"] for e in domain["elements"]}
    sections: list[tuple[str, list[Shown]]] = [("About this assessment", _of_kind(entries, _COVER))]
    placed = {_COVER}
    for domain in instrument["domains"]:
        codes = {element["code"] for element in domain["elements"]}
        sections.append((domain["title"], [e for e in entries if e["fields"].get("element") in codes]))
    under_elements = {entry["id"] for _, found in sections for entry in found}
    for kind in [*titles, *sorted({entry["kind"] for entry in entries} - titles.keys())]:
        if kind not in placed:
            rest = [entry for entry in _of_kind(entries, kind) if entry["id"] not in under_elements]
            sections.append((titles.get(kind, _in_words(kind)), rest))
    return [
        {"title": title, "entries": [_printed(entry, elements, titles, agencies) for entry in found]}
        for title, found in sections
        if found
    ]


def _of_kind(entries: Iterable[Shown], kind: str) -> list[Shown]:
    return [entry for entry in entries if entry["kind"] == kind]


def _printed(
    entry: Shown,
    elements: Mapping[str, str],
    titles: Mapping[str, str],
    agencies: Mapping[str, AgencyCard],
) -> dict[str, Any]:
    fields = entry["fields"]
    kind = titles.get(entry["kind"], _in_words(entry["kind"]))
    element = elements.get(fields.get("element", ""))
    owner = agencies.get(entry["owner"])
    return {
        "id": entry["id"],
        "level": entry["level"],
        "title": f"{element}: {_in_words(entry['kind']).lower()}" if element else kind,
        "owner": owner.name if owner else entry["owner"],
        "recorded_on": entry["recorded_at"][:10],
        "lines": [(_in_words(name), _text(value)) for name, value in fields.items() if name != "element"],
    }


def _in_words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _text(value: Any) -> str:
    """A stored value in words; what is nested is told line by line."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Mapping):
        return "; ".join(f"{_in_words(name)}: {_text(part)}" for name, part in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(_text(part) for part in value)
    return str(value)

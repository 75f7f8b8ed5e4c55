"""What stands above a form with mistakes: each names its field as the page does, and leads to it. Pure.

The page itself is read, since a summary stands above the fields whose labels it names.
"""

import re
from html import escape
from html.parser import HTMLParser

_SUMMARY = re.compile(r'<ul class="govuk-list govuk-error-summary__list">.*?</ul>', re.DOTALL)
_LINK = re.compile(r'<a href="#([^"]*)">(.*?)</a>', re.DOTALL)
_NAMES = frozenset({"label", "legend"})


def with_fields_named(page: str) -> str:
    """The page, in whose summary of mistakes each begins with what its field is called there; a mistake that
    leads to nothing on the page is no link. A page without mistakes stays as it is."""
    if "govuk-error-summary__list" not in page:
        return page
    reader = _Fields()
    reader.feed(page)

    def named(link: re.Match[str]) -> str:
        target, message = link[1], link[2].strip()
        if target not in reader.ids:
            return message
        label = " ".join(reader.names.get(target, "").split())
        if not label:
            return link[0]
        ends = " " if label[-1] in "?!.…:" else ": "
        return f'<a href="#{target}"><span class="app-of-field">{escape(label)}{ends}</span>{message}</a>'

    return _SUMMARY.sub(lambda found: _LINK.sub(named, found[0]), page)


class _Fields(HTMLParser):
    """The ids of a page, and by them what a field is called: by the legend of a group, else by its label."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: set[str] = set()
        self.names: dict[str, str] = {}
        self._legends: list[str] = []
        self._open: str | None = None
        self._for: str | None = None
        self._said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "fieldset":
            self._legends.append("")
        if tag in _NAMES and self._open is None:
            self._open, self._for, self._said = tag, given.get("for"), []
        if (id_ := given.get("id")) is not None:
            self.ids.add(id_)
            if self._legends and self._legends[-1]:
                self.names[id_] = self._legends[-1]

    def handle_endtag(self, tag: str) -> None:
        if tag == "fieldset" and self._legends:
            self._legends.pop()
        if tag != self._open:
            return
        said = "".join(self._said)
        if tag == "legend" and self._legends:
            self._legends[-1] = said
        elif self._for is not None and not any(self._legends):
            self.names[self._for] = said
        self._open = None

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._said.append(data)

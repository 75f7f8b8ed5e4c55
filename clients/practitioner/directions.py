"""What somebody wrote from right to left turns nothing around that stands beside it.

A line is ordered by the directions of its letters (Unicode UAX 9), so a name in Hebrew would move the comma,
the number or the name after it. Each value that a template prints as text is therefore set apart where it
holds such letters, or marks of direction: in a ``<bdi>``, and by isolating characters where no element can
stand. So is each such word in a sentence that is in English otherwise. What stands in attributes and in
fields is left as it is.
"""

import re
from collections.abc import Iterator
from typing import Any

from jinja2 import Environment
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup

_RIGHT = r"\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_TURNS = re.compile(rf"[{_RIGHT}\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FROM_RIGHT, _LETTER = re.compile(f"[{_RIGHT}]"), re.compile(r"[^\W\d_]")
_WORDS = re.compile(rf"([{_RIGHT}](?:[{_RIGHT}\W_]*[{_RIGHT}])?)")
"""As many in a row as are written from the right; they stand at the odd places of what is split by it."""
_ISOLATING = re.compile("[\u2066-\u2069]")
"""Without its fellow one of these would end what sets a text apart."""
_ELEMENT = {"ltr": '<bdi dir="ltr">{}</bdi>', "rtl": '<bdi dir="rtl">{}</bdi>'}
_CHARACTERS = {"ltr": "\u2066{}\u2069", "rtl": "\u2067{}\u2069"}


def _turns(value: Any) -> bool:
    is_text = isinstance(value, str) and not isinstance(value, Markup)
    return is_text and not value.isascii() and _TURNS.search(value) is not None


def _is_from_right(text: str) -> bool:
    """Whether most of its letters are, as those of a sentence in English that begins with a name are not."""
    return 2 * len(_FROM_RIGHT.findall(text)) > len(_LETTER.findall(text))


def _words_apart(text: str) -> Markup:
    """A text from the left whose words from the right stand each in an element."""
    words = enumerate(_WORDS.split(text))
    return Markup().join(Markup(_ELEMENT["rtl"]).format(word) if place % 2 else word for place, word in words)


def apart(value: Any) -> Any:
    """A value as text of a page: as it is, or in an element with a direction of its own."""
    if not _turns(value):
        return value
    text = _ISOLATING.sub("", value)
    if _is_from_right(text):
        return Markup(_ELEMENT["rtl"]).format(text)
    return Markup(_ELEMENT["ltr"]).format(_words_apart(text))


def apart_in_block(value: Any) -> Any:
    """The same in a block that takes its own direction from what stands in it."""
    if not _turns(value) or _is_from_right(value):
        return value
    return _words_apart(_ISOLATING.sub("", value))


def apart_without_element(value: Any) -> Any:
    """The same where no element can stand, as in a title."""
    if not _turns(value):
        return value
    text = _ISOLATING.sub("", value)
    if _is_from_right(text):
        return _CHARACTERS["rtl"].format(text)
    return _CHARACTERS["ltr"].format(_WORDS.sub(_CHARACTERS["rtl"].replace("{}", r"\1"), text))


FILTERS = {one.__name__: one for one in (apart, apart_in_block, apart_without_element)}

_MARKUP = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)|(?P<closed>>)")
_NO_ELEMENT_IN = frozenset({"title", "option", "text"})
_AS_TYPED_IN = frozenset({"textarea", "script", "style"})
_OWN_DIRECTION = re.compile(r'<(?:p|h[1-6]|th|td|li|dd|dt|div)\b[^<>]*\bdir="auto"[^<>]*>\s*$')
"""A block that takes its direction from what it begins with."""


class _Place:
    """Where in a page a template stands, by what of it was read so far."""

    def __init__(self) -> None:
        self.is_in_tag = False
        self.inside = ""
        self.in_title_block = False
        self._last = ""

    def read(self, text: str) -> None:
        """Go on behind a piece of the template that is printed as it is."""
        for found in _MARKUP.finditer(text):
            if found["closed"]:
                self.is_in_tag = False
                continue
            self.is_in_tag, name = True, found["name"]
            if name in _NO_ELEMENT_IN | _AS_TYPED_IN:
                self.inside = "" if found["end"] else name
        self._last = text

    @property
    def filter(self) -> str | None:
        """By which filter a value is printed here; None where it stands as it is."""
        if self.is_in_tag or self.inside in _AS_TYPED_IN:
            return None
        if self.inside or self.in_title_block:
            return "apart_without_element"
        return "apart_in_block" if _OWN_DIRECTION.search(self._last) else "apart"


class StandsApart(Extension):
    """Sets apart what templates print, also those of the components that ours are made of."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.filters |= FILTERS

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The tokens of a template, each printed value with the filter that its place needs."""
        place, printed_by, before = _Place(), None, ""
        for token in stream:
            if token.type == "data":
                place.read(token.value)
            elif token.type == "name" and (before, token.value) == ("block", "title"):
                place.in_title_block = True
            elif token.type == "name" and token.value == "endblock":
                place.in_title_block = False
            elif token.type == "variable_end" and printed_by:
                yield from _through(printed_by, token.lineno)
            yield token
            if token.type == "variable_begin":
                printed_by = place.filter
                place.read("")
                if printed_by:
                    yield Token(token.lineno, "lparen", "(")
            before = str(token.value)


def _through(name: str, line: int) -> Iterator[Token]:
    for kind, value in (("rparen", ")"), ("pipe", "|"), ("name", name)):
        yield Token(line, kind, value)

"""Turning templates into pages: Jinja with the GOV.UK components, escaping everything."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader, Undefined

from clients.practitioner.directions import StandsApart
from clients.practitioner.navigation import navigation_of, office_tabs_of, tabs_of
from clients.practitioner.summaries import with_fields_named
from clients.practitioner.words import FILTERS, KEPT_BECAUSE

HERE = Path(__file__).parent
STATIC = HERE / "static"


class Missing(Undefined):
    """What a template names and nobody gave may be asked for, as the components do, and never printed."""

    def __str__(self) -> str:
        self._fail_with_undefined_error()

    __html__ = __str__


class Pages:
    """The templates, and where the static files stand: under an address that changes with their content."""

    def __init__(self, static: Path = STATIC) -> None:
        self.static = static
        self.static_url = f"/static/{_digest_of(static)}"
        self._templates = Environment(
            loader=ChoiceLoader(
                [
                    FileSystemLoader(HERE / "templates"),
                    PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
                ]
            ),
            autoescape=True,
            extensions=[StandsApart],
            undefined=Missing,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= FILTERS
        self._templates.globals |= {
            "navigation_of": navigation_of,
            "tabs_of": tabs_of,
            "office_tabs_of": office_tabs_of,
            "kept_because": KEPT_BECAUSE,
        }

    def render(self, template: str, values: Mapping[str, Any]) -> str:
        page = self._templates.get_template(template).render(values, static_url=self.static_url)
        return with_fields_named(page)


def _digest_of(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]

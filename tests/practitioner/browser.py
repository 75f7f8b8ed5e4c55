"""A browser without scripts: it keeps its cookie, follows links, fills in forms, and reads pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import httpx
from bs4 import BeautifulSoup, Tag
from fastapi import FastAPI

from tests.gateway.conftest import HouseWorld
from tests.practitioner.line import DoubtfulGateway
from tests.support.gateway import ISSUER

COOKIE = "teamaround_session"
PAGES = "http://127.0.0.1:8000"
BY_HTTPS = "https://127.0.0.1:8000"


class Page:
    """One page as it came."""

    def __init__(self, response: httpx.Response, calls: Sequence[tuple[str, str]] = ()) -> None:
        self.calls = calls
        """What the app asked the gateway for it."""
        self.status = response.status_code
        self.headers = response.headers
        self.address = response.url.path
        self.html = response.text
        self.soup = BeautifulSoup(response.text, "html.parser")

    @property
    def is_file(self) -> bool:
        """Whether it is a table to keep, and no page."""
        return "attachment" in self.headers.get("content-disposition", "")

    @property
    def title(self) -> str:
        return "" if self.soup.title is None else self.soup.title.get_text(strip=True)

    @property
    def heading(self) -> str:
        headings = self.soup.find_all("h1")
        assert len(headings) == 1, f"{len(headings)} first headings on {self.address}"
        return headings[0].get_text(" ", strip=True)

    @property
    def text(self) -> str:
        main = self.soup.find("main")
        assert main is not None
        return " ".join(main.get_text(" ", strip=True).split())

    @property
    def links(self) -> dict[str, str]:
        """Address by words, of links on this page that lead to pages of the app; what it makes for paper is
        the API's own page."""
        found = [a for a in self.soup.find_all("a", href=True) if not str(a["href"]).endswith("/print")]
        return {a.get_text(" ", strip=True): str(a["href"]) for a in found if str(a["href"]).startswith("/")}

    def action(self, end: str) -> str:
        """Where the first form goes whose address ends so."""
        return next(action for action in self.actions if action.endswith(end))

    @property
    def actions(self) -> list[str]:
        """Where the forms of this page go."""
        return [str(form["action"]) for form in self.soup.find_all("form", action=True)]

    def form(self, action: str) -> Tag:
        form = self.soup.find("form", action=action)
        assert isinstance(form, Tag), f"no form for {action}"
        return form

    def filled_in(self, action: str) -> dict[str, str | list[str]]:
        """The fields of a form as they stand, without what is not ticked; several ticks come as a list."""
        found: dict[str, list[str]] = {}
        for field in self.form(action).find_all(["input", "textarea", "select"]):
            kind, name = field.get("type", "text"), field.get("name")
            if not name or (kind in ("radio", "checkbox") and not field.has_attr("checked")):
                continue
            found.setdefault(str(name), []).append(_value_of(field))
        return {name: values[0] if len(values) == 1 else values for name, values in found.items()}

    @property
    def mistakes(self) -> list[str]:
        """What the summary of mistakes says, without the fields that it names."""
        return [said.removeprefix(field).removeprefix(":").strip() for field, said in self._summary()]

    @property
    def fields_named(self) -> list[str]:
        """The fields that it names, each as the page calls it; empty for a mistake that is about none."""
        return [field for field, _ in self._summary()]

    def _summary(self) -> list[tuple[str, str]]:
        found = []
        for line in self.soup.select(".govuk-error-summary__list li"):
            field = line.select_one(".app-of-field")
            found.append(
                ("" if field is None else field.get_text().strip().rstrip(":"), line.get_text().strip())
            )
        return found


def _value_of(field: Tag) -> str:
    if field.name == "select":
        chosen = field.find("option", selected=True) or field.find("option")
        return str(chosen.get("value", "")) if isinstance(chosen, Tag) else ""
    return field.get_text() if field.name == "textarea" else str(field.get("value", ""))


@dataclass
class Site:
    """The app, and the issuer that signs its users in."""

    app: FastAPI
    issuer: FastAPI
    line: DoubtfulGateway

    def browser(self) -> "Browser":
        return Browser(self)

    async def signed_in(self, user: str) -> "Browser":
        browser = self.browser()
        await browser.sign_in(user)
        return browser


@dataclass
class Desk(Site):
    """The app over a household."""

    home: HouseWorld
    database: str


class Browser:
    """One person's browser."""

    def __init__(self, desk: Site) -> None:
        self.desk = desk
        self.cookies: dict[str, str] = {}
        self.cookies_set: list[str] = []
        """Each as it came."""

    async def ask(
        self,
        method: str,
        address: str,
        fields: Mapping[str, str | list[str]] | Sequence[tuple[str, str]] = (),
        *,
        follow: bool = True,
    ) -> Page:
        """A page, after the redirects of the app and of the issuer."""
        of_issuer = address.startswith(ISSUER)
        transport = httpx.ASGITransport(app=self.desk.issuer if of_issuer else self.desk.app)
        sent = {} if of_issuer else self.cookies
        headers = {"cookie": "; ".join(f"{name}={value}" for name, value in sent.items())}
        asked_before = len(self.desk.line.asked)
        pairs = fields.items() if isinstance(fields, Mapping) else fields
        content = urlencode(list(pairs), doseq=True).encode()
        if method == "POST":
            headers["content-type"] = "application/x-www-form-urlencoded"
        async with httpx.AsyncClient(transport=transport, base_url=PAGES) as client:
            response = await client.request(method, address, content=content, headers=headers)
        for line in response.headers.get_list("set-cookie"):
            self.cookies_set.append(line)
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        if follow and response.is_redirect:
            return await self.ask("GET", _where_to(response))
        return Page(response, self.desk.line.asked[asked_before:])

    async def get(self, address: str) -> Page:
        return await self.ask("GET", address)

    async def send(self, page: Page, action: str, /, **typed: str | list[str]) -> Page:
        """Fill in a form of a page and send it; names with hyphens are written with two underscores."""
        named = {name.replace("__", "-"): value for name, value in typed.items()}
        return await self.ask("POST", action, {**page.filled_in(action), **named})

    async def sign_in(self, user: str) -> Page:
        return await self.get(f"/sign-in?user={user}")


def _where_to(response: httpx.Response) -> str:
    location = response.headers["location"]
    return location if location.startswith(ISSUER) else location.removeprefix(PAGES).removeprefix(BY_HTTPS)

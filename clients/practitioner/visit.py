"""A visitor's request, as pages see it: who they are, what they ask the gateway, and the page they get."""

import hmac
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import parse_qsl, quote, urlencode
from uuid import uuid4

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from clients.practitioner.agency_names import AgencyNames
from clients.practitioner.gateway_client import Acting, Gateway, Refused, whole
from clients.practitioner.instruments import Instruments
from clients.practitioner.rendering import Pages
from clients.practitioner.sessions import operations
from clients.practitioner.sessions.sealing import Seal
from clients.practitioner.sessions.session import Session
from clients.practitioner.settings import PractitionerSettings
from clients.practitioner.words import LONDON, SENT_BEFORE, in_words
from shared.clock import Clock
from shared.database import Store
from shared.problems import Problem

MAX_FORM_BYTES = 1_048_576
SESSION = "teamaround.session"
"""Where a request's scope keeps the visitor's session, and whether it is new."""
SENT = "teamaround.sent"
"""Where it keeps the form that came, once it is sure that a page of ours made it."""
ANSWERED = "teamaround.answered"
"""Where it keeps what was answered so far on the pages that belong together with this one."""
STANDS_ON = "teamaround.stands_on"
"""Where it keeps on which page a form stands that is sent to an address without a page."""
WHOSE = "teamaround.whose"
"""Where it keeps the name of the person whose case a page read, to stand on every page of it."""
_KEY_USED = "This Idempotency-Key was used for another request"
_IS_A_CASE = re.compile("/v1/cases/[^/]+")


@dataclass(frozen=True, slots=True)
class AppParts:
    """The parts of the running app, for its pages."""

    settings: PractitionerSettings
    store: Store
    seal: Seal
    gateway: Gateway
    pages: Pages
    clock: Clock
    names: AgencyNames
    instruments: Instruments


class GoToSignIn(Exception):
    """Nobody is signed in; ``back_to`` is the page to return to, and whether what was typed is kept there."""

    def __init__(self, back_to: str, kept: bool = False) -> None:
        super().__init__(back_to)
        self.back_to = back_to
        self.kept = kept


class ChooseRole(Exception):
    """Somebody with several roles has not said in which one they act; ``back_to`` is the page to come to."""

    def __init__(self, back_to: str) -> None:
        super().__init__(back_to)
        self.back_to = back_to


class AnotherPlace(Exception):
    """A form that was opened while its user acted in another of their roles. What they typed is kept."""


class NotFromOurPage(Exception):
    """A form that no page of ours made for this session (cross-site request forgery). ``typed``: what came
    in it, for whoever is signed in to copy: they may have typed it before they signed in anew."""

    def __init__(self, form: "Form | None" = None) -> None:
        super().__init__()
        self.typed = [] if form is None else form.typed


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of somebody who is signed in."""

    request: Request
    parts: AppParts
    session: Session

    @property
    def acting(self) -> Acting:
        return Acting(**self.session.acting)

    @property
    def roles(self) -> list[dict[str, Any]]:
        """The roles that whoever is signed in may act in, each with its agency and purposes."""
        listed: list[dict[str, Any]] = self.session.kept["me"]["memberships"]
        return listed

    @property
    def role_card(self) -> dict[str, Any]:
        """The role in which they act."""
        acting = self.acting
        return next(one for one in self.roles if (one["agency"], one["role"]) == (acting.agency, acting.role))

    @property
    def may_choose(self) -> bool:
        """Whether there is another role or another purpose to choose."""
        return len(self.roles) > 1 or len(self.role_card["purposes"]) > 1

    @property
    def today(self) -> date:
        """The day in London, by the app's clock."""
        return self.parts.clock().astimezone(LONDON).date()

    async def get(self, path: str, **query: str | None) -> Any:
        """A read; what of ``query`` is None is left out."""
        asked = urlencode({name: value for name, value in query.items() if value is not None})
        answer = await self._call("GET", f"{path}?{asked}" if asked else path)
        if _IS_A_CASE.fullmatch(path):
            self.request.scope[WHOSE] = (answer["header"]["person"] or {}).get("name")
        return answer

    async def whole(self, path: str, *rows: str) -> Any:
        """A list that a page shows whole (``whole`` in ``clients/practitioner/gateway_client.py``)."""
        return await whole(self.get, path, *rows)

    async def document(self, path: str) -> bytes:
        """A page that the API itself makes."""
        assert self.session.token is not None
        return await self.parts.gateway.document(path, token=self.session.token, acting=self.acting)

    async def agency_names(self) -> Mapping[str, str]:
        """The services' names by code, which are the same for everybody and asked for once a minute."""
        return await self.parts.names.of(self.whole)

    async def send(
        self, method: str, path: str, content: Any, *, once: str, if_match: str | None = None
    ) -> Any:
        """A write, done once per ``once`` however often its form is sent; what was kept of it is dropped. A
        form that was sent and is sent again with something else in it is refused as ``SENT_BEFORE``."""
        headers = {"idempotency-key": once} | ({} if if_match is None else {"if-match": if_match})
        try:
            answer = await self._call(method, path, content, headers)
        except Refused as refused:
            if str(refused.problem.get("detail")).startswith(_KEY_USED):
                raise Refused(refused.status, {**refused.problem, "detail": SENT_BEFORE}) from refused
            raise
        if is_kept_on_page(self.request):
            await drop_kept(self, page_of(self.request))
        return answer

    async def ask(self, path: str, content: Any) -> Any:
        """A question that is too long for an address. Nothing is done by it, and what was kept stays."""
        return await self._call("POST", path, content, {"idempotency-key": str(uuid4())})

    async def _call(
        self, method: str, path: str, content: Any = None, headers: Mapping[str, str] | None = None
    ) -> Any:
        assert self.session.token is not None
        return await self.parts.gateway.call(
            method, path, token=self.session.token, acting=self.acting, content=content, headers=headers
        )

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        return html(self.request, template, status, visit=self, **values)


def html(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page; ``visit`` is None for those who are not signed in, or have not said in which role they act."""
    parts, session = parts_of(request), session_of(request)
    is_at_work = session.token is not None and bool(session.acting)
    common = {
        "path": request.url.path,
        "stands_on": page_of(request),
        "session": session,
        "visit": Visit(request, parts, session) if is_at_work else None,
        "public_url": parts.settings.public_url,
        "whose": request.scope.get(WHOSE),
    }
    return HTMLResponse(parts.pages.render(template, common | values), status)


def see_other(path: str) -> RedirectResponse:
    """Answer a form with the page to read next, so that going back or reloading sends nothing again."""
    return RedirectResponse(path, 303)


def own_path(path: str) -> str:
    """A path of this app, and never another site: ``//elsewhere`` is one for a browser."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


def parts_of(request: Request) -> AppParts:
    parts: AppParts = request.app.state.parts
    return parts


def session_of(request: Request) -> Session:
    session: Session = request.scope[SESSION]
    return session


_OURS = frozenset({"csrf", "once", "place", "etag", "digest", "read", "page", "do", "to"}) | {
    "key", "recorded", "recorded_as", "may",
}  # fmt: skip
"""What our pages put into a form by themselves."""
_PARTS_OF_A_DAY = ("day", "month", "year")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed. Several values of one name come as a list from ``all``."""

    fields: tuple[tuple[str, str], ...]

    def __getitem__(self, name: str) -> str:
        return next((value for field, value in self.fields if field == name), "").strip()

    def all(self, name: str) -> list[str]:
        return [value for field, value in self.fields if field == name]

    def names(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.fields)

    def merged(self, page: "Form", asked: Collection[str]) -> "Form":
        """This with what a later page says of the fields that it asks for."""
        kept = [pair for pair in self.fields if pair[0] not in asked]
        return Form((*kept, *(pair for pair in page.fields if pair[0] in asked)))

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What somebody filled in, by the names of the fields in words, for them to copy. What is chosen by
        an id is left out: it says nothing to them."""
        found: dict[str, list[str]] = {}
        for field, value in self.fields:
            name = _ID.sub("", field).rstrip("-")
            if name in _OURS or not value.strip() or _ID.fullmatch(value):
                continue
            what, _, part = name.rpartition("-")
            found.setdefault(what if part in _PARTS_OF_A_DAY else name, []).append(value.strip())
        return [(in_words(name), " ".join(values)) for name, values in found.items()]

    @property
    def once(self) -> str:
        """The key of this form, which makes sending it twice the same as sending it once."""
        return self["once"]


async def sent_form(request: Request) -> Form:
    """The form of a request, after it is sure that a page of ours made it.

    Where the visitor's session has ended meanwhile, what they typed is kept for them first.
    """
    if SENT in request.scope:
        return request.scope[SENT]  # type: ignore[no-any-return]
    form = await _form_of(request, fields=2_000)
    session = session_of(request)
    if not hmac.compare_digest(form["csrf"].encode(), session.csrf.encode()):
        if session.user is None and session.token is None:
            raise GoToSignIn(page_of(request, form))
        raise NotFromOurPage(form)
    if session.token is None:
        await keep(request, form)
        raise GoToSignIn(page_of(request, form), kept=True)
    request.scope[SENT] = form
    if form["place"] and form["place"] != session.place:
        await keep(request, form, OTHER_PLACE)
        raise AnotherPlace
    return form


SentForm = Annotated[Form, Depends(sent_form)]


async def strangers_form(request: Request) -> Form:
    """The form of somebody who is not signed in, after it is sure that a page of ours made it for them."""
    form = await _form_of(request, fields=100)
    if not hmac.compare_digest(form["csrf"].encode(), session_of(request).csrf.encode()):
        raise NotFromOurPage
    return form


StrangersForm = Annotated[Form, Depends(strangers_form)]


async def signed_in(request: Request) -> Visit:
    """Whoever is signed in. If nobody is, what a form brought is kept before they are sent to sign in."""
    session = session_of(request)
    if session.token is None and request.method == "POST":
        await sent_form(request)
    if session.token is None:
        raise GoToSignIn(address_of(request))
    return acting_visit(request)


def acting_visit(request: Request) -> Visit:
    """The visit of somebody who is signed in, after it is sure in which role they act."""
    visit = Visit(request, parts_of(request), session_of(request))
    if not visit.session.acting:
        raise ChooseRole(address_of(request))
    return visit


SignedIn = Annotated[Visit, Depends(signed_in)]


SIGNED_OUT, NOT_ANSWERED, OTHER_PLACE, DRAFT, CHANGED, REFUSED = (
    "signed_out", "not_answered", "other_place", "draft", "changed", "refused",
)  # fmt: skip
"""Why a form was kept."""
DRAFTS = "/drafts"
"""Where a page sends what is typed into it as a draft; the form names its own page there."""
THROWN_AWAY = f"{DRAFTS}/thrown-away"


class StandsOn:
    """A dependency of a route to which a form is sent that stands on another page: whoever has to come back
    to it comes to that one. ``asks``: the fields of the form that are asked of that page in its address;
    ``kept``: something is typed into the form, which that page gives back."""

    def __init__(self, page: str, *asks: str, kept: bool = False) -> None:
        self.page = page
        self.is_kept = kept
        self._asks = asks

    async def __call__(self, request: Request) -> None:
        request.scope[STANDS_ON] = self

    def address(self, request: Request, form: "Form") -> str:
        given = dict(request.query_params) if request.method == "GET" else dict(form.fields)
        asked = {name: given[name].strip() for name in self._asks if name in given}
        page = quote(self.page.format(**request.path_params))
        return f"{page}?{urlencode(asked)}" if asked else page


async def keep(request: Request, form: Form, why: str = SIGNED_OUT) -> bool:
    """Keep what was typed for the user of this session, if there was one, where they typed it; whether it was
    kept. A form into which nothing is typed stands on its page again without it."""
    parts, session = parts_of(request), session_of(request)
    if session.user is None or not is_kept_on_page(request):
        return False
    fields = {"fields": [pair for pair in form.fields if pair[0] not in ("csrf", "page")], "why": why}
    page = _kept_under(form["place"] or session.place, page_of(request, form))
    await parts.store.write(operations.keep_form, parts.seal, session.user, page, fields, parts.clock())
    return True


def stands_on(page: str, *asks: str, kept: bool = False) -> Any:
    """For the ``dependencies`` of a route: see ``StandsOn``."""
    return Depends(StandsOn(page, *asks, kept=kept))


def is_kept_on_page(request: Request) -> bool:
    stands: StandsOn | None = request.scope.get(STANDS_ON)
    return request.url.path != THROWN_AWAY and (stands is None or stands.is_kept)


async def kept_form(visit: Visit) -> tuple[Form, str] | None:
    """What this user had typed into this page, in the role in which they act, and why it was kept; it stays
    until it is sent or thrown away."""
    assert visit.session.user is not None
    parts = visit.parts
    page = _kept_under(visit.session.place, page_of(visit.request))
    kept = await parts.store.read(operations.read_form, parts.seal, visit.session.user, page)
    if not kept:
        return None
    return Form(tuple((name, value) for name, value in kept["fields"])), kept["why"]


async def drop_kept(visit: Visit, page: str) -> None:
    """What was kept of a page is wanted no more."""
    assert visit.session.user is not None
    under = _kept_under(visit.session.place, page)
    await visit.parts.store.write(operations.drop_form, visit.session.user, under)


def _kept_under(place: str, page: str) -> str:
    return f"{place} {page}"[:300]


async def draft_of(visit: Visit, key: str) -> Form:
    """What this user answered so far, in the role in which they act, on pages that belong together; empty
    before the first."""
    assert visit.session.user is not None
    parts = visit.parts
    page = _kept_under(visit.session.place, f"draft {key}")
    kept = await parts.store.read(operations.read_form, parts.seal, visit.session.user, page)
    draft = Form(tuple((name, value) for name, value in kept["fields"])) if kept else Form(())
    visit.request.scope[ANSWERED] = draft
    return draft


async def keep_draft(visit: Visit, key: str, draft: Form) -> None:
    """Keep what was answered so far, sealed, until it is sent or nobody comes back to it."""
    assert visit.session.user is not None
    parts, fields = visit.parts, {"fields": list(draft.fields)}
    user, page = visit.session.user, _kept_under(visit.session.place, f"draft {key}")
    await parts.store.write(operations.keep_form, parts.seal, user, page, fields, parts.clock())


def address_of(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return quote(request.url.path) + query


def page_of(request: Request, sent: Form | None = None) -> str:
    """The page on which the form of a request stands, or the page that is asked for: most forms are sent to
    the address of their own page."""
    form = sent or request.scope.get(SENT) or Form(())
    stands: StandsOn | None = request.scope.get(STANDS_ON)
    if stands is not None:
        return stands.address(request, form)
    return own_path(form["page"]) if request.url.path in (DRAFTS, THROWN_AWAY) else request.url.path


async def _form_of(request: Request, *, fields: int) -> Form:
    """What was typed. Browsers send each end of a line as two characters and count it as one, so that a text
    of the greatest length would be refused as too long."""
    sent = parse_qsl(await _bounded_body(request), keep_blank_values=True, max_num_fields=fields)
    return Form(tuple((name, value.replace("\r\n", "\n")) for name, value in sent))


async def _bounded_body(request: Request) -> str:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_FORM_BYTES:
            raise Problem("too-large", "This is too much for one form. Shorten it and send it again.")
        chunks.append(chunk)
    return b"".join(chunks).decode("utf-8", errors="replace")

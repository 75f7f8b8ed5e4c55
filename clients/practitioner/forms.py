"""Forms: what was typed, what is wrong with it, and what it becomes in the API's words."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Response

from clients.practitioner.gateway_client import Refused
from clients.practitioner.plainly import GIVE_TIME, NO_DATE, plainly
from clients.practitioner.visit import Form, SentForm, SignedIn, Visit, kept_form, see_other
from clients.practitioner.words import LONDON, SENT_BEFORE

_EMPTY = Form(())


@dataclass(frozen=True, slots=True)
class FormState:
    """A form as its page shows it: what was typed so far, the mistakes by field, and why it was kept."""

    form: Form = _EMPTY
    errors: Mapping[str, str] = field(default_factory=dict)
    kept: str = ""

    @property
    def once(self) -> str:
        """Stays the same while one and the same form is corrected and sent again, until it is saved."""
        is_saved = SENT_BEFORE in self.errors.values()
        return str(uuid4()) if is_saved else self.form.once or str(uuid4())

    def __getitem__(self, name: str) -> str:
        return self.form[name]

    def place_of(self, name: str) -> str:
        """The id of the first thing to type in for a field: of a date, which is three of them, its day."""
        day = f"{name}-day"
        return day if day in self.form.names() else name

    def with_errors(self, errors: Mapping[str, str]) -> "FormState":
        """The same form with other mistakes named."""
        return replace(self, errors=errors)

    def has(self, name: str, value: str) -> bool:
        return value in self.form.all(name)


async def opened(visit: Visit) -> FormState:
    """A form that is opened: empty, or with what its user had typed here and could not send."""
    kept = await kept_form(visit)
    return FormState() if kept is None else FormState(kept[0], kept=kept[1])


_SHOWN_AGAIN = frozenset({403, 409, 412, 422})
"""Refusals after which whoever typed it can still do something about it, so that nothing typed is lost."""

Again = Callable[[FormState, int], Awaitable[Response]]
"""The page of a form with the mistakes named, under a status."""


async def sent(
    form: Form,
    write: Callable[[], Awaitable[Any]],
    *,
    then: str | Callable[[Any], str],
    again: Callable[[FormState], Awaitable[Response]],
    fields: Mapping[str, str] | None = None,
) -> Response:
    """Do what a form asks, and go on to ``then``, or to what it says of the answer; where the API refuses it,
    show it ``again`` with the mistakes named. ``fields`` gives the form's name of a field where the API's
    differs.
    """
    try:
        outcome = await write()
    except Refused as refused:
        if refused.status not in (409, 422):
            raise
        return await again(FormState(form, errors_of(refused, fields or {})))
    return see_other(then if isinstance(then, str) else then(outcome))


async def submit(
    visit: Visit,
    form: Form,
    path: str,
    content: Any,
    *,
    then: str | Callable[[Any], str],
    again: Again,
    method: str = "POST",
    fields: Mapping[str, str] | Callable[[str], str] | None = None,
    if_match: str | None = None,
    gone: str | None = None,
) -> Response:
    """Write what a form says to the API once, and go on to ``then``, which may be made of what was answered;
    where the API refuses it, show it ``again`` with the mistakes named. ``fields`` gives the form's name of a
    field where the API's differs; ``gone`` what is said in the form where there is no such thing.
    """

    async def write() -> Any:
        return await visit.send(method, path, content, once=form.once, if_match=if_match)

    return await written(form, write, then=then, again=again, fields=fields, gone=gone)


async def written(
    form: Form,
    write: Callable[[], Awaitable[Any]],
    *,
    then: str | Callable[[Any], str],
    again: Again,
    fields: Mapping[str, str] | Callable[[str], str] | None = None,
    gone: str | None = None,
) -> Response:
    """Write what a form says, and go on or show it ``again``, as ``submit`` does."""
    try:
        outcome = await write()
    except Refused as refused:
        if refused.status == 404 and gone is not None:
            return await again(FormState(form, {"": gone}), 422)
        if refused.status not in _SHOWN_AGAIN:
            raise
        # Whoever may not do this at all is told so under that status: nothing like it should be offered.
        status = 403 if refused.status == 403 else 422
        return await again(FormState(form, errors_of(refused, fields or {})), status)
    return see_other(then if isinstance(then, str) else then(outcome))


@dataclass(frozen=True, slots=True)
class FormPage:
    """A page with a form of several fields, for both of its routes: how it is shown, where what was filled in
    goes, and the page after that. ``content`` is the form in the API's words, None where it says nothing but
    that it was sent; ``begins`` what stands in it when it is opened; the rest as for ``submit``."""

    show: Again
    path: str
    content: Callable[[Form], Any] = lambda _: None
    then: str | Callable[[Any], str] = "/"
    method: str = "POST"
    fields: Mapping[str, str] | Callable[[str], str] | None = None
    gone: str | None = None
    begins: Form = _EMPTY


PageOf = Callable[..., Awaitable[FormPage]]


def form_at(router: APIRouter, path: str) -> Callable[[PageOf], PageOf]:
    """Gives a router the two routes of a form: it is opened and sent at the same address. What is decorated
    takes the visit and what the address names, as a route does, and says what the form is."""

    def add(page_of: PageOf) -> PageOf:
        asked_for = Depends(page_of)

        @router.get(path, name=page_of.__name__)
        async def open_form(visit: SignedIn, page: Annotated[FormPage, asked_for]) -> Response:
            return await open_page(visit, page)

        @router.post(path, name=page_of.__name__)
        async def send_form(
            visit: SignedIn, form: SentForm, page: Annotated[FormPage, asked_for]
        ) -> Response:
            return await send_page(visit, form, page)

        return page_of

    return add


async def open_page(visit: Visit, page: FormPage) -> Response:
    """The form as it is opened: as it begins, or with what was typed into it and could not be sent."""
    state = await opened(visit)
    return await page.show(state if state.kept else FormState(page.begins), 200)


async def send_page(visit: Visit, form: Form, page: FormPage) -> Response:
    """Send what was filled in, and show the form again where the API refuses it. A form that changes
    something brings along what it was read from (``etag``); a search in one of its lists, and asking for more
    of its fields, sends nothing."""
    if form["do"] in SENDS_NOTHING:
        empty = empty_search(form)
        return await page.show(FormState(form, empty), 422 if empty else 200)
    return await submit(
        visit, form, page.path, page.content(form), then=page.then, again=page.show, method=page.method,
        fields=page.fields, if_match=form["etag"] or None, gone=page.gone,
    )  # fmt: skip


def empty_search(form: Form) -> dict[str, str]:
    """What is said of a search for nothing. The Enter key in any field presses the first button of a form,
    which is a search where there is one: whoever meant to send it learns that nothing was sent."""
    searches = [name for name, _ in form.fields if name == "search" or name.startswith("find_")]
    if form["do"] != "search" or not searches or any(form[name] for name in searches):
        return {}
    return {searches[0]: _NOTHING_SOUGHT}


_NOTHING_SOUGHT = (
    "Type a part of the name that you look for. Nothing was sent: the button at the end of the form sends it."
)
SENDS_NOTHING = frozenset({"search", "more"})
"""What a button of a form does that only shows the form again, with more to choose from or to fill in."""


def errors_of(refused: Refused, fields: Mapping[str, str] | Callable[[str], str]) -> dict[str, str]:
    """The mistakes by the form's fields; what belongs to no field stands under ``""``."""
    found: dict[str, str] = {}
    for error in refused.problem.get("errors", ()):
        name = error["field"]
        mine = fields(name) if callable(fields) else fields.get(name, name)
        found.setdefault(mine, plainly(error["message"], name))
    return found or {"": plainly(refused.problem["detail"])}


_MOST_DIGITS = 20
_MONEY = re.compile(r"£?\s*([0-9]{1,3}(?:[, ][0-9]{3})+|[0-9]+)(?:\.([0-9]{1,2}))?")


def date_of(form: Form, name: str) -> str | None:
    """Three boxes as ``YYYY-MM-DD``; what was typed in them if it is no date, for the API to refuse."""
    day, month, year = (form[f"{name}-{part}"] for part in ("day", "month", "year"))
    if not (day or month or year):
        return None
    return f"{year}-{month.zfill(2)}-{day.zfill(2)}"


def pence_of(form: Form, name: str) -> int | str | None:
    """An amount such as *1,250.50* or *£40* in pence; what was typed if it is none, for the API to refuse."""
    typed = form[name].replace("\xa0", " ")
    if not typed:
        return None
    found = _MONEY.fullmatch(typed)
    if found is None:
        return typed
    whole, part = re.sub("[, ]", "", found[1]), found[2] or ""
    return int(whole[:_MOST_DIGITS]) * 100 + int(part.ljust(2, "0"))


_TIME = re.compile(r"([0-9]{1,2})(?:[:.]?([0-9]{2}))?\s*([ap])\.?m\.?", re.IGNORECASE)
_OF_24_HOURS = re.compile(r"([0-9]{1,2})[:.]?([0-9]{2})")


def time_of(typed: str) -> str | None:
    """A time as people write it (*2pm*, *2.30pm*, *1430*, *14:30*, *14.30*) as ``HH:MM``; None for what is
    none. An hour alone is not guessed at: nobody knows which half of the day it is in."""
    if of_half := _TIME.fullmatch(typed):
        hour, minute = int(of_half[1]), int(of_half[2] or 0)
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if of_half[3].lower() == "p" else 0)
    elif of_day := _OF_24_HOURS.fullmatch(typed):
        hour, minute = int(of_day[1]), int(of_day[2])
    else:
        return None
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def moment_of(form: Form, day: str, time: str) -> str | None:
    """A day in three boxes and a time as ``time_of`` takes it, in London, as an RFC 3339 moment; what was
    typed if it is none, for the API to refuse."""
    typed_day, typed_time = date_of(form, day), time_of(form[time])
    if typed_day is None:
        return None
    try:
        local = datetime.fromisoformat(f"{typed_day}T{typed_time}").replace(tzinfo=LONDON)
    except ValueError:
        return f"{typed_day}T{form[time]}"
    return local.astimezone(UTC).isoformat().replace("+00:00", "Z")


def time_beside_its_day(form: Form, errors: Mapping[str, str], day: str, time: str) -> dict[str, str]:
    """The mistakes of a form that asks for a moment: each part of it that is wrong is named where it is."""
    found = dict(errors)
    if day not in found:
        return found
    is_day = _is_date(date_of(form, day))
    if is_day and found[day] == NO_DATE:
        del found[day]
        found[time] = GIVE_TIME
    elif not is_day and time_of(form[time]) is None:
        found = {
            name: said
            for one, message in found.items()
            for name, said in ((one, message), *(((time, GIVE_TIME),) if one == day else ()))
        }
    return found


def _is_date(typed: str | None) -> bool:
    try:
        date.fromisoformat(typed or "")
    except ValueError:
        return False
    return True


def filled(**typed: Any) -> dict[str, Any]:
    """Only what was filled in: what was left empty is not sent."""
    return {name: value for name, value in typed.items() if value not in (None, "", [], ())}


@dataclass(frozen=True, slots=True)
class Question:
    """A page that asks one thing in a person's own words, most often why. ``address``: its own, where its
    form goes; ``back``: the page before it, with its words."""

    address: str
    heading: str
    label: str
    button: str
    back: tuple[str, str]
    intro: str = ""
    hint: str = ""
    name: str = "reason"
    warns: bool = False


def question_page(visit: Visit, question: Question, state: FormState, status: int = 200) -> Response:
    return visit.page("question.html", status, question=question, state=state)


async def answer_question(
    visit: Visit, form: Form, question: Question, path: str, *, then: str, method: str = "POST", **more: Any
) -> Response:
    """Send the answer to one question, with ``more`` that goes along."""

    async def again(state: FormState, status: int) -> Response:
        return question_page(visit, question, state, status)

    content = {question.name: form[question.name], **more}
    return await submit(visit, form, path, content, then=then, again=again, method=method)


def end_of_day(day: str | None) -> str | None:
    """The moment at which a day in London is over, in RFC 3339; what is no day as it was typed."""
    try:
        following = date.fromisoformat(day or "") + timedelta(days=1)
    except (ValueError, OverflowError):
        return day
    return midnight_of(following.isoformat())


def midnight_of(day: str | None) -> str | None:
    """The first moment of a day in London, in RFC 3339; what is no day as it was typed, for the API to
    refuse."""
    if day is None:
        return None
    try:
        begins = datetime.combine(date.fromisoformat(day), time(), LONDON)
    except ValueError:
        return day
    return begins.astimezone(UTC).isoformat().replace("+00:00", "Z")

"""What the page of things to do shows: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from clients.practitioner.offers import WORKING
from clients.practitioner.presenters.caseload import cases_of
from clients.practitioner.presenters.promises import ANSWERS, words_of
from clients.practitioner.words import NOTICED_AT, NOTICES, ONLY_INFORM, SOMETHING_WAITS, day, in_words

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """That something waits, and in which case; what it is about stands there, for those who may see it.
    ``whose``: the case, by name, or None where the reader may not see that. ``only_informs``: its id where
    nothing is left to do once it is read."""

    words: str
    whose: str | None
    case: str
    at: str
    left_too_long: bool
    only_informs: str | None


_OF_A_CONCERN = "concern_received"
_LOOK = "Something happened in a case that you should look at"
_TO_LOOK_AT: Mapping[str, tuple[str, str]] = {
    "break-glass": (
        "Somebody opened a case because of danger: read who and why",
        "/office/cases/{case}/break-glass",
    ),
    "overrides": (
        "Something was opened without permission: read what and why",
        "/office/cases/{case}/overrides",
    ),
    "taking-part": (
        "A family takes part no longer: say within one working day whether anyone is at risk",
        "/cases/{case}/risk",
    ),
    "conflicts": (
        "Two who answer for a child say different things: decide what counts",
        "/cases/{case}/conflicts",
    ),
    "consents": ("A permission was recorded that opens what your service holds", "/cases/{case}/permissions"),
    "v1/ledger/holds": ("A look is kept from a family and needs a second person", "/ledger/held-back"),
    "authorities": (
        "A court order that took somebody's say away has ended: look at what counts again",
        "/cases/{case}/authorities",
    ),
    "v1/sharing-requests": ("Your service is asked to share something: answer", "/sharing-requests"),
}
"""By the place that an alert names: what it asks for, and the page on which that is done."""


@dataclass(frozen=True, slots=True)
class AlertLine:
    """That something happened that somebody should look at; ``whose``: the case, by name, or None;
    ``address``: where, with what to do about it."""

    words: str
    whose: str | None
    address: str
    at: str


@dataclass(frozen=True, slots=True)
class Promise:
    """``whose``: the case, by name, or None where the reader may not see that.
    ``said``: what one's service answered, or that nobody has; for what needs no answer how it stands.
    ``may_answer``: whether the reader is one who answers. ``alone``: nothing else of the case is
    there to be read."""

    what: str
    whose: str | None
    case: str
    action: str
    alone: bool
    due_on: str | None
    late: bool
    may_answer: bool
    said: str


def notices_of(answer: Json) -> list[NoticeLine]:
    """The notices of ``GET /v1/worklists/waiting``, each once: what it says was left too long in front, then
    its page. Those of concerns are left out: the concerns themselves stand in that answer."""
    once = {notice["id"]: notice for notice in (*answer["left_too_long"], *answer["notices"])}
    names = _names(answer)
    return [_notice(notice, names) for notice in once.values() if notice["kind"] != _OF_A_CONCERN]


def _names(answer: Json) -> Mapping[str, str]:
    """Whose each case is, by its address; of those without a card the reader may not see that."""
    return {case.address: case.name for case in cases_of(answer)}


def _notice(notice: Json, names: Mapping[str, str]) -> NoticeLine:
    kind = notice["kind"]
    return NoticeLine(
        words=NOTICES.get(kind, SOMETHING_WAITS),
        whose=names.get(f"/cases/{notice['case']}"),
        case="#promises" if notice["alone"] else f"/cases/{notice['case']}{NOTICED_AT.get(kind, '')}",
        at=notice["at"],
        left_too_long=notice["left_too_long"],
        only_informs=notice["id"] if kind in ONLY_INFORM else None,
    )


def alerts_of(answer: Json) -> list[AlertLine]:
    """What somebody should look at, of an answer with alerts and the cases that they are in, newest first,
    each with what to do."""
    names = _names(answer)
    return [_alert(alert, names.get(f"/cases/{alert['case']}")) for alert in answer["alerts"]]


def alerts_of_case(answer: Json) -> list[AlertLine]:
    """The same of an answer about one case, which its reader has before them."""
    return [_alert(alert, None) for alert in answer["alerts"]]


def _alert(alert: Json, whose: str | None) -> AlertLine:
    part = str(alert["look_at"]).removeprefix(f"/v1/cases/{alert['case']}").strip("/")
    words, address = _TO_LOOK_AT.get(part, (_LOOK, "/cases/{case}"))
    return AlertLine(words, whose, address.format(case=alert["case"]), alert["at"])


PAGES = ("notices", "promises")
"""The two lists of the page, each with pages of its own."""


def further(cursors: Mapping[str, str | None], answers: Mapping[str, Json]) -> dict[str, str | None]:
    """The address of the next page of each list, on which the other one stays as it is; None on the last.
    ``cursors``: where each list begins now."""
    found: dict[str, str | None] = {}
    for name in PAGES:
        following = answers[name]["cursor"]
        chosen = {**cursors, name: following}
        query = urlencode({one: cursor for one, cursor in chosen.items() if cursor is not None})
        found[name] = f"/to-do?{query}#{name}" if following is not None else None
    return found


def promises_of(answer: Json, today: date) -> list[Promise]:
    """The lines of ``GET /v1/worklists/promises``, in its order: first what is due first."""
    names = _names(answer)
    return [_promise(line, names.get(f"/cases/{line['case']}"), today) for line in answer["promises"]]


PROMISES: Sequence[str] = ("What", "Whose", "By when", "Late", "Answer")
NOT_SHOWN = "Not shown"
"""In the place of whose something is, for who may not see that."""


def table_of(promises: Sequence[Promise]) -> list[list[str]]:
    """The promises as cells under ``PROMISES``."""
    return [
        [one.what, one.whose or NOT_SHOWN, day(one.due_on), "Late" if one.late else "", one.said]
        for one in promises
    ]


def _promise(line: Json, whose: str | None, today: date) -> Promise:
    entry, due_on = line["entry"], line["due_on"]
    fields = entry["fields"]
    case = f"/cases/{line['case']}"
    is_action = entry["kind"] == "action"
    return Promise(
        what=words_of(fields),
        whose=whose,
        case=case,
        action=f"{case}/actions/{entry['id']}" if is_action else "",
        alone=line["alone"],
        due_on=due_on,
        late=due_on is not None and date.fromisoformat(due_on) < today,
        may_answer=is_action
        and (line["alone"] or line["relationship"] in WORKING)
        and _waits_for_answer(fields),
        said=_said(fields, is_action),
    )


_NOT_ANSWERED = "Not answered yet"


def _waits_for_answer(fields: Json) -> bool:
    return fields.get("status") == "agreed" and "answer" not in fields


def _said(fields: Json, is_action: bool) -> str:
    """What was answered, where nothing has come of it yet; *agreed* says that somebody wrote it down, and no
    service said so."""
    status = fields.get("status", "agreed")
    if status != "agreed":
        return in_words(status)
    if not is_action:
        return "Promised"
    return ANSWERS.get(fields.get("answer", ""), _NOT_ANSWERED)

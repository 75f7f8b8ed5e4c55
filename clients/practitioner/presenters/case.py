"""What the page of a case shows, from the composed view: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from clients.practitioner.presenters.closing import Closed, closed_of, may_close, may_reopen
from clients.practitioner.presenters.flags import flags_of
from clients.practitioner.presenters.promises import OVER, colour_of, stands, words_of
from clients.practitioner.presenters.reviews import is_late
from clients.practitioner.presenters.timeline import Line, line_of
from clients.practitioner.words import in_words
from shared.vocabulary import Deed

Json = Mapping[str, Any]
_GOALS = {"goal": "text", "plan_goal": "goal"}
"""Kinds of entries that are goals, of assessments and of the plan, with the field that says it."""
_FINDINGS = ("strength", "need")
_ELSEWHERE = "Not under a heading that you can see"


@dataclass(frozen=True, slots=True)
class Colleague:
    name: str
    job_title: str
    service: str
    telephone: str | None
    leads: bool


@dataclass(frozen=True, slots=True)
class Agreed:
    """Something that somebody promised to do, by when, and whether that day has passed."""

    what: str
    who: str
    by_when: str | None
    status: str
    colour: str
    late: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """A strength or a need, with whose view it is."""

    kind: str
    headline: str
    narrative: str | None
    element: str
    service: str
    whose_view: str | None
    by: str | None


@dataclass(frozen=True, slots=True)
class Domain:
    """What was found in one domain of the assessment, strengths in front."""

    title: str
    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class CasePage:
    address: str
    name: str
    born: str | None
    expected: str | None
    state: str
    relationship: str
    lead: Colleague | None
    vacant: bool
    deputy: Colleague | None
    team: Sequence[Colleague]
    agreed: Sequence[Agreed]
    goals: Sequence[str]
    domains: Sequence[Domain]
    contact: Sequence[str]
    visits: Sequence[str]
    worries: Sequence[str]
    latest: Sequence[Line]
    not_available: Sequence[str]
    review_on: str | None
    review_late: bool
    may_set_review: bool
    closed: Closed | None
    may_close: bool
    may_reopen: bool
    may_ask_to_share: bool
    missing_parts: Sequence[str]
    notice: str
    receipt: str


def case_page_of(view: Json, names: Mapping[str, str], today: date, domains: Sequence[Json] = ()) -> CasePage:
    """The page of ``GET /v1/cases/{case}``; ``names`` are the agencies', by code, ``domains`` those of an
    instrument, whose titles and order the findings take."""
    header, areas = view["header"], view["areas"]
    flags = flags_of(view, names, None, today.isoformat())
    person, lead = header["person"] or {}, header["lead_professional"]
    return CasePage(
        address=f"/cases/{view['id']}",
        name=person.get("name") or "Name not shown",
        born=person.get("date_of_birth"),
        expected=person.get("expected_date_of_delivery"),
        state=header["state"],
        relationship=header["relationship"],
        lead=_colleague(lead, names, leads=True) if lead else None,
        vacant=lead is None and header["state"] == "open",
        deputy=_colleague(header["deputy"], names) if header["deputy"] else None,
        team=[_colleague(member, names, leads=_is_lead(member, lead)) for member in header["team"]],
        agreed=sorted(
            (_agreed(entry, names, today) for entry in areas["plan"] if entry["kind"] == "action"),
            key=lambda agreed: (not agreed.late, agreed.by_when or "9999"),
        ),
        goals=[
            entry["fields"][_GOALS[entry["kind"]]]
            for entry in _all(areas)
            if entry["kind"] in _GOALS and _GOALS[entry["kind"]] in entry["fields"]
        ],
        domains=_domains(areas["assessment"], names, domains),
        contact=_ways_to_make_contact(areas["person"], names),
        visits=[f"{one.words} ({one.service})" for one in flags.visits],
        worries=[
            f"{one.service}: {one.words}{f' Ring {one.call[0]}, {one.call[1]}.' if one.call else ''}"
            for one in flags.worries
        ],
        latest=[line_of(event, names) for event in view.get("latest", ())],
        not_available=[line["ask"] for line in view["not_available"]],
        review_on=header["review_on"],
        review_late=is_late(header, today.isoformat()),
        may_set_review=Deed.CONTRIBUTE in view.get("may", ()) and header["state"] == "open",
        closed=closed_of(view),
        may_close=may_close(view),
        may_reopen=may_reopen(view),
        may_ask_to_share=Deed.REQUEST_SHARING in view.get("may", ()),
        missing_parts=[in_words(part) for part in view["unavailable"]],
        notice=view["notice"],
        receipt=view["decision"]["receipt"],
    )


_WAYS = (
    ("safe_way_to_make_contact", ""), ("telephone", "Telephone: "), ("email", "Email: "),
    ("address", "Address: "), ("postcode", "Postcode: "),
)  # fmt: skip


def _ways_to_make_contact(entries: Sequence[Json], names: Mapping[str, str]) -> list[str]:
    """How somebody is reached, how it is safe to first, and whose record says so."""
    ways = []
    for entry in entries:
        said = [f"{words}{entry['fields'][name]}" for name, words in _WAYS if name in entry["fields"]]
        if entry["kind"] == "contact" and said:
            service = names.get(entry["owner"]) or in_words(entry["owner"])
            ways += [*said[:-1], f"{said[-1]} ({service})"]
    return ways


def _all(areas: Json) -> list[Json]:
    return [entry for entries in areas.values() for entry in entries]


def _is_lead(member: Json, lead: Json | None) -> bool:
    return lead is not None and member["user"] == lead["user"] and member["agency"] == lead["agency"]


def _colleague(member: Json, names: Mapping[str, str], *, leads: bool = False) -> Colleague:
    return Colleague(
        name=member["name"],
        job_title=member["job_title"] or "",
        service=names.get(member["agency"]) or in_words(member["agency"]),
        telephone=member["telephone"],
        leads=leads,
    )


def _agreed(entry: Json, names: Mapping[str, str], today: date) -> Agreed:
    fields = entry["fields"]
    status = stands(fields)
    by_when = fields.get("by_when")
    accountable = fields.get("accountable", entry["owner"])
    service = names.get(accountable) or in_words(accountable)
    responsible = fields.get("responsible_name")
    return Agreed(
        what=words_of(fields),
        who=f"{responsible}, {service}" if responsible else service,
        by_when=by_when,
        status=status,
        colour=colour_of(status),
        late=by_when is not None and status not in OVER and date.fromisoformat(by_when) < today,
    )


def _domains(entries: Sequence[Json], names: Mapping[str, str], domains: Sequence[Json]) -> list[Domain]:
    """The findings under the domains of their elements; what is under none that is known stands last."""
    place = {
        element["code"]: (number, domain["title"], element["title"])
        for number, domain in enumerate(domains)
        for element in domain["elements"]
    }
    found: dict[tuple[int, str], list[Finding]] = {}
    for entry in entries:
        if entry["kind"] in _FINDINGS:
            element = entry["fields"].get("element", "")
            number, domain, title = place.get(element, (len(domains), _ELSEWHERE, in_words(element)))
            found.setdefault((number, domain), []).append(_finding(entry, names, title))
    return [
        Domain(title, sorted(findings, key=lambda finding: _FINDINGS.index(finding.kind)))
        for (_, title), findings in sorted(found.items(), key=lambda item: item[0])
    ]


def _finding(entry: Json, names: Mapping[str, str], element: str) -> Finding:
    fields = entry["fields"]
    return Finding(
        kind=entry["kind"],
        headline=fields.get("headline", "Recorded; details not shown"),
        narrative=fields.get("narrative"),
        element=element,
        service=names.get(entry["owner"]) or in_words(entry["owner"]),
        whose_view=fields.get("whose_view"),
        by=entry.get("author"),
    )

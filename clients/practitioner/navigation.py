"""What stands in the bar at the top and beside a case: nothing that whoever is signed in could not open."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from clients.practitioner.words import ROLES

_CASEWORK = frozenset({"practitioner", "safeguarding_lead", "team_manager", "coordinator"})
_LOOKS_ARE_SHOWN_TO = frozenset({"information_officer", "family_member"})
_MAY_SEND_CONCERNS = _CASEWORK | {"volunteer", "panel_member", "referrer"}
_FAMILY = frozenset({"family_member"})
_EVERYBODY = None
_AT_WORK = frozenset(ROLES) - _FAMILY - {"scrutineer"}
"""Who reads the pages of those who work with the family; the family has a sheet of its own."""
_OFFICERS = frozenset({"information_officer"})
_MANAGERS = frozenset({"team_manager"})
_ANSWER_FOR_AGENCY = _OFFICERS | {"team_manager", "safeguarding_lead"}
_SEE_TO_TEAMS = _MANAGERS | {"coordinator"}
_READ_FIGURES = _MANAGERS | {"scrutineer"}
_WITH_CASES = _AT_WORK - _OFFICERS

_ITEMS: Sequence[tuple[str, str, frozenset[str] | None]] = (
    ("My page", "/family/sheet", _FAMILY),
    ("My cases", "/", _WITH_CASES),
    ("Waiting for you", "/office", _ANSWER_FOR_AGENCY),
    ("Agencies", "/agencies", _OFFICERS),
    ("Agreements", "/agreements", _OFFICERS),
    ("Rules", "/rules", _OFFICERS),
    ("Who looked", "/ledger", _OFFICERS),
    ("Reports", "/reports", _READ_FIGURES),
    ("Team’s cases", "/team-cases", _SEE_TO_TEAMS),
    ("People who leave", "/leavers", _SEE_TO_TEAMS | _OFFICERS),
    ("Requests to share", "/sharing-requests", _MANAGERS),
    ("Money", "/budget-streams", _SEE_TO_TEAMS),
    ("To do", "/to-do", _CASEWORK),
    ("Nobody in charge", "/vacancies", _CASEWORK),
    ("Asked of us", "/referrals", _CASEWORK),
    ("Concerns sent to us", "/concerns/received", frozenset({"safeguarding_lead"})),
    ("Find a person", "/people/find", _CASEWORK),
    ("Tell somebody about a concern", "/concerns/new", _MAY_SEND_CONCERNS),
    ("Emergency", "/emergency", _CASEWORK),
)
_TABS: Sequence[tuple[str, str, frozenset[str] | None]] = (
    ("Overview", "", _EVERYBODY),
    ("Assessments", "/assessments", _EVERYBODY),
    ("The plan", "/plan", _AT_WORK),
    ("Promises", "/compact", _EVERYBODY),
    ("The money", "/budget", _AT_WORK),
    ("The family", "/family", _AT_WORK),
    ("The team", "/team", _AT_WORK),
    ("Visits and worries", "/flags", _AT_WORK),
    ("Reviews", "/reviews", _AT_WORK),
    ("Meetings", "/meetings", _AT_WORK),
    ("Contacts", "/contacts", _AT_WORK),
    ("Referrals", "/referrals", _AT_WORK),
    ("What happened", "/timeline", _EVERYBODY),
    ("What the family said", "/permissions", _EVERYBODY),
    ("Who has looked", "/who-has-looked", _EVERYBODY),
)
_OPENED = ("Opened without permission", "overrides")
_OF_OFFICE: Sequence[tuple[str, str, frozenset[str]]] = (
    (*_OPENED, _ANSWER_FOR_AGENCY),
    ("Opened because of danger", "break-glass", _ANSWER_FOR_AGENCY),
    ("Bars", "bars", _OFFICERS),
)


def may_do_casework(role: str | None) -> bool:
    """Whether this role records people and opens cases."""
    return role in _CASEWORK


def reads_looks(role: str | None) -> bool:
    """Whether this role reads the list of looks at a case; others are told whom to ask."""
    return role in _LOOKS_ARE_SHOWN_TO


def gives_money(role: str | None) -> bool:
    """Whether this role says where money comes from, for its own agency."""
    return role in _SEE_TO_TEAMS


def navigation_of(role: str | None, path: str) -> Sequence[Mapping[str, Any]]:
    """The items of the service navigation for a role; marked is the current page, or what it is a part of."""
    return [
        {"text": text, "href": href, "current": href == path, "active": path.startswith(f"{href}/")}
        for text, href, roles in _ITEMS
        if roles is None or role in roles
    ]


def tabs_of(case: str, role: str | None) -> Sequence[tuple[str, str]]:
    """The pages of a case that this role can open, each with its address; ``case`` is the case's address."""
    tabs = [(text, case + end) for text, end, roles in _TABS if roles is None or role in roles]
    return [*tabs, (_OPENED[0], f"/office{case}/{_OPENED[1]}")] if role in _ANSWER_FOR_AGENCY else tabs


def office_tabs_of(case: str, role: str | None, opens: Collection[str]) -> Sequence[tuple[str, str]]:
    """The pages about a case of those who answer for an agency, of the lists that the API ``opens`` to them;
    ``case`` is its id."""
    return [
        (text, f"/office/cases/{case}/{end}")
        for text, end, roles in _OF_OFFICE
        if role in roles and end in opens
    ]

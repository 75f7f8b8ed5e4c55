"""Alerts to those in charge of a case: something is for them to decide or to answer (design 3.2). Pure.

They go to the lead professional; where nobody leads to the managers of the agencies at work, who stand above
whoever is there.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from services.consent.alerts.alert import NewAlert
from shared.disclosure import Wire
from shared.vocabulary import Role

RISK_QUESTION, RISK_QUESTION_OVERDUE = "risk_question", "risk_question_overdue"
ANSWERS_DIFFER = "answers_differ"


class Lead(Wire):
    user: str
    agency: str


class InCharge(Wire):
    """Who leads a case, the agencies at work on it, and whom it is about; nobody where that is not known."""

    lead: Lead | None = None
    agencies: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


NOBODY_KNOWN = InCharge()


def risk_question(
    in_charge: InCharge,
    case: str,
    question: str,
    *,
    asked: datetime,
    due: datetime,
    partnership_officers: Iterable[str],
) -> Iterator[NewAlert]:
    """Now to who is in charge; once it is overdue to the managers above them and the partnership officers."""

    def alert(
        kind: str, at: datetime, agency: str | None, *, role: Role | None = None, user: str | None = None
    ) -> NewAlert:
        return _alert(in_charge, case, question, kind, at, agency, role=role, user=user)

    lead = in_charge.lead
    if lead is not None:
        yield alert(RISK_QUESTION, asked, lead.agency, user=lead.user)
    for agency in () if lead is not None else sorted(in_charge.agencies):
        yield alert(RISK_QUESTION, asked, agency, role=Role.TEAM_MANAGER)
    if lead is not None:
        yield alert(RISK_QUESTION_OVERDUE, due, lead.agency, role=Role.TEAM_MANAGER)
    for officer in sorted(partnership_officers):
        yield alert(RISK_QUESTION_OVERDUE, due, None, role=Role.INFORMATION_OFFICER, user=officer)


def answers_differ(
    in_charge: InCharge,
    case: str,
    conflict: str,
    *,
    at: datetime,
    tells_lead: bool,
    officers_of: Iterable[str],
) -> Iterator[NewAlert]:
    """To the lead, where they may know of it, and to the information officers of these agencies."""
    if in_charge.lead is not None and tells_lead:
        lead = in_charge.lead
        yield _alert(in_charge, case, conflict, ANSWERS_DIFFER, at, lead.agency, user=lead.user)
    for agency in sorted(officers_of):
        yield _alert(in_charge, case, conflict, ANSWERS_DIFFER, at, agency, role=Role.INFORMATION_OFFICER)


def _alert(
    in_charge: InCharge,
    case: str,
    about: str,
    kind: str,
    at: datetime,
    agency: str | None,
    *,
    role: Role | None = None,
    user: str | None = None,
) -> NewAlert:
    return NewAlert(
        case=case,
        about=about,
        kind=kind,
        agency=agency,
        role=role.value if role else None,
        user=user,
        shows_from=at,
        subjects=in_charge.people,
    )

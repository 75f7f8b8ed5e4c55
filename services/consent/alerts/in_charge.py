"""Alerts to those in charge of a case: something is for them to decide or to answer (design 3.2). Pure.

They go to the lead professional, whoever that is when they are read: after a handover to the new one, and
where nobody leads to whoever comes. Until then the managers of the agencies at work are told, who stand
above whoever is there. What nobody decides in time goes up: to the managers, then to the partnership.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from services.consent.alerts.alert import NewAlert
from shared.disclosure import Wire
from shared.vocabulary import Role

RISK_QUESTION, RISK_QUESTION_OVERDUE = "risk_question", "risk_question_overdue"
ANSWERS_DIFFER, ANSWERS_DIFFER_OVERDUE = "answers_differ", "answers_differ_overdue"
DECISION_OVERDUE = "decision_overdue"
ABOUT_CONFLICTS = frozenset({ANSWERS_DIFFER, ANSWERS_DIFFER_OVERDUE, DECISION_OVERDUE})

TO_LEAD, TO_PARTNERSHIP = "lead", "partnership_officer"
"""For whom an alert is that follows an office: the lead of its case, and whom the policy in force names, or
while it names nobody the partnership's own office."""


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
    yield _to_lead(in_charge, case, question, RISK_QUESTION, asked)
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
    due: datetime,
    partnership_from: datetime,
    officers_of: Iterable[str],
    managers_of: Iterable[str],
) -> Iterator[NewAlert]:
    """To the lead and to the information officers of these agencies, once more when it is overdue.

    Then the managers of these are told too that something in the case is overdue, and never that two differ
    (design 3.2: shown to the lead and the officer). ``partnership_from``: when the partnership's officers are
    asked to decide it; once more when it is overdue, if that is earlier.
    """
    for kind, from_ in ((ANSWERS_DIFFER, at), (ANSWERS_DIFFER_OVERDUE, due)):
        yield _to_lead(in_charge, case, conflict, kind, from_)
        for agency in sorted(officers_of):
            yield _alert(in_charge, case, conflict, kind, from_, agency, role=Role.INFORMATION_OFFICER)
    for agency in sorted(managers_of):
        yield _alert(in_charge, case, conflict, DECISION_OVERDUE, due, agency, role=Role.TEAM_MANAGER)
    goes_up = [partnership_from] if partnership_from >= due else [partnership_from, due]
    for from_ in goes_up:
        kind = ANSWERS_DIFFER if from_ < due else ANSWERS_DIFFER_OVERDUE
        yield _alert(in_charge, case, conflict, kind, from_, None, role=TO_PARTNERSHIP)


def _to_lead(in_charge: InCharge, case: str, about: str, kind: str, at: datetime) -> NewAlert:
    return _alert(in_charge, case, about, kind, at, None, role=TO_LEAD)


def _alert(
    in_charge: InCharge,
    case: str,
    about: str,
    kind: str,
    at: datetime,
    agency: str | None,
    *,
    role: str | None = None,
    user: str | None = None,
) -> NewAlert:
    return NewAlert(
        case=case,
        about=about,
        kind=kind,
        agency=agency,
        role=None if role is None else str(role),
        user=user,
        shows_from=at,
        subjects=in_charge.people,
    )

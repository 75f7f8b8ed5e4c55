"""What can be asked of alerts. Reading them is recorded."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.consent.agencies.repository import agencies_named_for
from services.consent.alerts import repository
from services.consent.alerts.in_charge import ABOUT_CONFLICTS, TO_LEAD, TO_PARTNERSHIP
from services.consent.conflicts.operations import conflicts_to_alert_of
from services.consent.decision.facts import Ask
from services.consent.decisions.operations import DecisionParts
from services.consent.decisions.repository import LoadedFacts
from services.consent.holds.operations import HOLD_TO_CONFIRM
from services.consent.holds.repository import waiting_among
from services.consent.ledger.officers import is_told_what_is_overdue
from services.consent.ledger.receipts import MENTIONS_CASE, content_of
from services.consent.ledger.repository import agency_chain, record
from services.consent.overrides.audience import is_implicated, is_kept_out
from shared.clock import microseconds, rfc3339
from shared.database import ReadSession, WriteSession
from shared.disclosure import CaseAsk, SubjectAsk, Wire
from shared.identity import Caller
from shared.ids import new_id
from shared.pages import AfterMoment, PageSize
from shared.vocabulary import LedgerAction

_READ_AHEAD = 100


class AlertsAsk(Wire):
    """Which of the caller's alerts: from a place on, at most ``limit``. ``leads``: the cases they lead;
    ``case``: in that one alone."""

    purpose: str
    reason: str | None
    after: AfterMoment | None
    limit: PageSize
    leads: tuple[str, ...] = ()
    case: str | None = None


def read_alerts(
    session: WriteSession, parts: DecisionParts, caller: Caller, ask: AlertsAsk
) -> dict[str, Any]:
    """The alerts addressed to the caller, newest first, and the receipt of this read.

    Whoever is barred from the case, or named in an exclusion about somebody in it, finds none of it, and
    pages are full whatever lies between.
    """
    at = parts.clock()
    version, policy = parts.policies.in_force(session, at)
    own = agencies_named_for(session, caller, [caller.agency])
    shown: list[Any] = []
    place = ask.after
    while own and not own[0].user_is_suspended and len(shown) <= ask.limit:
        rows = repository.alerts_for(
            session, user=caller.user, role=caller.role, agency=caller.agency, leads=ask.leads, case=ask.case,
            for_partnership=is_told_what_is_overdue(caller, own[0].kind, policy), at=at, after=place,
            limit=_READ_AHEAD,
        )  # fmt: skip
        shown += _for_these_eyes(session, parts, caller, ask.purpose, rows, at)
        if len(rows) < _READ_AHEAD:
            break
        place = (rows[-1].shows_from, rows[-1].id)
    page, more = shown[: ask.limit], len(shown) > ask.limit
    receipt = new_id()
    content = content_of(
        id=receipt, at=at, caller=caller, action=LedgerAction.LIST, deed="read_alerts",
        purpose=ask.purpose, reason=ask.reason, cases=[], policy_version=version, facts_version="",
    )  # fmt: skip
    mentions = {(MENTIONS_CASE, row.case_id) for row in page}
    record(session, parts.ledger_key, agency_chain(caller.agency), content, mentions)
    alerts = [
        {"id": row.id, "at": rfc3339(row.shows_from), "case": row.case_id, "kind": row.kind} for row in page
    ]
    after = [alerts[-1]["at"], alerts[-1]["id"]] if more else None
    return {"alerts": alerts, "after": after, "receipt": receipt, "policy_version": version}


def _for_these_eyes(
    session: ReadSession,
    parts: DecisionParts,
    caller: Caller,
    purpose: str,
    rows: Sequence[Any],
    at: datetime,
) -> list[Any]:
    asked = [
        CaseAsk(
            case=row.case_id,
            relationship="none",
            subjects=tuple(SubjectAsk(id=subject, decides_from=None) for subject in row.subjects),
            labels=(),
        )
        for row in rows
    ]
    loaded = LoadedFacts(session, asked, caller, purpose, ())
    now = microseconds(at)
    ask = Ask(caller.user, caller.agency, caller.role, "none", purpose, now, parts.margin, ())
    kept = []
    asked_still = conflicts_to_alert_of(
        session, [row.about for row in rows if row.kind in ABOUT_CONFLICTS], caller.user, caller.agency, at
    )
    holds_wait = waiting_among(session, [row.about for row in rows if row.kind == HOLD_TO_CONFIRM], at)
    for row, case in zip(rows, asked, strict=True):
        if row.kind == HOLD_TO_CONFIRM and row.about not in holds_wait:
            continue
        if row.kind in ABOUT_CONFLICTS and row.about not in asked_still.to_anybody:
            continue
        if row.kind in ABOUT_CONFLICTS and row.role == TO_LEAD and row.about not in asked_still.to_lead:
            continue
        of_office = row.kind in ABOUT_CONFLICTS and row.role == TO_PARTNERSHIP
        if of_office and row.about not in asked_still.to_partnership:
            continue
        facts = loaded.of_case(case, None, now, parts.margin)
        implicated = caller.user in row.not_for or is_implicated(facts, ask)
        if not implicated and not is_kept_out(facts, ask):
            kept.append(row)
    return kept

"""Alerts to information owners: something concerns what they hold (design 3.2, "Who may write"). Pure."""

from collections.abc import Iterator

from services.consent.alerts.alert import NewAlert
from services.consent.alerts.in_charge import TO_LEAD
from services.consent.consents.schemas import OwnersFacts
from shared.idempotency import WriteRequest
from shared.vocabulary import Role

PERMISSION = "permission_to_recorder"
SHARING_REQUEST = "sharing_request"
AUTHORITY_ENDED = "authority_ended"


def permission_recorded(
    request: WriteRequest, case: str, consent: str, owners: OwnersFacts
) -> Iterator[NewAlert]:
    """To the information officers of the owners, and to those of their people who are on the team."""
    yield from _to_owners(request, case, consent, PERMISSION, owners)


def authority_ended(
    request: WriteRequest, case: str, authority: str, owners: OwnersFacts
) -> Iterator[NewAlert]:
    """To the owners of what the end of a court order opens, as of a permission, and to the lead."""
    yield from _to_owners(request, case, authority, AUTHORITY_ENDED, owners)
    yield NewAlert(
        case=case,
        about=authority,
        kind=AUTHORITY_ENDED,
        agency=None,
        role=TO_LEAD,
        shows_from=request.at,
        subjects=owners.people,
        not_for=[request.caller.user],
    )


def _to_owners(
    request: WriteRequest, case: str, about: str, kind: str, owners: OwnersFacts
) -> Iterator[NewAlert]:
    for agency, team in sorted(owners.agencies.items()):
        if agency == request.caller.agency:
            continue
        for role, user in [(Role.INFORMATION_OFFICER.value, None), *((None, user) for user in team)]:
            yield NewAlert(
                case=case,
                about=about,
                kind=kind,
                agency=agency,
                role=role,
                user=user,
                shows_from=request.at,
                subjects=owners.people,
                not_for=[request.caller.user],
            )


def asked_to_share(
    request: WriteRequest, case: str | None, subject: str | None, asking: str, owner: str, *, reaches: bool
) -> NewAlert:
    """To the managers of the agency that was asked: they answer for it.

    A request that reaches nobody leaves an alert to nobody, so that it costs the same work (design 3.5).
    """
    reaches = reaches and case is not None and subject is not None
    return NewAlert(
        case=case or asking,
        about=asking,
        kind=SHARING_REQUEST,
        agency=owner,
        role=Role.TEAM_MANAGER.value if reaches else _NOBODY,
        shows_from=request.at,
        subjects=[] if subject is None else [subject],
        not_for=[request.caller.user],
    )


_NOBODY = "nobody"
"""No role of anybody's."""

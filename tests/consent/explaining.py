"""Asking the consent service to explain, as the gateway does."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.identity import Caller
from shared.ids import new_id
from tests.consent.service import (
    BOTH_PARENTS,
    CHILD,
    DECIDES_FROM,
    FATHER,
    HOUSING,
    SCHOOL,
    YOT,
    ConsentService,
    Json,
    a_case,
    a_label,
    a_lifting,
    a_share,
    a_subject,
    an_exclusion,
    fresh_case,
    lead_told_of,
)

LEAD_OF = "lead"


@dataclass(frozen=True)
class Family:
    """A child of their own with a case: what is said about one family is no answer in another."""

    service: ConsentService
    case: str = field(default_factory=fresh_case)
    child: str = field(default_factory=new_id)

    def label(self, owner: str, *categories: str, **more: Any) -> Json:
        return a_label(owner, *categories, subjects=[self.child], **more)

    def asked(self, *labels: Json, relationship: str = "member") -> Json:
        subject = a_subject(self.child, DECIDES_FROM[CHILD])
        return {**a_case(self.case, *labels, relationship=relationship), "subjects": [subject]}

    def as_officer(self, *labels: Json) -> Json:
        return self.asked(*labels, relationship="none")

    @property
    def _facts(self) -> Json:
        return {"decides_from": DECIDES_FROM[CHILD], "responsible": BOTH_PARENTS}

    async def says(self, **changes: Any) -> str:
        """An answer of the mother's, or as told; its id."""
        body = {"consent": a_share(subject=self.child, **changes), "family": self._facts}
        answer = await self.service.call(SCHOOL, "POST", f"/cases/{self.case}/consents", body)
        return str(answer["id"])

    async def excludes(self, **changes: Any) -> str:
        body = {"exclusion": an_exclusion(subject=self.child, **changes), "family": self._facts}
        answer = await self.service.call(SCHOOL, "POST", f"/cases/{self.case}/exclusions", body)
        return str(answer["id"])

    async def lifts(self, exclusion: str) -> None:
        """What the mother said against somebody is taken back by her."""
        content = {"lifting": a_lifting(), "reader": lead_told_of(self.child)}
        await self.service.call(SCHOOL, "POST", f"/cases/{self.case}/exclusions/{exclusion}/lifting", content)


Choice = Callable[[Family], Awaitable[object]]
SENSITIVE = {"categories": ["mental_health"]}
NO: dict[str, Any] = {"answer": "refused", "valid_until": None}


async def never_asked(_: Family) -> None:
    """Nothing is recorded."""


async def refused(family: Family) -> None:
    await family.says(**SENSITIVE, **NO)


async def withdrew(family: Family) -> None:
    given = await family.says(**SENSITIVE)
    await family.service.withdraw(family.case, given)


async def excluded(family: Family) -> None:
    await family.excludes(**SENSITIVE)


async def disagreed(family: Family) -> None:
    await family.says(**SENSITIVE)
    await family.says(**SENSITIVE, **NO, giver=FATHER)


async def gave_to_others(family: Family) -> None:
    await family.says(**SENSITIVE, recipients=["youth-offending"])


CHOICES: tuple[Choice, ...] = (never_asked, refused, withdrew, excluded, disagreed, gave_to_others)
"""What a family may have chosen about mental health, none of which housing is ever shown anything by."""


def a_seat(caller: Caller, relationship: str = "member") -> Json:
    return {
        "user": caller.user,
        "name": caller.name,
        "agency": caller.agency,
        "role": caller.role,
        "relationship": relationship,
    }


TEAM = (a_seat(SCHOOL), a_seat(HOUSING), a_seat(YOT, LEAD_OF))


async def explained(service: ConsentService, caller: Caller, case: Json, *, purpose: str = "support") -> Json:
    """To a requester."""
    await service.let_take_part(case)
    content = {"purpose": purpose, "reason": None, "case": case}
    answer: Json = await service.call(caller, "POST", "/explanations/requester", content)
    return answer


async def told_to_officer(
    service: ConsentService,
    officer: Caller,
    case: Json,
    *,
    roster: Sequence[Json] = TEAM,
    label: int | None = None,
    receipt: str | None = None,
    **about: str,
) -> Any:
    await service.let_take_part(case)
    content = {
        "purpose": "oversight",
        "reason": None,
        "case": case,
        "roster": roster,
        "about": about,
        "label": label,
        "receipt": receipt,
        "subjects_then": case["subjects"],
    }
    return await service.call(officer, "POST", "/explanations/officer", content)


async def people(
    service: ConsentService,
    caller: Caller,
    case: Json,
    *,
    roster: Sequence[Json] = TEAM,
    purpose: str = "support",
    **asked: Any,
) -> Any:
    """Who can see."""
    await service.let_take_part(case)
    content = {
        "purpose": purpose,
        "reason": None,
        "case": case,
        "roster": roster,
        "present": list(range(len(case["labels"]))),
        "subjects_then": case["subjects"],
        **asked,
    }
    return await service.call(caller, "POST", "/who-can-see", content)


async def supposed(
    service: ConsentService,
    caller: Caller,
    case: Json,
    *changes: Json,
    roster: Sequence[Json] = TEAM,
    purpose: str = "support",
) -> Any:
    """What if."""
    await service.let_take_part(case)
    content = {
        "purpose": purpose,
        "reason": None,
        "case": case,
        "roster": roster,
        "changes": changes,
    }
    return await service.call(caller, "POST", "/what-if", content)


def as_officer(case: str, *labels: Json) -> Json:
    return a_case(case, *labels, relationship="none")


def as_lead(case: str, *labels: Json) -> Json:
    return a_case(case, *labels, relationship=LEAD_OF)


def levels_of(answer: Json, user: str, name: str = "level") -> list[str]:
    """The levels in the row of one user."""
    (row,) = [row for row in answer["people"] if row["user"] == user]
    return [cell[name] for cell in row["cells"]]


def without_receipt(answer: Json) -> Json:
    return {name: value for name, value in answer.items() if name not in ("receipt", "decided_at")}


def cells_of(answer: Json, user: str) -> list[Json]:
    found: Iterable[Json] = (one for one in answer["explanations"] if one["user"] == user)
    return [cell for one in found for cell in one["cells"]]

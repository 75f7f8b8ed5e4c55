"""Each reason of the verdict, made: what is hidden from somebody by it, and how that came about.

Everything is about what the school holds. A ``Hiding`` is prepared in both of two worlds; what it hides is
then written in one of them only, by the school, and ``reader`` may not see it for the reasons named.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from shared.clock import rfc3339
from shared.vocabulary import Blocker
from tests.gateway.areas import bars
from tests.gateway.household import HOUSING, SCHOOL, UNTIL, House, details, element, words
from tests.gateway.operations import exclusion, share
from tests.support.gateway import As, World

Json = dict[str, Any]
HANA = "hana.novak"


@dataclass
class Scene:
    """One of two worlds, in which the same is prepared."""

    world: World
    house: House
    father: str = ""

    @property
    def school(self) -> As:
        return self.world.as_("nadia.bell")

    @property
    def officer(self) -> As:
        return self.world.as_("tom.ashby")

    @property
    def case(self) -> str:
        return f"/v1/cases/{self.house.case}"

    async def meet_the_father(self) -> None:
        """He answers for the child as well."""
        made = await self.school.post("/v1/people", {"details": [details("name"), details("birth", age=43)]})
        self.father = made["id"]
        relationship = {
            "from_person": self.father, "to_person": self.house.child, "relation": "father",
            "parental_responsibility": True, "parental_responsibility_source": "birth", "lives_with": False,
        }  # fmt: skip
        await self.school.post(f"/v1/people/{self.house.child}/relationships", relationship)

    async def consent(self, category: str, **changes: Any) -> str:
        """The mother's answer about telling housing of this, or as told; its id."""
        body = share(self.house, recipients=[HOUSING], categories=[category], **changes)
        return str((await self.school.post(f"{self.case}/consents", body))["id"])

    async def entry(self, category: str | None, *, subject: str | None = None) -> str:
        """An element of the draft that touches on this; with None the question is left open."""
        about = element("need", "emotional_social", [subject or self.house.child], [category or ""])
        body = {**about, "sensitive_content": None} if category is None else about
        path = f"{self.case}/assessments/{self.house.draft}/entries"
        return str((await self.school.post(path, body))["id"])


Preparing = Callable[[Scene], Awaitable[None]]
Hiding = Callable[[Scene], Awaitable[str]]


@dataclass(frozen=True)
class Reason:
    """What is hidden from whom, and the reasons that an information officer is given for it."""

    blockers: frozenset[Blocker]
    prepare: Preparing
    hide: Hiding
    reader: str = HANA
    about: Mapping[str, str] | None = None
    """Whom the officer asks about, if not simply the reader."""
    headers: Mapping[str, str] | None = None


async def _nothing(_: Scene) -> None:
    """Nothing has to be prepared."""


async def _a_bar(scene: Scene) -> None:
    bar = bars.a_bar(agencies=[], users=[HANA], categories=["domestic_abuse"])
    await scene.officer.post(f"{scene.case}/bars", bar)


async def _an_exclusion(scene: Scene) -> None:
    await scene.consent("substance_use")
    body = exclusion(scene.house, agencies=[HOUSING], categories=["substance_use"])
    await scene.school.post(f"{scene.case}/exclusions", body)


async def _a_withdrawal(scene: Scene) -> None:
    consent = await scene.consent("sexual_health")
    body = {"withdrawn_by": scene.house.mother}
    await scene.school.post(f"{scene.case}/consents/{consent}/withdrawal", body)


async def _a_permission_that_ran_out(scene: Scene) -> None:
    clock = scene.world.clock
    await scene.consent("offending", valid_until=rfc3339(clock.now + timedelta(hours=1)))
    clock.now += timedelta(hours=2)


async def _an_agreement_that_lets_nothing_through(scene: Scene) -> None:
    row = {
        "category": "mental_health", "base": "none", "mode": "permission", "cap": "none",
        "basis": "task", "condition": "none", "power": "act",
    }  # fmt: skip
    agreement = {
        "owner": SCHOOL, "recipient": HOUSING, "purpose": "support", "title": words("title"),
        "valid_from": "2031-01-01T00:00:00Z", "valid_until": UNTIL, "rows": [row],
    }  # fmt: skip
    await scene.officer.post("/v1/agreements", agreement)
    await scene.consent("mental_health")


async def _the_parents_disagree(scene: Scene) -> None:
    await scene.meet_the_father()
    await scene.consent("voice")
    said = {"reasons_explained_and_understood": True, "agrees": False}
    await scene.consent("voice", giver=scene.father, answer="refused", statement=said)


async def _she_refuses_for_herself(scene: Scene) -> None:
    said = {"reasons_explained_and_understood": True, "agrees": False}
    own = {"subject": scene.house.mother, "giver": scene.house.mother, "capacity": "adult"}
    await scene.consent("mental_health", answer="refused", statement=said, **own)


async def _she_takes_part_no_more(scene: Scene) -> None:
    own = {"subject": scene.house.mother, "giver": scene.house.mother, "capacity": "adult"}
    yes = {
        **share(scene.house, **own), "kind": "take_part",
        "privacy_notice": {"version": "2026-1", "language": "English", "given_to": "the mother"},
    }  # fmt: skip
    for sharing in ("recipients", "categories", "level", "purposes", "valid_until"):
        del yes[sharing]
    part = await scene.school.post(f"{scene.case}/consents", yes)
    await scene.consent("substance_use", **own)
    body = {"withdrawn_by": scene.house.mother}
    await scene.school.post(f"{scene.case}/consents/{part['id']}/withdrawal", body)


async def _a_permission_beyond_the_role(scene: Scene) -> None:
    await scene.consent("equality")


async def _somebody_of_housing_is_suspended(scene: Scene) -> None:
    path = f"/v1/users/{HANA}/suspension"
    await scene.world.as_("hous.officer").post(path, {"reason": words("why")})


def _entry(category: str | None) -> Hiding:
    return lambda scene: scene.entry(category)


def _about_the_mother(category: str) -> Hiding:
    return lambda scene: scene.entry(category, subject=scene.house.mother)


async def _what_the_child_said(scene: Scene) -> str:
    path = f"{scene.case}/assessments/{scene.house.draft}/entries"
    body = {"kind": "comment", "voice_of": "child_or_young_person", "text": words("voice")}
    return str((await scene.school.post(path, {**body, "sensitive_content": []}))["id"])


async def _a_detail_of_equality(scene: Scene) -> str:
    path = f"/v1/people/{scene.house.child}/details"
    made = await scene.school.post(path, {"details": [details("equality")]})
    return str(made["details"][0]["id"])


REASONS: tuple[Reason, ...] = (
    Reason(frozenset({Blocker.BARRED}), _a_bar, _entry("domestic_abuse")),
    Reason(frozenset({Blocker.HELD}), _nothing, _entry(None)),
    Reason(frozenset({Blocker.EXCLUDED}), _an_exclusion, _entry("substance_use")),
    Reason(frozenset({Blocker.NO_BASIS}), _nothing, _entry("domestic_abuse"), reader="ben.carver"),
    Reason(frozenset({Blocker.NO_RELATIONSHIP}), _nothing, _entry("domestic_abuse"), reader="ivor.pryce"),
    Reason(frozenset({Blocker.WITHDRAWN}), _a_withdrawal, _entry("sexual_health")),
    Reason(frozenset({Blocker.EXPIRED}), _a_permission_that_ran_out, _entry("offending")),
    Reason(
        frozenset({Blocker.AGREEMENT_CAP, Blocker.NO_RELEASE}),
        _an_agreement_that_lets_nothing_through,
        _entry("mental_health"),
    ),
    Reason(frozenset({Blocker.ROLE_CEILING}), _a_permission_beyond_the_role, _a_detail_of_equality),
    Reason(frozenset({Blocker.CONFLICT}), _the_parents_disagree, _what_the_child_said),
    Reason(frozenset({Blocker.REFUSED}), _she_refuses_for_herself, _about_the_mother("mental_health")),
    Reason(frozenset({Blocker.NOT_TAKING_PART}), _she_takes_part_no_more, _about_the_mother("substance_use")),
    Reason(
        frozenset({Blocker.PURPOSE}),
        _nothing,
        _entry("domestic_abuse"),
        about={"purpose": "panel"},
        headers={"Purpose": "panel", "Purpose-Reason": "To prepare a panel"},
    ),
    Reason(frozenset({Blocker.UNKNOWN}), _nothing, _entry("domestic_abuse"), reader="una.listed"),
    Reason(frozenset({Blocker.SUSPENDED}), _somebody_of_housing_is_suspended, _entry("domestic_abuse")),
)
"""The last one leaves hardly anything to see."""

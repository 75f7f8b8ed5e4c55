"""Every way to take something away (design 3.3), one line each: how it is opened and what ends it.

A new way is a new line of ``TAKINGS_AWAY``.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count

from tests.gateway.areas.policies import document
from tests.races.scene import HOUSING, NAME, SCHOOL, SECRET, D, Json, Request, Scene
from tests.races.virtual import monotonic

LASTS = 25.0
"""Seconds until what one schedule opened is gone of itself, so that the next one finds nothing of it."""


@dataclass(frozen=True)
class Opened:
    """Something that somebody may see for now: ``reader`` sees ``secret`` at each of ``paths``.

    ``until`` is when it ends by the clock, if that is what ends it, on the loop's time.
    """

    reader: str
    paths: tuple[str, ...]
    secret: bytes
    id: str = ""
    until: float | None = None


@dataclass(frozen=True)
class TakingAway:
    """``end`` None: it ends by the clock. ``afterwards`` puts right what the next schedule needs.

    ``on_a_date``: what ends it is told a moment that is ahead. Such an ending, like one by the clock, is
    kept by deciding D early; any other by waiting D before it is answered.
    """

    name: str
    open: Callable[[Scene], Awaitable[Opened]]
    end: Callable[[Scene, Opened], Request] | None
    afterwards: Callable[[Scene], Awaitable[None]] | None = None
    on_a_date: bool = False
    once_in: int = 1
    """Rounds: what costs as much as many others is raced in one of so many."""

    @property
    def waits(self) -> bool:
        return self.end is not None and not self.on_a_date


def _need(scene: Scene, reader: str, id: str) -> Opened:
    """The need in the assessment, wherever it is shown."""
    case = f"/v1/cases/{scene.family.case}"
    assessment = f"{case}/assessments/{scene.family.assessment}"
    return Opened(reader, (case, assessment, f"{assessment}/print"), SECRET, id)


def _name(scene: Scene, reader: str, id: str) -> Opened:
    """The child's name, which whoever has a place on the team sees, also in their list of cases."""
    return Opened(reader, (f"/v1/cases/{scene.family.case}", "/v1/cases"), NAME, id)


# --- who works with the family


async def _housing_officer(scene: Scene) -> str:
    """Somebody of housing, on the team once and for all."""
    if "housing" not in scene.lasting:
        scene.lasting["housing"] = scene.newcomer()
        await _join(scene, scene.lasting["housing"])
    return scene.lasting["housing"]


async def _join(scene: Scene, user: str) -> str:
    joining = {"user": user, "name": "Hana Novak", "agency": HOUSING, "role": "practitioner"}
    path = f"/v1/cases/{scene.family.case}/team"
    return await scene.record(
        Request("nadia.bell", "POST", path, {**joining, "job_title": "Housing officer"})
    )


async def _a_new_member(scene: Scene) -> Opened:
    user = scene.newcomer()
    return _name(scene, user, await _join(scene, user))


def _leave(scene: Scene, opened: Opened) -> Request:
    path = f"/v1/cases/{scene.family.case}/team/{opened.id}"
    return Request(opened.reader, "DELETE", path, {"reason": "Moved on."})


def _depart(_: Scene, opened: Opened) -> Request:
    return Request("kit.vane", "POST", f"/v1/users/{opened.reader}/departure", {"reason": "Left."})


def _suspend(_: Scene, opened: Opened) -> Request:
    return Request("hous.officer", "POST", f"/v1/users/{opened.reader}/suspension", {"reason": "Enquiry."})


# --- what the family said


async def _permit(scene: Scene, until: str) -> str:
    share = {
        "kind": "share", "subject": scene.family.child, "giver": scene.family.mother, "capacity": "parent",
        "answer": "given", "statement": {"reasons_explained_and_understood": True, "agrees": True},
        "evidence": {"form": "written", "reference": "form 17"}, "wording_version": "2026-1",
        "recipients": [HOUSING], "categories": ["learning"], "level": "full", "purposes": ["support"],
        "valid_until": until,
    }  # fmt: skip
    path = f"/v1/cases/{scene.family.case}/consents"
    return await scene.record(Request("nadia.bell", "POST", path, share))


async def _a_permission(scene: Scene) -> Opened:
    return _need(scene, await _housing_officer(scene), await _permit(scene, scene.moment(LASTS)))


async def _a_permission_that_runs_out(scene: Scene) -> Opened:
    reader = await _housing_officer(scene)
    seconds = 1.2 + scene.pauses.random.random()
    until, moment = monotonic() + seconds, scene.moment(seconds)
    return replace(_need(scene, reader, await _permit(scene, moment)), until=until)


def _withdraw(scene: Scene, opened: Opened) -> Request:
    path = f"/v1/cases/{scene.family.case}/consents/{opened.id}/withdrawal"
    return Request("nadia.bell", "POST", path, {"withdrawn_by": scene.family.mother})


def _exclude(scene: Scene, opened: Opened) -> Request:
    exclusion = {
        "subject": scene.family.child, "giver": scene.family.mother, "capacity": "parent",
        "users": [opened.reader], "categories": ["learning"], "valid_until": scene.moment(LASTS),
    }  # fmt: skip
    return Request("nadia.bell", "POST", f"/v1/cases/{scene.family.case}/exclusions", exclusion)


async def _a_permission_of_a_family_that_takes_part(scene: Scene) -> Opened:
    opened = await _a_permission(scene)
    return replace(opened, id=scene.lasting.get("taking part", scene.family.taking_part))


async def _take_part_again(scene: Scene) -> None:
    family = scene.family
    again = {
        "kind": "take_part", "subject": family.child, "giver": family.mother, "capacity": "parent",
        "answer": "given", "statement": {"reasons_explained_and_understood": True, "agrees": True},
        "evidence": {"form": "written", "reference": "form 18"}, "wording_version": "2026-1",
        "privacy_notice": {"version": "2026-1", "language": "English", "given_to": "the family"},
    }  # fmt: skip
    path = f"/v1/cases/{family.case}/consents"
    scene.lasting["taking part"] = await scene.record(Request("nadia.bell", "POST", path, again))


# --- bars and overrides


def _bar(scene: Scene, opened: Opened) -> Request:
    bar = {
        "kind": "court_order", "users": [opened.reader], "categories": ["identity"],
        "legal_reference": "Order 17/2031", "review_on": "2031-09-01", "reason": "The court said so.",
        "custodian": {"name": "Duty manager", "telephone": "01632 960200", "agency": SCHOOL},
    }  # fmt: skip
    return Request("tom.ashby", "POST", f"/v1/cases/{scene.family.case}/bars", bar)


async def _an_override(scene: Scene) -> Opened:
    reader = await _housing_officer(scene)
    override = {
        "lawful_basis": "section_47_enquiry", "reference": "S47-118", "reason": "An enquiry.",
        "recipients": {"users": [reader]}, "categories": ["learning"], "purposes": ["support"],
        "level": "full", "valid_until": scene.moment(LASTS),
    }  # fmt: skip
    path = f"/v1/cases/{scene.family.case}/overrides"
    return _need(scene, reader, await scene.record(Request("tom.ashby", "POST", path, override)))


def _end_override(scene: Scene, opened: Opened) -> Request:
    path = f"/v1/cases/{scene.family.case}/overrides/{opened.id}/ending"
    return Request("tom.ashby", "POST", path, {"reason": "The enquiry is over."})


# --- agreements and releases


def _agreement(scene: Scene, begins: float, base: str, mode: str) -> Json:
    row = {
        "category": "learning", "base": base, "mode": mode, "cap": base,
        "basis": "public task", "condition": "substantial public interest", "power": "Children Act 2004",
    }  # fmt: skip
    return {
        "owner": SCHOOL, "recipient": HOUSING, "purpose": "support", "rows": [row],
        "valid_from": scene.moment(begins), "valid_until": scene.moment(LASTS), "title": "For housing",
    }  # fmt: skip


async def _an_agreement(scene: Scene) -> Opened:
    body = _agreement(scene, -1, "full", "mandatory")
    agreement = await scene.record(Request("tom.ashby", "POST", "/v1/agreements", body))
    return _need(scene, await _housing_officer(scene), agreement)


def _end_agreement(_: Scene, opened: Opened) -> Request:
    return Request("tom.ashby", "POST", f"/v1/agreements/{opened.id}/ending")


def _tighten(scene: Scene, _: Opened) -> Request:
    """A newer agreement that gives less."""
    return Request("tom.ashby", "POST", "/v1/agreements", _agreement(scene, 0, "none", "permission"))


async def _a_release(scene: Scene) -> Opened:
    """What the family permits and the agreement does not let through, but that its owner released it."""
    body = _agreement(scene, -1, "none", "permission")
    await scene.record(Request("tom.ashby", "POST", "/v1/agreements", body))
    opened = await _a_permission(scene)
    release = {
        "recipient": HOUSING, "subject": scene.family.child, "categories": ["learning"], "level": "full",
        "purpose": "support", "valid_until": scene.moment(LASTS), "reason": "They see him more often.",
    }  # fmt: skip
    path = f"/v1/cases/{scene.family.case}/releases"
    return replace(opened, id=await scene.record(Request("grace.obi", "POST", path, release)))


def _end_release(scene: Scene, opened: Opened) -> Request:
    path = f"/v1/cases/{scene.family.case}/releases/{opened.id}/ending"
    return Request("grace.obi", "POST", path, {"reason": "No longer needed."})


# --- policies

_DRAFTS = "/v1/policies/drafts"


def _tighter_policy() -> Json:
    """The default policy, but that practitioners on a team only know of what others hold about learning."""
    changed = document()
    place = next(n for n, column in enumerate(changed["columns"]) if "learning" in column["categories"])
    for entry in changed["ceilings"]:
        if entry["role"] == "practitioner" and entry["relationships"] in (["considering"], ["member"]):
            entry["levels"] = f"{entry['levels'][:place]}1{entry['levels'][place + 1 :]}"
    return changed


async def _approved(scene: Scene, draft: str) -> str:
    """A draft that was simulated and approved; its digest."""
    path, card = f"{_DRAFTS}/{draft}", {"state": ""}
    while card["state"] != "finished":
        card = await scene.do(Request("tom.ashby", "POST", f"{path}/simulation", {"pages": 5}))
    digest = {"digest": card["digest"]}
    await scene.do(Request("hous.officer", "POST", f"{path}/approval", digest))
    return card["digest"]


async def _a_permission_before_a_tighter_policy(scene: Scene) -> Opened:
    why = "Learning is for the lead"
    begun = await scene.do(Request("tom.ashby", "POST", _DRAFTS, {"from_version": 1, "why": why}))
    changes = {"why": why, "document": _tighter_policy(), "goldens": []}
    path = f"{_DRAFTS}/{begun['id']}"
    await scene.do(Request("tom.ashby", "PUT", path, changes), {"If-Match": begun["etag"]})
    scene.lasting["digest"] = await _approved(scene, begun["id"])
    return replace(await _a_permission(scene), id=begun["id"])


def _publish(scene: Scene, opened: Opened) -> Request:
    when = {"digest": scene.lasting["digest"], "published_from": scene.moment(1.1 * D)}
    return Request("tom.ashby", "POST", f"{_DRAFTS}/{opened.id}/publication", when)


async def _restore_the_policy(scene: Scene) -> None:
    begun = await scene.do(
        Request("tom.ashby", "POST", "/v1/policies/1/restoration", {"why": "It was better before"})
    )
    when = {"digest": await _approved(scene, begun["id"]), "published_from": scene.moment(2 * D)}
    await scene.do(Request("tom.ashby", "POST", f"{_DRAFTS}/{begun['id']}/publication", when))
    await asyncio.sleep(4 * D)


TAKINGS_AWAY = (
    TakingAway("a permission is withdrawn", _a_permission, _withdraw),
    TakingAway("an exclusion is recorded", _a_permission, _exclude),
    TakingAway("a permission runs out", _a_permission_that_runs_out, None),
    TakingAway("somebody leaves the team", _a_new_member, _leave),
    TakingAway("somebody leaves their agency", _a_new_member, _depart),
    TakingAway("a user is suspended", _a_new_member, _suspend),
    TakingAway("an agreement is ended", _an_agreement, _end_agreement),
    TakingAway("a tighter agreement is recorded", _an_agreement, _tighten),
    TakingAway("somebody is barred", _a_new_member, _bar),
    TakingAway("an override is ended", _an_override, _end_override),
    TakingAway("a release is ended", _a_release, _end_release),
    TakingAway(
        "the family no longer takes part",
        _a_permission_of_a_family_that_takes_part,
        _withdraw,
        afterwards=_take_part_again,
    ),
    TakingAway(
        "a tighter policy is published",
        _a_permission_before_a_tighter_policy,
        _publish,
        afterwards=_restore_the_policy,
        on_a_date=True,
        once_in=4,
    ),
)


def in_turn() -> Iterator[TakingAway]:
    """Round after round, without end."""
    for number in count():
        yield from (taking for taking in TAKINGS_AWAY if number % taking.once_in == 0)

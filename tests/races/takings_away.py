"""Every way to take something away (design 3.3), one line each: how it is opened and what ends it.

A new way is a new line of ``TAKINGS_AWAY``.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from tests.races.scene import HOUSING, NAME, SCHOOL, SECRET, Json, Request, Scene
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
    """``end`` None: it ends by the clock, and nobody waits D for it."""

    name: str
    open: Callable[[Scene], Awaitable[Opened]]
    end: Callable[[Scene, Opened], Request] | None


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


# --- agreements


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


TAKINGS_AWAY = (
    TakingAway("a permission is withdrawn", _a_permission, _withdraw),
    TakingAway("an exclusion is recorded", _a_permission, _exclude),
    TakingAway("a permission runs out", _a_permission_that_runs_out, None),
    TakingAway("somebody leaves the team", _a_new_member, _leave),
    TakingAway("somebody leaves their agency", _a_new_member, _depart),
    TakingAway("a user is suspended", _a_new_member, _suspend),
    TakingAway("an agreement is ended", _an_agreement, _end_agreement),
    TakingAway("a tighter agreement is recorded", _an_agreement, _tighten),
)

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


# --- who is asked, and who is in charge


def _considers(scene: Scene, reader: str, id: str) -> Opened:
    """The child's name, for somebody who considers the case and has no place on the team."""
    return Opened(reader, (f"/v1/cases/{scene.family.case}", f"/v1/people/{scene.family.child}"), NAME, id)


async def _a_referral(scene: Scene) -> Opened:
    user = scene.newcomer()
    asked = {"agency": HOUSING, "reason": "A flat.", "attention_of": {"user": user, "name": "Hana Novak"}}
    path = f"/v1/cases/{scene.family.case}/referrals"
    return _considers(scene, user, await scene.record(Request("nadia.bell", "POST", path, asked)))


def _refuse_referral(_: Scene, opened: Opened) -> Request:
    return Request(opened.reader, "POST", f"/v1/referrals/{opened.id}/refusal", {"reason": "No flat."})


def _take_referral_back(scene: Scene, opened: Opened) -> Request:
    path = f"/v1/cases/{scene.family.case}/referrals/{opened.id}/withdrawal"
    return Request("nadia.bell", "POST", path)


def _close_case(scene: Scene, _: Opened) -> Request:
    return Request("nadia.bell", "POST", f"/v1/cases/{scene.family.case}/closure", {"reason": "needs_met"})


async def _reopen_case(scene: Scene) -> None:
    path = f"/v1/cases/{scene.family.case}/reopening"
    await scene.do(Request("nadia.bell", "POST", path, {"reason": "Needed again."}))


async def _invited(scene: Scene, meeting: str) -> Opened:
    user = scene.newcomer()
    somebody = {"user": user, "name": "Hana Novak", "agency": HOUSING, "role": "practitioner"}
    path = f"/v1/cases/{scene.family.case}/meetings/{meeting}/invitations"
    invitation = await scene.record(Request("nadia.bell", "POST", path, somebody))
    return _considers(scene, user, f"{meeting}/invitations/{invitation}")


async def _meeting(scene: Scene) -> str:
    ahead = {"meeting_kind": "team_meeting", "title": "Six weeks on", "starts_at": scene.moment(86_400)}
    path = f"/v1/cases/{scene.family.case}/meetings"
    return await scene.record(Request("nadia.bell", "POST", path, ahead))


async def _an_invitation(scene: Scene) -> Opened:
    if "meeting" not in scene.lasting:
        scene.lasting["meeting"] = await _meeting(scene)
    return await _invited(scene, scene.lasting["meeting"])


def _decline(scene: Scene, opened: Opened) -> Request:
    path = f"/v1/cases/{scene.family.case}/meetings/{opened.id}/apologies"
    return Request(opened.reader, "POST", path)


async def _an_invitation_to_one_meeting(scene: Scene) -> Opened:
    meeting = await _meeting(scene)
    return replace(await _invited(scene, meeting), id=meeting)


def _call_off(scene: Scene, opened: Opened) -> Request:
    path = f"/v1/cases/{scene.family.case}/meetings/{opened.id}/cancellation"
    return Request("nadia.bell", "POST", path, {"reason": "Snow."})


async def _a_meeting_that_has_begun(scene: Scene) -> Opened:
    """Begun and attended, so that it can be closed."""
    soon = {"meeting_kind": "team_meeting", "title": "Today", "starts_at": scene.moment(5)}
    path = f"/v1/cases/{scene.family.case}/meetings"
    meeting = await scene.record(Request("nadia.bell", "POST", path, soon))
    opened = await _invited(scene, meeting)
    await asyncio.sleep(6)
    there = {"present": [opened.id.rsplit("/", 1)[-1]]}
    await scene.do(Request("nadia.bell", "POST", f"{path}/{meeting}/attendance", there))
    return replace(opened, id=meeting)


def _close_meeting(scene: Scene, opened: Opened) -> Request:
    path = f"/v1/cases/{scene.family.case}/meetings/{opened.id}/closing"
    return Request("nadia.bell", "POST", path)


FOR_THE_LEAD = b"canary for the lead"


async def _a_lead(scene: Scene) -> Opened:
    """Somebody who leads until the head of year does: who leads sees the whole story of the blows, and others
    on the team their headline."""
    case, reader = f"/v1/cases/{scene.family.case}", scene.newcomer()
    await _blows(scene)
    if "school's place" not in scene.lasting:
        team = (await scene.do(Request("nadia.bell", "GET", f"{case}/team")))["team"]
        scene.lasting["school's place"] = next(one["id"] for one in team if one["user"] == "nadia.bell")
    led = "led" in scene.lasting
    place = await _join(scene, reader)
    path = f"{case}/lead-professional"
    asking = f"{path}/handovers" if led else f"{path}/nominations"
    asked = await scene.record(Request("nadia.bell", "POST", asking, {"member": place}))
    await scene.do(Request(reader, "POST", f"{path}/nominations/{asked}/acceptance"))
    scene.lasting["led"] = "yes"
    back = {"member": scene.lasting["school's place"]}
    handover = await scene.record(Request(reader, "POST", f"{path}/handovers", back))
    for category in ("family", "domestic_abuse"):
        await _permit(scene, scene.moment(LASTS), category)
    assessment = f"{case}/assessments/{scene.family.assessment}"
    return Opened(reader, (case, assessment, f"{assessment}/print"), FOR_THE_LEAD, handover)


async def _blows(scene: Scene) -> None:
    if "blows" not in scene.lasting:
        need = {
            "kind": "need", "element": "family_social_relationships", "headline": "There were blows.",
            "narrative": FOR_THE_LEAD.decode(), "whose_view": "practitioner",
            "subjects": [scene.family.child], "sensitive_content": ["domestic_abuse"],
        }  # fmt: skip
        path = f"/v1/cases/{scene.family.case}/assessments/{scene.family.assessment}/entries"
        scene.lasting["blows"] = await scene.record(Request("nadia.bell", "POST", path, need))


def _take_over(scene: Scene, opened: Opened) -> Request:
    path = f"/v1/cases/{scene.family.case}/lead-professional/nominations/{opened.id}/acceptance"
    return Request("nadia.bell", "POST", path)


OWED = b"canary of what is owed"


async def _an_action_that_housing_owes(scene: Scene) -> Opened:
    """About what housing may know nothing of, but that it owes it."""
    reader, path = await _housing_officer(scene), f"/v1/cases/{scene.family.case}/actions"
    action = {
        "desired_outcome": OWED.decode(), "action": "Find a flat.", "by_when": "2032-01-01",
        "accountable": HOUSING, "categories": ["mental_health"],
    }  # fmt: skip
    made = await scene.do(Request("nadia.bell", "POST", path, {"actions": [action]}))
    scene.lasting["owed"] = made["actions"][0]["id"]
    scene.lasting["its etag"] = await _etag_of_what_is_owed(scene)
    return Opened(reader, (f"/v1/cases/{scene.family.case}", path, "/v1/worklists/promises"), OWED)


async def _etag_of_what_is_owed(scene: Scene) -> str:
    path = f"/v1/cases/{scene.family.case}/actions"
    shown = (await scene.do(Request("nadia.bell", "GET", path)))["entries"]
    return str(next(entry["etag"] for entry in shown if entry["id"] == scene.lasting["owed"]))


def _ask_another_agency(scene: Scene, _: Opened) -> Request:
    path = f"/v1/cases/{scene.family.case}/actions/{scene.lasting['owed']}"
    return Request("nadia.bell", "PATCH", path, {"accountable": SCHOOL}, scene.lasting["its etag"])


async def _give_it_up(scene: Scene) -> None:
    """Nothing is owed when the case is to be closed."""
    path, given_up = f"/v1/cases/{scene.family.case}/actions/{scene.lasting['owed']}", {"status": "not_done"}
    etag = await _etag_of_what_is_owed(scene)
    await scene.do(Request("nadia.bell", "PATCH", path, given_up, etag))


# --- what the family said


def _said(scene: Scene, category: str = "learning", *, agrees: bool, **more: str) -> Request:
    """Her answer, whether housing may know of it."""
    share = {
        "kind": "share", "subject": scene.family.child, "giver": scene.family.mother, "capacity": "parent",
        "answer": "given" if agrees else "refused",
        "statement": {"reasons_explained_and_understood": True, "agrees": agrees},
        "evidence": {"form": "written", "reference": "form 17"}, "wording_version": "2026-1",
        "recipients": [HOUSING], "categories": [category], "level": "full", "purposes": ["support"], **more,
    }  # fmt: skip
    return Request("nadia.bell", "POST", f"/v1/cases/{scene.family.case}/consents", share)


async def _permit(scene: Scene, until: str, category: str = "learning") -> str:
    return await scene.record(_said(scene, category, agrees=True, valid_until=until))


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


def _refuse(scene: Scene, _: Opened) -> Request:
    return _said(scene, agrees=False)


async def _take_refusals_back(scene: Scene) -> None:
    path = f"/v1/cases/{scene.family.case}/consents"
    answers = (await scene.do(Request("nadia.bell", "GET", path)))["consents"]
    refused = [one["id"] for one in answers if one["answer"] == "refused" and not one["withdrawn_at"]]
    for consent in refused:
        back = {"withdrawn_by": scene.family.mother}
        await scene.do(Request("nadia.bell", "POST", f"{path}/{consent}/withdrawal", back))


def _withdraw_as_it_is_heard(scene: Scene, _: Opened) -> Request:
    heard = {"kind": "share", "subject": scene.family.child, "withdrawn_by": scene.family.mother}
    return Request("nadia.bell", "POST", f"/v1/cases/{scene.family.case}/consents/withdrawals", heard)


def _limit_her_say(scene: Scene, _: Opened) -> Request:
    order = {
        "kind": "court_order", "effect": "takes_away", "subject": scene.family.child,
        "holder": scene.family.mother, "document": "Order 18/2031", "covers": ["learning"],
        "verified_by": "Nadia Bell, who saw it", "valid_until": scene.moment(LASTS),
    }  # fmt: skip
    return Request("nadia.bell", "POST", f"/v1/cases/{scene.family.case}/authorities", order)


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
        "recipients": {"agencies": [HOUSING]}, "categories": ["learning"], "purposes": ["support"],
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
    TakingAway("a withdrawal is written down as it is heard", _a_permission, _withdraw_as_it_is_heard),
    TakingAway("a refusal is recorded", _a_permission, _refuse, afterwards=_take_refusals_back),
    TakingAway("a court order takes a parent's say away", _a_permission, _limit_her_say),
    TakingAway("an exclusion is recorded", _a_permission, _exclude),
    TakingAway("a permission runs out", _a_permission_that_runs_out, None),
    TakingAway("somebody leaves the team", _a_new_member, _leave),
    TakingAway("somebody leaves their agency", _a_new_member, _depart),
    TakingAway("a user is suspended", _a_new_member, _suspend),
    TakingAway("somebody who considers the case leaves their agency", _an_invitation, _depart),
    TakingAway("a referral is refused", _a_referral, _refuse_referral),
    TakingAway("a referral is taken back", _a_referral, _take_referral_back),
    TakingAway("a case is closed", _a_referral, _close_case, afterwards=_reopen_case),
    TakingAway("an invitation is declined", _an_invitation, _decline),
    TakingAway("a meeting is called off", _an_invitation_to_one_meeting, _call_off),
    TakingAway("a meeting is closed", _a_meeting_that_has_begun, _close_meeting),
    TakingAway("a lead hands over", _a_lead, _take_over),
    TakingAway(
        "another agency is asked to do what one owes",
        _an_action_that_housing_owes,
        _ask_another_agency,
        afterwards=_give_it_up,
    ),
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

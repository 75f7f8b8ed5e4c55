"""One family's case with something of every kind in it, and a text of its own in every field.

Seven agencies work with the Mercers. What each of them wrote says something that nothing else says, so that
a test can tell from a text where it came from.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import stdnum.gb.nhs
import stdnum.gb.upn

from deploy.stories.steps import agree_to_take_part, join_team, make_lead, open_case, permit, record_parent
from shared.clock import rfc3339
from tests.support.gateway import START, As, World

SCHOOL, YOT, HOUSING = "northgate-school", "youth-offending", "tidewater-housing"
CAMHS, HEALTH, MENTORS, JOBCENTRE = "riverbank-camhs", "mill-lane-health", "bright-path", "jobcentre-east"
EVERYDAY = ["learning", "behaviour", "family", "wellbeing", "parenting", "community"]
UNTIL = rfc3339(START + timedelta(days=180))
TODAY = START.date()
Json = dict[str, Any]

_numbers = count(1)


def number_from(first: int) -> None:
    """Go on with this number: what is made in two worlds in turn is made in the same words in both."""
    global _numbers
    _numbers = count(first)


def words(about: str) -> str:
    """A text that stands nowhere else."""
    return f"canary{next(_numbers):05d} {about}"


def day() -> str:
    """A day far ahead that stands nowhere else."""
    return (TODAY.replace(year=2100) + timedelta(days=next(_numbers))).isoformat()


def past_day() -> str:
    """A day long ago that stands nowhere else."""
    return (TODAY.replace(year=1900) + timedelta(days=next(_numbers))).isoformat()


LATELY = (TODAY - timedelta(days=79)).isoformat()
"""A day on which something was noticed that counts for a signal still."""


def birthday(age: int) -> str:
    """A birthday of its own for somebody of this age."""
    return (TODAY.replace(year=TODAY.year - age) - timedelta(days=20 + next(_numbers) % 300)).isoformat()


def telephone() -> str:
    return f"01632 7{next(_numbers):05d}"


def nhs_number() -> str:
    """A test number (999…) of its own, with its check digit."""
    while True:
        stem = f"999{next(_numbers):06d}"
        for digit in "0123456789":
            if stdnum.gb.nhs.is_valid(stem + digit):
                return stem + digit


def upn() -> str:
    stem = f"801200001{next(_numbers) % 1000:03d}"
    return str(stdnum.gb.upn.calc_check_digit(stem)) + stem


def details(kind: str, *, age: int = 14) -> Json:
    """The content of a detail of a kind, every field of it filled in."""
    content: dict[str, Json] = {
        "name": {
            "given_names": words("given"), "family_name": words("family"),
            "full_name_as_written": words("written"), "previous_or_other_names": [words("before")],
        },
        "birth": {"date_of_birth": birthday(age), "sex": "male"},
        "identifiers": {"nhs_number": nhs_number(), "upn": upn()},
        "contact": {
            "address": words("address"), "postcode": words("postcode"), "telephone": telephone(),
            "email": f"canary{next(_numbers):05d}@example.org", "safe_way_to_make_contact": words("safe way"),
        },
        "access_needs": {
            "first_language": words("language"), "parents_first_language": words("parents' language"),
            "special_requirements": words("requirements"), "special_requirements_arranged": True,
        },
        "health_needs": {"disabled": True, "disability_details": words("disability")},
        "equality": {
            "ethnicity": words("ethnicity"), "religion": words("religion"),
            "immigration_status": words("immigration"),
        },
    }  # fmt: skip
    return {"kind": kind, "fields": content[kind]}


DETAIL_KINDS = ("name", "birth", "identifiers", "contact", "access_needs", "health_needs", "equality")


def element(kind: str, element: str, subjects: list[str], sensitive: list[str] | None = None) -> Json:
    return {
        "kind": kind, "element": element, "headline": words("headline"), "narrative": words("narrative"),
        "evidence": words("evidence"), "whose_view": "practitioner", "subjects": subjects,
        "sensitive_content": [] if sensitive is None else sensitive,
    }  # fmt: skip


def agreed_action(accountable: str) -> Json:
    return {
        "kind": "agreed_action", "desired_outcome": words("outcome"), "action": words("to do"),
        "responsible_name": words("responsible"), "accountable": accountable, "by_when": day(),
        "sensitive_content": [],
    }  # fmt: skip


def plan_action(accountable: str, categories: list[str] | None = None) -> Json:
    starts_on, needed_by = day(), day()
    return {
        "desired_outcome": words("outcome"), "action": words("to do"), "by_when": day(),
        "starts_on": starts_on, "needed_by": needed_by,
        "accountable": accountable, "responsible_name": words("responsible"),
        "responsible_user": f"user-canary{next(_numbers):05d}", "categories": categories or [],
        "family_wishes": words("family's wishes"), "supporting": [HOUSING],
    }  # fmt: skip


def plan_goal() -> Json:
    return {"goal": words("goal"), "by_when": day(), "family_wishes": words("family's wishes")}


def outcome_measure() -> Json:
    return {
        "measure": words("measure"), "scale": {"lowest": 0, "highest": 10, "higher_is_better": True},
        "baseline": {"measured_on": past_day(), "value": 2, "note": words("measured")},
    }  # fmt: skip


def compact(mother: str) -> Json:
    return {
        "preamble": words("compact"), "review_on": day(),
        "commitments": [
            {"promised_by": {"agency": SCHOOL}, "promise": words("promise"), "by_when": day()},
            {"promised_by": {"person": mother}, "promise": words("promise"), "by_when": day()},
        ],
    }  # fmt: skip


def purchase(allocation: str, **changes: Any) -> Json:
    return {
        "allocation": allocation, "kind_of_purchase": "household", "what": words("bought"),
        "amount_pence": 12_000, "wish": words("wish"), "departs_from_wish": True,
        "departed_because": words("departed"), **changes,
    }  # fmt: skip


def other_parts(child: str, mother: str, owner: str) -> list[Json]:
    """An entry of each of the remaining kinds of the form."""
    return [
        {"kind": "people_present", "people": [words("present"), words("present too")]},
        {
            "kind": "assessor", "name": words("assessor"), "role": words("role"), "agency": words("agency"),
            "contact": words("contact"),
        },
        {
            "kind": "checklist",
            "answers": [
                {"question": question, "answer": "not_sure", "services_needed": words("services")}
                for question in ("healthy", "safe", "learning", "positive_impact", "free_from_poverty")
            ],
            "assessment_needed": True, "needed_because": words("because"),
            "undertaken_by": words("undertaken"), "agreement_to_assess": "given", "completed_on": past_day(),
            "sensitive_content": [],
        },
        {
            "kind": "parent_or_carer", "name": words("parent"), "relationship": words("relation"),
            "parental_responsibility": "yes", "telephone": telephone(), "address": words("home"),
            "subjects": [mother],
        },
        {"kind": "home_situation", "text": words("at home"), "sensitive_content": []},
        {
            "kind": "service_with_family", "service_kind": "gp", "service_name": words("service"),
            "practitioner": words("practitioner"), "role": words("role"), "contact": words("contact"),
            "since": past_day(), "until": day(),
        },
        {
            "kind": "comment", "voice_of": "parent_or_carer", "text": words("comment"),
            "sensitive_content": [],
        },
        {"kind": "goal", "text": words("goal")},
        {"kind": "review", "review_on": day(), "reviewed_by": words("reviewer")},
        {
            "kind": "conclusion", "conclusion": "risk_of_harm", "explanation": words("explanation"),
            "referred_at": "2031-03-02T08:07:06Z", "referred_to": words("referred"),
            "follow_up_owner": owner, "follow_up_on": day(),
        },
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class House:
    """Ids of what was recorded. ``other_*`` belongs to a case that nobody but CAMHS works on."""

    child: str
    mother: str
    case: str
    assessment: str
    draft: str
    need: str
    camhs_need: str
    camhs_equality: str
    school_contact: str
    action: str
    camhs_action: str
    needed_action: str
    goal: str
    measure: str
    compact: str
    commitment: str
    stream: str
    allocation: str
    purchase: str
    everyday_permission: str
    exclusion: str
    lead_member: str
    housing_member: str
    nomination: str
    concern: str
    flag: str
    referral: str
    involvement: str
    meeting: str
    pledge: str
    invitation: str
    family_invitation: str
    other_child: str
    other_case: str
    other_assessment: str

    def as_json(self) -> Json:
        return asdict(self)


async def build(world: World) -> House:
    """The household, recorded through the public API by those who would."""
    school, camhs = world.as_("nadia.bell"), world.as_("asif.khan")
    child, child_details = await _person(school, DETAIL_KINDS, age=14)
    mother, _ = await _person(school, ("name", "birth", "contact"), age=41)
    case = await open_case(school, child, [mother], words("reason to open"))
    await record_parent(school, mother, child, "mother")
    await agree_to_take_part(school, case, child, mother, "parent")
    members = {
        user: await join_team(school, case, user)
        for user in ("sam.okafor", "hana.novak", "ben.carver", "asif.khan", "ruth.amadi")
    }
    lead = world.as_("sam.okafor")
    await make_lead(school, lead, case, members["sam.okafor"])
    nomination = (await lead.get(f"/v1/cases/{case}/lead-professional"))["nominations"][0]["id"]
    everyday = await permit(
        school, case, child, mother, "parent",
        recipients=[YOT, HOUSING, SCHOOL], categories=EVERYDAY, until=UNTIL,
    )  # fmt: skip
    for category, recipients in (("offending", [SCHOOL]), ("mental_health", [HEALTH])):
        await permit(
            school, case, child, mother, "parent",
            recipients=recipients, categories=[category], until=UNTIL,
        )  # fmt: skip
    exclusion = await school.post(
        f"/v1/cases/{case}/exclusions",
        {
            "subject": child, "giver": mother, "capacity": "parent", "agencies": [JOBCENTRE],
            "categories": ["identity", "involvement", "plan", "family"], "note": words("exclusion note"),
        },
    )  # fmt: skip
    camhs_details = await _details(camhs, child, ("equality", "health_needs", "contact"))
    assessment, entries = await _assessment(world, school, case, child, mother, members["sam.okafor"])
    agreed = {"actions": [plan_action(YOT), plan_action(HOUSING)]}
    actions = await school.post(f"/v1/cases/{case}/actions", agreed)
    in_part = {"part": words("part"), "reason": words("not the rest")}
    path = f"/v1/cases/{case}/actions/{actions['actions'][0]['id']}/partial-acceptance"
    await lead.post(path, in_part)
    hidden = {"actions": [plan_action(CAMHS, ["mental_health"])]}
    goal = await school.post(f"/v1/cases/{case}/goals", plan_goal())
    measure = await school.post(f"/v1/cases/{case}/outcomes", outcome_measure())
    promised = await _compact(school, case, mother)
    camhs_actions = await camhs.post(f"/v1/cases/{case}/actions", hidden)
    money = await _budget(world, case, actions["actions"][0]["id"])
    draft = await camhs.post(f"/v1/cases/{case}/assessments", _new_assessment(child))
    other_child, other_case, other_assessment = await _other_case(camhs)
    concern = await _concern(world.as_("ruth.amadi"), case)
    flag = await _flags(world, school, case, child)
    referral = await _referrals(world, case)
    await _contacts(world, case)
    involvement = await _involvements(school, camhs, child)
    held = {"held_on": past_day(), "outcome": "slow", "note": words("review note"), "review_on": "2031-08-01"}
    await school.post(f"/v1/cases/{case}/reviews", held)
    meeting, invitation, of_family, pledge = await _meeting(world, case, entries["need"], mother)
    return House(
        child=child, mother=mother, case=case, assessment=assessment, draft=draft["id"],
        need=entries["need"], camhs_need=entries["camhs"], camhs_equality=camhs_details["equality"],
        school_contact=child_details["contact"], action=actions["actions"][0]["id"],
        needed_action=actions["actions"][1]["id"], camhs_action=camhs_actions["actions"][0]["id"],
        goal=goal["id"], measure=measure["id"], compact=promised["id"],
        commitment=promised["commitments"][0], **money, everyday_permission=everyday,
        exclusion=exclusion["id"], lead_member=members["sam.okafor"],
        housing_member=members["hana.novak"], nomination=nomination, concern=concern, flag=flag,
        involvement=involvement,
        referral=referral, meeting=meeting, invitation=invitation, family_invitation=of_family, pledge=pledge,
        other_child=other_child, other_case=other_case, other_assessment=other_assessment,
    )  # fmt: skip


async def _budget(world: World, case: str, action: str) -> dict[str, str]:
    """Money of the youth offending team that its worker, who leads, holds; and a bed that waits for a
    signature."""
    manager, lead = world.as_("liz.hart"), world.as_("sam.okafor")
    rules = {"may_buy": ["household", "travel"], "second_signature_above_pence": 10_000}
    stream = await manager.post(
        "/v1/budget-streams", {"name": "Family support fund", "total_pence": 500_000, **rules}
    )
    money = {"stream": stream["id"], "amount_pence": 50_000, "purpose": words("purpose")}
    allocation = await manager.post(f"/v1/cases/{case}/budget/allocations", money)
    bought = purchase(allocation["id"], action=action)
    ordered = await lead.post(f"/v1/cases/{case}/budget/purchases", bought)
    return {"stream": stream["id"], "allocation": allocation["id"], "purchase": ordered["id"]}


async def _compact(school: As, case: str, mother: str) -> Json:
    """What the school and the mother promise each other, which she signed through the school."""
    made: Json = await school.post(f"/v1/cases/{case}/compact", compact(mother))
    path = f"/v1/cases/{case}/compact/{made['id']}/signatures"
    await school.post(path, {"signed_by": {"person": mother}, "note": words("signed")})
    said = {"status": "missed", "what_happened": words("happened")}
    await school.post(f"/v1/cases/{case}/compact/commitments/{made['commitments'][1]}/standing", said)
    return made


async def _concern(health: As, case: str) -> str:
    """A worry that health sent to social care, who are not on the team."""
    sent = await health.post(
        f"/v1/cases/{case}/concerns",
        {
            "recipient": "harbour-social-care", "about": words("about whom"), "worry": words("worry"),
            "when": words("when"), "immediate_danger": False, "family_told": False,
            "not_told_because": words("not told"),
        },
    )  # fmt: skip
    return str(sent["id"])


async def _flags(world: World, school: As, case: str, child: str) -> str:
    """The school's flag; a staff-safety note and what the youth offending team noticed; a level of need."""
    flag = {
        "kind": "concern_flag", "level": "worried", "message": words("flag"), "call_name": words("call"),
        "call_telephone": telephone(), "expires_on": day(),
    }  # fmt: skip
    raised = await school.post(f"/v1/cases/{case}/flags", flag)
    note = {"kind": "staff_safety_note", "instruction": words("visit"), "expires_on": day()}
    await world.as_("sam.okafor").post(f"/v1/cases/{case}/flags", note)
    for noticed_on in (past_day(), LATELY):
        noticed = {"noticed_on": noticed_on, "what": words("small concern"), "categories": ["wellbeing"]}
        await world.as_("sam.okafor").post(f"/v1/people/{child}/small-concerns", noticed)
    await school.post(f"/v1/cases/{case}/need-levels", {"level": 3, "reason": words("need level")})
    cost = {
        "service": words("service"), "starts_on": past_day(), "ends_on": day(), "pence": 320_000,
        "planned_alternative": words("planned alternative"), "planned_alternative_pence": 90_000,
    }  # fmt: skip
    await world.as_("sam.okafor").post(f"/v1/cases/{case}/costs", cost)
    return str(raised["id"])


async def _referrals(world: World, case: str) -> str:
    """Two services for adults are asked by the school; one refuses, the first is waiting for its answer."""
    school, path, asked = world.as_("nadia.bell"), f"/v1/cases/{case}/referrals", []
    for agency, user in (("eastmere-adult-care", "lena.fox"), ("eastmere-mental-health", "omar.aziz")):
        referral = {
            "agency": agency, "service": words("service"), "reason": words("why"), "answer_by": day(),
            "attention_of": {"user": user, "name": words("meant for")},
        }  # fmt: skip
        asked.append((await school.post(path, referral))["id"])
    taken_up = {"user": "lena.fox", "name": words("taken up by")}
    await world.as_("lena.fox").post(f"/v1/referrals/{asked[0]}/take-up", taken_up)
    await world.as_("omar.aziz").post(f"/v1/referrals/{asked[1]}/refusal", {"reason": words("no")})
    return str(asked[0])


async def _contacts(world: World, case: str) -> None:
    """The school is told no, something changes, and its manager lets it ask again."""
    school, path = world.as_("nadia.bell"), f"/v1/cases/{case}/contacts"
    await school.post(
        path,
        {
            "when": f"{past_day()}T09:00:00Z", "how": "visit", "outcome": "informed_refusal",
            "with_whom": words("with whom"), "what_was_explained": words("explained"), "note": words("note"),
        },
    )  # fmt: skip
    await world.as_("grace.obi").post(f"{path}/reopening", {"reason": words("ask again")})
    event = {"event": "moved_home", "happened_on": past_day(), "note": words("moved")}
    await school.post(f"/v1/cases/{case}/life-events", event)
    await school.post(path, {"when": f"{past_day()}T09:00:00Z", "how": "letter", "outcome": "no_answer"})


async def _involvements(school: As, camhs: As, child: str) -> str:
    """One of the school's, and one of which the very name says something that is sensitive."""
    path = f"/v1/people/{child}/involvements"
    said = {"since": past_day(), "until": past_day(), "reason": "treatment"}

    def service() -> Json:
        name, contact = words("service name"), words("whom to ring")
        return {"service": name, "contact_name": contact, "contact_telephone": telephone(), **said}

    own = await school.post(path, service())
    await camhs.post(path, {**service(), "sensitive": ["mental_health"]})
    return str(own["id"])


async def _meeting(world: World, case: str, paper: str, mother: str) -> tuple[str, str, str, str]:
    """A panel of this afternoon, at which they decided and pledged something: it, invitations to it of
    somebody at work and of the mother, and the pledge."""
    school, path = world.as_("nadia.bell"), f"/v1/cases/{case}/meetings"
    panel = {
        "meeting_kind": "panel", "title": words("title"), "place": words("place"),
        "starts_at": rfc3339(START.replace(hour=17)), "panel": {"name": words("panel")},
        "eligibility": {"agreed": True},
        "agenda": [{"topic": words("topic"), "note": words("agenda note"), "papers": [paper]}],
    }  # fmt: skip
    one = f"{path}/{(await school.post(path, panel))['id']}"
    invited = {"user": "hana.novak", "name": "Hana Novak", "agency": HOUSING, "role": "practitioner"}
    invitation = (await school.post(f"{one}/invitations", invited))["id"]
    of_family = (await school.post(f"{one}/family-invitations", {"person": mother}))["id"]
    await school.post(f"{one}/attendance", {"present": [invitation, of_family]})
    heard = {"whose": "child_or_young_person", "view": words("view")}
    await school.post(
        f"{one}/decisions",
        {"decision": words("decided"), "reasons": words("reasons"), "views": [heard]},
    )
    await school.post(
        f"{one}/decisions",
        {
            "decision": words("decided too"), "reasons": words("reasons"),
            "no_family_view_because": words("unheard"),
        },
    )  # fmt: skip
    promised = await school.post(f"{one}/pledges", {"actions": [plan_action(HOUSING)]})
    [pledge] = promised["actions"]
    kept = {"status": "kept", "what_happened": words("what happened to a pledge")}
    await school.post(f"/v1/cases/{case}/pledges/{pledge}/standing", kept)
    await school.post(f"{one}/closing")
    return one.rsplit("/", 1)[-1], invitation, of_family, pledge


async def _person(session: As, kinds: tuple[str, ...], *, age: int) -> tuple[str, dict[str, str]]:
    made = await session.post("/v1/people", {"details": [details(kind, age=age) for kind in kinds]})
    return made["id"], {detail["kind"]: detail["id"] for detail in made["details"]}


async def _details(session: As, person: str, kinds: tuple[str, ...], *, age: int = 14) -> dict[str, str]:
    ids = {}
    for kind in kinds:
        added = await session.post(f"/v1/people/{person}/details", {"details": [details(kind, age=age)]})
        ids[kind] = added["details"][0]["id"]
    return ids


def _new_assessment(person: str) -> Json:
    return {
        "instrument": "caf", "instrument_version": "1", "person": person, "started_on": past_day(),
        "reason_for_assessment": words("reason to assess"), "location": words("location"),
        "sensitive_content": [],
    }  # fmt: skip


async def _assessment(
    world: World, school: As, case: str, child: str, mother: str, owner: str
) -> tuple[str, dict[str, str]]:
    started = await school.post(f"/v1/cases/{case}/assessments", _new_assessment(child))
    assessment: str = started["id"]
    path = f"/v1/cases/{case}/assessments/{assessment}/entries"
    for body in [
        *other_parts(child, mother, owner),
        agreed_action(HOUSING),
        element("strength", "aspirations", [child]),
    ]:
        await school.post(path, body)
    need = await school.post(path, element("need", "participation", [child]))
    about_camhs = element("need", "emotional_social", [child], ["mental_health"])
    camhs = await world.as_("asif.khan").post(path, about_camhs)
    for user, name, sensitive in (
        ("sam.okafor", "behavioural_development", ["offending"]),
        ("hana.novak", "housing_employment_finance", []),
        ("ruth.amadi", "general_health", []),
        ("ruth.amadi", "general_health", ["sexual_health"]),
        ("ruth.amadi", "basic_care", ["safeguarding"]),
        ("nadia.bell", "guidance_boundaries", ["domestic_abuse"]),
    ):
        await world.as_(user).post(path, element("need", name, [child], sensitive))
    about_mother = element("need", "family_history", [mother], ["substance_use"])
    await world.as_("ruth.amadi").post(path, about_mother)
    await school.post(
        f"/v1/cases/{case}/assessments/{assessment}/signature",
        {
            "child_or_young_person": "not_present", "parent_or_carer": "agreed",
            "no_voice_reason": words("no voice"),
        },
    )  # fmt: skip
    await school.post(f"/v1/cases/{case}/actions", {"carry_over_from": assessment})
    return assessment, {"need": need["id"], "camhs": camhs["id"]}


async def _other_case(camhs: As) -> tuple[str, str, str]:
    child, _ = await _person(camhs, DETAIL_KINDS, age=11)
    case = await open_case(camhs, child, [], words("reason to open"))
    started = await camhs.post(f"/v1/cases/{case}/assessments", _new_assessment(child))
    path = f"/v1/cases/{case}/assessments/{started['id']}/entries"
    await camhs.post(path, element("need", "emotional_social", [child], ["mental_health"]))
    plan = {"actions": [plan_action(CAMHS)]}
    promised = (await camhs.post(f"/v1/cases/{case}/actions", plan))["actions"][0]["id"]
    becomes = [{"promise": promised, "because": words("what becomes of it")}]
    closure = {"reason": "other", "note": words("closing note"), "promises": becomes}
    [seat] = (await camhs.get(f"/v1/cases/{case}/team"))["team"]
    await camhs.post(f"/v1/cases/{case}/reviews", {"review_on": "2031-08-01", "owner": seat["id"]})
    closure["watched_over_by"] = words("who watches over")
    await camhs.post(f"/v1/cases/{case}/closure", closure)
    await camhs.post(f"/v1/cases/{case}/reopening", {"reason": words("reopening")})
    return child, case, started["id"]

"""Lives of a household in which every operation is done: who does what, and what must be before it can be.

What an operation needs that the household does not have is made through the API first (``LINKED``): an
invitation before somebody accepts one, three who worry before a co-ordinator takes a signal up.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx

from shared.clock import rfc3339
from tests.gateway.areas import two_keys
from tests.gateway.areas.contacts import refused
from tests.gateway.areas.meetings import meeting
from tests.gateway.areas.overrides import override
from tests.gateway.areas.referrals import referral
from tests.gateway.household import DETAIL_KINDS, HOUSING, SCHOOL, House, details, purchase
from tests.gateway.operations import CASE, OPERATIONS, PERSON, USERS, bodies, exclusion, ids_of, share
from tests.gateway.sequences import queries, values_of
from tests.gateway.test_break_glass import names_of
from tests.gateway.test_canaries import raw_entries
from tests.support.documented import Document
from tests.support.gateway import PEOPLE, As, CheckedClient, World, fresh_key

Json = dict[str, Any]
Operation = tuple[str, str]
MEETING, BUDGET = f"{CASE}/meetings/{{meeting}}", f"{CASE}/budget"
DRAFT, HOLD = "/v1/policies/drafts/{draft}", "/v1/ledger/receipts/{receipt}/holds"
NOMINATIONS = f"{CASE}/lead-professional/nominations"
IN_SAFEGUARDING = {"Purpose": "safeguarding", "Purpose-Reason": "An enquiry"}
FIRST = (
    "nadia.bell",
    "sam.okafor",
    "tom.ashby",
    "asif.khan",
    "grace.obi",
    "liz.hart",
    "paul.ensor",
    "dev.patel",
)
"""Who is tried first where nobody is known yet who may."""


@dataclass
class Sent:
    """How an operation is done: by whom, to what, with what."""

    user: str
    ids: Mapping[str, str] = field(default_factory=dict)
    body: Json | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    as_it_is: bool = False
    """Whether the body is sent in these words, because it is looked for by them."""


@dataclass
class Done:
    """What all lives together made, for the tests to count."""

    statuses: Counter[tuple[Operation, int]] = field(default_factory=Counter)
    good: dict[Operation, set[int]] = field(default_factory=lambda: defaultdict(set))
    """The good answers to each operation: requests that differ, or that were answered differently."""
    users: dict[Operation, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Who was let do it, so that later lives begin with them."""
    roles: dict[Operation, set[str]] = field(default_factory=lambda: defaultdict(set))
    forms: Counter[tuple[str, bool]] = field(default_factory=Counter)

    def number_of_good(self, operation: Operation) -> int:
        """How often an operation was done."""
        return sum(
            number for (done, status), number in self.statuses.items() if done == operation and status < 300
        )

    def classes(self) -> Counter[int]:
        """How many answers there were of each class of status."""
        found: Counter[int] = Counter()
        for (_, status), number in self.statuses.items():
            found[status // 100] += number
        return found


Check = Callable[[Operation, Any, httpx.Response], None]


class Life:
    """One household from morning to closure, in a world of its own."""

    def __init__(
        self,
        world: World,
        client: CheckedClient,
        house: House,
        document: Document,
        rng: random.Random,
        done: Done,
        check: Check,
    ) -> None:
        self.world, self.house, self.rng, self.done = world, house, rng, done
        self._client, self._document, self._check = client, document, check
        self.ids, self._bodies = ids_of(house), bodies(house)
        self.done_here: set[Operation] = set()
        self._sessions: dict[tuple[str, str], tuple[Any, As]] = {}

    async def send(self, operation: Operation, sent: Sent, form: str = "as it should be") -> httpx.Response:
        """Do it, check the answer, and keep what came of it."""
        method, template = operation
        path = template.format(**{**self.ids, **sent.ids}) + (f"?{sent.query}" if sent.query else "")
        headers = {"If-Match": '"0"', **fresh_key(), **sent.headers}
        answer = await self._session(sent).send(method, path, sent.body, headers=headers)
        self._check(operation, sent.body, answer)
        done = self.done
        done.statuses[operation, answer.status_code] += 1
        done.forms[form, answer.is_success] += 1
        if answer.is_success:
            self.done_here.add(operation)
            done.good[operation].add(hash((path, sent.user, repr(sent.body), answer.content)))
            done.roles[operation].add(PEOPLE[sent.user].memberships[0][1])
            if sent.user not in done.users[operation]:
                done.users[operation].append(sent.user)
        return answer

    def _session(self, sent: Sent) -> As:
        """Signed in once for some minutes: to sign takes as long as many a request."""
        key, now = (sent.user, repr(sent.headers)), self.world.clock.now
        known = self._sessions.get(key)
        if known is None or now - known[0] > timedelta(minutes=5):
            person = self.house.mother if sent.user == "karen.mercer" else None
            known = now, self.world.as_(sent.user, person=person, client=self._client)
            self._sessions[key] = known
        return known[1]

    async def make(self, who: str, method: str, template: str, body: Any = None, **ids: str) -> Json:
        """Something that must be there first; what it answers. A link that cannot be made is a defect."""
        operation = (method, template)
        if body is None:
            body = deepcopy(self._bodies.get(operation))
        answer = await self.send(operation, Sent(who, ids, body), "a link")
        assert answer.is_success, (who, operation, body, answer.text)
        found: Json = answer.json()
        return found

    async def tag(self, user: str, template: str, entry: str, **ids: str) -> Json:
        """The header that names the version of an entry which somebody reads there."""
        page = await self.make(user, "GET", template, **ids)
        return {"If-Match": _tag_in(page, entry)}

    async def everybody_says_who_they_are(self) -> None:
        """In every role there is."""
        for user in PEOPLE:
            await self.send(("GET", "/v1/me"), Sent(user))

    async def person(self) -> str:
        """Somebody who is new here."""
        content = {"details": [details(kind, age=12) for kind in DETAIL_KINDS]}
        return str((await self.make("nadia.bell", "POST", "/v1/people", content))["id"])

    async def do(self, operation: Operation, tries: int = 40) -> bool:
        """Do an operation until somebody is let do it; whether somebody was."""
        if operation in self.done_here:
            return True
        linked = LINKED.get(operation)
        if linked is not None:
            sent = await linked(self)
            if sent.body is None:
                sent.body = deepcopy(self._bodies.get(operation))
            if not sent.as_it_is:
                sent.body = self._in_other_words(operation, sent.body)
            answer = await self.send(operation, sent)
            assert answer.is_success, (operation, sent, answer.text)
            return True
        for user in self._candidates(operation)[:tries]:
            body = self._in_other_words(operation, deepcopy(self._bodies.get(operation)))
            query = QUERIES.get(operation, "") or self._page(operation)
            answer = await self.send(operation, Sent(user, {}, body, query=query))
            if answer.is_success:
                return True
        return False

    async def do_oddly(self, operation: Operation) -> None:
        """Send something that the document describes, or something that it does not."""
        rng, schema = self.rng, self._document.body(operation)
        user = rng.choice(self.done.users[operation] or FIRST)
        known = [*self.ids.values(), SCHOOL, HOUSING, "nadia.bell"]
        ids = {name: rng.choice(known) for name in self.ids} if rng.random() < 0.3 else {}
        if schema is not None:
            body, form = self._document.drawn(rng, schema, known), "drawn"
            if rng.random() < 0.5:
                body, form = spoilt(rng, body), "spoilt"
        else:
            body, form = None, "another path"
            ids = {name: rng.choice(known) for name in self.ids}
        await self.send(operation, Sent(user, ids, body, query=self._query(operation)), form)

    def _in_other_words(self, operation: Operation, body: Any) -> Any:
        schema = self._document.body(operation)
        return body if schema is None or body is None else self._document.varied(self.rng, body, schema)

    def _candidates(self, operation: Operation) -> list[str]:
        """Who is tried, in order: mostly somebody of whom it is known that they may."""
        known = list(self.done.users[operation])
        self.rng.shuffle(known)
        rest = [user for user in (USERS.get(operation, ""), *FIRST, *PEOPLE) if user in PEOPLE]
        if known and self.rng.random() < 0.3:
            known.insert(0, self.rng.choice(sorted(PEOPLE)))
        return list(dict.fromkeys([*known, *rest]))

    def _page(self, operation: Operation) -> str:
        is_paged = "limit" in queries().get(operation, {})
        return f"limit={self.rng.randint(1, 100)}" if is_paged else ""

    def _query(self, operation: Operation) -> str:
        known = queries().get(operation, {})
        if not known or self.rng.random() < 0.3:
            return ""
        name = self.rng.choice(sorted(known))
        return f"{name}={self.rng.choice(values_of(known[name]))}".replace("+", "%2B")


_WRONG: tuple[Any, ...] = (
    None, True, -1, 10**30, 1.5, "", "\x00", "\u202e", [], {}, [[]], {"x": 1}, "x" * 9_000,
)  # fmt: skip


def spoilt(rng: random.Random, body: Any) -> Any:
    """A body with something else in one place of it."""
    if isinstance(body, dict) and body and rng.random() < 0.8:
        name = rng.choice(sorted(body))
        return {**body, name: spoilt(rng, body[name])}
    return rng.choice(_WRONG)


def _tag_in(content: Any, entry: str) -> str:
    if isinstance(content, dict):
        if content.get("id") == entry and "etag" in content:
            return str(content["etag"])
        content = list(content.values())
    if isinstance(content, list):
        return next(filter(None, (_tag_in(inner, entry) for inner in content)), "")
    return ""


QUERIES: Mapping[Operation, str] = {("GET", "/v1/reports/{report}"): "by=agency&period=2030-Q4"}
"""What must be asked for."""

LINKED: dict[Operation, Callable[[Life], Awaitable[Sent]]] = {}
"""What must be there before, by operation."""


def needs(method: str, template: str) -> Callable[[Callable[[Life], Awaitable[Sent]]], Any]:
    def keep(link: Callable[[Life], Awaitable[Sent]]) -> Callable[[Life], Awaitable[Sent]]:
        assert (method, template) in OPERATIONS, template
        LINKED[method, template] = link
        return link

    return keep


@needs("PATCH", f"{PERSON}/details/{{entry}}")
async def _a_detail_to_correct(life: Life) -> Sent:
    content = {"details": [details("contact")]}
    made = await life.make("nadia.bell", "POST", f"{PERSON}/details", content)
    entry = made["details"][0]["id"]
    return Sent("nadia.bell", {"entry": entry}, headers=await life.tag("nadia.bell", PERSON, entry))


@needs("POST", f"{CASE}/subjects")
async def _somebody_else(life: Life) -> Sent:
    return Sent("nadia.bell", body={"person": await life.person()})


async def _another_case(life: Life) -> str:
    new = {"person": await life.person(), "reason": "More help", "opener": {"job_title": "Teacher"}}
    return str((await life.make("nadia.bell", "POST", "/v1/cases", new))["id"])


@needs("POST", f"{CASE}/closure")
async def _a_case_to_close(life: Life) -> Sent:
    return Sent("grace.obi", {"case": await _another_case(life)})


@needs("POST", f"{CASE}/reopening")
async def _a_closed_case(life: Life) -> Sent:
    case = await _another_case(life)
    await life.make("grace.obi", "POST", f"{CASE}/closure", case=case)
    return Sent("grace.obi", {"case": case})


async def _nobody_is_asked_to_lead(life: Life) -> None:
    """One nomination waits at a time."""
    found = await life.make("sam.okafor", "GET", f"{CASE}/lead-professional")
    for one in found["nominations"]:
        if one["state"] == "nominated":
            await life.make(
                "sam.okafor", "POST", f"{NOMINATIONS}/{{nomination}}/withdrawal", nomination=one["id"]
            )


async def _a_nomination(life: Life) -> str:
    await _nobody_is_asked_to_lead(life)
    return str((await life.make("sam.okafor", "POST", NOMINATIONS))["id"])


@needs("POST", f"{NOMINATIONS}/{{nomination}}/refusal")
async def _a_nomination_to_refuse(life: Life) -> Sent:
    return Sent("hana.novak", {"nomination": await _a_nomination(life)})


@needs("POST", f"{NOMINATIONS}/{{nomination}}/withdrawal")
async def _a_nomination_to_withdraw(life: Life) -> Sent:
    return Sent("sam.okafor", {"nomination": await _a_nomination(life)})


@needs("POST", f"{NOMINATIONS}/{{nomination}}/acceptance")
async def _a_lead_to_hand_over(life: Life) -> Sent:
    await _nobody_is_asked_to_lead(life)
    made = await life.make("sam.okafor", "POST", f"{CASE}/lead-professional/handovers")
    return Sent("hana.novak", {"nomination": made["id"]})


@needs("POST", "/v1/notices/{notice}/clearing")
async def _a_notice(life: Life) -> Sent:
    await _a_nomination(life)
    found = await life.make("hana.novak", "GET", "/v1/notices")
    return Sent("hana.novak", {"notice": found["notices"][0]["id"]})


async def _an_action(life: Life, **changes: Any) -> str:
    """One that the school owes."""
    action = {
        "desired_outcome": "Better days", "action": "Talk", "by_when": "2031-06-01", "accountable": SCHOOL,
        **changes,
    }  # fmt: skip
    made = await life.make("nadia.bell", "POST", f"{CASE}/actions", {"actions": [action]})
    return str(made["actions"][0]["id"])


@needs("PATCH", f"{CASE}/actions/{{action}}")
async def _an_action_that_one_owes(life: Life) -> Sent:
    action = await _an_action(life)
    tag = await life.tag("nadia.bell", f"{CASE}/actions", action)
    return Sent("nadia.bell", {"action": action}, headers=tag)


@needs("PATCH", f"{CASE}/assessments/{{assessment}}/entries/{{entry}}")
async def _an_entry_of_a_draft(life: Life) -> Sent:
    ids, template = {"assessment": life.house.draft}, f"{CASE}/assessments/{{assessment}}"
    entry = (await life.make("asif.khan", "POST", f"{template}/entries", **ids))["id"]
    return Sent(
        "asif.khan", {**ids, "entry": entry}, headers=await life.tag("asif.khan", template, entry, **ids)
    )


@needs("POST", f"{CASE}/taking-part/{{question}}/risk-answer")
async def _a_family_that_leaves(life: Life) -> Sent:
    spoken = {"kind": "take_part", "subject": life.house.child, "withdrawn_by": life.house.mother}
    await life.make("hana.novak", "POST", f"{CASE}/consents/withdrawals", spoken)
    asked = await life.make("hana.novak", "GET", f"{CASE}/taking-part")
    return Sent("hana.novak", {"question": asked["questions"][0]["id"]})


@needs("POST", f"{CASE}/conflicts/{{conflict}}/decision")
async def _two_who_disagree(life: Life) -> Sent:
    house, father = life.house, await life.person()
    related = {
        "from_person": father, "to_person": house.child, "relation": "father", "lives_with": True,
        "parental_responsibility": True, "parental_responsibility_source": "registration",
    }  # fmt: skip
    await life.make("nadia.bell", "POST", f"{PERSON}/relationships", related)
    objection = exclusion(house, giver=father, agencies=[HOUSING], categories=["learning"])
    await life.make("nadia.bell", "POST", f"{CASE}/exclusions", objection)
    found = await life.make("tom.ashby", "GET", f"{CASE}/conflicts")
    waiting = [one["id"] for one in found["conflicts"] if one["state"] == "open"]
    return Sent("tom.ashby", {"conflict": waiting[0]})


async def _a_purchase(life: Life, **changes: Any) -> str:
    bought = purchase(life.house.allocation, action=life.house.action, **changes)
    return str((await life.make("sam.okafor", "POST", f"{BUDGET}/purchases", bought))["id"])


@needs("POST", f"{BUDGET}/purchases/{{purchase}}/signature")
async def _a_purchase_to_sign(life: Life) -> Sent:
    return Sent("liz.hart", {"purchase": await _a_purchase(life, amount_pence=10_100)})


@needs("POST", f"{BUDGET}/purchases/{{purchase}}/refusal")
async def _a_purchase_to_refuse(life: Life) -> Sent:
    return Sent("liz.hart", {"purchase": await _a_purchase(life, amount_pence=10_100)})


@needs("POST", f"{BUDGET}/purchases/{{purchase}}/spending")
async def _a_purchase_that_is_made(life: Life) -> Sent:
    return Sent("sam.okafor", {"purchase": await _a_purchase(life, amount_pence=2_000)})


@needs("POST", f"{BUDGET}/purchases/{{purchase}}/release")
async def _a_purchase_that_is_not_needed(life: Life) -> Sent:
    return Sent("sam.okafor", {"purchase": await _a_purchase(life, amount_pence=2_000)})


@needs("POST", f"{CASE}/contacts/reopening")
async def _somebody_who_said_no(life: Life) -> Sent:
    await life.make("nadia.bell", "POST", f"{CASE}/contacts", refused())
    return Sent("grace.obi")


@needs("POST", "/v1/family-visits")
async def _a_code(life: Life) -> Sent:
    code = (await life.make("nadia.bell", "POST", f"{CASE}/family-codes"))["code"]
    return Sent("karen.mercer", headers={"Authorization": f"Bearer family-code.{code}"})


@needs("POST", f"{PERSON}/involvements/{{involvement}}/ending")
async def _an_involvement(life: Life) -> Sent:
    made = await life.make("nadia.bell", "POST", f"{PERSON}/involvements")
    return Sent("nadia.bell", {"involvement": made["id"]})


async def _a_hold(life: Life, confirmed: bool = False) -> Mapping[str, str]:
    seen = await life.make("nadia.bell", "GET", CASE)
    receipt = seen["decision"]["receipt"]
    hold = (await life.make("school.guard", "POST", HOLD, receipt=receipt))["id"]
    ids = {"receipt": receipt, "hold": hold}
    if confirmed:
        await life.make("tom.ashby", "POST", f"{HOLD}/{{hold}}/confirmation", **ids)
    return ids


@needs("POST", HOLD)
async def _a_receipt(life: Life) -> Sent:
    seen = await life.make("nadia.bell", "GET", CASE)
    return Sent("school.guard", {"receipt": seen["decision"]["receipt"]})


@needs("POST", f"{HOLD}/{{hold}}/confirmation")
async def _a_hold_to_confirm(life: Life) -> Sent:
    return Sent("tom.ashby", await _a_hold(life))


@needs("POST", f"{HOLD}/{{hold}}/review")
async def _a_hold_to_review(life: Life) -> Sent:
    return Sent("tom.ashby", await _a_hold(life, confirmed=True))


@needs("POST", f"{HOLD}/{{hold}}/ending")
async def _a_hold_to_end(life: Life) -> Sent:
    return Sent("tom.ashby", await _a_hold(life, confirmed=True))


async def _a_meeting(life: Life, held: bool = False) -> dict[str, str]:
    """One that lies ahead, or that is held now; with an invitation for housing's worker."""
    clock = life.world.clock
    begins = clock.now + (timedelta(minutes=1) if held else timedelta(days=30))
    made = await life.make("nadia.bell", "POST", f"{CASE}/meetings", meeting(starts_at=rfc3339(begins)))
    ids = {"meeting": made["id"]}
    someone = {"user": "hana.novak", "name": "Hana Novak", "agency": HOUSING, "role": "practitioner"}
    invited = await life.make("nadia.bell", "POST", f"{MEETING}/invitations", someone, **ids)
    ids["invitation"] = invited["id"]
    if held:
        clock.now += timedelta(minutes=2)
        await life.make(
            "nadia.bell", "POST", f"{MEETING}/attendance", {"present": [ids["invitation"]]}, **ids
        )
    return ids


@needs("POST", f"{MEETING}/invitations/{{invitation}}/acceptance")
async def _an_invitation_to_accept(life: Life) -> Sent:
    return Sent("hana.novak", await _a_meeting(life))


@needs("POST", f"{MEETING}/invitations/{{invitation}}/apologies")
async def _an_invitation_to_decline(life: Life) -> Sent:
    return Sent("hana.novak", await _a_meeting(life))


@needs("POST", f"{MEETING}/attendance")
async def _a_meeting_that_begins(life: Life) -> Sent:
    return Sent("nadia.bell", await _a_meeting(life, held=True))


@needs("POST", f"{MEETING}/closing")
async def _a_meeting_that_ends(life: Life) -> Sent:
    return Sent("nadia.bell", await _a_meeting(life, held=True))


@needs("POST", f"{MEETING}/decisions")
async def _a_meeting_that_decides(life: Life) -> Sent:
    return Sent("nadia.bell", await _a_meeting(life, held=True))


@needs("POST", f"{MEETING}/pledges")
async def _a_meeting_that_pledges(life: Life) -> Sent:
    return Sent("nadia.bell", await _a_meeting(life, held=True))


@needs("POST", f"{MEETING}/cancellation")
async def _a_meeting_to_call_off(life: Life) -> Sent:
    return Sent("nadia.bell", await _a_meeting(life))


async def _an_override(life: Life, confirmed: bool = True) -> str:
    body = override(life.house, recipients={"agencies": ["harbour-social-care"]})
    operation = ("POST", f"{CASE}/overrides")
    answer = await life.send(operation, Sent("dev.patel", {}, body, IN_SAFEGUARDING), "a link")
    assert answer.is_success, answer.text
    made = str(answer.json()["id"])
    if confirmed:
        await life.make("harb.manager", "POST", f"{CASE}/overrides/{{override}}/confirmation", override=made)
    return made


@needs("POST", f"{CASE}/overrides/{{override}}/confirmation")
async def _an_override_to_confirm(life: Life) -> Sent:
    return Sent("harb.manager", {"override": await _an_override(life, confirmed=False)})


@needs("POST", f"{CASE}/overrides/{{override}}/telling")
async def _an_override_to_tell_of(life: Life) -> Sent:
    return Sent("ines.dale", {"override": await _an_override(life)})


@needs("POST", f"{CASE}/overrides/{{override}}/ending")
async def _an_override_to_end(life: Life) -> Sent:
    return Sent("dev.patel", {"override": await _an_override(life)}, headers=IN_SAFEGUARDING)


@needs("POST", f"{CASE}/break-glass/{{break_glass}}/review")
async def _a_broken_glass(life: Life) -> Sent:
    case = life.house.other_case
    made = await life.make("femi.cole", "POST", f"{CASE}/break-glass", case=case)
    return Sent("job.officer", {"case": case, "break_glass": made["id"]})


@needs("POST", f"{CASE}/break-glass/{{break_glass}}/renewal")
async def _a_glass_to_keep_open(life: Life) -> Sent:
    case = life.house.other_case
    made = await life.make("joan.reed", "POST", f"{CASE}/break-glass", case=case)
    return Sent("joan.reed", {"case": case, "break_glass": made["id"]})


@needs("POST", "/v1/break-glass")
async def _two_details_of_somebody(life: Life) -> Sent:
    body = {"person": await names_of(life.world, life.house), "reason": "The child is missing."}
    return Sent("ada.quinn", body=body, as_it_is=True)


@needs("POST", f"{CASE}/actions/{{action}}/partial-acceptance")
async def _an_action_to_accept_in_part(life: Life) -> Sent:
    return Sent("nadia.bell", {"action": await _an_action(life)})


@needs("POST", f"{CASE}/actions/{{action}}/decline")
async def _an_action_to_decline(life: Life) -> Sent:
    return Sent("nadia.bell", {"action": await _an_action(life)})


@needs("DELETE", f"{CASE}/actions/{{action}}/dependencies/{{needs}}")
async def _a_dependency(life: Life) -> Sent:
    ids = {"action": await _an_action(life), "needs": await _an_action(life)}
    body = {"needs": ids["needs"]}
    await life.make(
        "nadia.bell", "POST", f"{CASE}/actions/{{action}}/dependencies", body, action=ids["action"]
    )
    return Sent("nadia.bell", ids)


@needs("PATCH", f"{CASE}/goals/{{goal}}")
async def _a_goal(life: Life) -> Sent:
    goal = (await life.make("nadia.bell", "POST", f"{CASE}/goals"))["id"]
    return Sent("nadia.bell", {"goal": goal}, headers=await life.tag("nadia.bell", CASE, goal))


async def _a_draft(life: Life) -> tuple[dict[str, str], str]:
    begun = await life.make("tom.ashby", "POST", "/v1/policies/drafts")
    return {"draft": begun["id"]}, begun["etag"]


@needs("PUT", DRAFT)
async def _a_draft_to_change(life: Life) -> Sent:
    ids, tag = await _a_draft(life)
    return Sent("tom.ashby", ids, headers={"If-Match": tag})


async def _a_simulated_draft(life: Life) -> tuple[dict[str, str], Json]:
    ids, _ = await _a_draft(life)
    card = await life.make("tom.ashby", "POST", f"{DRAFT}/simulation", {}, **ids)
    return ids, {"digest": card["digest"]}


@needs("POST", f"{DRAFT}/simulation")
async def _a_draft_to_simulate(life: Life) -> Sent:
    return Sent("tom.ashby", (await _a_draft(life))[0])


@needs("POST", f"{DRAFT}/approval")
async def _a_draft_to_approve(life: Life) -> Sent:
    return Sent("hous.officer", *await _a_simulated_draft(life))


@needs("POST", f"{DRAFT}/publication")
async def _a_draft_to_publish(life: Life) -> Sent:
    ids, digest = await _a_simulated_draft(life)
    await life.make("hous.officer", "POST", f"{DRAFT}/approval", digest, **ids)
    return Sent("tom.ashby", ids, {**digest, "published_from": "2031-06-01T00:00:00Z"})


async def _a_referral(life: Life) -> dict[str, str]:
    found = await life.make("nadia.bell", "GET", f"{CASE}/referrals")
    waiting = [
        entry["id"] for entry in found["entries"] if entry["kind"] == "referral" and entry["owner"] == SCHOOL
    ]
    withdrawal = ("POST", f"{CASE}/referrals/{{referral}}/withdrawal")
    for one in waiting:
        # One that was answered is not taken back, and is in nobody's way.
        await life.send(withdrawal, Sent("nadia.bell", {"referral": one}))
    moira = {"user": "moira.flynn", "name": "Moira Flynn"}
    made = await life.make("nadia.bell", "POST", f"{CASE}/referrals", referral(attention_of=moira))
    return {"referral": made["id"]}


@needs("POST", "/v1/referrals/{referral}/take-up")
async def _a_referral_to_take_up(life: Life) -> Sent:
    return Sent("moira.flynn", await _a_referral(life))


@needs("POST", "/v1/referrals/{referral}/acceptance")
async def _a_referral_to_accept(life: Life) -> Sent:
    return Sent("moira.flynn", await _a_referral(life))


@needs("POST", "/v1/referrals/{referral}/refusal")
async def _a_referral_to_refuse(life: Life) -> Sent:
    return Sent("moira.flynn", await _a_referral(life))


@needs("POST", f"{CASE}/referrals/{{referral}}/withdrawal")
async def _a_referral_to_withdraw(life: Life) -> Sent:
    return Sent("nadia.bell", await _a_referral(life))


async def _a_signal(life: Life) -> dict[str, str]:
    """Three agencies worry a little about somebody."""
    person = await life.person()
    noticed = {"noticed_on": "2031-02-05", "what": "Tired.", "categories": ["wellbeing"]}
    for user in ("nadia.bell", "hana.novak", "ruth.amadi"):
        await life.make(user, "POST", f"{PERSON}/small-concerns", noticed, person=person)
    found = await life.make("paul.ensor", "GET", "/v1/signals")
    [signal] = [one["id"] for one in found["signals"] if one["person"]["id"] == person]
    return {"signal": signal}


@needs("POST", "/v1/signals/{signal}/taking-up")
async def _a_signal_to_take_up(life: Life) -> Sent:
    return Sent("paul.ensor", await _a_signal(life))


@needs("POST", "/v1/signals/{signal}/closing")
async def _a_signal_to_close(life: Life) -> Sent:
    ids = await _a_signal(life)
    await life.make("paul.ensor", "POST", "/v1/signals/{signal}/taking-up", **ids)
    return Sent("paul.ensor", ids)


@needs("POST", "/v1/users/{user}/suspension/lifting")
async def _somebody_who_is_suspended(life: Life) -> Sent:
    ids = {"user": "somebody.suspended"}
    await life.make("tom.ashby", "POST", "/v1/users/{user}/suspension", **ids)
    return Sent("tom.ashby", ids)


@needs("POST", f"{CASE}/sharing-requests/{{request}}/owner-answer")
async def _a_request_to_the_school(life: Life) -> Sent:
    body = two_keys.asking(life.house, owner=SCHOOL, categories=["domestic_abuse"])
    made = await life.make("hana.novak", "POST", f"{CASE}/sharing-requests", body)
    return Sent("grace.obi", {"request": made["id"]})


@needs("POST", "/v1/sharing-requests/{request}/owner-answer")
async def _a_request_by_details(life: Life) -> Sent:
    own = [e for e in await raw_entries(life.world, life.house.case) if life.house.child in e["subjects"]]
    person = {
        "name": next(e["fields"]["full_name_as_written"] for e in own if e["kind"] == "name"),
        "date_of_birth": next(e["fields"]["date_of_birth"] for e in own if e["kind"] == "birth"),
    }
    body = two_keys.by_details(life.house, owner=SCHOOL, person=person, categories=["learning"])
    made = await life.make("max.holt", "POST", "/v1/sharing-requests", body)
    return Sent("grace.obi", {"request": made["id"]})


@needs("POST", f"{CASE}/non-disclosures/{{decision}}/confirmation")
async def _a_decision_not_to_share(life: Life) -> Sent:
    made = await life.make("nadia.bell", "POST", f"{CASE}/non-disclosures")
    return Sent("grace.obi", {"decision": made["id"]})


@needs("POST", f"{MEETING}/family-invitations/{{family_invitation}}/word")
async def _a_parent_who_is_invited(life: Life) -> Sent:
    ids = await _a_meeting(life)
    body = {"person": life.house.mother}
    invited = await life.make("nadia.bell", "POST", f"{MEETING}/family-invitations", body, **ids)
    return Sent("karen.mercer", {**ids, "family_invitation": invited["id"]})


@needs("POST", f"{MEETING}/chair")
async def _a_meeting_to_take_over(life: Life) -> Sent:
    return Sent("grace.obi", await _a_meeting(life), {})


@needs("POST", f"{MEETING}/agenda")
async def _a_meeting_to_prepare(life: Life) -> Sent:
    return Sent("nadia.bell", await _a_meeting(life))


async def _a_bar(life: Life) -> dict[str, str]:
    return {"bar": (await life.make("tom.ashby", "POST", f"{CASE}/bars"))["id"]}


@needs("POST", f"{CASE}/bars/{{bar}}/review")
async def _a_bar_to_review(life: Life) -> Sent:
    return Sent("tom.ashby", await _a_bar(life))


@needs("POST", f"{CASE}/bars/{{bar}}/lifting")
async def _a_bar_to_lift(life: Life) -> Sent:
    return Sent("tom.ashby", await _a_bar(life))


@needs("POST", f"{CASE}/releases/{{release}}/ending")
async def _a_release(life: Life) -> Sent:
    made = await life.make("grace.obi", "POST", f"{CASE}/releases")
    return Sent("grace.obi", {"release": made["id"]})


@needs("POST", f"{CASE}/authorities/{{authority}}/ending")
async def _an_authority(life: Life) -> Sent:
    made = await life.make("nadia.bell", "POST", f"{CASE}/authorities")
    return Sent("nadia.bell", {"authority": made["id"]})


@needs("DELETE", f"{CASE}/lead-professional/deputies/{{deputy}}")
async def _a_deputy(life: Life) -> Sent:
    made = await life.make("sam.okafor", "POST", f"{CASE}/lead-professional/deputies")
    return Sent("sam.okafor", {"deputy": made["id"]})


@needs("POST", f"{CASE}/sharing-requests/{{request}}/family-answer")
async def _a_request_to_the_family(life: Life) -> Sent:
    body = two_keys.asking(life.house, owner=SCHOOL, categories=["domestic_abuse"])
    made = await life.make("hana.novak", "POST", f"{CASE}/sharing-requests", body)
    return Sent("sam.okafor", {"request": made["id"]})


@needs("DELETE", DRAFT)
async def _a_draft_to_throw_away(life: Life) -> Sent:
    ids, tag = await _a_draft(life)
    return Sent("tom.ashby", ids, headers={"If-Match": tag})


@needs("GET", DRAFT)
async def _a_draft_to_read(life: Life) -> Sent:
    return Sent("tom.ashby", (await _a_draft(life))[0])


@needs("POST", "/v1/messages/{message}/answer")
async def _a_message(life: Life) -> Sent:
    """Somebody read under a permission that is taken back."""
    body = share(life.house, recipients=[HOUSING], categories=["learning"])
    made = await life.make("nadia.bell", "POST", f"{CASE}/consents", body)
    await life.make("hana.novak", "GET", CASE)
    back = {"withdrawn_by": life.house.mother}
    await life.make("nadia.bell", "POST", f"{CASE}/consents/{{consent}}/withdrawal", back, consent=made["id"])
    found = await life.make("hana.novak", "GET", "/v1/messages")
    return Sent("hana.novak", {"message": found["messages"][0]["id"]})


@needs("POST", f"{CASE}/assessments/{{assessment}}/signature")
async def _an_assessment_to_sign(life: Life) -> Sent:
    amends = {"amends": life.house.assessment}
    made = await life.make("nadia.bell", "POST", f"{CASE}/assessments", amends)
    said = {
        "child_or_young_person": "not_present",
        "parent_or_carer": "agreed",
        "no_voice_reason": "He slept",
    }
    return Sent("nadia.bell", {"assessment": made["id"]}, said)


@needs("POST", f"{CASE}/actions/{{action}}/news-requests")
async def _an_action_to_ask_about(life: Life) -> Sent:
    return Sent("hana.novak", {"action": await _an_action(life, needed_by="2031-06-01")})


@needs("POST", "/v1/agreements/{agreement}/ending")
async def _an_agreement(life: Life) -> Sent:
    return Sent("tom.ashby", {"agreement": (await life.make("tom.ashby", "POST", "/v1/agreements"))["id"]})


@needs("POST", f"{BUDGET}/allocations/{{allocation}}/return")
async def _money_that_is_left(life: Life) -> Sent:
    given = {"stream": life.house.stream, "amount_pence": 1_000, "purpose": "A lamp"}
    made = await life.make("liz.hart", "POST", f"{BUDGET}/allocations", given)
    return Sent("liz.hart", {"allocation": made["id"]})


EARLY: tuple[Operation, ...] = (
    ("POST", f"{CASE}/compact/commitments/{{commitment}}/news-requests"),
    ("POST", f"{CASE}/compact/commitments/{{commitment}}/standing"),
    ("POST", f"{CASE}/compact/{{compact}}/signatures"),
    *(one for one in LINKED if "/purchases" in one[1]),
)
"""What a later write would take away."""

LATE: tuple[Operation, ...] = (
    ("POST", f"{CASE}/bars/{{bar}}/review"),
    ("POST", f"{CASE}/bars/{{bar}}/lifting"),
    ("POST", f"{CASE}/conflicts/{{conflict}}/decision"),
    ("POST", f"{NOMINATIONS}/{{nomination}}/acceptance"),
    ("POST", f"{CASE}/lead-professional/handovers"),
    ("POST", f"{CASE}/taking-part/{{question}}/risk-answer"),
    ("DELETE", f"{CASE}/team/{{member}}"),
    ("POST", "/v1/users/{user}/suspension"),
    ("POST", "/v1/users/{user}/departure"),
)
"""What takes away from others, in this order."""


def in_order(rng: random.Random) -> list[Operation]:
    """Every operation, in an order in which each can be done."""
    linked = [one for one in LINKED if one not in EARLY and one not in LATE]
    others = [one for one in OPERATIONS if one not in LINKED and one not in EARLY and one not in LATE]
    rng.shuffle(linked)
    rng.shuffle(others)
    return [*EARLY, *linked, *others, *LATE]

"""What happens in casework where a reader cannot see it: for the worlds of N1 that differ in nothing else.

All of it is CAMHS's and about mental health, but for money, of which others than those who hold it know that
there is some, and for what concerns sexual health.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from services.case.casework_rules import CaseworkRules
from services.case.clocks.operations import run_clocks
from shared.clock import rfc3339
from tests.gateway.areas.signals import concern_flag
from tests.gateway.household import CAMHS, House, purchase, telephone, words
from tests.support.gateway import As, World

Json = dict[str, Any]
HELD_BACK = ["mental_health"]
REFUSER = "eastmere-mental-health"


async def clocks_run(world: World) -> None:
    """The daily run, as it is at the world's own time."""
    await run_clocks(world.store("case"), world.clock.now, CaseworkRules())


async def plan_a_meeting(world: World, house: House) -> str:
    """A meeting of the team that lies ahead, as the school plans it."""
    body = {"meeting_kind": "team_meeting", "title": "How it goes on", "starts_at": "2031-09-01T09:00:00Z"}
    return str((await world.as_("nadia.bell").post(f"/v1/cases/{house.case}/meetings", body))["id"])


async def a_relative(world: World, house: House) -> str:
    """Somebody whom CAMHS recorded as related to the child, which nobody else at work sees."""
    camhs = world.as_("asif.khan")
    named = {"details": [{"kind": "name", "fields": {"given_names": words("aunt")}}]}
    aunt = str((await camhs.post("/v1/people", named))["id"])
    related = {
        "from_person": aunt, "to_person": house.child, "relation": "other",
        "parental_responsibility": False, "lives_with": False,
    }  # fmt: skip
    await camhs.post(f"/v1/people/{house.child}/relationships", related)
    return aunt


class HiddenCasework:
    """Done by those who may, in a world with the household in it."""

    def __init__(self, world: World, house: House, meeting: str) -> None:
        """``meeting``: one that lies ahead and that everybody on the team sees."""
        self._world, self._house, self._ahead = world, house, meeting

    @property
    def _camhs(self) -> As:
        return self._world.as_("asif.khan")

    @property
    def _case(self) -> str:
        return f"/v1/cases/{self._house.case}"

    def _today(self) -> str:
        return self._world.clock.now.date().isoformat()

    async def _agree(self, **changes: Any) -> str:
        action = {
            "desired_outcome": words("outcome"), "action": words("to do"), "by_when": "2031-08-31",
            "accountable": CAMHS, "categories": HELD_BACK, "responsible_user": "asif.khan",
            "responsible_name": words("responsible"), **changes,
        }  # fmt: skip
        made = await self._camhs.post(f"{self._case}/actions", {"actions": [action]})
        return str(made["actions"][0]["id"])

    async def an_action_that_is_late_tomorrow(self) -> None:
        await self._agree(by_when=self._today())
        self._world.clock.now += timedelta(days=1)

    async def an_action_that_waits_for_a_visible_one(self) -> None:
        """Whoever owes that one is late for something that they cannot see."""
        await self._agree(needed_by=self._today(), needs=[self._house.needed_action])

    async def an_action_for_which_a_visible_one_waits(self) -> None:
        needed = await self._agree(by_when="2099-01-01")
        path = f"{self._case}/actions/{self._house.needed_action}/dependencies"
        await self._camhs.post(path, {"needs": needed})

    async def an_action_that_is_declined(self) -> None:
        declined = await self._agree()
        await self._camhs.post(f"{self._case}/actions/{declined}/decline", {"reason": words("why not")})

    async def an_action_that_is_done(self) -> None:
        done = await self._agree()
        await self._camhs.post(f"{self._case}/actions/{done}/news-requests")
        plan = (await self._camhs.get(f"{self._case}/actions"))["entries"]
        etag = next(entry["etag"] for entry in plan if entry["id"] == done)
        said = {"status": "done", "outcome": words("came of it")}
        await self._camhs.patch(f"{self._case}/actions/{done}", said, etag)

    async def _meeting(self, **changes: Any) -> str:
        body = {
            "meeting_kind": "team_meeting", "title": words("title"), "place": words("place"),
            "starts_at": rfc3339(self._world.clock.now + timedelta(minutes=1)), "categories": HELD_BACK,
            "agenda": [
                {"topic": words("topic"), "papers": [self._house.camhs_need], "categories": HELD_BACK},
                {"topic": words("topic"), "confidential": True, "categories": HELD_BACK},
            ],
            **changes,
        }  # fmt: skip
        return str((await self._camhs.post(f"{self._case}/meetings", body))["id"])

    async def _invite(self, meeting: str, user: str, agency: str, role: str) -> str:
        somebody = {"user": user, "name": words("invited"), "agency": agency, "role": role}
        made = await self._camhs.post(f"{self._case}/meetings/{meeting}/invitations", somebody)
        return str(made["id"])

    async def a_meeting_that_is_held(self) -> None:
        meeting = await self._meeting()
        invited = await self._invite(meeting, "omar.aziz", REFUSER, "practitioner")
        self._world.clock.now += timedelta(minutes=2)
        path = f"{self._case}/meetings/{meeting}"
        family = await self._camhs.post(f"{path}/family-invitations", {"person": self._house.child})
        await self._camhs.post(f"{path}/attendance", {"present": [invited, family["id"]]})
        views = [{"whose": "agency", "agency": REFUSER, "view": words("view"), "categories": HELD_BACK}]
        decided: Json = {"decision": words("decided"), "reasons": words("reasons"), "views": views}
        decided |= {"no_family_view_because": words("unheard"), "categories": HELD_BACK}
        await self._camhs.post(f"{path}/decisions", decided)
        await self._camhs.post(f"{path}/closing")

    async def a_meeting_that_nobody_records(self) -> None:
        await self._invite(await self._meeting(), "omar.aziz", REFUSER, "practitioner")
        self._world.clock.now += timedelta(days=2)

    async def a_meeting_that_is_called_off(self) -> None:
        meeting = await self._meeting(meeting_kind="case_conference")
        body = {"reason": words("off")}
        await self._camhs.post(f"{self._case}/meetings/{meeting}/cancellation", body)

    async def an_item_on_the_agenda_of_a_visible_meeting(self) -> None:
        item = {"topic": words("topic"), "papers": [self._house.camhs_need], "categories": HELD_BACK}
        path = f"{self._case}/meetings/{self._ahead}/agenda"
        await self._camhs.post(path, {"agenda": [item]})

    async def a_relative_at_a_visible_meeting(self) -> None:
        """Somebody of whom nobody else knows: invited, sends word, and has something to say."""
        person = await a_relative(self._world, self._house)
        path = f"{self._case}/meetings/{self._ahead}/family-invitations"
        invited = (await self._camhs.post(path, {"person": person}))["id"]
        word = {"comes": False, "to_be_said": words("to be said")}
        await self._camhs.post(f"{path}/{invited}/word", word)

    async def a_referral_that_is_refused(self) -> None:
        await self._refer()
        referred = await self._refer()
        path = f"/v1/referrals/{referred}/refusal"
        await self._world.as_("omar.aziz").post(path, {"reason": words("no"), "categories": HELD_BACK})

    async def a_referral_that_nobody_answers(self) -> None:
        await self._refer(answer_by=self._today())
        self._world.clock.now += timedelta(days=1)

    async def _refer(self, **changes: Any) -> str:
        """One at a time: what was asked before and not answered is taken back."""
        found = (await self._camhs.get(f"{self._case}/referrals"))["entries"]
        for entry in found:
            if entry["kind"] == "referral" and entry["owner"] == CAMHS:
                await self._camhs.send("POST", f"{self._case}/referrals/{entry['id']}/withdrawal")
        body = {
            "agency": REFUSER, "service": words("service"), "reason": words("why"), "categories": HELD_BACK,
            "attention_of": {"user": "omar.aziz", "name": words("meant for")}, **changes,
        }  # fmt: skip
        return str((await self._camhs.post(f"{self._case}/referrals", body))["id"])

    async def a_contact_without_an_answer(self) -> None:
        await self._contact(outcome="no_answer")
        self._world.clock.now += timedelta(days=3)

    async def a_contact(self) -> None:
        await self._contact(outcome="reached")

    async def _contact(self, **changes: Any) -> None:
        body = {
            "when": rfc3339(self._world.clock.now - timedelta(minutes=1)), "how": "telephone",
            "note": words("note"), "categories": HELD_BACK, **changes,
        }  # fmt: skip
        await self._camhs.post(f"{self._case}/contacts", body)

    async def a_life_event(self) -> None:
        event = {"event": "other", "happened_on": self._today(), "note": words("changed")}
        await self._camhs.post(f"{self._case}/life-events", {**event, "categories": HELD_BACK})

    async def a_flag(self) -> None:
        await self._camhs.post(f"{self._case}/flags", concern_flag(categories=HELD_BACK))

    async def a_flag_that_ends(self) -> None:
        soon = (self._world.clock.now.date() + timedelta(days=3)).isoformat()
        flag = concern_flag(categories=HELD_BACK, expires_on=soon)
        made = await self._camhs.post(f"{self._case}/flags", flag)
        await clocks_run(self._world)
        await self._camhs.post(f"{self._case}/flags/{made['id']}/ending", {"reason": words("over")})

    async def small_concerns_of_several(self) -> None:
        """With the one of the household they make a signal, of which co-ordinators learn."""
        for user, categories in (("asif.khan", HELD_BACK), ("ruth.amadi", ["sexual_health"])):
            body = {"noticed_on": self._today(), "what": words("small concern"), "categories": categories}
            await self._world.as_(user).post(f"/v1/people/{self._house.child}/small-concerns", body)

    async def an_involvement(self) -> None:
        said = {
            "service": words("service name"), "contact_name": words("whom to ring"),
            "contact_telephone": telephone(), "since": "2031-01-01", "reason": "treatment",
            "sensitive": HELD_BACK,
        }  # fmt: skip
        await self._camhs.post(f"/v1/people/{self._house.child}/involvements", said)

    async def a_review_that_sets_the_day_that_was_set(self) -> None:
        on = (await self._camhs.get(self._case))["header"]["review_on"]
        body = {"review_on": on, "held_on": self._today(), "outcome": "slow", "note": words("note")}
        await self._camhs.post(f"{self._case}/reviews", {**body, "categories": HELD_BACK})

    async def money_that_is_given_bound_and_signed_for(self) -> None:
        """Between the agency that gives it and the lead who holds it; that there is some is known."""
        manager, lead = self._world.as_("liz.hart"), self._world.as_("sam.okafor")
        given = {"stream": self._house.stream, "amount_pence": 30_000, "purpose": words("purpose")}
        allocation = (await manager.post(f"{self._case}/budget/allocations", given))["id"]
        bought = purchase(allocation, action=self._house.action)
        ordered = (await lead.post(f"{self._case}/budget/purchases", bought))["id"]
        await manager.post(f"{self._case}/budget/purchases/{ordered}/signature")
        await lead.post(f"{self._case}/budget/purchases/{ordered}/spending", {"spent_pence": 11_000})
        left = f"{self._case}/budget/allocations/{allocation}/return"
        await manager.post(left, {"amount_pence": 1_000})

    async def what_somebodys_work_costs(self) -> None:
        cost = {"service": words("service"), "starts_on": "2031-01-01", "ends_on": "2031-02-01"}
        await self._world.as_("sam.okafor").post(f"{self._case}/costs", {**cost, "pence": 99_000})

    async def an_outcome_for_somebody_else(self) -> None:
        """In a case of which the readers know nothing."""
        case = f"/v1/cases/{self._house.other_case}"
        await self._camhs.post(f"{case}/goals", {"goal": words("goal")})
        owed = {
            "desired_outcome": words("outcome"), "action": words("to do"), "by_when": self._today(),
            "accountable": CAMHS,
        }  # fmt: skip
        await self._camhs.post(f"{case}/actions", {"actions": [owed]})
        self._world.clock.now += timedelta(days=1)


CASEWORK: tuple[tuple[str, Callable[[HiddenCasework], Awaitable[None]]], ...] = tuple(
    (name.replace("_", " "), happens)
    for name, happens in vars(HiddenCasework).items()
    if not name.startswith("_")
)
"""Each by its name."""

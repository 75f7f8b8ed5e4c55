"""J's case through the public API, on both stores, in one process and in several."""

import asyncio

import pytest

from deploy.stories import j
from deploy.stories.client import Api
from deploy.stories.steps import permit
from services.case.casework_rules import CaseworkRules
from services.case.clocks.operations import run_clocks_of
from shared.clock import utc_now
from tests.journeys.views import headlines, kinds, of_kind, to_ask
from tests.support.suite import RunningSuite

pytestmark = pytest.mark.anyio

VISIT = "Visit in pairs, by daylight, and ring first"
MONEY = "His benefit goes on drink by the weekend"
ILLNESS = "Depression, with voices at night"
DRINK = "Drinks every day since he lost his work"
MANAGER = "gus.hale"
THIN = "Sleeps in his coat, and has grown very thin"
CALLS = "Eleven false 999 calls since March"


async def test_js_story(api: Api, suite: RunningSuite) -> None:
    story = await j.tell(api)
    await each_service_sees_its_part_and_the_police_never_the_diagnosis(api, story)
    await his_mothers_power_of_attorney_reaches_his_money_and_nothing_else(api, story)
    await what_he_cannot_decide_is_decided_for_him_until_he_does(api, story)
    await the_chain_of_refusals_is_visible_and_so_is_that_nobody_leads(api, story)
    await each_sent_him_to_the_other_and_that_he_is_nobodys_case_is_an_alarm(api, story, suite)


async def each_service_sees_its_part_and_the_police_never_the_diagnosis(api: Api, story: j.J) -> None:
    views = await j.read_as_each(api, story.case)

    assert headlines(views["adult social care"]) == {
        VISIT: "full", MONEY: "full", ILLNESS: "full", DRINK: "full", THIN: "full",
    }  # fmt: skip
    assert headlines(views["mental health team"]) == headlines(views["adult social care"])
    assert headlines(views["alcohol service"]) == headlines(views["adult social care"])
    # J said yes to telling the police too: their own calls and the visit note are all they get even so.
    assert headlines(views["police"]) == {VISIT: "full", CALLS: "full"}
    assert "mental_health" not in str(views["police"]["areas"])
    assert to_ask(views["police"]) == {j.ADULT_CARE}

    for view in views.values():
        services = [entry["fields"]["service_name"] for entry in of_kind(view, "service_with_family")]
        assert (
            services == ["Eastmere Mental Health Team", "Clear Water Alcohol Service"] or len(services) == 2
        )
        assert {entry["level"] for entry in of_kind(view, "name")} == {"full"}
    assert "comment" in kinds(views["adult social care"])
    assert "comment" not in kinds(views["police"]) | kinds(views["mental health team"])


async def his_mothers_power_of_attorney_reaches_his_money_and_nothing_else(api: Api, story: j.J) -> None:
    assert story.attorney_refused == (
        "This authority does not reach health; ask somebody who may answer for that."
    )
    social_worker = await api.sign_in("lena.fox")
    answers = (await social_worker.get(f"/v1/cases/{story.case}/consents"))["consents"]
    by_mother = [answer for answer in answers if answer["giver"] == story.mother]
    assert [(a["id"], a["capacity"], a["categories"]) for a in by_mother] == [
        (story.money_permission, "attorney", ["money_work"])
    ]
    [power] = (await social_worker.get(f"/v1/cases/{story.case}/authorities"))["authorities"]
    assert (power["id"], power["holder"], power["covers"]) == (story.power, story.mother, ["money_work"])
    asked = [(answer["giver"], answer["capacity"]) for answer in answers]
    assert asked[0] == (story.j, "adult"), "J is asked first"


async def what_he_cannot_decide_is_decided_for_him_until_he_does(api: Api, story: j.J) -> None:
    """For what it names and with who was asked; his own word, whatever it is, takes its place."""
    social_worker, nurse = await api.sign_in("lena.fox"), await api.sign_in("omar.aziz")
    path = f"/v1/cases/{story.case}/consents"
    decided = next(a for a in (await social_worker.get(path))["consents"] if a["id"] == story.best_interests)
    assert (decided["capacity"], decided["giver"], decided["categories"]) == (
        "best_interests", story.j, ["health"],
    )  # fmt: skip
    assert [told["who"] for told in decided["best_interests"]["consulted"]] == [
        "Carol Harker, his sister", "Edith Harker, his mother",
    ]  # fmt: skip
    assert story.money_decision_refused == "An attorney or deputy answers for money_work; ask them."
    shown = next(a for a in (await nurse.get(path))["consents"] if a["id"] == story.best_interests)
    assert "best_interests" not in shown, "why it was decided is for the lead and whoever recorded it"

    case = f"/v1/cases/{story.case}"
    assert THIN in headlines(await nurse.get(case))
    own = await permit(
        social_worker, story.case, story.j, story.j, "adult", recipients=[j.MENTAL_HEALTH],
        categories=["health"], level="existence", until=decided["valid_until"],
    )  # fmt: skip
    assert THIN not in headlines(await nurse.get(case))
    drinking = await (await api.sign_in("meg.lloyd")).get(case)
    assert THIN in headlines(drinking), "of the alcohol service he has said nothing himself"
    await social_worker.post(f"{path}/{own}/withdrawal", {"withdrawn_by": story.j})
    assert THIN not in headlines(await nurse.get(case)), "what he took back no decision for him brings back"


async def the_chain_of_refusals_is_visible_and_so_is_that_nobody_leads(api: Api, story: j.J) -> None:
    for user in ("lena.fox", "pc.dunn"):
        reader = await api.sign_in(user)
        lead = await reader.get(f"/v1/cases/{story.case}/lead-professional")
        assert lead["lead_professional"] is None
        assert [(asked["user"], asked["state"]) for asked in lead["nominations"]] == [
            ("omar.aziz", "refused"),
            ("meg.lloyd", "refused"),
        ]
        unled = (await reader.get("/v1/cases", filter="no_lead", limit=100))["cases"]
        assert story.case in {case["id"] for case in unled}


async def each_sent_him_to_the_other_and_that_he_is_nobodys_case_is_an_alarm(
    api: Api, story: j.J, suite: RunningSuite
) -> None:
    """The alarm says that nobody has him and nothing else; the answers are read under one's own rights."""
    social_worker = await api.sign_in("lena.fox")
    page = await social_worker.get(f"/v1/cases/{story.case}/referrals")
    asked = [entry for entry in page["entries"] if entry["kind"] == "referral"]
    assert [(one["id"], one["fields"]["agency"], one["fields"]["state"]) for one in asked] == [
        (story.referrals[0], j.MENTAL_HEALTH, "refused"),
        (story.referrals[1], j.ALCOHOL_SERVICE, "refused"),
    ]
    answers = [entry["fields"] for entry in page["entries"] if entry["kind"] == "referral_answer"]
    assert [answer["reason"] for answer in answers] == [
        "He drinks; send him to the alcohol service.", "He is ill; send him to mental health.",
    ]  # fmt: skip
    manager = await api.sign_in(MANAGER)
    assert not [n for n in (await manager.get("/v1/notices"))["notices"] if n["kind"] == "nobodys_case"]
    await asyncio.to_thread(run_clocks_of, suite.databases["case"], utc_now(), CaseworkRules())
    [alarm] = [n for n in (await manager.get("/v1/notices"))["notices"] if n["kind"] == "nobodys_case"]
    assert alarm == {
        "id": alarm["id"], "case": story.case, "kind": "nobodys_case", "about": story.case, "at": alarm["at"],
        "alone": False, "left_too_long": True,
    }  # fmt: skip
    police = await (await api.sign_in("pc.dunn")).get("/v1/notices")
    assert not [n for n in police["notices"] if n["kind"] == "nobodys_case"]

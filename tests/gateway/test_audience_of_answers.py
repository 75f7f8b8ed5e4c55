"""Who is told of what the family said (design 3.4), where the list of answers could tell more than a message;
and what is refused of it.

Three changes that make this fail: showing an answer to a sharing request to whoever owns information of its
kind, showing it to the other key before both are turned, showing recipients what was taken back.
"""

from datetime import timedelta
from typing import Any

import pytest

from shared.clock import rfc3339
from tests.gateway.areas.two_keys import asking, family_answer
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import HEALTH, HOUSING
from tests.gateway.operations import exclusion, share
from tests.support.gateway import As, fields_of, fresh_key

pytestmark = pytest.mark.anyio
Json = dict[str, Any]


async def _told(home: HouseWorld, user: str) -> dict[str, Json]:
    """The answers that somebody reads, by id."""
    listed = (await home.world.as_(user).get(f"/v1/cases/{home.house.case}/consents"))["consents"]
    return {one["id"]: one for one in listed}


@pytest.mark.parametrize("answer", ["refused", "given"])
async def test_how_the_family_answered_a_request_shows_nobody_how_the_other_key_stands(
    own_home: HouseWorld, answer: str
) -> None:
    """Not the owner, who has the other key, nor any agency that owns information of that kind too."""
    world, house = own_home.world, own_home.house
    requests = f"/v1/cases/{house.case}/sharing-requests"
    made = await world.as_("hana.novak").post(requests, asking(house, owner=HEALTH, categories=["health"]))
    others = ("hana.novak", "ruth.amadi", "asif.khan", "nadia.bell", "grace.obi")
    before = {user: await _told(own_home, user) for user in others}
    assert sum(map(len, before.values())) > 0
    path = f"{requests}/{made['id']}/family-answer"
    await world.as_("sam.okafor").post(path, family_answer(house, answer=answer))
    assert {user: await _told(own_home, user) for user in others} == before
    assert {one["owner"] for one in (await _told(own_home, "sam.okafor")).values() if "owner" in one} > {None}


async def test_n1_who_may_answer_is_told_and_recorded_alike_whatever_is_hidden(
    own_home: HouseWorld,
) -> None:
    """An adult's own refusal, a court order and an attorney, of which housing may not know. What is recorded
    against them is recorded, and opens nothing; the lead, who may know, is refused with the reasons.

    Three changes that make this fail: refusing for any order that is recorded, looking for refusals beyond
    the reader's list, leaving a hidden attorney out of what stands of a decision.
    """
    world, house = own_home.world, own_home.house
    hana, lead = world.as_("hana.novak"), world.as_("sam.okafor")
    path = f"/v1/cases/{house.case}/consents"
    decided = {
        "subject": house.mother, "giver": house.mother, "capacity": "best_interests",
        "best_interests": {
            "decision_maker": "Lena Fox", "assessment_reference": "MCA-7", "asked_first": "Twice",
            "wishes": "None known", "consulted": [{"who": "Her sister", "view": "Yes"}],
            "reasons": "Nothing less would do",
        },
    }  # fmt: skip
    parent = {"subject": house.child, "giver": house.mother, "capacity": "parent"}

    async def told(reader: As) -> list[Any]:
        answers = [
            await reader.post(f"{path}/check", {**who, "recipients": [HOUSING]}) for who in (decided, parent)
        ]
        return [{name: one[name] for name in ("may", "may_not", "taking_part")} for one in answers]

    async def recorded() -> list[Any]:
        found = []
        for who, category in ((decided, "mental_health"), (decided, "health"), (parent, "domestic_abuse")):
            said = share(house, **who, recipients=[HOUSING], categories=[category])
            made = await hana.send("POST", path, said, headers=fresh_key())
            found.append((made.status_code, sorted(made.json())))
        return found

    before = (await told(hana), await recorded())
    assert [status for status, _ in before[1]] == [201, 201, 201]
    no = {**share(house), "answer": "refused", "recipients": [HOUSING], "categories": ["mental_health"]}
    agrees_not = {"reasons_explained_and_understood": True, "agrees": False}
    own = {"subject": house.mother, "giver": house.mother, "capacity": "adult", "statement": agrees_not}
    await lead.post(path, no | own)
    authorities = f"/v1/cases/{house.case}/authorities"
    order = {
        "kind": "court_order", "effect": "takes_away", "subject": house.child, "holder": house.mother,
        "document": "Order 7", "covers": ["mental_health", "domestic_abuse"], "verified_by": "Sam Okafor",
    }  # fmt: skip
    await lead.post(authorities, order)
    power = {"kind": "power_of_attorney", "effect": "gives", "subject": house.mother, "holder": house.child}
    await lead.post(authorities, order | power | {"covers": ["health"]})
    assert (await hana.get(authorities))["authorities"] == []
    assert (await told(hana), await recorded()) == before
    reasons = {row["reason"] for answer in await told(lead) for row in answer["may_not"]}
    assert {reason.split()[0] for reason in reasons} == {"This", "A", "An"}, "the lead may know of all three"


async def test_whoever_may_not_know_of_an_order_is_told_no_more_than_whom_to_ask(
    own_home: HouseWorld,
) -> None:
    """An exclusion counts at once, whatever else is recorded: it is refused, whatever it is about."""
    world, house = own_home.world, own_home.house
    hana, lead = world.as_("hana.novak"), world.as_("sam.okafor")
    order = {
        "kind": "court_order", "effect": "takes_away", "subject": house.child, "holder": house.mother,
        "document": "Order 7", "covers": ["domestic_abuse"], "verified_by": "Sam Okafor",
    }  # fmt: skip
    await lead.post(f"/v1/cases/{house.case}/authorities", order)
    path = f"/v1/cases/{house.case}/exclusions"
    said = set()
    for category in ("domestic_abuse", "community"):
        refused = await hana.send("POST", path, exclusion(house, categories=[category]), headers=fresh_key())
        said.add((refused.status_code, *(error["message"] for error in refused.json()["errors"])))
    assert said == {(422, "This person cannot say this here: ask the lead professional to record it.")}
    told = await lead.send("POST", path, exclusion(house, categories=["domestic_abuse"]), headers=fresh_key())
    assert "A court order takes the say about domestic_abuse" in told.text
    await lead.post(path, exclusion(house))


@pytest.mark.parametrize("how", ["said_to_tip_off", "about_abuse", "safe_to_tell"])
async def test_that_a_permission_was_taken_back_is_not_read_in_the_list_by_whom_it_opened_to(
    own_home: HouseWorld, how: str
) -> None:
    """They are told by a message, where that is safe; the list is alike for all, so it tells of no danger."""
    world, house, school = own_home.world, own_home.house, own_home.world.as_("nadia.bell")
    consents = f"/v1/cases/{house.case}/consents"
    categories = ["domestic_abuse"] if how == "about_abuse" else ["health"]
    given = await school.post(consents, share(house, recipients=[HOUSING], categories=categories))
    await world.as_("hana.novak").get(f"/v1/cases/{house.case}")
    before = await _told(own_home, "hana.novak")
    assert before[given["id"]]["withdrawn_at"] is None
    body = {"withdrawn_by": house.mother}
    if how == "said_to_tip_off":
        body["may_tip_off"] = "He works there"
    await school.post(f"{consents}/{given['id']}/withdrawal", body)
    del before[given["id"]]
    assert await _told(own_home, "hana.novak") == before
    for informed in ("nadia.bell", "sam.okafor"):
        assert (await _told(own_home, informed))[given["id"]]["withdrawn_at"] is not None, informed


@pytest.mark.parametrize("path", ["consents", "exclusions"])
async def test_a_window_that_is_empty_is_refused_by_name_and_the_refusal_stands_in_the_ledger(
    own_home: HouseWorld, path: str
) -> None:
    """Fails when the form refuses it by itself: then nobody learns that it was tried."""
    world, house, school = own_home.world, own_home.house, own_home.world.as_("nadia.bell")
    day = rfc3339(world.clock.now + timedelta(days=5))
    window = {"valid_from": day, "valid_until": day}
    body = share(house, **window) if path == "consents" else exclusion(house, **window)
    before = await world.receipts_now("nadia.bell", ("refuse",))
    answer = await school.send("POST", f"/v1/cases/{house.case}/{path}", body, headers=fresh_key())
    assert (answer.status_code, fields_of(answer)) == (422, ["valid_until"]), answer.text
    assert len(await world.receipts_now("nadia.bell", ("refuse",))) == len(before) + 1

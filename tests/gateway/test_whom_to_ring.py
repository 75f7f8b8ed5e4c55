"""Whoever is shown the lead's card has a number to ring: that of the lead's agency where none was recorded.

Three changes that make this fail: leaving it out where nobody wrote one down, telling it to whoever may not
learn where the family is, taking the agency's number in place of the lead's own.
"""

from datetime import date
from typing import Any

import pytest

from deploy.demo_people import AGENCIES
from deploy.stories.steps import agree_to_take_part, make_lead, open_case, record_person
from services.gateway.rosters import reachable
from shared.disclosure import AgencyCard
from tests.gateway.household import HOUSING
from tests.gateway.test_leading import world
from tests.support.gateway import World

__all__ = ["world"]
pytestmark = pytest.mark.anyio
Json = dict[str, Any]
[NUMBER] = [agency.telephone for agency in AGENCIES if agency.code == HOUSING]


async def led_by_housing(world: World, **more: str) -> tuple[str, str]:
    """A case that Hana leads, who was recorded without a telephone unless with one."""
    school = world.as_("nadia.bell")
    person = await record_person(school, "Robin", "Vale", date(1990, 4, 2))
    case = await open_case(school, person, [], "Help")
    await agree_to_take_part(school, case, person, person, "adult")
    who = {"user": "hana.novak", "name": "Hana Novak", "agency": HOUSING, "role": "practitioner"}
    member = (await school.post(f"/v1/cases/{case}/team", {**who, "job_title": "Officer", **more}))["id"]
    await make_lead(school, world.as_("hana.novak"), case, member)
    return case, person


async def test_the_family_and_the_team_have_a_number_for_a_lead_without_one(world: World) -> None:
    case, person = await led_by_housing(world)
    family, team = world.as_("karen.mercer", person=person), world.as_("nadia.bell")
    for session in (family, team, world.as_("paul.ensor")):
        led = await session.get(f"/v1/cases/{case}/lead-professional")
        assert led["lead_professional"]["telephone"] == NUMBER
        header = (await session.get(f"/v1/cases/{case}"))["header"]
        assert header["lead_professional"]["telephone"] == NUMBER
    assert (await team.get(f"/v1/cases/{case}/team"))["team"][1]["telephone"] is None, "they have none"


async def test_a_number_of_their_own_stays_theirs(world: World) -> None:
    case, _ = await led_by_housing(world, telephone="01632 960444")
    led = await world.as_("nadia.bell").get(f"/v1/cases/{case}/lead-professional")
    assert led["lead_professional"]["telephone"] == "01632 960444"


async def test_who_may_not_learn_where_the_family_is_has_no_number(world: World) -> None:
    case, person = await led_by_housing(world)
    bar = {
        "kind": "protected_address", "agencies": ["northgate-school", HOUSING], "users": [],
        "everyone_except": True, "categories": ["contact"], "legal_reference": "Rule 3", "reason": "Safety",
        "review_on": "2031-09-01", "subjects": [person],
        "custodian": {"name": "Duty desk", "agency": "northgate-school", "telephone": "01632 960999"},
    }  # fmt: skip
    made = await world.as_("tom.ashby").send("POST", f"/v1/cases/{case}/bars", bar)
    assert made.status_code == 201, made.text
    answer = await world.as_("school.coord").send("GET", f"/v1/cases/{case}")
    assert NUMBER in answer.text
    stopped = await world.as_("paul.ensor").send("GET", f"/v1/cases/{case}")
    assert NUMBER not in stopped.text


def test_what_is_shown_without_a_number_has_that_of_its_agency_where_it_is_known() -> None:
    def lead(agency: str, telephone: str | None) -> Json:
        return {"agency": agency, "telephone": telephone}

    cards = {
        "school": AgencyCard(name="School", telephone="1"),
        "quiet": AgencyCard(name="Q", telephone=None),
    }
    bundle = {
        "lead": lead("school", None),
        "deputy": lead("school", "2"),
        "open_cases": [{"lead": lead("quiet", None)}, {"lead": lead("elsewhere", None)}, {"lead": None}],
    }
    told = reachable(bundle, cards)
    assert (told["lead"]["telephone"], told["deputy"]["telephone"]) == ("1", "2")
    away = {"lead": {**lead("school", None), "away": True}, "deputy": None}
    assert reachable(away, cards) == away, "whoever stands in is rung"
    assert [case["lead"] and case["lead"]["telephone"] for case in told["open_cases"]] == [None] * 3

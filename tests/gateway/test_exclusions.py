"""Who lifts what the family asked to keep from one person: never whoever that person works or worked for.

Three changes that make this fail: looking at the agencies alone that an exclusion names, forgetting who has
left the team, letting anybody lift it where nobody knows for whom they work.
"""

from typing import Any

import pytest

from tests.gateway.conftest import HouseWorld
from tests.gateway.operations import exclusion, share
from tests.support.gateway import As, fields_of, fresh_key

pytestmark = pytest.mark.anyio
Json = dict[str, Any]


async def _excluded(home: HouseWorld, user: str) -> tuple[str, Json]:
    """The way to lift the mother's word that this user is not to be told."""
    path = f"/v1/cases/{home.house.case}/exclusions"
    body = exclusion(home.house, agencies=[], users=[user], categories=["learning"])
    made = await home.world.as_("sam.okafor").post(path, body)
    return f"{path}/{made['id']}/lifting", {
        "lifted_by": home.house.mother, "evidence": {"form": "verbal"},
    }  # fmt: skip


async def _join(home: HouseWorld, user: str, agency: str) -> str:
    place = {"user": user, "name": "Jo Marsh", "agency": agency, "role": "practitioner", "job_title": "Nurse"}
    joined = await home.world.as_("sam.okafor").post(f"/v1/cases/{home.house.case}/team", place)
    return str(joined["id"])


async def test_a_colleague_does_not_lift_what_keeps_one_of_their_agency_out(home: HouseWorld) -> None:
    world, case = home.world, home.house.case
    member = await _join(home, "jean.clarke", "mill-lane-health")
    colleague, lead = world.as_("jean.clarke"), world.as_("sam.okafor")
    # The colleague is a member whose agency holds something of it, so that they see the exclusion.
    await colleague.post(f"/v1/cases/{case}/actions", _LEARNING)
    path, said = await _excluded(home, "ruth.amadi")
    refused = await colleague.send("POST", path, said, headers=fresh_key())
    assert refused.status_code == 403, refused.text
    seat = next(
        one["id"] for one in (await lead.get(f"/v1/cases/{case}/team"))["team"] if one["user"] == "ruth.amadi"
    )
    await world.as_("ruth.amadi").delete(f"/v1/cases/{case}/team/{seat}", {"reason": "I move away."})
    refused = await colleague.send("POST", path, said, headers=fresh_key())
    assert refused.status_code == 403, "who has left is remembered"
    await world.as_("nadia.bell").post(path, said)
    await colleague.delete(f"/v1/cases/{case}/team/{member}", {"reason": "Done."})


async def test_whoever_has_a_role_in_two_agencies_does_not_lift_for_the_one_what_keeps_the_other_out(
    home: HouseWorld,
) -> None:
    """Fails when the acting agency alone is looked at."""
    world, house = home.world, home.house
    path = f"/v1/cases/{house.case}"
    job_centre = "jobcentre-east"
    member, viv = await _of_two_agencies(home)
    body = exclusion(house, agencies=[job_centre], users=[], categories=["learning"])
    made = await world.as_("sam.okafor").post(f"{path}/exclusions", body)
    assert made["id"] in {one["id"] for one in (await viv.get(f"{path}/exclusions"))["exclusions"]}
    said = {"lifted_by": house.mother, "evidence": {"form": "verbal"}}
    refused = await viv.send("POST", f"{path}/exclusions/{made['id']}/lifting", said, headers=fresh_key())
    assert refused.status_code == 403, refused.text
    assert "an agency that it does not benefit" in refused.json()["detail"]
    await world.as_("sam.okafor").post(f"{path}/exclusions/{made['id']}/lifting", said)
    await viv.delete(f"{path}/team/{member}", {"reason": "Done."})


async def test_nor_takes_back_for_the_one_a_no_that_keeps_the_other_out(home: HouseWorld) -> None:
    world, house = home.world, home.house
    path, job_centre = f"/v1/cases/{house.case}", "jobcentre-east"
    member, viv = await _of_two_agencies(home)
    said = {"withdrawn_by": house.mother}
    statement = {"reasons_explained_and_understood": True, "agrees": False}
    no = share(house, recipients=[job_centre], answer="refused", statement=statement)
    made = await world.as_("sam.okafor").post(f"{path}/consents", no)
    refused = await viv.send("POST", f"{path}/consents/{made['id']}/withdrawal", said, headers=fresh_key())
    assert refused.status_code == 403, refused.text
    assert "an agency that it does not benefit" in refused.json()["detail"]
    await world.as_("sam.okafor").post(f"{path}/consents/{made['id']}/withdrawal", said)
    await viv.delete(f"{path}/team/{member}", {"reason": "Done."})


async def test_a_yes_for_the_other_agency_of_whoever_records_it_needs_evidence_too(home: HouseWorld) -> None:
    house = home.house
    path = f"/v1/cases/{house.case}"
    member, viv = await _of_two_agencies(home)
    yes = share(house, recipients=["jobcentre-east"], evidence={"form": "verbal"})
    refused = await viv.send("POST", f"{path}/consents", yes, headers=fresh_key())
    assert refused.status_code == 403, refused.text
    assert "benefits your own agency" in refused.json()["detail"]
    await viv.delete(f"{path}/team/{member}", {"reason": "Done."})


async def test_where_nobody_knows_for_whom_they_work_the_lead_alone_lifts_it(home: HouseWorld) -> None:
    path, said = await _excluded(home, "tess.arden")
    school = home.world.as_("nadia.bell")
    refused = await school.send("POST", path, said, headers=fresh_key())
    assert refused.status_code == 403, refused.text
    assert "lead professional" in refused.json()["detail"]
    await home.world.as_("sam.okafor").post(path, said)


async def _of_two_agencies(home: HouseWorld) -> tuple[str, As]:
    """Somebody of housing and of the job centre, on the team for housing, which holds something of it now."""
    housing = "tidewater-housing"
    member = await _join(home, "viv.stone", housing)
    viv = home.world.as_("viv.stone", headers={"Acting-Role": "practitioner", "Acting-Agency": housing})
    action = _LEARNING["actions"][0] | {"accountable": housing}
    await viv.post(f"/v1/cases/{home.house.case}/actions", {"actions": [action]})
    return member, viv


_LEARNING: Json = {
    "actions": [
        {
            "desired_outcome": "He reads.", "action": "Read with him.", "by_when": "2031-06-01",
            "accountable": "mill-lane-health", "responsible_name": "Jean Clarke", "categories": ["learning"],
        }
    ]
}  # fmt: skip


async def test_whose_birthday_nobody_recorded_says_themselves_who_must_not_be_told(home: HouseWorld) -> None:
    """An exclusion takes away and never gives. Fails when it waits for a birthday, as their yes does."""
    world, case = home.world, home.house.case
    lead, name = world.as_("sam.okafor"), {"kind": "name", "fields": {"given_names": "Nan"}}
    nan = (await lead.post("/v1/people", {"details": [name]}))["id"]
    await lead.post(f"/v1/cases/{case}/subjects", {"person": nan})
    path = f"/v1/cases/{case}/exclusions"
    own = {"subject": nan, "giver": nan, "capacity": "adult"}
    made = await lead.post(path, exclusion(home.house, **own))
    assert made["enforced_at"]
    listed = {one["id"]: one for one in (await lead.get(path))["exclusions"]}
    assert listed[made["id"]]["subject"] == nan
    refused = await lead.send("POST", f"/v1/cases/{case}/consents", share(home.house, **own))
    assert (refused.status_code, fields_of(refused)) == (422, ["capacity"])
    no = {"answer": "refused", "statement": {"reasons_explained_and_understood": True, "agrees": False}}
    assert await lead.post(f"/v1/cases/{case}/consents", share(home.house, **own, **no))
    await lead.post(f"{path}/{made['id']}/lifting", {"lifted_by": nan, "evidence": {"form": "verbal"}})

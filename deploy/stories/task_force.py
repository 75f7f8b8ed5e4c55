"""A task force (design 1, Margate): many agencies in one building, one officer who works for two of them.

Will Marsh acts for the housing association in the morning and for the Jobcentre in the afternoon. The same
question about the same family gets two answers, and the ledger says in which of his two places he asked.
Joan Reed leads the case until she leaves the Jobcentre: her access ends the same day, and the gap shows.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from deploy.stories.client import Api
from deploy.stories.steps import (
    add_entry,
    agree_to_take_part,
    born,
    contact,
    join_team,
    make_lead,
    nhs_number,
    open_case,
    permit,
    record_person,
    start_assessment,
)
from shared.clock import Clock, rfc3339, utc_now

HOUSING, JOBCENTRE, HEALTH = "tidewater-housing", "jobcentre-east", "mill-lane-health"
IN_TWO_PLACES, LEAVER = "will.marsh", "joan.reed"


@dataclass(frozen=True, slots=True)
class TaskForce:
    """What the story made, by id. ``permission``: to share health, money and work with both places."""

    tenant: str
    case: str
    permission: str


async def tell(api: Api, clock: Clock = utc_now) -> TaskForce:
    """The family's case with a team of four, one of whom stands on it twice."""
    now = clock()
    today = now.date()
    until = rfc3339(now + timedelta(days=180))
    housing = await api.sign_in("hana.novak")
    adviser = await api.sign_in(LEAVER)

    tenant = await record_person(
        housing, "Tina", "Marlow", born(36, today), nhs_number("9990001197"),
        contact(address="Room 12, Clifton Parade", safe_way_to_make_contact="At the desk on Tuesdays."),
    )  # fmt: skip
    family = [
        await record_person(housing, name, "Marlow", born(age, today), nhs_number(number))
        for name, age, number in (
            ("Dean", 40, "9990001332"),
            ("Jodie", 16, "9990001405"),
            ("Lewis", 10, "9990001472"),
            ("Ruby", 4, "9990001545"),
            ("Alfie", 1, "9990001618"),
        )
    ]
    case = await open_case(
        housing, tenant, family, "Seven agencies have called since summer, each on its own."
    )
    await agree_to_take_part(housing, case, tenant, tenant, "adult")
    permission = await permit(
        housing, case, tenant, tenant, "adult", until=until,
        recipients=[HOUSING, JOBCENTRE], categories=["health", "money_work"],
    )  # fmt: skip
    leading = await join_team(housing, case, LEAVER)
    await join_team(housing, case, IN_TWO_PLACES, agency=HOUSING)
    await join_team(housing, case, IN_TWO_PLACES, agency=JOBCENTRE)
    await join_team(housing, case, "jean.clarke")
    await make_lead(housing, adviser, case, leading)

    assessment = await start_assessment(
        housing, case, tenant, "One list of what is agreed, instead of seven.", today.isoformat()
    )
    for user, element, headline, removed in (
        ("jean.clarke", "physical_development", "Asthma, worse since the damp came through", []),
        (
            LEAVER,
            "housing_employment_finance",
            "Benefit stopped in May; can work in term time",
            ["housing"],
        ),
        (
            "hana.novak",
            "housing_employment_finance",
            "Eviction notice for the end of the month",
            ["money_work"],
        ),
    ):
        await add_entry(
            await api.sign_in(user), case, assessment, kind="need", element=element, headline=headline,
            removed_default_categories=removed, whose_view="practitioner", sensitive_content=[],
            subjects=[tenant],
        )  # fmt: skip
    return TaskForce(tenant, case, permission)


async def read_in_both_places(api: Api, case: str) -> dict[str, Any]:
    """What the one officer sees, by the agency for which he asks."""
    return {
        agency: await (await api.sign_in(IN_TWO_PLACES, agency=agency)).get(f"/v1/cases/{case}")
        for agency in (HOUSING, JOBCENTRE)
    }


async def adviser_promises(api: Api, story: TaskForce, today: date) -> str:
    """Joan Reed takes something on herself; gives the action's id."""
    made = await (await api.sign_in(LEAVER)).post(
        f"/v1/cases/{story.case}/actions",
        {
            "actions": [
                {
                    "desired_outcome": "Money coming in again",
                    "action": "Go with her to the appeal",
                    "accountable": JOBCENTRE,
                    "responsible_user": LEAVER,
                    "responsible_name": "Joan Reed",
                    "by_when": (today + timedelta(days=14)).isoformat(),
                }
            ]
        },
    )
    return str(made["actions"][0]["id"])


async def somebody_else_does_it(api: Api, story: TaskForce, action: str) -> None:
    """Will Marsh, who works for the same agency, takes on what she promised."""
    will = await api.sign_in(IN_TWO_PLACES, agency=JOBCENTRE)
    actions = (await will.get(f"/v1/cases/{story.case}/actions"))["entries"]
    etag = next(one["etag"] for one in actions if one["id"] == action)
    change = {"responsible_user": IN_TWO_PLACES, "responsible_name": "Will Marsh"}
    await will.patch(f"/v1/cases/{story.case}/actions/{action}", change, etag)


async def adviser_leaves(api: Api) -> Any:
    """Joan Reed's manager says that she has left; answers with the cases that have no lead now."""
    manager = await api.sign_in("femi.cole")
    return await manager.post(
        f"/v1/users/{LEAVER}/departure", {"reason": "She has taken a post in another county."}
    )


async def who_has_seen(api: Api, case: str) -> list[dict[str, Any]]:
    """The receipts about the case, as the health trust's information officer may see them, newest first."""
    officer = await api.sign_in("nia.rowe")
    receipts: list[dict[str, Any]] = (await officer.get(f"/v1/cases/{case}/disclosures", limit=100))[
        "disclosures"
    ]
    return receipts

"""What James and those who help him promise each other, and what is spent on him (design 1).

The papers' figures: support would have cost £42,000 until he was sixteen, and £154,000 was spent.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from deploy.stories.client import Api
from deploy.stories.james import YOUTH_OFFENDING
from shared.clock import Clock, utc_now

SUPPORT_PENCE = 4_200_000
ASKED_FOR = "The support that his mother asked for when he was eight, until sixteen"
SPENT_PENCE = 15_400_000
SPENT: tuple[tuple[str, str, int], ...] = (
    ("sam.okafor", "Two custodial sentences, and the courts", 11_200_000),
    ("nadia.bell", "School elsewhere, one to one", 2_900_000),
    ("hana.novak", "Arrears, notices and a move", 1_300_000),
)
"""Who spent what of it: the sum is the papers', the shares are ours."""


@dataclass(frozen=True, slots=True)
class Compact:
    """What the youth offending team and James promised each other, by id."""

    of_the_service: str
    of_james: str


async def promise_each_other(api: Api, case: str, james: str, by_when: date) -> Compact:
    """The compact of James and the youth offending team, each with a day."""
    made = await (await api.sign_in("nadia.bell")).post(
        f"/v1/cases/{case}/compact",
        {
            "preamble": "What we promise each other until he is home",
            "commitments": [
                {"promised_by": party, "promise": promise, "by_when": by_when.isoformat()}
                for party, promise in (
                    ({"agency": YOUTH_OFFENDING}, "Somebody visits him every week"),
                    ({"person": james}, "I ring my mother on Sundays"),
                )
            ],
        },
    )
    return Compact(*made["commitments"])


async def what_was_spent(api: Api, case: str, year: int) -> None:
    """Each agency records what its own work cost, over a year that is past; and the one that spent most what
    support would have cost instead."""
    instead = {"planned_alternative": ASKED_FOR, "planned_alternative_pence": SUPPORT_PENCE}
    for user, service, pence in SPENT:
        await (await api.sign_in(user)).post(
            f"/v1/cases/{case}/costs",
            {
                "service": service,
                "starts_on": f"{year}-01-01",
                "ends_on": f"{year + 1}-01-01",
                "pence": pence,
                **(instead if user == SPENT[0][0] else {}),
            },
        )


async def what_support_would_cost(api: Api, case: str) -> str:
    """The manager of the youth offending team gives its lead the sum of the papers; gives the allocation."""
    manager = await api.sign_in("liz.hart")
    stream = await manager.post(
        "/v1/budget-streams",
        {
            "name": "Support until sixteen",
            "total_pence": SUPPORT_PENCE,
            "may_buy": ["activity", "learning"],
            "second_signature_above_pence": 10_000,
        },
    )
    given = await manager.post(
        f"/v1/cases/{case}/budget/allocations",
        {"stream": stream["id"], "amount_pence": SUPPORT_PENCE, "purpose": "What he asked for at eight"},
    )
    return str(given["id"])


async def what_he_wishes(api: Api, case: str, allocation: str) -> None:
    """Something small that his lead buys at once, and a course that waits for his manager's signature."""
    sam = await api.sign_in("sam.okafor")
    for kind, what, pence, wish in (
        ("activity", "Boots and overalls", 8_500, "I want to look like the others there."),
        ("learning", "A term at the motor project", 45_000, "I want to work on engines."),
    ):
        order = {
            "allocation": allocation, "kind_of_purchase": kind, "what": what, "amount_pence": pence,
            "wish": wish, "departs_from_wish": False,
        }  # fmt: skip
        await sam.post(f"/v1/cases/{case}/budget/purchases", order)


async def what_follows(api: Api, clock: Clock = utc_now) -> None:
    """What James's case holds besides his story: promises that wait for signatures, money, and what a year
    cost. His lead finds the case on his list."""
    today = clock().date()
    sam = await api.sign_in("sam.okafor")
    cases = (await sam.get("/v1/cases"))["cases"]
    found = next(one for one in cases if one["person"]["name"] == "James Mercer")
    await promise_each_other(api, found["id"], found["person"]["id"], today + timedelta(days=28))
    await what_was_spent(api, found["id"], today.year - 1)
    await what_he_wishes(api, found["id"], await what_support_would_cost(api, found["id"]))

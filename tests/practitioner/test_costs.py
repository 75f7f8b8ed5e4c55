"""What the case costs, on its page: whole pence, each service's share, and what was planned instead."""

from typing import Any

import pytest

from clients.practitioner.forms import pence_of
from clients.practitioner.pages.costs import cost_of
from clients.practitioner.presenters.costs import costs_of, share_of
from clients.practitioner.visit import Form
from tests.practitioner.browser import Desk

pytestmark = pytest.mark.anyio
Json = dict[str, Any]


@pytest.mark.parametrize(
    ("typed", "pence"),
    [
        ("1,250.50", 125_050), ("£40", 4_000), ("£ 40.5", 4_050), ("0.07", 7), ("1 250", 125_000),
        ("£1\xa0250.00", 125_000), ("  12 ", 1_200), ("42,000", 4_200_000), ("1250.5", 125_050), ("007", 700),
    ],
)  # fmt: skip
def test_money_is_understood_as_people_write_it_and_never_as_a_fraction(typed: str, pence: int) -> None:
    assert pence_of(Form((("amount", typed),)), "amount") == pence


@pytest.mark.parametrize(
    "typed",
    [
        "forty",
        "1,25",
        "1.250,50",
        "-3",
        "4 0",
        "1e3",
        "12.345",
        "£",
        "£££4",
        "٤٠",
        "40p",
        "1,2500",
        ".50",
        "nan",
    ],
)
def test_what_is_no_money_goes_as_it_was_typed_for_the_api_to_refuse(typed: str) -> None:
    assert pence_of(Form((("amount", typed),)), "amount") == typed


def test_nothing_is_no_money_and_a_very_long_number_does_no_harm() -> None:
    assert pence_of(Form(()), "amount") is None
    assert isinstance(pence_of(Form((("amount", "9" * 10_000),)), "amount"), int)


def cost(owner: str, **fields: Any) -> Json:
    standing = {"service": "Visits", "starts_on": "2030-01-01", "ends_on": "2031-01-01", **fields}
    return {"id": owner, "kind": "service_cost", "owner": owner, "fields": standing}


def view(*entries: Json, may: tuple[str, ...] = ()) -> Json:
    return {"may": may, "areas": {"budget": list(entries)}}


def test_the_papers_sum_is_told_with_each_services_share_and_what_was_asked_for_instead() -> None:
    """£154,000 where £42,000 was asked for (design 1)."""
    page = costs_of(
        view(
            cost("tidewater-housing", pence=1_300_000),
            cost("youth-offending", pence=11_200_000, planned_alternative="Support",
                 planned_alternative_pence=4_200_000),
            cost("northgate-school", pence=2_900_000),
        ),
        {"youth-offending": "Youth Offending"},
    )  # fmt: skip
    assert [(one.service, one.pence, one.share) for one in page.services] == [
        ("Youth Offending", 11_200_000, "72.7 %"),
        ("Northgate school", 2_900_000, "18.8 %"),
        ("Tidewater housing", 1_300_000, "8.4 %"),
    ]
    assert (page.total, page.instead_pence) == (15_400_000, 4_200_000)
    assert page.services[0].costs[0].last == "2030-12-31"
    assert page.chart is not None
    assert [bar.words for bar in page.chart.bars] == ["£112,000.00", "£29,000.00", "£13,000.00"]


def test_what_is_not_shown_in_full_is_named_and_not_added_up() -> None:
    page = costs_of(view(cost("a-school"), cost("a-school", pence=100), cost("a-trust")), {})
    assert [(one.service, one.pence, one.share) for one in page.services] == [
        ("A school", 100, "100.0 %"), ("A trust", None, None),
    ]  # fmt: skip
    assert page.is_hidden
    assert costs_of(view(), {}).chart is None


def test_shares_are_rounded_once_and_of_nothing_there_is_none() -> None:
    assert [share_of(part, 3) for part in (0, 1, 2, 3)] == ["0.0 %", "33.3 %", "66.7 %", "100.0 %"]
    assert share_of(1, 2_000) == "0.1 %", "half a tenth is rounded up"
    assert share_of(0, 0) == "0.0 %"


async def test_who_writes_records_what_was_spent_and_who_reads_does_not(desk: Desk) -> None:
    at = f"/cases/{desk.home.house.case}/costs"
    reader = await desk.signed_in("ben.carver")
    page = await reader.get(at)
    assert (page.status, f"{at}/new" in page.links.values()) == (200, False)
    assert (await reader.get(f"{at}/new")).status == 404
    browser = await desk.signed_in("sam.okafor")
    page = await browser.get(f"{at}/new")
    typed = {
        "service": "Lessons <b>alone</b>", "first__day": "1", "first__month": "1", "first__year": "2026",
        "last__day": "31", "last__month": "12", "last__year": "2026", "amount": "a lot",
        "instead": "A mentor",
    }  # fmt: skip
    wrong = await browser.send(page, f"{at}/new", **typed)
    assert (wrong.status, wrong.mistakes) == (
        422, ["Write an amount in pounds and pence, such as 1,250.50."],
    )  # fmt: skip
    assert wrong.soup.select(".govuk-error-summary__list a")[0]["href"] == "#amount"
    assert wrong.filled_in(f"{at}/new")["service"] == "Lessons <b>alone</b>"
    assert wrong.filled_in(f"{at}/new")["amount"] == "a lot"
    halved = await browser.send(wrong, f"{at}/new", amount="£1,250.50")
    assert halved.mistakes == ["Say what was planned instead and what it would have cost, or neither."]
    back = await browser.send(halved, f"{at}/new", instead_amount="0", last__year="2025")
    assert back.mistakes == ["Write an amount of at least one penny."]
    back = await browser.send(back, f"{at}/new", instead_amount="900")
    assert back.mistakes == ["The last day must not be before the first one."]
    done = await browser.send(back, f"{at}/new", last__year="2026")
    assert (done.status, done.address) == (200, at)
    assert "Lessons <b>alone</b> : £1,250.50" in done.text
    assert "From 1 January 2026 to 31 December 2026" in done.text
    assert "A mentor , £900.00" in done.text
    twice = await browser.send(back, f"{at}/new", last__year="2026")
    assert twice.text.count("£1,250.50") == done.text.count("£1,250.50")


def test_the_last_day_is_one_of_those_that_are_paid_for() -> None:
    typed = (("last-day", "31"), ("last-month", "12"), ("last-year", "2030"))
    assert cost_of(Form(typed)) == {"ends_on": "2031-01-01"}

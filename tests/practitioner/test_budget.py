"""The money of a case on its pages: what was given, bound, spent and is left, to the penny; what each person
is offered is what the API lets them do."""

from typing import Any

import pytest

from clients.practitioner.pages.budget import purchase_of, stream_of
from clients.practitioner.presenters.budget import budget_page_of, rules_in_words, streams_of, to_give_from
from clients.practitioner.visit import Form
from tests.practitioner.browser import Browser, Desk, Page

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
LEAD, MANAGER = "sam.okafor", "liz.hart"


def at(desk: Desk, end: str = "") -> str:
    return f"/cases/{desk.home.house.case}/budget{end}"


def of_purchase(desk: Desk, what: str) -> str:
    return at(desk, f"/purchases/{desk.home.house.purchase}/{what}")


def sums(page: Page) -> list[str]:
    """What is given, bound, spent and left, of the first money on the page."""
    listed = page.soup.select_one("dl.govuk-summary-list")
    assert listed is not None
    return [value.get_text(strip=True) for value in listed.select("dd")]


async def opened(browser: Browser, page: Page, words: str) -> Page:
    """The page behind the one link that begins so."""
    [address] = {to for text, to in page.links.items() if text.startswith(words)}
    return await browser.get(address)


async def test_each_is_offered_what_the_api_lets_them_do_and_no_more(desk: Desk) -> None:
    offered = {
        LEAD: {"Buy something", "Do not buy it after all"},
        MANAGER: {"Give money to this case", "Take back what is left", "Sign for it", "Do not sign it"},
        "hana.novak": set(),
        "ben.carver": set(),
    }
    every = {*offered[LEAD], *offered[MANAGER], "Say what it cost"}
    for user, words in offered.items():
        page = await (await desk.signed_in(user)).get(at(desk))
        assert (page.status, page.heading) == (200, "The money"), user
        assert {one for one in every if any(text.startswith(one) for text in page.links)} == words, user
    volunteer = await (await desk.signed_in("ben.carver")).get(at(desk))
    assert "No money that you can see was given to this case." in volunteer.text
    for user, ends in (
        (LEAD, ("signature", "refusal", "spending")), (MANAGER, ("spending", "release")),
        ("hana.novak", ("signature", "refusal", "spending", "release")),
    ):  # fmt: skip
        browser = await desk.signed_in(user)
        for end in ends:
            assert (await browser.get(of_purchase(desk, end))).status == 404, (user, end)
    school = await desk.signed_in("nadia.bell")
    assert (await school.get(at(desk, "/allocations/new"))).status == 404
    assert (await school.get("/budget-streams/new")).status == 404
    assert (await (await desk.signed_in("ben.carver")).get("/budget-streams")).status == 404


async def test_something_is_bought_from_the_first_penny_to_the_last(desk: Desk) -> None:
    """£500 was given, of which £120 wait for a signature."""
    lead = await desk.signed_in(LEAD)
    page = await lead.get(at(desk))
    assert sums(page) == ["£500.00", "£120.00", "£0.00", "£380.00"]
    assert "Above £100.00 a manager signs too." in page.text
    form = await opened(lead, page, "Buy something")
    new = form.address
    empty = await lead.send(form, new)
    assert len(empty.mistakes) == 5
    assert all(empty.soup.find(id=str(a["href"])[1:]) for a in empty.soup.select(".govuk-error-summary a"))
    typed = {"kind_of_purchase": "travel", "what": "A <b>bus</b> pass", "wish": "To see his mother"}
    wrong = await lead.send(empty, new, amount="forty pounds", as_wished="no", **typed)
    assert wrong.mistakes == ["Write an amount in pounds and pence, such as 1,250.50."]
    kept = wrong.filled_in(new)
    assert (kept["amount"], kept["what"], kept["wish"]) == (
        "forty pounds", "A <b>bus</b> pass", "To see his mother",
    )  # fmt: skip
    wrong = await lead.send(wrong, new, amount="£40.55")
    assert wrong.mistakes == ["Say why it is not what they wish for if it is not, and only then."]
    assert wrong.soup.select(".govuk-error-summary__list a")[0]["href"] == "#departed_because"
    much = await lead.send(wrong, new, amount="380.01", departed_because="Trains are too dear")
    assert much.status == 422
    assert "There is not that much left." in much.mistakes[0]
    done = [await lead.send(much, new, amount="£40.55") for _ in range(2)]
    assert [page.status for page in done] == [200, 200]
    assert sums(done[1]) == ["£500.00", "£160.55", "£0.00", "£339.45"], "sent twice, it is ordered once"
    assert "A <b>bus</b> pass To be bought" in done[1].text
    assert "It is not what they wish for, because: Trains are too dear" in done[1].text
    form = await opened(lead, done[1], "Say what it cost : A")
    over = await lead.send(form, form.address, amount="40.56")
    assert over.mistakes == ["This is more than was bound for it. Order the rest as well."]
    paid = await lead.send(over, over.address, amount="38")
    assert sums(paid) == ["£500.00", "£120.00", "£38.00", "£342.00"]
    assert "it cost £38.00, £40.55 had been kept for it" in paid.text
    assert not any(text.startswith("Say what it cost : A") for text in paid.links)


async def test_a_manager_signs_or_says_why_not_and_gives_and_takes_back(desk: Desk) -> None:
    manager, lead = await desk.signed_in(MANAGER), await desk.signed_in(LEAD)
    form = await manager.get(of_purchase(desk, "signature"))
    assert form.heading == "Sign for this"
    page = await manager.send(form, form.address)
    assert "Signed by Liz Hart" in page.text
    assert (await manager.get(of_purchase(desk, "signature"))).status == 404, "it is signed"
    again = await manager.send(form, form.address)
    assert again.status == 200, "sent twice it is signed once"
    up = await lead.get(of_purchase(desk, "release"))
    missing = await lead.send(up, up.address)
    assert (missing.status, missing.mistakes) == (422, ["Fill this in."])
    page = await lead.send(missing, up.address, reason="A neighbour gave one")
    assert "Why: A neighbour gave one" in page.text
    before = sums(page)
    assert before[1] == "£0.00", "nothing waits to be bought any more"
    form = await opened(lead, page, "Buy something")
    page = await lead.send(
        form, form.address, kind_of_purchase="household", what="A bed", amount="150", wish="A bed",
        as_wished="yes",
    )  # fmt: skip
    assert "A bed Waits for a signature" in page.text
    seen = await manager.get(at(desk))
    form = await opened(manager, seen, "Do not sign it : A bed")
    page = await manager.send(form, form.address, reason="Not this year")
    assert "A bed Not signed" in page.text
    assert "Why: Not this year" in page.text
    assert sums(page) == before, "what was kept for it is free again"
    form = await opened(manager, page, "Take back what is left")
    page = await manager.send(form, form.address, amount="1000000")
    assert "There is not that much left." in page.mistakes[0]
    page = await manager.send(page, form.address, amount="0.01")
    assert sums(page)[0] == "£499.99"


async def test_money_comes_from_a_stream_with_its_rules(desk: Desk) -> None:
    manager = await desk.signed_in(MANAGER)
    page = await manager.get("/")
    page = await manager.get(page.links["Money"])
    assert page.heading == "Where money comes from"
    form = await opened(manager, page, "Set money aside for cases")
    wrong = await manager.send(
        form, form.address, name="Bus <i>fund</i>", total_pence="lots", may_buy="travel"
    )
    assert wrong.mistakes == ["Write an amount in pounds and pence, such as 1,250.50."]
    assert wrong.filled_in(form.address)["may_buy"] == "travel"
    page = await manager.send(wrong, form.address, total_pence="1,000", most_per_case_pence="£25.50")
    assert "Bus <i>fund</i> Open" in page.text
    assert "£1,000.00 left of £1,000.00" in page.text
    assert "It is for travel. One case is given at most £25.50 in all." in page.text
    form = await manager.get(at(desk, "/allocations/new"))
    assert "Sam Okafor, Eastmere Youth Offending Team" in form.text, "who will hold it is named"
    bus = next(
        str(one["value"])
        for one in form.soup.select("input[name=stream]")
        if "Bus" in form.soup.select_one(f"label[for={one['id']}]").get_text()  # type: ignore[union-attr]
    )
    wrong = await manager.send(form, form.address, stream=bus, amount="30", purpose="To visit")
    assert wrong.mistakes == [
        "This stream gives one case no more than that in all. Allocate less, or take back what is free."
    ]
    page = await manager.send(wrong, form.address, amount="25.50")
    assert (page.status, page.address) == (200, at(desk))
    assert "All that you see here together" in page.text
    listed = await manager.get("/budget-streams")
    closings = [action for action in listed.actions if action.endswith(f"{bus}/closing")]
    listed = await manager.send(listed, closings[0])
    assert "Bus <i>fund</i> Closed" in listed.text
    reader = await (await desk.signed_in("nadia.bell")).get("/budget-streams")
    assert reader.status == 200
    assert "left of" not in reader.text
    assert not [action for action in reader.actions if action.endswith("/closing")]


async def test_no_page_of_the_money_or_of_what_is_promised_takes_more_than_two_calls(desk: Desk) -> None:
    case = f"/cases/{desk.home.house.case}"
    pages = {
        LEAD: (at(desk), f"{case}/costs", f"{case}/costs/new", f"{case}/compact", f"{case}/compact/new"),
        MANAGER: (at(desk), at(desk, "/allocations/new"), "/budget-streams", "/budget-streams/new"),
    }
    for user, addresses in pages.items():
        browser = await desk.signed_in(user)
        await browser.get(at(desk))
        for address in addresses:
            desk.line.asked.clear()
            page = await browser.get(address)
            assert (page.status, len(desk.line.asked) <= 2) == (200, True), (address, desk.line.asked)
    lead = await desk.signed_in(LEAD)
    order = next(to for to in (await lead.get(at(desk))).links.values() if to.endswith("/purchases/new"))
    desk.line.asked.clear()
    assert (await lead.get(order)).status == 200
    assert [path for _, path in desk.line.asked] == [f"/v1{case}", f"/v1{at(desk)}"]


def an_allocation(id: str, **more: Any) -> Json:
    pence = {"allocated_pence": 3, "committed_pence": 1, "spent_pence": 1, "free_pence": 1}
    entry = {"id": id, "owner": "a-school", "fields": {"stream_name": "Fund", "held_by": "a-trust"}}
    standing = {"allocation": entry, "balance": pence, "rules": None, "purchases": [], "may": []}
    return {**standing, **more}


def test_what_is_seen_is_added_up_and_what_is_not_is_no_nothing() -> None:
    view: Json = {
        "may": [], "header": {"state": "open", "lead_professional": None},
        "areas": {"plan": [], "person": []},
    }  # fmt: skip
    one = budget_page_of(view, {"allocations": [an_allocation("a")], "others": []}, {})
    assert one.total is None, "of one there is nothing to add up"
    hidden = an_allocation("c", balance=None)
    page = budget_page_of(
        view, {"allocations": [an_allocation("a"), an_allocation("b"), hidden], "others": []}, {}
    )
    assert page.total is not None
    assert (page.total.given, page.total.bound, page.total.spent, page.total.left) == (6, 2, 2, 2)
    assert page.allocations[2].balance is None
    assert not page.may_give


def test_rules_are_sentences_and_only_what_is_left_can_be_given() -> None:
    rules: Json = {"may_buy": ["food", "travel"], "most_per_purchase_pence": 5}
    assert rules_in_words(rules) == ["It is for food and travel.", "One thing costs at most £0.05."]
    stream = {
        **rules, "id": "s", "agency": "a-school", "name": "Fund", "state": "open", "may": ["close"],
        "total_pence": 100, "left_pence": 99,
    }  # fmt: skip
    others = {**stream, "id": "o", "total_pence": None, "left_pence": None, "may": []}
    closed = {**stream, "id": "c", "state": "closed"}
    found = streams_of({"streams": [closed, others, stream]}, {})
    assert [one.id for one in found] == ["o", "s", "c"]
    assert to_give_from(found) == [("s", "Fund (£0.99 left)")]


def test_what_was_not_answered_is_left_for_the_api_to_ask_for() -> None:
    assert purchase_of(Form(()), "a") == {"allocation": "a"}
    said = purchase_of(Form((("as_wished", "no"), ("amount", "£1.05"))), "a")
    assert said == {"allocation": "a", "departs_from_wish": True, "amount_pence": 105}
    assert stream_of(Form((("name", "Fund"), ("total_pence", "ten")))) == {
        "name": "Fund", "total_pence": "ten",
    }  # fmt: skip

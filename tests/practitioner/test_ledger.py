"""The ledger from an officer's pages: who looked, whether it is whole; who can see, why, and what if."""

from datetime import timedelta

import pytest

from clients.practitioner.pages.who_can_see import SUPPOSED
from tests.practitioner.browser import Desk

pytestmark = pytest.mark.anyio
HOSTILE = '"><script>alert(1)</script>'


async def test_an_officer_finds_who_looked_and_what_was_decided_then(desk: Desk) -> None:
    house, world = desk.home.house, desk.home.world
    await world.as_("hana.novak").get(f"/v1/cases/{house.case}")
    browser = await desk.signed_in("tom.ashby")
    page = await browser.get("/ledger?user=hana.novak&action=read")
    assert page.status == 200
    assert "Hana Novak, practitioner, Tidewater Housing" in page.text
    looks = [at for at in page.links.values() if at.startswith("/ledger/receipts/")]
    assert looks
    one = await browser.get(looks[0])
    assert one.heading.startswith("Looked, ")
    assert "Under version 1 of the rules" in one.text
    page = await browser.get(f"/ledger/cases/{house.case}")
    assert page.heading == "Who looked at this case"
    assert house.case in page.text
    assert (await browser.get(f"/ledger/people/{house.child}")).heading == "Who looked at this person"
    for address in (f"/ledger/cases/{house.other_case}", "/ledger/cases/x", "/ledger/receipts/x"):
        assert (await browser.get(address)).status == 404, address


async def test_a_search_that_makes_no_sense_says_so_and_keeps_what_was_asked(desk: Desk) -> None:
    browser = await desk.signed_in("tom.ashby")
    since = "since-day=2&since-month=3&since-year=2031"
    for query in (
        f"{since}&until-day=1&until-month=3&until-year=2031",
        "since-day=40&since-month=3&since-year=2031",
        "action=stole",
    ):
        page = await browser.get(f"/ledger?user=hana.novak&{query}")
        assert page.status == 422, query
        assert page.mistakes
        assert page.soup.find("input", id="user", value="hana.novak") is not None
    page = await browser.get("/ledger?user=" + HOSTILE.replace("<", "%3C"))
    assert "<script>alert" not in page.html


async def test_the_ledger_is_verified_and_a_checkpoint_is_taken_by_those_who_may(desk: Desk) -> None:
    browser = await desk.signed_in("una.price")
    page = await browser.get("/ledger/checkpoint")
    area = page.soup.find("textarea")
    assert area is not None
    checkpoint = area.get_text()
    assert checkpoint.count(".") == 2
    page = await browser.get("/ledger/verification")
    assert page.soup.find("textarea") is None, "it would be refused: the rules name no such officer"
    found = await browser.send(page, "/ledger/verification")
    for _ in range(20):
        if "Not finished" not in found.text:
            break
        found = await browser.send(found, "/ledger/verification")
    assert (found.status, "Nothing was changed" in found.text) == (200, True), found.text
    assert "Faults so far: 0" in found.text
    for typed in (checkpoint, "made up"):
        wrong = await browser.send(page, "/ledger/verification", checkpoint=typed)
        assert (wrong.status, len(wrong.mistakes)) == (422, 1), typed


async def test_who_can_see_now_and_on_an_earlier_day_and_why(desk: Desk) -> None:
    case = desk.home.house.case
    browser = await desk.signed_in("tom.ashby")
    address = f"/office/cases/{case}/who-can-see"
    now = await browser.get(address)
    assert now.status == 200
    assert "Hana Novak, Tidewater Housing" in now.text
    assert "Headlines" in now.text or "Everything" in now.text
    for words in ("Has not looked", "Last looked"):
        assert words not in now.text, "it is not told to who does not lead, unless they ask about one entry"
    about_one = await browser.get(f"{address}?entry={desk.home.house.need}")
    assert "No look that you are told of." in about_one.text
    before = await browser.get(f"{address}?at-day=1&at-month=3&at-year=2031")
    assert "Hana Novak" not in before.text
    wrong = await browser.get(f"{address}?at-day=31&at-month=2&at-year=2031")
    assert (wrong.status, len(wrong.mistakes)) == (422, 1)
    why = await browser.get(f"/office/cases/{case}/why")
    assert why.status == 200
    rows = [row.get_text(" ", strip=True) for row in why.soup.select("section tbody tr")]
    assert any("The family’s permission" in row for row in rows)
    assert any("Everything, if " in row for row in rows)
    assert "It rests on this" not in why.text
    hidden = desk.home.house.other_case
    for end in ("who-can-see", "why"):
        assert (await browser.get(f"/office/cases/{hidden}/{end}")).status == 404


HIDDEN = {"csrf", "once", "place", "kind", "asked"}


async def test_what_if_changes_nothing_and_says_what_is_missing(desk: Desk) -> None:
    house, world = desk.home.house, desk.home.world
    address = f"/office/cases/{house.case}/what-if"
    before = await world.as_("hana.novak").get(f"/v1/cases/{house.case}")
    browser = await desk.signed_in("tom.ashby")
    first = await browser.get(address)
    assert set(first.filled_in(address)) <= HIDDEN, "first what kind of change, and nothing else"
    for unchosen in (await browser.get(f"{address}?kind="), await browser.send(first, address)):
        assert (unchosen.status, unchosen.mistakes) == (422, ["Choose what would be otherwise."])
    second = await browser.send(first, address, kind="policy")
    assert set(second.filled_in(address)) - HIDDEN == {"version"}
    made_up = await browser.get(f"{address}?kind={HOSTILE}")
    assert (made_up.status, "<script>alert" in made_up.html) == (422, False)
    asked = {
        kind: set((await browser.get(f"{address}?kind={kind}")).filled_in(address)) - HIDDEN
        for kind, _ in SUPPOSED
    }
    assert asked == {
        "move_clock": {"to-day", "to-month", "to-year"}, "change_role": {"user", "agency", "role"},
        "end_permission": {"id"}, "add_permission": {"subject", "agency"}, "policy": {"version"},
        "policy_draft": set(),
    }  # fmt: skip
    none = await browser.get(f"{address}?kind=policy_draft")
    assert "There is none." in none.text
    version = (await browser.get(f"{address}?kind=policy")).soup.select("#version option")
    assert [str(one["value"]) for one in version][1:] == ["1"], (
        "nobody copies by hand what there is to choose"
    )
    permissions = await browser.get(f"{address}?kind=end_permission")
    empty = await browser.send(permissions, address, id="")
    assert (empty.status, empty.fields_named) == (422, ["Number of the permission"])
    page = await browser.get(f"{address}?kind=change_role")
    missing = await browser.send(page, address, user=HOSTILE)
    assert missing.status == 422
    assert missing.mistakes
    assert missing.filled_in(address)["user"] == HOSTILE
    assert "<script>alert" not in missing.html
    ended = {"kind": "end_permission", "id": house.everyday_permission}
    page = await browser.get(f"{address}?kind=end_permission")
    found = await browser.send(page, address, **ended)
    assert found.status == 200
    assert "Hana Novak, Tidewater Housing: Practitioner, on the team, for support" in found.text
    after = await world.as_("hana.novak").get(f"/v1/cases/{house.case}")
    assert after["areas"] == before["areas"]


async def test_nothing_is_kept_from_families_until_somebody_says_so(desk: Desk) -> None:
    browser = await desk.signed_in("tom.ashby")
    assert "Nothing is kept back." in (await browser.get("/ledger/held-back")).text


async def test_a_look_is_kept_back_confirmed_by_a_second_person_and_let_go(desk: Desk) -> None:
    house, world = desk.home.house, desk.home.world
    await world.as_("nadia.bell").get(f"/v1/cases/{house.case}")
    officer, lead = await desk.signed_in("tom.ashby"), await desk.signed_in("school.guard")
    page = await officer.get("/ledger?user=hana.novak&action=read")
    theirs = [at for at in page.links.values() if at.startswith("/ledger/receipts/")]
    if theirs:
        assert "Keep this from the family for a time" not in (await officer.get(theirs[0])).links
    page = await officer.get("/ledger?user=nadia.bell&action=read")
    looks = [at for at in page.links.values() if at.startswith("/ledger/receipts/")]
    new = (await officer.get(looks[0])).links["Keep this from the family for a time"]
    page = await officer.get(new)
    wrong = await officer.send(page, new, reason="He would find her " + HOSTILE)
    assert (wrong.status, wrong.mistakes) == (422, ["Fill this in."])
    day = (world.clock.now + timedelta(days=30)).date()
    typed = {
        "reason": "He would find her " + HOSTILE, "review_on__day": str(day.day),
        "review_on__month": str(day.month), "review_on__year": str(day.year),
    }  # fmt: skip
    await officer.send(wrong, new, **typed)
    listed = await officer.send(wrong, new, **typed)
    assert (listed.status, listed.address) == (200, "/ledger/held-back")
    assert "Proposed by Tom Ashby." in listed.text, "and not by the name with which he signs in"
    assert "<script>alert" not in listed.html
    [address] = [at for at in listed.links.values() if at.startswith("/ledger/held-back/")]
    page = await officer.get(address)
    assert "Yes, it has to be kept back" not in page.text, "who proposed it is not the second person"
    assert "Keep this from the family for a time" not in (await officer.get(looks[0])).links
    needed = "A look is kept from the family and needs a second person"
    assert (await lead.get("/office")).links[needed] == address
    assert needed not in (await officer.get("/office")).links
    page = await lead.get((await lead.get("/ledger/held-back")).links[next(iter(_kept(listed.links)))])
    assert (page.address, "Yes, it has to be kept back" in page.text) == (address, True)
    assert f"/ledger/receipts/{looks[0].rsplit('/', 1)[1]}" not in page.links.values(), "it is an officer's"
    fields = {**page.filled_in(address), "do": "confirm"}
    page = await lead.ask("POST", address, fields)
    assert (page.status, "Confirmed" in page.text) == (200, True)
    page = await lead.get(address)
    assert "Yes, it has to be kept back" not in page.text
    going_on = {
        **page.filled_in(address),
        "do": "review",
        **{k.replace("__", "-"): v for k, v in typed.items()},
    }
    page = await lead.ask("POST", address, going_on)
    assert page.status == 200, page.mistakes
    page = await officer.get(address)
    missing = await officer.ask("POST", address, {**page.filled_in(address), "do": "end"})
    assert (missing.status, missing.mistakes) == (422, ["Fill this in."])
    ending = {**page.filled_in(address), "do": "end", "ending_reason": "She has moved"}
    page = await officer.ask("POST", address, ending)
    assert (page.status, "Nothing is kept back." in page.text) == (200, True)
    assert (await officer.get(address)).status == 404


def _kept(links: dict[str, str]) -> list[str]:
    return [words for words in links if words.startswith("Kept back since")]


@pytest.mark.parametrize("user", ["nadia.bell", "grace.obi", "rita.shaw"])
async def test_nobody_else_reads_an_officers_ledger(desk: Desk, user: str) -> None:
    browser = await desk.signed_in(user)
    for address in ("/ledger", "/ledger/held-back", "/ledger/checkpoint"):
        assert (await browser.get(address)).status == 403, address

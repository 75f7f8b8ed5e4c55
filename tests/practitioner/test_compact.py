"""What the family and the services promise each other, on its page: one shape for both sides, in versions
that each side signs."""

from datetime import timedelta
from typing import Any

import pytest

from clients.practitioner.pages.compact import MOST_ROWS, compact_of
from clients.practitioner.presenters.compact import CompactPage, Reader, as_party, compact_page_of
from clients.practitioner.visit import Form
from tests.practitioner.browser import Desk, Page

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
RENT = ["housing", "money_work"]


def at(desk: Desk, end: str = "") -> str:
    return f"/cases/{desk.home.house.case}/compact{end}"


def standing_links(page: Page) -> list[str]:
    return [to for to in page.links.values() if to.endswith("/standing")]


async def test_a_services_missed_promise_stands_there_exactly_like_the_familys(desk: Desk) -> None:
    mother = desk.home.world.as_("karen.mercer", person=desk.home.house.mother)
    promised = desk.home.house.commitment
    api = f"/v1/cases/{desk.home.house.case}/compact/commitments/{promised}/standing"
    await mother.post(api, {"status": "missed", "what_happened": "Nobody rang."})
    page = await (await desk.signed_in("nadia.bell")).get(at(desk))
    assert page.heading == "What we promise each other"
    parts = page.soup.select("section.app-finding")
    assert len(parts) == 2
    assert [part.select_one(".govuk-tag").get_text() for part in parts] == ["Not kept"] * 2  # type: ignore[union-attr]

    for part in parts:
        for offered in part.select(".app-row"):
            offered.decompose()
    school, karen = ([(tag.name, tag.get("class")) for tag in part.find_all(True)] for part in parts)
    assert school == karen
    assert "Northgate Community School" in parts[0].get_text()
    assert "says: Nobody rang." in parts[0].get_text()


async def test_each_is_offered_what_the_api_lets_them_do_and_no_more(desk: Desk) -> None:
    for user, may in (("nadia.bell", True), ("hana.novak", True), ("ben.carver", False)):
        browser = await desk.signed_in(user)
        page = await browser.get(at(desk))
        assert page.status == 200, user
        offered = ["Change what is promised" in page.links, "Sign it" in page.links]
        assert offered == [may, may], user
        assert bool(standing_links(page)) == may, user
    for end in ("/new", f"/{desk.home.house.compact}/signature"):
        assert (await (await desk.signed_in("ben.carver")).get(at(desk, end))).status == 404, end
    absent = "5f0c9d0e-6c41-4d0b-9a55-0a3a2b7c9d11"
    for end in (f"/{absent}/signature", f"/commitments/{absent}/standing"):
        assert (await (await desk.signed_in("nadia.bell")).get(at(desk, end))).status == 404, end


async def test_it_is_signed_once_for_each_and_says_who_wrote_it_down(desk: Desk) -> None:
    page = await (await desk.signed_in("sam.okafor")).get(at(desk))
    assert "(written down by" in page.text, "the mother signed through the school"
    browser = await desk.signed_in("sam.okafor")
    address = page.links["Sign it"]
    page = await browser.get(address)
    assert page.soup.find("input", value=f"person:{desk.home.house.mother}") is None
    missing = await browser.send(page, address)
    assert (missing.status, missing.mistakes) == (422, ["Choose who it is."])
    page = await browser.send(missing, address, signed_by="agency:youth-offending", note="Gladly <b>so</b>")
    assert (page.status, page.address) == (200, at(desk))
    assert "Gladly <b>so</b>" in page.text
    again = await browser.get(address)
    assert again.soup.find("input", value="agency:youth-offending") is None


async def test_how_a_promise_went_is_said_and_may_be_said_anew(desk: Desk) -> None:
    browser = await desk.signed_in("hana.novak")
    page = await browser.get(at(desk))
    address = standing_links(page)[0]
    page = await browser.get(address)
    missing = await browser.send(page, address, what_happened="They rang every day.")
    assert missing.status == 422
    assert missing.filled_in(address)["what_happened"] == "They rang every day."
    choices = [str(one["value"]) for one in missing.soup.select("input[name=status]")]
    page = await browser.send(missing, address, status=choices[0])
    assert (page.status, "They rang every day." in page.text) == (200, True)
    left = [str(one["value"]) for one in (await browser.get(address)).soup.select("input[name=status]")]
    assert left != choices, "what was said is not offered again"
    assert len(left) == 1


async def test_the_next_version_begins_with_what_stands_and_nothing_typed_is_lost(desk: Desk) -> None:
    house, nadia = desk.home.house, desk.home.world.as_("nadia.bell")
    api, both = f"/v1/cases/{house.case}/compact", ({"agency": "northgate-school"}, {"person": house.mother})
    stands = (await in_force(desk, "nadia.bell"))["compact"]["id"]
    promised: Json = {
        "preamble": "So far",
        "commitments": [{"promised_by": by, "promise": "x"} for by in both],
    }
    made = await nadia.post(api, {**promised, "replaces": stands})
    missed = {"status": "missed", "what_happened": "She was out."}
    await nadia.post(f"{api}/commitments/{made['commitments'][1]}/standing", missed)
    browser = await desk.signed_in("nadia.bell")
    new = at(desk, "/new")
    other_tab, page = await browser.get(new), await browser.get(new)
    before = page.filled_in(new)
    assert before["promised_by-0"] == "agency:northgate-school"
    assert before["promise-0"]
    assert before["promise-1"] == "", "what was missed already is not promised anew"
    assert before["rows"] == "3"
    more = await browser.send(page, new, do="more", promise__2="We keep <i>calm</i>")
    assert (more.status, more.filled_in(new)["rows"], more.mistakes) == (200, "5", [])
    assert more.filled_in(new)["promise-2"] == "We keep <i>calm</i>"
    yesterday = desk.home.world.clock.now.date() - timedelta(days=1)
    wrong = await browser.send(
        more, new, promise__4="Somebody visits", by_when__4__day=str(yesterday.day),
        by_when__4__month=str(yesterday.month), by_when__4__year=str(yesterday.year),
    )  # fmt: skip
    assert wrong.status == 422
    named = [str(a["href"])[1:] for a in wrong.soup.select(".govuk-error-summary__list a")]
    assert named == ["promised_by-2", "promised_by-4"]
    assert all(wrong.soup.find(id=name) for name in named), "each mistake leads to its own row"
    fixed = {"promised_by__2": "agency:northgate-school", "promised_by__4": f"person:{desk.home.house.child}"}
    late = await browser.send(wrong, new, **fixed)
    assert late.mistakes == ["This day has passed; choose one from today on."]
    assert late.soup.select(".govuk-error-summary__list a")[0]["href"] == "#by_when-4-day"
    empty = {f"by_when__4__{part}": "" for part in ("day", "month", "year")}
    done = await browser.send(late, new, **empty)
    assert (done.status, done.address) == (200, at(desk))
    assert "We keep <i>calm</i>" in done.text
    assert "Before: agreed on" in done.text
    twice = await browser.send(late, new, **empty)
    assert twice.status == 200
    assert twice.text.count("Before: agreed on") == done.text.count("Before: agreed on")
    # In another tab the version that was in force is changed no more, and what was typed stands there.
    theirs = {"promised_by__1": f"person:{desk.home.house.mother}", "promise__1": "To answer"}
    stale = await browser.send(other_tab, new, preamble="Typed in the other tab", **theirs)
    assert stale.status == 422
    assert "There is a newer one" in stale.mistakes[0]
    assert stale.filled_in(new)["preamble"] == "Typed in the other tab"


async def test_both_sides_promise_something(desk: Desk) -> None:
    browser = await desk.signed_in("nadia.bell")
    new = at(desk, "/new")
    page = await browser.get(new)
    rows = int(str(page.filled_in(new)["rows"]))
    alone = {f"promised_by__{row}": "agency:northgate-school" for row in range(rows - 1)}
    wrong = await browser.send(page, new, **alone)
    assert wrong.mistakes == ["A compact has a promise of the family and one of a service."]
    nothing = {f"{part}__{row}": "" for part in ("promised_by", "promise") for row in range(rows)}
    empty = await browser.send(page, new, preamble="", **nothing)
    assert len(empty.mistakes) == 5, "what it is about, and who promises what, of both sides"


async def test_news_of_a_promise_is_asked_for_and_counted(desk: Desk) -> None:
    browser = await desk.signed_in("nadia.bell")
    page = await browser.get(at(desk))
    [*news] = [action for action in page.actions if action.endswith("/news")]
    assert news
    page = await browser.send(page, news[0])
    assert "Somebody asked how it goes, once." in page.text


async def test_where_no_promise_is_seen_in_full_there_is_room_for_one_of_each_side(desk: Desk) -> None:
    """What is left out is named beside a field that is there."""
    writer, case = await desk.signed_in("sam.okafor"), f"/v1/cases/{desk.home.house.case}"
    stands = (await desk.home.world.as_("sam.okafor").get(f"{case}/compact"))["versions"][0]["compact"]["id"]
    hidden = [
        {"promised_by": party, "promise": "To ring", "categories": ["sexual_health"]}
        for party in ({"agency": "northgate-school"}, {"person": desk.home.house.mother})
    ]
    new = {"preamble": "Said in confidence", "replaces": stands, "commitments": hidden}
    await desk.home.world.as_("hana.novak").post(f"{case}/compact", new)
    form = at(desk, "/new")
    page = await writer.get(form)
    assert page.filled_in(form)["promise-0"] == "", "none of them is seen in full"
    empty = await writer.send(page, form)
    links = [str(a["href"])[1:] for a in empty.soup.select(".govuk-error-summary__list a")]
    assert len(links) >= 4
    assert all(empty.soup.find(id=name) for name in links)


def a_promise(id: str, party: Json, status: str = "promised") -> Json:
    fields = {"compact": "c", "promised_by": party, "promise": "To ring", "status": status}
    entry = {"id": id, "kind": "commitment", "owner": "a-school", "categories": ["plan"], "fields": fields}
    return {"commitment": entry, "standing": "open", "asked": 0}


def read_by(reader: Reader, *may: str, state: str = "open") -> CompactPage:
    name = {"kind": "name", "subjects": ["mum"], "fields": {"given_names": "Karen"}}
    view = {"may": may, "header": {"state": state}, "areas": {"person": [name]}}
    compact = {"id": "c", "recorded_at": "2031-03-03T09:00:00Z", "fields": {}}
    promises = [a_promise("s", {"agency": "a-school"}), a_promise("f", {"person": "mum"})]
    version = {"compact": compact, "in_force": True, "commitments": promises, "signatures": []}
    return compact_page_of(view, {"versions": [version], "others": []}, {}, reader)


def test_the_family_signs_for_itself_and_says_how_a_services_promise_went() -> None:
    page = read_by(Reader("family", "mum"), "sign_compact", "say_what_became")
    assert page.may_sign == [("person:mum", "I sign it myself")]
    assert page.current is not None
    assert [len(one.can_be_said) for one in page.current.promises] == [2, 2]
    assert not page.may_make
    school = read_by(Reader("a-school", None), "sign_compact", "contribute")
    assert school.may_sign == [("agency:a-school", "A school, for which you work"), ("person:mum", "Karen")]
    assert school.current is not None
    assert [one.may_ask_for_news for one in school.current.promises] == [False, True]


def test_in_a_closed_case_and_without_being_let_nothing_is_offered() -> None:
    every = ("sign_compact", "say_what_became", "contribute")
    for page in (
        read_by(Reader("a-school", None), *every, state="closed"),
        read_by(Reader("a-school", None)),
    ):
        assert (page.may_make, page.may_sign) == (False, [])
        assert page.current is not None
        assert not any(one.can_be_said or one.may_ask_for_news for one in page.current.promises)


def test_a_row_that_is_left_empty_is_no_promise_and_too_many_are_not_asked_for() -> None:
    form = Form((("preamble", "x"), ("rows", "4"), ("promised_by-2", "person:p"), ("promise-2", "Ring")))
    assert compact_of(form)["commitments"] == [{"promised_by": {"person": "p"}, "promise": "Ring"}]
    many = Form((("rows", "9999999"), (f"promise-{MOST_ROWS}", "not asked for")))
    assert len(compact_of(many)["commitments"]) == 2
    for typed in ("", "agency:", "nobody", "user:x", ":"):
        assert as_party(typed) == {}


def test_a_number_of_rows_of_any_length_is_bounded_and_nothing_typed_is_lost() -> None:
    """Python refuses to read a number of more than 4,300 digits."""
    for digits in (5, 4_300, 5_000, 100_000):
        last = MOST_ROWS - 1
        typed = (("rows", "9" * digits), (f"promised_by-{last}", "person:p"), (f"promise-{last}", "Ring"))
        assert compact_of(Form(typed))["commitments"] == [{"promised_by": {"person": "p"}, "promise": "Ring"}]


async def test_rows_of_thousands_of_digits_give_the_form_back_with_what_was_typed(desk: Desk) -> None:
    browser, new = await desk.signed_in("nadia.bell"), at(desk, "/new")
    page = await browser.get(new)
    again = await browser.send(page, new, rows="9" * 5_000, preamble="", promise__2="Typed")
    assert (again.status, again.filled_in(new)["rows"]) == (422, str(MOST_ROWS))
    assert again.filled_in(new)["promise-2"] == "Typed"


async def in_force(desk: Desk, user: str) -> Json:
    api = f"/v1/cases/{desk.home.house.case}/compact"
    return dict((await desk.home.world.as_(user).get(api))["versions"][0])


def labels_of(version: Json) -> dict[str, tuple[list[str], set[str]]]:
    return {
        one["commitment"]["fields"]["promise"]: (
            one["commitment"]["categories"],
            set(one["commitment"]["subjects"]),
        )
        for one in version["commitments"]
        if "promise" in one["commitment"]["fields"]
    }


async def a_sensitive_one(desk: Desk) -> Json:
    """About the child and the mother, with promises that tell of what the form does not ask singly."""
    house, school = desk.home.house, {"agency": "northgate-school"}
    content: Json = {
        "preamble": "About both", "replaces": (await in_force(desk, "nadia.bell"))["compact"]["id"],
        "subjects": [house.child, house.mother],
        "commitments": [
            {"promised_by": school, "promise": "We ring about her tablets", "categories": ["health"]},
            {"promised_by": school, "promise": "We help with the rent", "categories": RENT},
            {"promised_by": school, "promise": "We keep a seat"},
            {"promised_by": {"person": house.mother}, "promise": "I answer"},
        ],
    }  # fmt: skip
    made: Json = await desk.home.world.as_("nadia.bell").post(f"/v1/cases/{house.case}/compact", content)
    # What a browser sends is no later by itself, and of two versions of one moment neither is the newer.
    desk.home.world.clock.tick()
    return made


async def test_saving_the_next_version_unchanged_opens_nothing(desk: Desk) -> None:
    """Nobody sees a promise after it whom it was hidden from before, and it is about the same people."""
    made, new = await a_sensitive_one(desk), at(desk, "/new")
    readers = ("nadia.bell", "hana.novak", "ben.carver", "sam.okafor")
    before = {user: await in_force(desk, user) for user in readers}
    assert len(labels_of(before["nadia.bell"])) == 4
    assert len(labels_of(before["hana.novak"])) < 4, "some are hidden from housing"
    browser = await desk.signed_in("nadia.bell")
    page = await browser.get(new)
    assert page.filled_in(new)["continues-0"] == made["commitments"][0]
    done = await browser.send(page, new)
    assert (done.status, done.address) == (200, at(desk))
    for user in readers:
        after = await in_force(desk, user)
        assert after["compact"]["id"] != made["id"], user
        assert labels_of(after) == labels_of(before[user]), user
        assert set(after["compact"]["subjects"]) == {desk.home.house.child, desk.home.house.mother}, user


async def test_a_form_that_was_tampered_with_opens_nothing_that_goes_on(desk: Desk) -> None:
    await a_sensitive_one(desk)
    before = labels_of(await in_force(desk, "nadia.bell"))
    browser, new = await desk.signed_in("nadia.bell"), at(desk, "/new")
    page = await browser.get(new)
    await browser.send(page, new, categories__0="substance_use", subjects=desk.home.house.child)
    after = labels_of(await in_force(desk, "nadia.bell"))
    assert after.keys() == before.keys()
    for what, (categories, subjects) in before.items():
        assert set(after[what][0]) >= set(categories), what
        assert after[what][1] == subjects, what


async def test_what_was_kept_missed_or_ended_is_not_promised_anew(desk: Desk) -> None:
    made, new = await a_sensitive_one(desk), at(desk, "/new")
    standing = f"/v1/cases/{desk.home.house.case}/compact/commitments/{{}}/standing"
    nadia = desk.home.world.as_("nadia.bell")
    for number, status in ((0, "kept"), (1, "missed")):
        path = standing.format(made["commitments"][number])
        await nadia.post(path, {"status": status, "what_happened": "So it was."})
    browser = await desk.signed_in("nadia.bell")
    filled = (await browser.get(new)).filled_in(new)
    assert [filled["promise-0"], filled["promise-1"]] == ["We keep a seat", "I answer"]
    # What is said while the form stands open is not undone by it: its row is named, and what was typed stays.
    page = await browser.get(new)
    await nadia.post(
        standing.format(made["commitments"][2]), {"status": "kept", "what_happened": "There it is."}
    )
    wrong = await browser.send(page, new, preamble="Typed")
    assert wrong.status == 422
    assert [str(a["href"]) for a in wrong.soup.select(".govuk-error-summary__list a")] == ["#promise-0"]
    assert wrong.filled_in(new)["preamble"] == "Typed"


async def test_what_the_author_does_not_see_in_full_goes_on_and_can_be_said(desk: Desk) -> None:
    made, new = await a_sensitive_one(desk), at(desk, "/new")
    writer = await desk.signed_in("hana.novak")
    page = await writer.get(new)
    assert "We ring about her tablets" not in page.html
    assert "it goes on as it is" in page.text
    family = {"promised_by__4": f"person:{desk.home.house.mother}", "promise__4": "To be in"}
    more = await writer.send(page, new, do="more")
    done = await writer.send(more, new, preamble="By housing", **family)
    assert (done.status, done.address) == (200, at(desk))
    api = f"/v1/cases/{desk.home.house.case}/compact"
    versions = (await desk.home.world.as_("nadia.bell").get(api))["versions"]
    assert [one["compact"]["fields"]["preamble"] for one in versions[:2]] == ["By housing", "About both"]
    standings = {one["commitment"]["id"]: one["standing"] for one in versions[1]["commitments"]}
    tablets, _, seat, answer = made["commitments"]
    assert (standings[tablets], standings[seat], standings[answer]) == ("open", "ended", "ended")
    reader = await desk.signed_in("nadia.bell")
    page = await reader.get(at(desk))
    assert "still holds" in page.text
    [say] = [to for to in standing_links(page) if tablets in to]
    assert (await reader.get(say)).status == 200
    form = (await reader.get(new)).filled_in(new)
    assert tablets in [value for name, value in form.items() if name.startswith("continues-")]

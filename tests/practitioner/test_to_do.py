"""What waits for somebody: what was left too long in front, every page of a long list, and whose each is."""

from collections import Counter
from datetime import date, timedelta

import pytest

from clients.practitioner.presenters.to_do import promises_of
from clients.practitioner.words import NOTICES
from deploy.stories.steps import join_team
from services.case.notices.audience import for_user
from services.case.notices.operations import LEFT_TOO_LONG
from services.case.notices.repository import NewNotice, raise_notices
from shared.database import WriteSession
from tests.gateway.household import HOUSING, YOT
from tests.gateway.test_notices import nominated
from tests.gateway.test_whose_lines import shut_out_of_names
from tests.practitioner.browser import Browser, Desk, Page

pytestmark = pytest.mark.anyio
MANY = 130


def waiting(page: Page) -> list[str]:
    return [li.get_text(" ", strip=True) for li in page.soup.select("section[aria-labelledby=notices] li")]


async def raised(desk: Desk, kind: str, number: int) -> None:
    """Notices of a kind for the lead, about the case itself."""
    moment = desk.home.world.clock() + timedelta(seconds=1)

    def many(session: WriteSession) -> None:
        case, lead = desk.home.house.case, for_user("youth-offending", "sam.okafor")
        raise_notices(
            session, [NewNotice(case, kind, case, lead, f"{kind} {n}") for n in range(number)], moment
        )

    await desk.home.world.store("case").write(many)


async def every_page(browser: Browser, words: str) -> list[Page]:
    pages = [await browser.get("/to-do")]
    while words in pages[-1].links:
        pages.append(await browser.get(pages[-1].links[words].partition("#")[0]))
        assert pages[-1].status == 200
    return pages


async def test_what_was_left_too_long_stands_first_and_says_so(desk: Desk) -> None:
    """On the first page, however much newer is in front of it, each once; and wherever it stands it says so.

    Three changes that make it fail: seeking it on the page of the list alone, showing it on the first page as
    often as it stands in the answer, and telling by the place of a line whether it was left too long."""
    await raised(desk, "review_escalated", 2)
    lines = waiting(await (await desk.signed_in("sam.okafor")).get("/to-do"))
    assert len([line for line in lines if "Left too long" in line]) == 2
    desk.home.world.clock.tick()
    await raised(desk, "review_to_own", MANY)
    pages = await every_page(await desk.signed_in("sam.okafor"), "More that waits for you")
    lines = waiting(pages[0])
    assert all(line.startswith("Left too long") for line in lines[:2])
    assert all(NOTICES["review_escalated"] in line for line in lines[:2])
    assert not any("Left too long" in line for line in lines[2:])
    assert len(pages) >= 3
    again = [line for page in pages[1:] for line in waiting(page) if NOTICES["review_escalated"] in line]
    assert len(again) == 2
    assert all(line.startswith("Left too long") for line in again)
    assert NOTICES.keys() >= LEFT_TOO_LONG


async def test_a_long_list_has_pages_and_none_of_it_is_left_out(desk: Desk) -> None:
    """Three changes that make it fail: a page that leads nowhere, one that begins anew, and a cursor of one
    list given to the other."""
    await raised(desk, "review_to_own", MANY)
    browser = await desk.signed_in("sam.okafor")
    pages = await every_page(browser, "More that waits for you")
    assert len(pages) >= 3
    assert sum(NOTICES["review_to_own"] in line for page in pages for line in waiting(page)) >= MANY
    promised = {str(page.soup.find("section", attrs={"aria-labelledby": "promises"})) for page in pages}
    assert len({text.partition("<a class")[0] for text in promised}) == 1, "the other list went on too"
    assert "Back to the beginning of both lists" not in pages[0].links
    assert pages[-1].links["Back to the beginning of both lists"] == "/to-do"


def test_a_promise_stands_there_in_its_own_words() -> None:
    def listed(kind: str, **fields: str) -> list[str]:
        line = {
            "case": "c",
            "relationship": "lead",
            "alone": False,
            "due_on": None,
            "entry": {"id": "e", "kind": kind, "fields": fields},
        }
        return [one.what for one in promises_of({"promises": [line], "cases": []}, date(2031, 3, 3))]

    assert listed("commitment", promise="Somebody visits him", status="promised") == ["Somebody visits him"]
    assert listed("action", action="Ring her", desired_outcome="She is heard") == ["Ring her"]
    assert listed("action", desired_outcome="She is heard") == ["She is heard"]
    assert listed("commitment", status="promised") == ["Details not shown"]


@pytest.mark.parametrize("name", ["notices", "promises"])
async def test_a_cursor_that_is_none_is_told_and_breaks_nothing(desk: Desk, name: str) -> None:
    page = await (await desk.signed_in("sam.okafor")).get(f"/to-do?{name}=nonsense")
    assert page.status == 422
    assert page.heading


async def test_your_answer_is_what_was_answered_for_whoever_reads_it_and_in_the_table_too(desk: Desk) -> None:
    """Not *agreed* while nobody of the service said so: somebody else wrote it down."""
    world, case = desk.home.world, desk.home.house.case
    what = "Walk to school with him on Mondays"
    action = {"desired_outcome": "Better days", "action": what, "by_when": "2031-03-20", "accountable": YOT}
    made = await world.as_("nadia.bell").post(f"/v1/cases/{case}/actions", {"actions": [action]})

    async def read(user: str) -> tuple[str, str, bool]:
        browser = await desk.signed_in(user)
        page = await browser.get("/to-do")
        row = next(tr for tr in page.soup.select("tbody tr") if what in tr.get_text())
        table = (await browser.get("/to-do/download")).html
        line = next(line for line in table.splitlines() if what in line)
        return row.select("td")[2].get_text(" ", strip=True), line, bool(row.find("form"))

    for user, may_answer in (("liz.hart", False), ("sam.okafor", True)):
        said, line, offered = await read(user)
        assert said.startswith("Not answered yet"), user
        assert ("Not answered yet" in line, offered) == (True, may_answer), user
    await world.as_("sam.okafor").post(f"/v1/cases/{case}/actions/{made['actions'][0]['id']}/acceptance")
    for user in ("liz.hart", "sam.okafor"):
        said, line, offered = await read(user)
        assert (said, offered) == ("Accepted", False), user
        assert "Accepted" in line, user


async def test_what_only_informs_is_put_away_once_it_is_read_and_what_waits_is_not(desk: Desk) -> None:
    await raised(desk, "purchase_answered", 1)
    browser = await desk.signed_in("sam.okafor")
    page = await browser.get("/to-do")
    informing = [li for li in page.soup.select("section[aria-labelledby=notices] li") if li.find("form")]
    [line] = [li for li in informing if NOTICES["purchase_answered"] in li.get_text()]
    notice = str(line.select("input[name=notice]")[0]["value"])
    assert (await browser.send(page, "/to-do", notice=notice)).status == 200
    done = await browser.send(page, "/to-do", notice=notice)
    assert (done.status, done.address) == (200, "/to-do"), "sent twice it is done once"
    left = [text for text in waiting(page) if NOTICES["purchase_answered"] not in text]
    assert len(left) == len(waiting(page)) - 1
    assert waiting(done)[: len(left)] == left, "nothing else went"
    for hostile in ("", "x", "../../messages"):
        assert (await browser.send(page, "/to-do", notice=hostile)).status == 404


async def test_every_line_says_whose_case_it_is_as_the_list_of_cases_does(desk: Desk) -> None:
    """Also an alert's, and in the table to keep; set apart, whichever way the name is written.

    Three changes that make it fail: a line of the second page without its name, the name of another case, and
    a page that asks once more for it."""
    world, house = desk.home.world, desk.home.house
    await world.as_("meg.lloyd").post(f"/v1/cases/{house.case}/break-glass", {"reason": "He is missing"})
    school = world.as_("nadia.bell")
    [(case, _, _)] = await nominated(world, school, 1)
    await join_team(school, case, "sam.okafor")
    what = "Walk to school with her"
    action = {"desired_outcome": "Better days", "action": what, "by_when": "2031-03-20", "accountable": YOT}
    await school.post(f"/v1/cases/{case}/actions", {"actions": [action]})
    await raised(desk, "review_to_own", MANY)
    browser = await desk.signed_in("sam.okafor")
    names = {
        str(a["href"]): a.get_text(strip=True) for a in (await browser.get("/")).soup.select("tbody th a")
    }
    assert {f"/cases/{one}" for one in (case, house.case)} <= names.keys()
    assert len(set(names.values())) > 1
    said: Counter[str] = Counter()
    for page in await every_page(browser, "More that waits for you"):
        for link in page.soup.select("section[aria-labelledby=notices] li > a"):
            name = link.find("span", attrs={"dir": "auto"})
            assert name is not None, link
            of = "/".join(str(link["href"]).removeprefix("/office").split("/")[:3])
            assert name.get_text(strip=True) == names[of]
            said[of] += 1
    assert said[f"/cases/{house.case}"] >= MANY
    assert said[f"/cases/{case}"] >= 1
    page = await browser.get("/to-do")
    assert len(page.calls) <= 2
    assert any(names[f"/cases/{house.case}"] in li and "because of danger" in li for li in waiting(page))
    [row] = [tr for tr in page.soup.select("tbody tr") if what in tr.get_text()]
    whose = row.select("td")[0]
    assert (whose["dir"], whose.get_text(strip=True)) == ("auto", names[f"/cases/{case}"])
    table = (await browser.get("/to-do/download")).html
    [line] = [line for line in table.splitlines() if what in line]
    assert names[f"/cases/{case}"] in line


async def test_a_line_whose_name_its_reader_may_not_see_has_none(desk: Desk) -> None:
    world = desk.home.world
    school, browser = world.as_("nadia.bell"), await desk.signed_in("hana.novak")
    [(case, person, _)] = await nominated(world, school, 1)
    what = "Find a flat with a garden"
    action = {"desired_outcome": "A home", "action": what, "by_when": "2031-03-20", "accountable": HOUSING}
    await school.post(f"/v1/cases/{case}/actions", {"actions": [action]})

    async def read() -> tuple[list[str], str, str]:
        page = await browser.get("/to-do")
        lines = [a.get_text(" ", strip=True) for a in page.soup.select(f'li > a[href^="/cases/{case}"]')]
        [row] = [tr for tr in page.soup.select("tbody tr") if what in tr.get_text()]
        table = (await browser.get("/to-do/download")).html.splitlines()
        return lines, row.select("td")[0].get_text(strip=True), next(one for one in table if what in one)

    lines, whose, cells = await read()
    assert whose in cells
    assert all(line.startswith(whose) for line in lines)
    assert len(lines) == 2
    await shut_out_of_names(school, case, person)
    without, nobody, cells = await read()
    assert sorted(without) == sorted([NOTICES["nomination"], NOTICES["action_to_answer"]])
    assert nobody == "Not shown"
    assert (whose in cells, "Not shown" in cells) == (False, True)

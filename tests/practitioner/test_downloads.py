"""Tables as files for a spreadsheet: what their pages show and nothing else, and no cell a formula."""

import csv
import io
from datetime import date

import pytest

from clients.practitioner.downloads import csv_of, download_address
from deploy.stories.steps import open_case, record_person
from tests.practitioner.browser import Browser, Desk

pytestmark = pytest.mark.anyio
FORMULA = '=HYPERLINK("http://elsewhere.example","Press here")'


async def table(browser: Browser, address: str) -> list[list[str]]:
    """The cells of a file, checked to be one."""
    page = await browser.get(address)
    assert (page.status, page.is_file) == (200, True), address
    assert page.headers["content-type"] == "text/csv; charset=utf-8"
    assert page.headers["cache-control"] == "no-store"
    assert page.html.startswith("\ufeff")
    return list(csv.reader(io.StringIO(page.html.removeprefix("\ufeff"))))


async def test_a_manager_has_the_lists_of_cases_as_they_stand_on_the_page(desk: Desk) -> None:
    world = desk.home.world
    school = world.as_("nadia.bell")
    child = await record_person(school, FORMULA, "Vale", date(1990, 4, 2))
    await open_case(school, child, [], "Nobody leads yet")
    browser = await desk.signed_in("grace.obi")
    for address in ("/team-cases", "/vacancies"):
        page = await browser.get(address)
        file = page.links["Download this table for a spreadsheet (CSV)"]
        columns, *rows = await table(browser, file)
        assert columns[0] == "Name"
        shown = [row.find("th").get_text(strip=True) for row in page.soup.select("tbody tr")]  # type: ignore[union-attr]
        assert [row[0].removeprefix("'") for row in rows] == shown
        assert len(rows) >= 1
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    names = [row[0] for row in await table(browser, "/team-cases/download")]
    assert f"'{FORMULA} Vale" in names
    stranger = await desk.signed_in("rita.shaw")
    assert (await stranger.get("/team-cases/download")).status == 403


async def test_a_download_leaves_the_receipt_that_its_page_leaves(desk: Desk) -> None:
    browser, officer = await desk.signed_in("kit.vane"), desk.home.world.as_("hous.officer")
    lists: list[int] = []
    for address in ("/team-cases", "/team-cases/download"):
        before = len((await officer.get("/v1/ledger/receipts", user="kit.vane", limit="100"))["receipts"])
        await browser.get(address)
        after = len((await officer.get("/v1/ledger/receipts", user="kit.vane", limit="100"))["receipts"])
        lists.append(after - before)
    assert lists == [1, 1]


async def test_what_ones_service_promised_and_a_report_are_had_as_files(desk: Desk) -> None:
    browser = await desk.signed_in("grace.obi")
    columns, *_ = await table(browser, "/to-do/download")
    assert columns == ["What", "Whose", "By when", "Late", "Answer"]
    columns, *rows = await table(browser, "/reports/cases-opened/download?by=area")
    assert columns == ["Area", "People"]
    assert "Groups of fewer than 10 people are not told" in rows[-1][0]
    wrong = await browser.get("/reports/cases-opened/download?period=lately")
    assert wrong.status in (400, 422)
    assert (await (await desk.signed_in("nadia.bell")).get("/reports/costs/download")).status == 403


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u200b=1", "\ufeff=1"]
)
def test_no_cell_is_a_formula(cell: str) -> None:
    [_, [written]] = list(csv.reader(io.StringIO(csv_of(["What"], [[cell]]), newline="")))
    assert written == f"'{cell}"


@pytest.mark.parametrize(
    "cell", ["", "Ann", 'He said "no", twice', "1 = 1", "line\nline", "\u0633\u0644\u0627\u0645"]
)
def test_every_other_cell_is_as_it_was(cell: str) -> None:
    [_, [written]] = list(csv.reader(io.StringIO(csv_of(["What"], [[cell]]), newline="")))
    assert written == cell


def test_the_address_of_a_file_has_what_its_page_was_asked_for() -> None:
    assert download_address("/vacancies", cursor=None) == "/vacancies/download"
    assert (
        download_address("/team-cases", show="a&b", cursor="x=")
        == "/team-cases/download?show=a%26b&cursor=x%3D"
    )

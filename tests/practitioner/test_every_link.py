"""Every link as every demo person: no dead end, nothing offered that would be refused, no hidden word."""

import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session as DatabaseSession

from deploy.demo_people import AGENCIES, USERS
from deploy.keys import PRIVATE_KEY, load_or_make_signing_key
from services.consent.ledger.tables import Receipt
from services.gateway.placement import PLACEMENTS
from shared.clock import DEADLINE_HEADER
from shared.identity import Caller, InternalTokens
from shared.upstream import InProcess
from tests.practitioner.browser import Page
from tests.practitioner.demo import DemoSite, copied, running_demo, tell_the_stories
from tests.practitioner.walking import HOSTILE, at_work, filled_in, forms_of, shape_of, walk
from tests.support.gateway import released_by

pytestmark = pytest.mark.anyio

Walks = Mapping[str, dict[str, Page]]
PEOPLE = tuple(USERS)
LEAD, MENTOR, MANAGER = "sam.okafor", "ben.carver", "liz.hart"


@pytest.fixture(scope="module")
async def told(built_assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo partnership's databases, in which nobody works."""
    folder = tmp_path_factory.mktemp("demo") / "told"
    folder.mkdir()
    await tell_the_stories(folder)
    return folder


@pytest.fixture(scope="module")
async def site(told: Path) -> AsyncIterator[DemoSite]:
    async with running_demo(copied(told)) as demo:
        yield demo


@pytest.fixture(scope="module")
async def walks(site: DemoSite) -> Walks:
    """What everybody came by."""
    return {user: await walk(await at_work(site, user)) for user in PEOPLE}


async def test_no_link_that_anybody_is_shown_is_a_dead_end_or_an_error(walks: Walks) -> None:
    wrong = {
        (user, address): page.status
        for user, pages in walks.items()
        for address, page in pages.items()
        if page.status != 200
    }
    assert wrong == {}
    assert sum(map(len, walks.values())) >= 190
    with_a_case = [user for user, pages in walks.items() if any("/cases/" in address for address in pages)]
    assert len(with_a_case) >= 20
    for pages in walks.values():
        for address, page in pages.items():
            if page.is_file:
                continue
            assert page.heading, address
            assert page.title.endswith(" - Teamaround"), address
            assert page.links, f"{address} leads nowhere"


async def test_a_newcomer_reads_of_promises_of_money_and_of_what_a_year_cost(site: DemoSite) -> None:
    people = {user: await at_work(site, user) for user in (LEAD, MANAGER, MENTOR)}
    james = (await people[LEAD].get("/")).links["James Mercer"]
    money = {user: (await browser.get(f"{james}/budget")).text for user, browser in people.items()}
    assert "Somebody visits him every week" in (await people[LEAD].get(f"{james}/compact")).text
    costs = (await people[LEAD].get(f"{james}/costs")).text
    assert "£112,000.00" in costs, "what his own service spent"
    assert "£42,000.00" in costs, "what was asked for instead"
    for user in (LEAD, MANAGER):
        assert "A term at the motor project" in money[user], user
    assert "£" not in money[MENTOR], "a mentor reads goals and appointments"


async def test_nothing_is_offered_that_would_be_refused(told: Path, walks: Walks) -> None:
    """Each person does all that they are offered, in a copy of their own, and types something hostile into
    every field. What was left out or does not fit is named as a mistake, beside the field that it is about,
    and stands there as it was typed; being forbidden, or told that there is no such thing or that they may
    not, is what must not happen: whatever they typed, it would be refused."""
    wrong: dict[tuple[str, str], str] = {}
    sent = done = shown = 0
    for user, pages in walks.items():
        copy = copied(told)
        async with running_demo(copy) as demo:
            browser = await at_work(demo, user)
            for address, action in forms_of(pages):
                page = await browser.get(address)
                if page.soup.find("form", action=action) is None:
                    continue
                answer = await browser.ask("POST", action, filled_in(page, action))
                sent, done = sent + 1, done + (answer.status == 200)
                if HOSTILE in answer.soup.get_text():
                    shown += 1
                assert answer.soup.find(id="planted") is None, (user, action)
                if answer.status not in (200, 422) or (answer.status == 422 and not answer.mistakes):
                    wrong[user, shape_of(action)] = f"{answer.status} {answer.text[:200]}"
                for said in not_beside_a_field(answer):
                    if MAY_NOT.search(said):
                        wrong[user, shape_of(action)] = said
    assert wrong == {}
    assert sent >= 200
    assert done >= 100, "nearly all forms were sent back for what was in them, so that little was tried"
    assert shown >= 100, "what was typed hardly ever came back, so that little could break"


async def test_c1_nobody_comes_by_a_word_of_an_entry_that_was_not_released_to_them(
    site: DemoSite, walks: Walks
) -> None:
    """What stands on pages is held to the receipts: an independent witness of what each was shown."""
    entries = await _entries_of(site)
    public = {word for agency in AGENCIES for word in (agency.name, agency.telephone)}
    # Where money comes from stands open to everybody who does casework, whichever case it goes to.
    manager = await site.api.sign_in(MANAGER)
    public |= {stream["name"] for stream in (await manager.get("/v1/budget-streams"))["streams"]}
    released = await _released_to_each(site)
    seen = withheld = 0
    for user, pages in walks.items():
        levels = released.get(user, {})
        allowed = {word for entry in entries for word in _shown_of(entry, levels.get(entry["id"]))}
        hidden = {word for entry in entries for word in _sentences(entry["fields"])}
        hidden -= allowed | public
        everything = "\n".join(page.soup.get_text(" ") for page in pages.values())
        assert {word for word in hidden if word in everything} == set(), user
        seen += sum(word in everything for word in allowed)
        withheld += len(hidden)
    assert seen > 200
    assert withheld > 1_500


MAY_NOT = re.compile(
    r"(?i)\bonly\b.*\b(may|can)\b|may not|not allowed|cannot be done|nobody (nominates|confirms)"
)
"""How the API says that whoever asks is the wrong one, whatever they typed."""


def not_beside_a_field(page: Page) -> list[str]:
    """The mistakes that stand above a form and lead to no field of it."""
    listed = page.soup.select(".govuk-error-summary__list li")
    return [
        one.get_text(" ", strip=True)
        for one in listed
        if not (link := one.find("a", href=True)) or not page.soup.find(id=str(link["href"])[1:])
    ]


def _shown_of(entry: Mapping[str, Any], level: str | None) -> set[str]:
    fields = entry["fields"]
    if level == "summary":
        fields = {name: fields[name] for name in PLACEMENTS[entry["kind"]].summary if name in fields}
    return _sentences(fields) if level in ("summary", "full") else set()


def _sentences(fields: Mapping[str, Any]) -> set[str]:
    """Texts that somebody wrote, and that nobody else would write by chance."""
    return {
        value for value in fields.values() if isinstance(value, str) and len(value) >= 12 and " " in value
    }


async def _entries_of(site: DemoSite) -> list[Mapping[str, Any]]:
    """All that the data services hold of every case, as only the gateway gets it."""
    tokens = InternalTokens(load_or_make_signing_key(site.folder / "keys" / PRIVATE_KEY, "gateway-1"))
    caller = Caller("tests", "Tests", "northgate-school", "practitioner")

    def ids(session: DatabaseSession) -> list[str]:
        return list(session.execute(text("SELECT id FROM cases")).scalars())

    found: list[Mapping[str, Any]] = []
    for case in await site.suite.services["case"].state.parts.store.read(ids):
        for service, path in (("case", f"/cases/{case}/bundle"), ("assessment", f"/cases/{case}/entries")):
            headers = {"authorization": f"Bearer {tokens.mint(caller, service)}", DEADLINE_HEADER: "30"}
            reply = await InProcess(site.suite.services[service]).send("GET", path, headers, b"")
            assert reply.status == 200
            found.extend(reply.json()["entries"])
    return found


async def _released_to_each(site: DemoSite) -> Mapping[str, Mapping[str, str]]:
    """The highest level of every entry that was released to each user, by the ledger."""

    def read(session: DatabaseSession) -> list[tuple[str, dict[str, str]]]:
        rows = session.execute(select(Receipt.user, Receipt.cases)).all()
        return [(user, released_by([{"cases": cases}])) for user, cases in rows]

    released: dict[str, dict[str, str]] = {}
    for user, levels in await site.suite.services["consent"].state.parts.store.read(read):
        known = released.setdefault(user, {})
        known.update({entry: level for entry, level in levels.items() if known.get(entry) != "full"})
    return released

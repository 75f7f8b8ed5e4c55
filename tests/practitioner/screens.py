"""``make screens``: pictures of the main pages for each kind of user, in ``docs/screens/``, with their index.

The stories are told in a folder of its own, where a few things more are done so that an office has something
to show; then everybody's pages are found by their links, and photographed in the suite as ``make run`` starts
it.
"""

import asyncio
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page

from clients.practitioner.build_assets import build
from clients.practitioner.rendering import STATIC
from clients.practitioner.words import LONDON
from deploy.demo_people import USERS
from deploy.embedded import SEEDED, SEEDED_FIRST
from shared.clock import utc_now
from tests.conftest import MISSING_CHROMIUM
from tests.practitioner.chromium import find_chromium, follow, running_chromium
from tests.practitioner.clicking import somebody
from tests.practitioner.demo import DemoSite, running_demo, tell_the_stories
from tests.practitioner.shapes import CASE, Addresses, Making
from tests.support.suite import ROOT, free_port, process, wait_until_ready

FOLDER = ROOT / "docs" / "screens"
MAX_BYTES = 4_000_000
WIDTH, LONGEST, SCALE = 1_000, 1_500, 0.5


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of user, by one of the demo people, and their main pages by route."""

    words: str
    user: str
    pages: Sequence[str]
    starts: Sequence[str] = ()
    """Where they come by a number and no link; ``{james}`` is James's case."""


_ASSESSMENT = f"{CASE}/assessments/{{assessment}}"
_OFFICE = "/office/cases/{case}"
KINDS = (
    Kind(
        "Practitioner who leads",
        "sam.okafor",
        (
            "/", CASE, "/to-do", f"{CASE}/assessments", _ASSESSMENT, f"{CASE}/plan",
            f"{CASE}/plan/actions/new", f"{CASE}/team",
            f"{CASE}/meetings", f"{CASE}/contacts", f"{CASE}/referrals", f"{CASE}/timeline",
            f"{CASE}/who-has-looked",
            f"{CASE}/permissions", f"{CASE}/permissions/{{consent}}/receipt", f"{CASE}/exclusions/new",
            f"{CASE}/seen-by", f"{CASE}/seen-by/view", f"{CASE}/family-code", "/people/find", "/concerns/new",
            "/emergency", f"{CASE}/meetings/{{meeting}}", f"{CASE}/meetings/{{meeting}}/room",
            f"{CASE}/meetings/pledges", f"{CASE}/actions/{{action}}/needs",
            f"{CASE}/plan/carried-over/{{assessment}}", f"{CASE}/family", f"{CASE}/reviews", f"{CASE}/flags",
            f"{CASE}/sharing-requests", f"{CASE}/compact", f"{CASE}/budget", f"{CASE}/costs",
        ),
        tuple(f"/cases/{{james}}{page}" for page in ("", "/meetings", "/plan", "/flags", "/budget")),
    ),
    Kind("Practitioner at school", "nadia.bell", ("/", CASE, f"{_ASSESSMENT}/new-version", "/vacancies")),
    Kind("Practitioner in housing", "hana.novak", ("/", CASE, "/to-do", "/referrals")),
    Kind("Volunteer", "ben.carver", ("/", CASE)),
    Kind(
        "Team manager",
        "liz.hart",
        (
            "/team-cases", CASE, "/office", "/reports", "/reports/{report}", "/sharing-requests",
            "/vacancies", "/leavers", "/leavers/person", "/budget-streams",
        ),
    ),
    Kind(
        "Co-ordinator",
        "paul.ensor",
        ("/team-cases", "/vacancies", "/team-cases/{case}/lead", "/acting/purpose"),
    ),
    Kind(
        "Safeguarding lead",
        "dev.patel",
        (
            "/office", f"{_OFFICE}/overrides", f"{_OFFICE}/overrides/{{override}}", f"{_OFFICE}/break-glass",
            f"{_OFFICE}/overrides/new",
        ),
        tuple(f"/office/cases/{{james}}/{page}" for page in ("overrides", "overrides/new")),
    ),
    Kind(
        "Information officer",
        "una.price",
        (
            "/office", "/agencies", "/agreements", "/agreements/{agreement}", "/rules",
            "/rules/versions/{version}", "/rules/versions/{version}/differences/{other}",
            "/rules/drafts/{draft}",
            "/rules/drafts/{draft}/purposes/{purpose}", "/rules/drafts/{draft}/roles/{role}",
            f"{_OFFICE}/who-can-see", f"{_OFFICE}/what-if", f"{_OFFICE}/why", f"{_OFFICE}/bars/new",
            "/ledger", "/ledger/cases/{case}", "/ledger/receipts/{receipt}",
            "/ledger/verification", "/ledger/checkpoint", "/ledger/held-back",
        ),
        tuple(f"/office/cases/{{james}}/{page}" for page in ("who-can-see", "bars/new")),
    ),
    Kind("Scrutineer", "rita.shaw", ("/reports", "/reports/{report}")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shot:
    kind: Kind
    title: str
    file: str


async def told(folder: Path) -> Addresses:
    """The demo partnership in a folder, and where everybody's main pages are in it."""
    await tell_the_stories(folder)
    async with running_demo(folder) as site:
        made = Making(site)
        james = await made.case_of("sam.okafor", JAMES)
        await made.without_permission(james)
        await _met(site)
        await made.done("una.price", "/rules/versions/2/draft", why="Panels should read what children say")
        for kind in KINDS:
            made.ahead.extend((kind.user, start.replace("{james}", james)) for start in kind.starts)
            await made.walked(kind.user, set(kind.pages))
            missing = [route for route in kind.pages if (kind.user, route) not in made.found]
            if missing:
                sys.exit(f"No link leads {kind.user} to {', '.join(missing)}: name other pages for them.")
    for name in (SEEDED, SEEDED_FIRST):
        (folder / name).write_text("Told.\n", encoding="utf-8")
    return made.found


async def _met(site: DemoSite) -> None:
    """James's team meets: papers, who is there, a decision, a pledge; and what whoever visits must know."""
    lead, begins = await somebody(site, "sam.okafor"), utc_now() + timedelta(hours=1)
    await lead.follow(JAMES)
    await lead.follow("Meetings")
    await lead.follow("Arrange a meeting")
    await lead.press(
        "Arrange it", meeting_kind="Team meeting", title="Eight weeks before he comes home",
        starts=begins.astimezone(LONDON).date(), time=f"{begins.astimezone(LONDON):%H:%M}", where="Room 4",
    )  # fmt: skip
    for name in ("Hana Novak", "Nadia Bell"):
        await lead.follow("Invite somebody")
        await lead.press("Invite", member=name)
    await lead.follow("Add to the agenda")
    papers = ["Tenancy at risk", "Low and anxious since his grandfather died"]
    await lead.press("Add it", topic="Where will he live?", confidential="No", papers=papers)
    await lead.follow("Say who is there")
    await lead.press("Save", present=["Hana Novak", "Nadia Bell"])
    await lead.follow("Record a pledge")
    await lead.press(
        "Record the pledge", accountable="Tidewater Housing", action="Hold the notice until he is home",
        desired_outcome="A home to come back to", by_when=begins.date() + timedelta(days=7),
    )  # fmt: skip
    await lead.follow("Meetings")
    await lead.follow("The case")
    await lead.follow("Reviews")
    await lead.follow("Say how it goes")
    await lead.press(
        "Save", review_on=begins.date() + timedelta(days=28), held_on=utc_now().date(),
        outcome="It goes as planned", note="He rang his mother twice this week.",
    )  # fmt: skip
    await lead.follow("The case")
    await lead.follow("Visits and worries")
    await lead.follow("Say what whoever visits must do")
    until = begins.date() + timedelta(days=90)
    await lead.press("Save", instruction="There is a dog. Ring before you come.", expires_on=until)


@contextmanager
def running_site(folder: Path) -> Iterator[str]:
    """The embedded suite over it."""
    port, log = free_port(), folder / "log"
    with process("deploy.embedded", {"FOLDER": str(folder)}, log, "--port", str(port)):
        url = f"http://127.0.0.1:{port}"
        wait_until_ready(f"{url}/readyz", log)
        yield url


def shots_of(browser: Browser, site: str, found: Addresses, folder: Path) -> Iterator[Shot]:
    """Every kind of user in turn, after the page on which a newcomer chooses."""
    stranger = Kind("Somebody who is not signed in", "", ())
    with _page(browser, site) as page:
        page.goto("/")
        yield _shoot(page, stranger, "/", folder)
    for kind in KINDS:
        with _page(browser, site) as page:
            page.goto(f"/sign-in?user={kind.user}")
            yield from _of_kind(page, found, kind, folder)
    yield from _as_parent(browser, site, folder)


PARENT = Kind("Parent, by a code that was handed over", "", ())
JAMES = "James Mercer"


def _as_parent(browser: Browser, site: str, folder: Path) -> Iterator[Shot]:
    """A code that somebody at school makes for the mother, and her own page."""
    with _page(browser, site) as page:
        page.goto("/sign-in?user=nadia.bell")
        follow(page.get_by_role("link", name=JAMES).first)
        page.goto(f"{page.url}/family-code")
        page.get_by_label("Karen Mercer").check()
        follow(page.get_by_role("button", name="Make a code"))
        code = page.locator(".govuk-panel__title").inner_text()
    with _page(browser, site) as page:
        page.goto("/family")
        yield _shoot(page, PARENT, "/family", folder)
        page.get_by_label("Your code").fill(code)
        follow(page.get_by_role("button", name="Open my page"))
        yield _shoot(page, PARENT, "/family/sheet", folder)
        follow(page.get_by_role("link", name="Change my mind").first)
        yield _shoot(page, PARENT, "/family/sheet/permissions/withdrawal", folder)


@contextmanager
def _page(browser: Browser, site: str) -> Iterator[Page]:
    viewport = {"width": WIDTH, "height": 800}
    context = browser.new_context(base_url=site, viewport=viewport, device_scale_factor=SCALE)  # type: ignore[arg-type]
    try:
        yield context.new_page()
    finally:
        context.close()


def _of_kind(page: Page, found: Addresses, kind: Kind, folder: Path) -> Iterator[Shot]:
    for route in kind.pages:
        page.goto(found[kind.user, route])
        yield _shoot(page, kind, route, folder)


def _shoot(page: Page, kind: Kind, route: str, folder: Path) -> Shot:
    page.evaluate("document.fonts.ready")
    tall = min(page.evaluate("document.documentElement.scrollHeight"), LONGEST)
    one_of_them = re.sub(r"/\{[a-z_]+\}$", "-one", route)
    name = re.sub(r"[^a-z]+", "-", re.sub(r"\{[a-z_]+\}", "", one_of_them)).strip("-") or "first"
    file = f"{kind.user.replace('.', '-') or 'nobody'}-{name}.png"
    clip = {"x": 0, "y": 0, "width": WIDTH, "height": tall}
    page.screenshot(path=folder / file, full_page=True, clip=clip)  # type: ignore[arg-type]
    return Shot(kind, page.title().removesuffix(" - Teamaround"), file)


def index_of(shots: list[Shot]) -> str:
    """The index: for each kind of user their pages, in the order in which they came by them."""
    lines = [
        "# What the pages look like",
        "",
        "Made by `make screens` from the demo partnership; everybody on them is made up. Long pages are cut.",
    ]
    for words in dict.fromkeys(shot.kind.words for shot in shots):
        mine = [shot for shot in shots if shot.kind.words == words]
        user = USERS.get(mine[0].kind.user)
        lines += ["", f"## {words}", ""]
        if user is not None:
            lines += [f"{user.name}, {user.job_title.lower()}.", ""]
        for shot in mine:
            lines += [f"![{shot.title}]({shot.file})", ""]
        lines.pop()
    return "\n".join(lines) + "\n"


def main() -> None:
    chromium = find_chromium()
    if chromium is None:
        sys.exit(MISSING_CHROMIUM)
    if not STATIC.exists():
        build()
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as work:
        found = asyncio.run(told(Path(work)))
        with running_site(Path(work)) as site, running_chromium(chromium) as browser:
            shots = list(shots_of(browser, site, found, FOLDER))
    (FOLDER / "README.md").write_text(index_of(shots), encoding="utf-8")
    size = sum(file.stat().st_size for file in FOLDER.glob("*.png"))
    print(f"{len(shots)} pictures, {size / 1_000_000:.1f} MB, in {FOLDER.relative_to(ROOT)}.")
    if size > MAX_BYTES:
        sys.exit(f"They are more than {MAX_BYTES / 1_000_000:.0f} MB: take fewer or smaller ones.")


if __name__ == "__main__":
    main()

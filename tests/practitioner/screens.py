"""``make screens``: pictures of the main pages for each kind of user, in ``docs/screens/``, with their index.

The suite is started as ``make run`` starts it, in a folder of its own; whoever is signed in follows links,
and the first page of each address is photographed.
"""

import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from clients.practitioner.build_assets import build
from clients.practitioner.rendering import STATIC
from deploy.demo_people import USERS
from deploy.embedded import SEEDED
from tests.conftest import MISSING_CHROMIUM
from tests.practitioner.chromium import find_chromium, running_chromium
from tests.practitioner.walking import shape_of
from tests.support.suite import ROOT, free_port, process

FOLDER = ROOT / "docs" / "screens"
MAX_BYTES = 4_000_000
WIDTH, LONGEST, SCALE = 1_000, 1_500, 0.5
TOLD_WITHIN_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of user, by one of the demo people, and how many of their pages are shown: what comes first on
    the way is what they use most. ``case``: the name in whose case they are shown."""

    words: str
    user: str
    most: int = 8
    case: str = "James Mercer"


KINDS = (
    Kind("Practitioner who leads", "sam.okafor", 20),
    Kind("Practitioner at school", "nadia.bell"),
    Kind("Practitioner in housing", "hana.novak", 5),
    Kind("Volunteer", "ben.carver", 4),
    Kind("Team manager", "liz.hart"),
    Kind("Co-ordinator", "paul.ensor"),
    Kind("Information officer", "tom.ashby", 12),
    Kind("Partnership officer", "una.price"),
    Kind("Scrutineer", "rita.shaw"),
)


@dataclass(frozen=True, slots=True)
class Shot:
    kind: Kind
    title: str
    file: str


@contextmanager
def running_site(folder: Path) -> Iterator[str]:
    """The embedded suite with all of the demo partnership in it."""
    port, log = free_port(), folder / "log"
    with process("deploy.embedded", {"FOLDER": str(folder)}, log, "--port", str(port)):
        url = f"http://127.0.0.1:{port}"
        end = time.monotonic() + TOLD_WITHIN_SECONDS
        while not (folder / SEEDED).exists():
            if time.monotonic() > end:
                raise RuntimeError(f"The stories were not told: {log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.2)
        yield url


def shots_of(browser: Browser, site: str, folder: Path) -> Iterator[Shot]:
    """Every kind of user in turn, after the page on which a newcomer chooses."""
    stranger = Kind("Somebody who is not signed in", "")
    with _page(browser) as page:
        page.goto(site)
        yield _shoot(page, stranger, "/", folder)
    for kind in KINDS:
        with _page(browser) as page:
            page.goto(f"{site}/sign-in?user={kind.user}")
            yield from _walked(page, site, kind, folder)
    yield from _as_parent(browser, site, folder)


PARENT = Kind("Parent, by a code that was handed over", "", 3)


def _as_parent(browser: Browser, site: str, folder: Path) -> Iterator[Shot]:
    """A code that somebody at school makes for the mother, and her own page."""
    with _page(browser) as page:
        page.goto(f"{site}/sign-in?user=nadia.bell")
        page.get_by_role("link", name=PARENT.case).first.click()
        page.goto(f"{page.url}/family-code")
        page.get_by_label("Karen Mercer").check()
        page.get_by_role("button", name="Make a code").click()
        code = page.locator(".govuk-panel__title").inner_text()
    with _page(browser) as page:
        page.goto(f"{site}/family")
        yield _shoot(page, PARENT, "/family", folder)
        page.get_by_label("Your code").fill(code)
        page.get_by_role("button", name="Open my page").click()
        yield _shoot(page, PARENT, "/family/sheet", folder)
        page.get_by_role("link", name="Change my mind").first.click()
        yield _shoot(page, PARENT, "/family/permissions/withdrawal", folder)


@contextmanager
def _page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": WIDTH, "height": 800}, device_scale_factor=SCALE)
    try:
        yield context.new_page()
    finally:
        context.close()


def _walked(page: Page, site: str, kind: Kind, folder: Path) -> Iterator[Shot]:
    seen: set[str] = set()
    ahead = ["/"]
    while ahead and len(seen) < kind.most:
        address = ahead.pop(0)
        if shape_of(address) in seen:
            continue
        seen.add(shape_of(address))
        page.goto(f"{site}{address}")
        yield _shoot(page, kind, address, folder)
        ahead.extend(_links(page, site, kind.case))


def _links(page: Page, site: str, case: str) -> list[str]:
    """Where a page leads to; the case of whoever it is shown for before other cases."""
    found = page.eval_on_selector_all("a[href]", "all => all.map(a => [a.href, a.textContent.trim()])")
    own = [
        (href.removeprefix(site).partition("#")[0], words) for href, words in found if href.startswith(site)
    ]
    return [address for address, words in sorted(own, key=lambda link: link[1] != case)]


def _shoot(page: Page, kind: Kind, address: str, folder: Path) -> Shot:
    page.evaluate("document.fonts.ready")
    tall = min(page.evaluate("document.documentElement.scrollHeight"), LONGEST)
    name = re.sub(r"[^a-z]+", "-", shape_of(address).replace("{id}", "")).strip("-") or "first"
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
    with (
        tempfile.TemporaryDirectory() as work,
        running_site(Path(work)) as site,
        running_chromium(chromium) as browser,
    ):
        shots = list(shots_of(browser, site, FOLDER))
    (FOLDER / "README.md").write_text(index_of(shots), encoding="utf-8")
    size = sum(file.stat().st_size for file in FOLDER.glob("*.png"))
    print(f"{len(shots)} pictures, {size / 1_000_000:.1f} MB, in {FOLDER.relative_to(ROOT)}.")
    if size > MAX_BYTES:
        sys.exit(f"They are more than {MAX_BYTES / 1_000_000:.0f} MB: take fewer or smaller ones.")


if __name__ == "__main__":
    main()

"""A real Chromium without a screen, where there is one."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Without the last ones it would call its makers at every start, as root it wants no sandbox.
OPTIONS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--in-process-gpu",
)


def find_chromium() -> str | None:
    """The machine's Chromium, or the one that Playwright brought, or None."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


@contextmanager
def running_chromium(path: str) -> Iterator[Browser]:
    options = [*OPTIONS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=options)
        try:
            yield browser
        finally:
            browser.close()


def follow(there: Locator) -> None:
    """Click what leads to another page, and be there: a click by itself waits for nothing."""
    with there.page.expect_navigation():
        there.click()

"""The README is true: its story runs and prints what it says, and its table is what the API answers."""

import subprocess
from typing import Any

from tests.architecture.sources import ROOT
from tests.docs.conftest import READERS, Seeded
from tests.docs.pages import Page, page

README = page("README.md")
NEXT = "--- next ---"


def steps(document: Page = README) -> list[tuple[str, str | None]]:
    """Each block of shell with the output that stands below it, if any does."""
    found: list[tuple[str, str | None]] = []
    for language, content in document.blocks():
        if language == "bash":
            found.append((content, None))
        elif language == "text":
            found[-1] = (found[-1][0], content)
    return found


def check_what_runs(document: Page, url: str, least: int) -> None:
    """What a page says to type prints what it says; ``least``: so many of its blocks print something."""
    written = [script for script, _ in steps(document)]
    assert written[0].startswith("URL=http://127.0.0.1:8000\n")
    written[0] = written[0].replace("http://127.0.0.1:8000", url)
    script = f"\necho '{NEXT}'\n".join(["set -uo pipefail", *written])
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT,
        capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.returncode == 0
    printed = done.stdout.split(f"{NEXT}\n")[1:]
    assert printed == [output or "" for _, output in steps(document)]
    assert sum(output is not None for _, output in steps(document)) >= least


def test_the_story_runs_and_prints_what_the_readme_says(seeded: Seeded) -> None:
    check_what_runs(README, seeded.url, 7)


def test_what_an_agencys_system_is_told_to_send_is_answered_as_the_page_says(seeded_anew: Seeded) -> None:
    check_what_runs(page("docs/agency-systems.md"), seeded_anew.url, 5)


def test_the_story_is_told_with_curl_and_python_alone() -> None:
    told = "".join(script for script, _ in steps())
    assert 10 <= told.count("$URL/v1/") <= 20
    for tool in ("jq", "wget", "httpie", "perl"):
        assert tool not in told.split()


def entries_under(label: str, view: dict[str, Any]) -> list[dict[str, Any]]:
    """The entries that a row of the table is about."""
    kinds = {"The goal": "goal", "The plan": "action", "His mother's own words": "comment"}
    kinds["His address and how to reach the family"] = "contact"
    everything = [entry for entries in view["areas"].values() for entry in entries]
    if label in kinds:
        return [entry for entry in everything if entry["kind"] == kinds[label]]
    return [entry for entry in everything if entry["fields"].get("headline") == label]


def test_the_table_is_what_each_of_the_four_is_answered(seeded: Seeded) -> None:
    compared = 0
    for label, *cells in README.rows("What each agency sees of James's case"):
        for who, cell in zip(READERS, cells, strict=True):
            view = seeded.views[who]
            if label.startswith("Told that"):
                answered = ", ".join(line["agency"] for line in view["not_available"]) or "–"
            elif label.startswith("Who leads"):
                header = view["header"]
                answered = "yes" if header["lead_professional"] and len(header["team"]) == 4 else "no"
            else:
                answered = ", ".join({entry["level"] for entry in entries_under(label, view)}) or "–"
            assert cell == answered, f"{label}, {who}"
            compared += 1
    assert compared == 11 * 4

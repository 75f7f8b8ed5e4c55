"""``make demo``: what a newcomer reads, against suites that really run."""

import subprocess
import sys

import pytest

from deploy import demo
from deploy.plain_tables import WIDTH, paragraph, stacked, table
from deploy.stories.client import Api
from tests.support.suite import ROOT, RunningSuite, free_port

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("suite", [("embedded", "sqlite")], indirect=True, ids=["embedded-sqlite"])
async def test_the_demo_prints_what_each_sees_what_is_gone_and_who_saw_what(
    suite: RunningSuite, api: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    await demo.play(suite.url)
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= WIDTH
    for part in (
        "What each of them sees now",
        "His mother takes one permission back",
        "Who has seen what",
        "[S] Ring his mother",
        "[?] holds more: ask",
        "as before",
        "do not wait: ring 999",
        "own record",
        "an action that they owe",
        "since taken back",
        "the partnership's agreed rules",
    ):
        assert part in printed
    first, second = printed.split("| SCHOOL ")[1:3]
    ledger = printed.split("Who has seen what")[1]
    assert ("[x]" in first, "[x] In school" in second) == (False, True)
    for name in ("Nadia Bell", "Sam Okafor", "Hana Novak", "Ben Carver"):
        assert ledger.count(f"| {name} ") == 2, "each read twice, and the ledger says so"
    for who in ("SCHOOL", "YOUTH OFFENDING TEAM", "HOUSING", "VOLUNTEER MENTOR"):
        assert printed.count(f"| {who}") == 2


def test_without_a_running_suite_the_demo_says_so_in_a_sentence() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    ended = subprocess.run(
        [sys.executable, "-m", "deploy.demo", url], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, ended.stdout) == (demo.NOT_RUNNING, "")
    assert ended.stderr == (
        f"The suite at {url} does not answer. Start it in another terminal with: make run\n"
    )


def test_tables_wrap_within_their_widths() -> None:
    drawn = table([["Who"], ["What"]], [[["Ada"], ["[F] a line that is too long", "-"]]], (5, 12))
    assert drawn.splitlines() == [
        "Who   | What",
        "------+-------------",
        "Ada   | [F] a line",
        "      |     that is",
        "      |     too long",
        "      | -",
    ]
    assert stacked([[["one", "two"], ["a"]], [["three"], ["b"]]], (5, 5)) == [
        ["one", "two", "three"],
        ["a", "", "b"],
    ]
    assert paragraph("x " * 100, bullet="* ").splitlines()[1].startswith("  x")
    with pytest.raises(ValueError, match="wider"):
        table([["a"]], [], (WIDTH + 1,))

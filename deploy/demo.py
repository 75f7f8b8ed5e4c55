"""James's case, played against a running suite and shown side by side: ``make demo``.

Everything that is printed was read through the public API, as the person in whose column it stands.
"""

import argparse
import asyncio
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx

from deploy.demo_people import AGENCIES, USERS
from deploy.plain_tables import paragraph, stacked, table
from deploy.seed import add_agencies
from deploy.side_by_side import LEGEND, LEGEND_AFTER, domains_of, rows
from deploy.stories import james
from deploy.stories.client import Api, Refused
from deploy.stories.tokens import tokens_from_issuer

DEFAULT_URL = "http://127.0.0.1:8000"
HEADINGS = (
    "Contact", "How he is doing", "Parents and carers", "Family and home", "In their words", "Goal", "Plan",
    "Next review", "Held elsewhere",
)  # fmt: skip
VIEW_WIDTHS = (15, 24, 23, 23, 23)
LEDGER_WIDTHS = (8, 30, 41, 32)
CATEGORIES = {
    "access_needs": "access needs",
    "mental_health": "mental health",
    "money_work": "money and work",
}
AGENCY_NAMES = {agency.code: agency.name for agency in AGENCIES}
OWN_RECORD, PERMISSION = "own record", "his mother's permission"
TAKEN_BACK = f"{PERMISSION}, since taken back"
NOT_RUNNING, REFUSED = 1, 2


async def play(url: str) -> None:
    """The whole demonstration; raises what the network or the API answers when something is wrong."""
    async with httpx.AsyncClient(base_url=url, timeout=30.0, trust_env=False) as client:
        api = Api(client, tokens_from_issuer(client, f"{url}/identity"))
        await add_agencies(api)
        story = await _set_up(api)
        domains = domains_of(await (await api.sign_in("nadia.bell")).get("/v1/instruments/caf/1"))
        before = await _first_reading(api, story, domains)
        await _withdrawal(api, story, before, domains)
        await _ledger(api, story)
        print()
        _say(
            f"Try it yourself: this case is {url}/v1/cases/{story.case} , a token for anybody is at "
            f"{url}/identity/tokens/USER , and the documentation of the API at {url}/docs ."
        )


async def _set_up(api: Api) -> james.James:
    _title("James, 15: one case, four agencies, four different views")
    _say(
        "He comes home from his second custodial sentence in eight weeks. Several agencies hold a part of "
        "the picture, none holds the whole, and nobody is in charge."
    )
    print()
    story = await james.tell(api, say=_step)
    for warning in story.warnings:
        _step(f"The suite warns her: {warning['message']}")
    return story


async def _first_reading(api: Api, story: james.James, domains: Mapping[str, str]) -> dict[str, Any]:
    _title("What each of them sees now")
    views = await james.read_as_each(api, story.case)
    print(_side_by_side(views, None, domains))
    print(f"\n{LEGEND}\n")
    lead = views["school"]["header"]["lead_professional"]
    _say(
        f"Each column is that person's own answer from the API. All four also see that {lead['name']} "
        f"leads ({lead['telephone']}) and who is on the team, so everybody knows whom to ask; and all are "
        "told:"
    )
    _say(f'"{views["school"]["notice"]}"', "    ")
    return views


async def _withdrawal(
    api: Api, story: james.James, before: dict[str, Any], domains: Mapping[str, str]
) -> None:
    _title("His mother takes one permission back")
    _step("Karen would rather speak about everyday life herself. Nadia records it; no reason is needed.")
    answer = await james.withdraw_everyday_permission(api, story)
    _step(f"Enforced at {_time(answer['enforced_at'])}: nothing read after that rests on that permission.")
    _step("Her other permissions stand, the plan and the help go on. The same four read again:")
    print()
    print(_side_by_side(await james.read_as_each(api, story.case), before, domains))
    print(f"\n{LEGEND_AFTER}")


async def _ledger(api: Api, story: james.James) -> None:
    _title("Who has seen what")
    _say(
        "Every answer above left a receipt in a ledger that cannot be rewritten unnoticed. This is what the "
        "school's information officer, Tom Ashby, may read of it: what of the school's entries went to whom, "
        "and all that the school's own people were shown."
    )
    print()
    receipts = await james.who_has_seen(api, story.case)
    readings = [_receipt(receipt, story) for receipt in receipts if receipt["action"] == "read"]
    headings = [["When"], ["Who, of which agency, for what"], ["What was released"], ["On which basis"]]
    print(table(headings, readings, LEDGER_WIDTHS))
    deeds = sum(receipt["action"] == "contribute" for receipt in receipts)
    print()
    _say(f"Besides these readings it holds {deeds} receipts of what the team wrote to this case.")


def _title(text: str) -> None:
    print(f"\n{text}\n{'=' * len(text)}")


def _say(text: str, indent: str = "") -> None:
    print(paragraph(text, indent))


def _step(text: str) -> None:
    print(paragraph(text, bullet="* "), flush=True)


def _side_by_side(
    views: Mapping[str, Any], before: Mapping[str, Any] | None, domains: Mapping[str, str]
) -> str:
    """The views of the four as one table."""
    readers = [
        [who.upper(), USERS[user].name, USERS[user].job_title.lower()] for who, user in james.READERS.items()
    ]
    return table([[""], *readers], rows(views, HEADINGS, before, domains), VIEW_WIDTHS)


def _receipt(receipt: Mapping[str, Any], story: james.James) -> list[list[str]]:
    """A receipt as a row: who, and beside each other what was released and on which basis."""
    released: dict[str, dict[str, set[str]]] = {}
    for case in receipt["cases"]:
        for cell in case["cells"]:
            if cell.get("entries"):
                basis = _basis(cell, receipt["agency"], story)
                categories = released.setdefault(basis, {}).setdefault(cell["level"], set())
                categories.update(CATEGORIES.get(word, word) for word in cell["categories"])
    told = [
        [[f"in {level}: {', '.join(sorted(names))}" for level, names in levels.items()], [basis]]
        for basis, levels in sorted(released.items(), key=lambda item: (item[0] != OWN_RECORD, item[0]))
    ]
    who = [receipt["user_name"], AGENCY_NAMES[receipt["agency"]], f"for {receipt['purpose']}"]
    return [[_time(receipt["at"])], who, *stacked(told or [[["nothing"], ["-"]]], LEDGER_WIDTHS[2:])]


def _basis(cell: Mapping[str, Any], agency: str, story: james.James) -> str:
    """On what a release rested: the reader's own record if it was one, else all that gave it."""
    if "OWN" in cell["bases"]:
        return OWN_RECORD if cell["owner"] == agency else "an action that they owe"
    words = sorted({_basis_word(basis, story) for basis in cell["bases"]})
    return (
        f"{words[0]}, and another since taken back"
        if words == [PERMISSION, TAKEN_BACK]
        else " and ".join(words)
    )


def _basis_word(basis: str, story: james.James) -> str:
    kind, _, reference = basis.partition(":")
    if kind == "PERMISSION":
        gone = reference == story.everyday_permission
        return TAKEN_BACK if gone else PERMISSION
    return "the partnership's agreed rules" if kind == "AGREEMENT" else kind.lower().replace("_", " ")


def _time(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%H:%M:%S}"


def main(url: str) -> int:
    """Play the demonstration; an exit status other than 0, and a sentence, when it cannot be played."""
    try:
        asyncio.run(play(url.rstrip("/")))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        answered = isinstance(error, httpx.HTTPStatusError)
        problem = "has no demo sign-in (/identity)" if answered else "does not answer"
        print(
            f"The suite at {url} {problem}. Start it in another terminal with: make run",
            file=sys.stderr,
        )
        return NOT_RUNNING
    except Refused as refused:
        print(f"The suite refused a step of the story: {refused}", file=sys.stderr)
        return REFUSED
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Play James's case against a running suite.")
    parser.add_argument("url", nargs="?", default=DEFAULT_URL)
    raise SystemExit(main(parser.parse_args().url))

"""How days, lists and what was done read."""

from typing import Any

from clients.practitioner.navigation import navigation_of
from clients.practitioner.presenters.ledger import DOINGS, receipts_of
from clients.practitioner.words import deadline, first_of
from shared.vocabulary import Deed


def test_a_midnight_is_the_end_of_the_day_before_in_london() -> None:
    assert deadline("2031-03-04T00:00:00Z") == "the end of 3 March 2031"
    assert deadline("2031-06-03T23:00:00Z") == "the end of 3 June 2031"
    assert deadline("2031-03-03T14:05:00Z") == "3 March 2031, 2.05pm"


def test_of_many_words_the_first_stand_there_and_how_many_more() -> None:
    assert first_of(["a", "b", "c", "d", "e"]) == "a, b, c, d, e", (
        "one more takes no more room than saying so"
    )
    assert first_of(["a", "b", "c", "d", "e", "f"]) == "a, b, c, d and 2 more"
    assert first_of([]) == ""


def test_a_look_says_what_was_done_and_no_code() -> None:
    def said(action: str, deed: str | None) -> str:
        line: dict[str, Any] = {
            "id": "1", "at": "2031-03-03T14:05:00Z", "user_name": "Una Price", "role": "information_officer",
            "agency": "office", "on_behalf_of": None, "purpose": "oversight", "reason": None, "cases": [],
            "action": action, "deed": deed,
        }  # fmt: skip
        return receipts_of([line], {})[0].did

    assert said("contribute", "read_policy") == "Read the rules"
    assert said("list", "read_disclosures") == "Looked up who looked"
    assert said("refuse", "who_can_see") == "Was refused: asked who can see what"
    assert said("refuse", None) == "Was refused"
    assert said("contribute", "sign_assessment") == "Wrote: sign assessment"
    reading = {deed for deed in Deed if deed.startswith("read_")}
    assert reading <= set(DOINGS), "Wrote: read … is what nobody did"


def test_the_navigation_marks_the_page_and_what_it_is_a_part_of() -> None:
    def marked(path: str) -> list[tuple[str, bool, bool]]:
        items = navigation_of("information_officer", path)
        return [
            (item["text"], item["current"], item["active"])
            for item in items
            if item["current"] | item["active"]
        ]

    assert marked("/rules") == [("Rules", True, False)]
    assert marked("/rules/versions/2") == [("Rules", False, True)]
    assert marked("/rulesets") == []

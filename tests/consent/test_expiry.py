"""Which answers run out soon, and which a birthday makes one ask for again (design 3.2)."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from services.consent.consents.expiry import expires_soon, needs_asking_again

NOW = datetime(2031, 3, 3, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def an_answer(**changes: Any) -> SimpleNamespace:
    row = {
        "id": "c-1", "kind": "share", "subject": "kit", "giver": "mum", "capacity": "parent",
        "answer": "given", "under": None, "recipients": ["school"], "categories": ["learning"],
        "valid_until": None, "withdrawn_at": None, "recorded_at": NOW - 300 * DAY, "continues": None,
    }  # fmt: skip
    return SimpleNamespace(**{**row, **changes})


def _stands(_: Any) -> bool:
    return True


def asked_again(row: SimpleNamespace, birthday: datetime | None, *others: SimpleNamespace) -> str | None:
    asking = needs_asking_again(row, [row, *others], birthday, NOW, counts=_stands)
    return None if asking is None else asking.why


def test_what_was_permitted_before_a_transfer_is_asked_again_within_thirty_days() -> None:
    """Fails when a no is asked again, what was said afterwards, or what its giver has answered since."""
    transfer = NOW - 5 * DAY

    def asked(row: SimpleNamespace, *others: SimpleNamespace, birthday: datetime | None = None) -> Any:
        return needs_asking_again(row, [row, *others], birthday, NOW, transferred_at=transfer, counts=_stands)

    yes = an_answer(answer="given")
    found = asked(yes)
    assert (found.why, found.on) == ("transfer", date(2031, 3, 28))
    assert asked_again(yes, None) is None
    no_permission: tuple[dict[str, Any], ...] = (
        {"answer": "refused"}, {"recorded_at": transfer}, {"valid_until": NOW}, {"withdrawn_at": NOW - DAY},
    )  # fmt: skip
    for other in no_permission:
        assert asked(an_answer(**{"answer": "given", **other})) is None, other
    since: dict[str, Any] = {"id": "c-2", "answer": "given", "recorded_at": NOW - DAY}
    assert asked(yes, an_answer(**since)) is None
    assert asked(yes, an_answer(**{**since, "answer": "refused"})) is None
    not_the_same: tuple[dict[str, Any], ...] = (
        {"giver": "dad"}, {"categories": ["health"]}, {"recipients": []}, {"kind": "take_part"},
        {"subject": "sis"}, {"recorded_at": transfer - DAY},
    )  # fmt: skip
    for other in not_the_same:
        assert asked(yes, an_answer(**{**since, **other})).why == "transfer", other
    assert asked(yes, birthday=datetime(2031, 3, 20, tzinfo=UTC)).why == "turns_16", "due first"
    assert asked(yes, birthday=datetime(2031, 4, 20, tzinfo=UTC)).why == "transfer"


@pytest.mark.parametrize(
    ("until", "soon"),
    [(None, False), (NOW, False), (NOW + DAY, True), (NOW + 30 * DAY, True), (NOW + 31 * DAY, False)],
)
def test_what_ends_within_thirty_days_is_said(until: datetime | None, soon: bool) -> None:
    assert expires_soon(an_answer(valid_until=until), NOW) is soon
    assert not expires_soon(an_answer(valid_until=until, withdrawn_at=NOW - DAY), NOW)


@pytest.mark.parametrize(
    ("birthday", "why"),
    [
        (None, None),
        (datetime(2031, 6, 4, tzinfo=UTC), None),
        (datetime(2031, 6, 3, tzinfo=UTC), "turns_16"),
        (NOW, "turns_16"),
        (NOW - 400 * DAY, "turns_16"),
    ],
)
def test_what_others_said_is_asked_again_from_three_months_before_sixteen(
    birthday: datetime | None, why: str | None
) -> None:
    assert asked_again(an_answer(), birthday) == why
    assert asked_again(an_answer(valid_until=NOW), birthday) is None
    assert asked_again(an_answer(withdrawn_at=NOW - DAY), birthday) is None


def test_what_a_young_person_said_is_asked_again_at_eighteen_and_an_attorneys_word_at_no_birthday() -> None:
    own = an_answer(giver="kit", capacity="young_person")
    eighteen_in_two_months = datetime(2029, 5, 3, tzinfo=UTC)
    assert asked_again(own, eighteen_in_two_months) == "turns_18"
    assert asked_again(own, datetime(2029, 6, 4, tzinfo=UTC)) is None
    for capacity in ("adult", "attorney", "deputy", "best_interests"):
        assert asked_again(an_answer(capacity=capacity), eighteen_in_two_months) is None


def test_the_day_is_the_birthday_also_of_who_was_born_on_the_29_february() -> None:
    sixteen = datetime(2032, 2, 29, tzinfo=UTC)
    asking = needs_asking_again(
        an_answer(giver="kit", capacity="young_person"),
        [],
        sixteen,
        datetime(2034, 1, 1, tzinfo=UTC),
        counts=_stands,
    )
    assert asking is not None
    assert asking.on == date(2034, 3, 1)


def test_once_the_person_has_answered_the_same_it_is_not_asked_again() -> None:
    sixteen = NOW - DAY
    own = {"id": "c-2", "giver": "kit", "capacity": "young_person", "recorded_at": NOW - DAY}
    assert asked_again(an_answer(), sixteen, an_answer(**own)) is None
    assert asked_again(an_answer(), sixteen, an_answer(**own, categories=["plan"])) == "turns_16"
    assert asked_again(an_answer(), sixteen, an_answer(**own, recipients=["police"])) == "turns_16"
    early = an_answer(**{**own, "recorded_at": NOW - 200 * DAY})
    assert asked_again(an_answer(), sixteen, early) == "turns_16"
    part = an_answer(kind="take_part", recipients=[], categories=[])
    assert asked_again(part, sixteen, an_answer(**own)) == "turns_16"
    assert asked_again(part, sixteen, an_answer(**own, kind="take_part")) is None


def test_a_yes_of_which_nothing_stands_is_asked_again_and_nobody_is_told_why() -> None:
    """Fails when a no is asked again, what another answer has taken the place of, or when it is told for ever
    or not at all of a yes that the same person has given again."""
    sixteen = NOW + 900 * DAY

    def asked(row: SimpleNamespace, *others: SimpleNamespace, counting: tuple[str, ...] = ()) -> Any:
        return needs_asking_again(
            row, [row, *others], sixteen, NOW, counts=lambda answer: answer.id in counting
        )

    found = asked(an_answer())
    assert (found.why, found.on) == ("counts_no_more", NOW.date())
    assert "parent" not in found.reason
    for capacity in ("carer_with_parental_responsibility", "attorney", "deputy"):
        assert asked(an_answer(capacity=capacity)) == found, capacity
    assert asked(an_answer(under="a-1")) == found
    assert asked(an_answer(), counting=("c-1",)) is None
    for other in ({"answer": "refused"}, {"withdrawn_at": NOW - DAY}, {"valid_until": NOW}):
        assert asked(an_answer(**other)) is None, other
    grown_up = needs_asking_again(an_answer(), [], NOW - DAY, NOW, counts=lambda _: False)
    assert grown_up is not None
    assert grown_up.why == "turns_16"
    for giver in ("dad", "mum"):
        later: dict[str, Any] = {"id": "c-2", "giver": giver, "recorded_at": NOW - DAY}
        assert asked(an_answer(), an_answer(**later), counting=("c-2",)) is None, giver
        assert asked(an_answer(), an_answer(**later, answer="refused")) is None, giver
        assert asked(an_answer(), an_answer(**later)) == found, "that one opens nothing either"
        for less in ({"categories": ["plan"]}, {"subject": "sis"}, {"recorded_at": NOW - 400 * DAY}):
            part = an_answer(**{**later, **less})
            assert asked(an_answer(), part, counting=("c-2",)) == found, less

"""Who may answer for whom, and about what (design 3.2, resolve)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.consent.consents.authority import (
    Answering,
    Held,
    answers_in_own_right,
    lacks_authority,
    may_take_back,
    reasons_apart,
)
from shared.disclosure import ResponsibleAsk
from shared.vocabulary import Capacity, Category

NOW = datetime(2031, 3, 3, 9, 0, tzinfo=UTC)
TODAY = NOW.replace(hour=0)
IN_FUTURE = NOW + timedelta(days=400)
IN_PAST = NOW - timedelta(days=400)
MONEY = frozenset({Category.MONEY_WORK})
HEALTH = frozenset({Category.HEALTH})


def responsibility(adult: str = "mum", **changes: datetime) -> ResponsibleAsk:
    return ResponsibleAsk(adult=adult, recorded_at=IN_PAST, recorded_for=("a-school",), **changes)


def asked(
    capacity: Capacity,
    *,
    giver: str = "mum",
    about: Iterable[Category] = (Category.LEARNING,),
    held: Iterable[ResponsibleAsk] = (),
    decides_from: datetime | None = IN_FUTURE,
    competent: bool = False,
    covers: frozenset[Category] | None = None,
    at: datetime = NOW,
    opens: bool = False,
) -> str | None:
    """Why ``giver`` may not answer for Kit; None when they may."""
    answering = Answering(
        subject="kit",
        giver=giver,
        capacity=capacity,
        judged_competent=competent,
        covers=covers,
        decides_from=decides_from,
        at=at,
        opens=opens,
    )
    return lacks_authority(answering, about, held)


def test_nobody_answers_as_young_person_or_adult_for_somebody_else() -> None:
    for capacity in (Capacity.YOUNG_PERSON, Capacity.ADULT):
        for decides_from in (IN_PAST, IN_FUTURE, None):
            reason = asked(capacity, giver="mum", decides_from=decides_from, competent=True)
            assert reason is not None
            assert "only for themselves" in reason


def test_a_child_under_16_answers_only_when_competence_was_recorded() -> None:
    reason = asked(Capacity.YOUNG_PERSON, giver="kit")
    assert reason is not None
    assert "competence" in reason
    assert asked(Capacity.YOUNG_PERSON, giver="kit", competent=True) is None


@pytest.mark.parametrize("capacity", [Capacity.YOUNG_PERSON, Capacity.ADULT])
def test_from_16_a_person_answers_for_themselves(capacity: Capacity) -> None:
    assert asked(capacity, giver="kit", decides_from=IN_PAST) is None
    assert asked(capacity, giver="kit", decides_from=NOW) is None
    assert asked(capacity, giver="kit", decides_from=NOW + timedelta(microseconds=1)) is not None


def test_a_child_does_not_become_able_to_decide_by_saying_adult() -> None:
    assert asked(Capacity.ADULT, giver="kit") is not None


@pytest.mark.parametrize("capacity", [Capacity.YOUNG_PERSON, Capacity.ADULT])
def test_somebody_whose_birthday_nobody_knows_needs_recorded_competence(capacity: Capacity) -> None:
    """Fails when whoever is called an adult is one: a child of unknown age would answer for themselves."""
    assert asked(capacity, giver="kit", decides_from=None, opens=True) is not None
    assert asked(capacity, giver="kit", decides_from=None, opens=True, competent=True) is None


@pytest.mark.parametrize("capacity", [Capacity.YOUNG_PERSON, Capacity.ADULT])
def test_a_no_of_somebody_whose_birthday_nobody_knows_is_their_own(capacity: Capacity) -> None:
    """It takes away and never gives. Fails when it is refused until somebody has recorded a birthday."""
    assert asked(capacity, giver="kit", decides_from=None) is None
    assert asked(capacity, giver="mum", decides_from=None) is not None
    assert asked(capacity, giver="kit", decides_from=IN_FUTURE) is not None


def test_a_person_never_answers_for_themselves_in_another_capacity() -> None:
    themselves = (Capacity.YOUNG_PERSON, Capacity.ADULT, Capacity.BEST_INTERESTS)
    others = [capacity for capacity in Capacity if capacity not in themselves]
    assert len(others) == 5
    for capacity in others:
        reason = asked(
            capacity,
            giver="kit",
            covers=frozenset(Category),
            competent=True,
            held=[responsibility(adult="kit")],
        )
        assert reason is not None
        assert "young person or an adult" in reason


@pytest.mark.parametrize("capacity", [Capacity.PARENT, Capacity.CARER_WITH_PARENTAL_RESPONSIBILITY])
@pytest.mark.parametrize(
    "held, may",
    [
        ([], False),
        ([responsibility()], True),
        ([responsibility(adult="aunt")], False),
        ([responsibility(since=TODAY)], True),
        ([responsibility(since=NOW)], True),
        ([responsibility(since=TODAY + timedelta(days=1))], False),
        ([responsibility(until=TODAY + timedelta(days=1))], True),
        ([responsibility(until=TODAY)], False),
        ([responsibility(until=NOW)], False),
        ([responsibility(since=IN_PAST, until=IN_PAST + timedelta(days=1))], False),
        ([responsibility(until=TODAY), responsibility(since=TODAY)], True),
        ([responsibility(until=TODAY), responsibility(adult="aunt")], False),
    ],
)
def test_somebody_else_answers_for_a_child_while_they_hold_parental_responsibility(
    capacity: Capacity, held: list[ResponsibleAsk], may: bool
) -> None:
    reason = asked(capacity, held=held)
    assert (reason is None) is may
    if reason is not None:
        assert "parental responsibility" in reason


@pytest.mark.parametrize("capacity", [Capacity.PARENT, Capacity.CARER_WITH_PARENTAL_RESPONSIBILITY])
def test_from_16_not_even_a_parent_answers(capacity: Capacity) -> None:
    reason = asked(capacity, held=[responsibility()], decides_from=NOW)
    assert reason is not None
    assert "From 16" in reason


@pytest.mark.parametrize("capacity", [Capacity.PARENT, Capacity.CARER_WITH_PARENTAL_RESPONSIBILITY])
def test_a_parents_yes_for_a_child_of_unknown_age_is_refused_and_a_no_is_written_down(
    capacity: Capacity,
) -> None:
    """Fails when it is kept: it counts for nothing, and everybody would take it for a permission."""
    unknown = asked(capacity, held=[responsibility()], decides_from=None, opens=True)
    assert unknown is not None
    assert "born or is expected" in unknown
    assert asked(capacity, held=[responsibility()], decides_from=None) is None
    assert asked(capacity, held=[responsibility()], decides_from=IN_FUTURE, opens=True) is None


def test_a_parents_authority_may_be_limited_by_a_document_too() -> None:
    limited = asked(Capacity.PARENT, held=[responsibility()], covers=MONEY, about=[Category.HEALTH])
    assert limited is not None
    assert asked(Capacity.PARENT, held=[responsibility()], covers=HEALTH, about=[Category.HEALTH]) is None


@pytest.mark.parametrize(
    "capacity",
    [Capacity.ATTORNEY, Capacity.DEPUTY, Capacity.LOCAL_AUTHORITY_WITH_PARENTAL_RESPONSIBILITY],
)
@pytest.mark.parametrize("decides_from", [IN_PAST, IN_FUTURE, None])
@pytest.mark.parametrize("covers", [None, MONEY, frozenset(Category)])
def test_nobody_is_taken_at_their_word_for_an_authority_that_nobody_recorded(
    capacity: Capacity, decides_from: datetime | None, covers: frozenset[Category] | None
) -> None:
    """Fails when a document that is only told of gives a say, as it once did."""
    reason = asked(capacity, about=MONEY, decides_from=decides_from, covers=covers)
    assert reason is not None
    assert "record the authority" in reason


def test_competence_is_recorded_for_the_young_persons_own_answer_only() -> None:
    """Recorded with another's answer it would make that answer stand alone over everybody's."""
    others = [
        asked(Capacity.PARENT, held=[responsibility()], competent=True),
        asked(Capacity.ATTORNEY, covers=frozenset(Category), competent=True),
        asked(Capacity.DEPUTY, covers=frozenset(Category), competent=True),
        asked(
            Capacity.LOCAL_AUTHORITY_WITH_PARENTAL_RESPONSIBILITY, covers=frozenset(Category), competent=True
        ),
        asked(Capacity.CARER_WITH_PARENTAL_RESPONSIBILITY, held=[responsibility()], competent=True),
    ]
    assert [reason is not None and "competence" in reason for reason in others] == [True] * 5


def test_every_capacity_either_answers_in_own_right_or_for_a_child() -> None:
    own = {capacity for capacity in Capacity if answers_in_own_right(capacity)}
    assert own == {
        Capacity.YOUNG_PERSON,
        Capacity.ADULT,
        Capacity.ATTORNEY,
        Capacity.DEPUTY,
        Capacity.BEST_INTERESTS,
    }
    assert len(set(Capacity) - own) == 3


# --- recorded authority


def held(**changes: Any) -> Held:
    known: dict[str, Any] = {
        "id": "a-1", "kind": "power_of_attorney", "effect": "gives", "subject": "kit", "holder": "mum",
        "covers": MONEY, "start": None, "end": None,
    }  # fmt: skip
    return Held(**{**known, **changes})


def told(
    capacity: Capacity,
    about: Iterable[Category],
    *recorded: Held,
    under: str | None = "a-1",
    giver: str = "mum",
    **changes: Any,
) -> str:
    """Why this giver may not answer under a recorded authority; empty when they may."""
    known: dict[str, Any] = {
        "subject": "kit", "giver": giver, "capacity": capacity, "judged_competent": False, "covers": None,
        "decides_from": IN_FUTURE, "at": NOW, "under": under, "recorded": recorded,
    }  # fmt: skip
    return lacks_authority(Answering(**{**known, **changes}), about, ()) or ""


@pytest.mark.parametrize(
    ("capacity", "kind"),
    [
        (Capacity.ATTORNEY, "power_of_attorney"),
        (Capacity.DEPUTY, "deputy"),
        (Capacity.LOCAL_AUTHORITY_WITH_PARENTAL_RESPONSIBILITY, "local_authority"),
        (Capacity.PARENT, "court_order"),
        (Capacity.CARER_WITH_PARENTAL_RESPONSIBILITY, "court_order"),
    ],
)
def test_a_recorded_authority_reaches_what_it_covers_while_it_lasts(capacity: Capacity, kind: str) -> None:
    recorded = held(kind=kind)
    assert told(capacity, MONEY, recorded) == ""
    assert told(capacity, HEALTH | MONEY, recorded) == (
        "This authority does not reach health; ask somebody who may answer for that."
    )
    for over in ({"end": NOW}, {"start": NOW + timedelta(seconds=1)}):
        assert "not in force" in told(capacity, MONEY, held(kind=kind, **over))
    for other in ({"id": "a-2"}, {"holder": "dad"}, {"kind": "other"}, {"effect": "takes_away"}):
        reason = told(capacity, MONEY, held(**{"kind": kind, **other}))
        assert "No such authority" in reason or "court order takes" in reason, other


def test_an_order_gives_a_say_to_who_has_no_parental_responsibility_until_the_child_is_sixteen() -> None:
    order = held(kind="court_order")
    assert told(Capacity.PARENT, MONEY, order, under=None) != ""
    assert told(Capacity.PARENT, MONEY, order) == ""
    assert "From 16" in told(Capacity.PARENT, MONEY, order, decides_from=IN_PAST)
    care = held(kind="local_authority")
    local_authority = Capacity.LOCAL_AUTHORITY_WITH_PARENTAL_RESPONSIBILITY
    assert told(local_authority, MONEY, care) == ""
    assert "From 16" in told(local_authority, MONEY, care, decides_from=IN_PAST)
    assert told(Capacity.ATTORNEY, MONEY, held(), decides_from=IN_PAST) == ""


def test_an_order_takes_the_say_of_a_parent_away_for_what_it_covers() -> None:
    order = held(kind="court_order", effect="takes_away", covers=HEALTH)
    responsible = [responsibility()]
    answering = {
        "subject": "kit", "giver": "mum", "capacity": Capacity.PARENT, "judged_competent": False,
        "covers": None, "decides_from": IN_FUTURE, "at": NOW,
    }  # fmt: skip

    def reason(about: Iterable[Category], *recorded: Held) -> str | None:
        return lacks_authority(Answering(**answering, recorded=recorded), about, responsible)  # type: ignore[arg-type]

    assert reason(HEALTH) is None
    refused = reason(HEALTH | MONEY, order)
    assert refused == "A court order takes the say about health from this person; ask who else has it."
    assert reason(MONEY, order) is None
    for none_of_hers in ({"holder": "dad"}, {"end": NOW}, {"start": IN_FUTURE}):
        other = held(**{"kind": "court_order", "effect": "takes_away", "covers": HEALTH, **none_of_hers})
        assert reason(HEALTH, other) is None


@pytest.mark.parametrize(
    "capacity, kind", [(Capacity.ATTORNEY, "power_of_attorney"), (Capacity.DEPUTY, "deputy")]
)
def test_beside_money_an_attorney_or_deputy_answers_only_where_incapacity_was_found(
    capacity: Capacity, kind: str
) -> None:
    """Capacity is presumed, whatever the document covers (Mental Capacity Act 2005, section 1)."""
    everything = held(kind=kind, covers=frozenset(Category))
    assert told(capacity, MONEY, everything, decides_from=IN_PAST) == ""
    beyond = [category for category in Category if category != Category.MONEY_WORK]
    assert len(beyond) == len(Category) - 1
    for category in beyond:
        for about in (frozenset({category}), MONEY | {category}):
            reason = told(capacity, about, everything, decides_from=IN_PAST)
            assert f"For {category} an attorney or deputy answers only where" in reason
            assert told(capacity, about, everything, decides_from=IN_PAST, found_incapable=True) == ""
    only_money = held(kind=kind)
    assert "does not reach health" in told(capacity, HEALTH, only_money, found_incapable=True)


def test_that_somebody_cannot_decide_is_recorded_with_an_attorneys_or_deputys_answer_alone() -> None:
    others = [capacity for capacity in Capacity if capacity not in (Capacity.ATTORNEY, Capacity.DEPUTY)]
    assert len(others) == 6
    for capacity in others:
        giver = "kit" if answers_in_own_right(capacity) else "mum"
        reason = told(capacity, MONEY, giver=giver, under=None, decides_from=IN_PAST, found_incapable=True)
        assert "incapacity" in reason or "rests on itself" in reason, capacity


def test_who_said_no_for_somebody_undoes_it_while_they_still_answer_for_them() -> None:
    """Fails when whoever once asked for an exclusion may lift it for good."""
    known: dict[str, Any] = {
        "subject": "kit", "giver": "mum", "capacity": Capacity.ATTORNEY, "judged_competent": False,
        "covers": None, "decides_from": IN_PAST, "at": NOW, "under": "a-1",
    }  # fmt: skip
    assert may_take_back(Answering(**known, recorded=(held(),)), MONEY, ()) is None
    over = may_take_back(Answering(**known, recorded=(held(end=NOW),)), MONEY, ())
    assert over == "This authority is not in force; ask again."
    parent = {**known, "capacity": Capacity.PARENT, "under": None, "decides_from": IN_FUTURE}
    assert may_take_back(Answering(**parent), HEALTH, [responsibility()]) is None
    assert "parental responsibility" in str(may_take_back(Answering(**parent), HEALTH, ()))
    grown_up = {**parent, "decides_from": NOW}
    assert "From 16" in str(may_take_back(Answering(**grown_up), HEALTH, [responsibility()]))
    own = {**parent, "giver": "kit", "capacity": Capacity.YOUNG_PERSON}
    assert may_take_back(Answering(**own), HEALTH, ()) is None, "a child's own word is theirs to undo"


# --- before they are asked


def apart(answering: Answering, held: Iterable[ResponsibleAsk] = ()) -> dict[str, frozenset[Category]]:
    """The categories that somebody may not answer for, by the reason; each of them once."""
    held = list(held)
    found = reasons_apart(answering, Category, held)
    named = [category for categories, _ in found for category in categories]
    assert len(named) == len(set(named))
    for category in Category:
        refused = lacks_authority(answering, [category], held) is not None
        assert (category in named) == refused, category
    for categories, reason in found:
        assert lacks_authority(answering, categories, held) == reason
    assert len({reason for _, reason in found}) == len(found)
    return {reason: categories for categories, reason in found}


def test_what_somebody_may_not_answer_for_is_told_apart_by_the_reason() -> None:
    known: dict[str, Any] = {
        "subject": "kit", "giver": "mum", "capacity": Capacity.PARENT, "judged_competent": False,
        "covers": None, "decides_from": IN_FUTURE, "at": NOW,
    }  # fmt: skip
    everything = frozenset(Category)
    parent = Answering(**known)
    assert apart(parent, [responsibility()]) == {}
    [(reason, categories)] = apart(parent).items()
    assert ("No parental responsibility" in reason, categories) == (True, everything)
    order = held(id="a-2", kind="court_order", effect="takes_away", covers=HEALTH | MONEY)
    [(reason, categories)] = apart(Answering(**known, recorded=(order,)), [responsibility()]).items()
    assert ("A court order takes the say about health, money_work" in reason) is True
    assert categories == HEALTH | MONEY
    attorney: dict[str, Any] = {
        **known, "capacity": Capacity.ATTORNEY, "under": "a-1", "decides_from": IN_PAST,
    }  # fmt: skip
    wide = held(covers=HEALTH | MONEY)
    by_reason = apart(Answering(**attorney, recorded=(wide,)))
    assert set(by_reason.values()) == {HEALTH, everything - HEALTH - MONEY}
    assert apart(Answering(**attorney, recorded=(wide,), found_incapable=True)).keys() == {
        next(reason for reason in by_reason if "does not reach" in reason)
    }


# --- best interests


def decided(about: Iterable[Category], *recorded: Held, **changes: Any) -> str:
    known = {"decides_from": IN_PAST, "under": None, "giver": "kit", **changes}
    return told(Capacity.BEST_INTERESTS, about, *recorded, **known)


def test_a_best_interests_decision_is_for_an_adult_for_whom_nobody_else_may_decide() -> None:
    assert decided(HEALTH) == ""
    assert "16 or over" in decided(HEALTH, decides_from=IN_FUTURE)
    assert "16 or over" in decided(HEALTH, decides_from=None)
    assert "own place" in decided(HEALTH, giver="mum")
    assert "rests on itself" in decided(HEALTH, under="a-1")
    assert "rests on itself" in decided(HEALTH, covers=HEALTH)
    assert "rests on itself" in decided(HEALTH, judged_competent=True)


def test_where_an_attorney_or_deputy_decides_or_the_person_has_refused_nobody_decides_for_them() -> None:
    assert decided(HEALTH, held()) == ""
    assert decided(HEALTH | MONEY, held()) == "An attorney or deputy answers for money_work; ask them."
    assert decided(MONEY, held(end=NOW)) == ""
    assert decided(MONEY, held(kind="court_order")) == ""
    refused = decided(HEALTH | MONEY, own_refusals=HEALTH)
    assert refused == "This person refused health themselves, and that stands."
    assert decided(MONEY, own_refusals=HEALTH) == ""

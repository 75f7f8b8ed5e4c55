"""What stands of an answer after what was recorded besides it, held against a naive reading (design 3.2)."""

from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from services.consent.decision.facts import Permission
from services.consent.decision.grid import level_of, mask_of
from services.consent.decision.windows import grants
from services.consent.decisions import facts_of
from services.consent.decisions.what_stands import Recorded, what_stands
from shared.clock import microseconds, rfc3339
from shared.disclosure import ResponsibleAsk, SubjectAsk
from shared.vocabulary import Level

NOW = datetime(2031, 3, 3, 9, 0, tzinfo=UTC)
AT = microseconds(NOW)
DAY = timedelta(days=1)
A_DAY = 86_400_000_000
AGENCIES = ("a-school", "b-trust", "c-police")
PURPOSES = ("support", "panel")
CATEGORIES = ("learning", "health", "plan")
WORLDS = 1_000


def an_answer(**changes: Any) -> SimpleNamespace:
    row = {
        "id": "c-1", "kind": "share", "case_id": "case", "subject": "kit", "giver": "mum",
        "capacity": "parent", "competence": None, "authority": None, "answer": "given",
        "recipients": list(AGENCIES), "categories": list(CATEGORIES), "level": "full",
        "purposes": list(PURPOSES), "valid_from": None, "valid_until": None, "withdrawn_at": None,
        "recorded_at": NOW - 30 * DAY, "owner": None, "under": None, "say_limited": False, "set_aside": None,
        "incapacity": None, "continues": None,
    }  # fmt: skip
    return SimpleNamespace(**{**row, **changes})


def an_authority(**changes: Any) -> SimpleNamespace:
    row = {
        "id": "a-1", "kind": "power_of_attorney", "effect": "gives", "subject": "kit", "holder": "mum",
        "holder_agency": None, "covers": ["learning", "plan"], "valid_from": None, "valid_until": None,
        "ended_at": None, "recorded_at": NOW - 60 * DAY,
    }  # fmt: skip
    return SimpleNamespace(**{**row, **changes})


def held_by(adult: str, **changes: Any) -> ResponsibleAsk:
    """Parental responsibility, on record since long before any answer, by an agency that works with them."""
    long_ago = {"recorded_at": NOW - 900 * DAY, "recorded_for": ("a-school",)}
    return ResponsibleAsk(**{"adult": adult, **long_ago, **changes})


PARENTS = (held_by("mum"), held_by("dad"))


def pieces_of(
    row: SimpleNamespace,
    *authorities: SimpleNamespace,
    answers: tuple[SimpleNamespace, ...] = (),
    responsible: tuple[ResponsibleAsk, ...] = PARENTS,
) -> list[Permission]:
    kit = SubjectAsk(id="kit", decides_from=NOW + 900 * DAY, responsible=responsible)
    recorded = Recorded.of(authorities, answers, AT, [kit])
    return what_stands(facts_of.permission(row, AT), row, recorded, AT)


def gives(pieces: list[Permission], agency: str, purpose: str, category: str, at: int = AT) -> bool:
    """Whether any piece gives this one thing to this one agency for this one purpose."""
    return any(
        agency in piece.recipients
        and purpose in piece.purposes
        and level_of(piece.grid, mask_of([category])) == Level.FULL
        and piece.authority & mask_of([category])
        and grants(piece.window, at, 0)
        for piece in pieces
    )


def test_most_answers_stand_as_they_were_given() -> None:
    row = an_answer()
    assert pieces_of(row) == [facts_of.permission(row, AT)]


def test_a_parents_yes_counts_while_they_are_recorded_as_responsible_and_no_longer() -> None:
    """Fails when somebody who lost their say goes on opening what they once opened."""
    row = an_answer()
    for start, end, expected in (
        (None, None, "yyyy"), (None, 2, "yynn"), (1, None, "nyyy"), (1, 2, "nynn"), (None, 0, "nnnn"),
    ):  # fmt: skip
        held = held_by(
            "mum",
            since=None if start is None else NOW + start * DAY,
            until=None if end is None else NOW + end * DAY,
        )
        found = [
            gives(pieces_of(row, responsible=(held,)), "a-school", "support", "plan", AT + day * A_DAY)
            for day in range(4)
        ]
        assert "".join("ny"[one] for one in found) == expected, (start, end)


def test_of_a_parent_whom_nobody_recorded_as_responsible_a_yes_gives_nothing_and_a_no_stands() -> None:
    over = held_by("mum", until=NOW)
    for capacity in ("parent", "carer_with_parental_responsibility"):
        for held in ((), (held_by("dad"),), (over,)):
            yes, no = an_answer(capacity=capacity), an_answer(capacity=capacity, answer="refused")
            assert not gives(pieces_of(yes, responsible=held), "a-school", "support", "plan")
            assert pieces_of(no, responsible=held) == [facts_of.permission(no, AT)]


def test_whom_two_agencies_recorded_differently_is_responsible_while_either_says_so() -> None:
    row = an_answer()
    over, again = held_by("mum", until=NOW), held_by("mum", since=NOW + DAY)
    assert pieces_of(row, responsible=(over, held_by("mum"))) == [facts_of.permission(row, AT)]
    pieces = pieces_of(row, responsible=(over, again, again))
    assert not gives(pieces, "a-school", "support", "plan")
    assert gives(pieces, "a-school", "support", "plan", AT + A_DAY)
    assert len(pieces) == 2


def test_a_record_made_after_a_yes_counts_for_it_where_whoever_made_it_gains_nothing() -> None:
    """Fails when an agency to which a yes was given brings it back by its own word."""
    given = NOW - 30 * DAY
    over = held_by("mum", until=NOW)
    late = {"recorded_at": given + timedelta(microseconds=1)}
    row = an_answer(recipients=["a-school", "b-trust"], recorded_at=given)
    for again, stands in (
        (held_by("mum", recorded_at=given, recorded_for=("a-school",)), True),
        (held_by("mum", **late, recorded_for=("a-school",)), False),
        (held_by("mum", **late, recorded_for=("c-police", "b-trust")), False),
        (held_by("mum", **late, recorded_for=("c-police",)), True),
        (held_by("dad", **late, recorded_for=("c-police",)), False),
    ):
        pieces = pieces_of(row, responsible=(over, again))
        assert gives(pieces, "a-school", "support", "plan") is stands, again
        assert gives(pieces, "b-trust", "support", "plan") is stands, "nor for the other one"
        no = an_answer(recipients=["a-school"], recorded_at=given, answer="refused")
        assert pieces_of(no, responsible=(over, again)) == [facts_of.permission(no, AT)]


def test_for_taking_part_only_what_was_on_record_counts() -> None:
    """It opens something to everybody who works with the family, so there is nobody who gains nothing."""
    row = an_answer(kind="take_part", recipients=[], categories=[], purposes=[])
    late = row.recorded_at + timedelta(seconds=1)
    for held, stands in (
        (held_by("mum", recorded_at=row.recorded_at), True),
        (held_by("mum", recorded_at=late, recorded_for=("d-hospice",)), False),
    ):
        assert bool(pieces_of(row, responsible=(held,))) is stands, held


def test_what_is_left_of_a_yes_was_given_with_all_of_it() -> None:
    """Fails when taking back a part of it makes what is left younger than a record of its recipient's."""
    first = an_answer(withdrawn_at=NOW)
    left = an_answer(id="c-2", recorded_at=NOW, continues="c-1", recipients=["a-school"])
    between = held_by("mum", recorded_at=NOW - DAY)
    assert not gives(
        pieces_of(left, answers=(first, left), responsible=(between,)), "a-school", "support", "plan"
    )
    assert gives(pieces_of(left, answers=(first, left)), "a-school", "support", "plan")
    alone = pieces_of(left, answers=(left,))
    assert not gives(alone, "a-school", "support", "plan"), "when it was given is not known"
    anew = an_answer(id="c-2", recorded_at=NOW, recipients=["a-school"])
    assert gives(
        pieces_of(anew, answers=(first, anew), responsible=(between,)), "a-school", "support", "plan"
    )


def test_whether_anything_stands_of_an_answer_is_told_for_whatever_it_rests_on() -> None:
    """Fails when the end of one of these is told by another word, or what is to begin is over."""

    def counts(
        row: SimpleNamespace, *authorities: SimpleNamespace, held: tuple[ResponsibleAsk, ...] = PARENTS
    ) -> bool:
        kit = SubjectAsk(id="kit", decides_from=NOW + 900 * DAY, responsible=held)
        return facts_of.counts(row, Recorded.of(authorities, (row,), AT, [kit]), AT)

    part = {"kind": "take_part", "recipients": [], "categories": [], "purposes": [], "level": "none"}
    over = (held_by("mum", until=NOW),)
    order = an_authority(kind="court_order", effect="takes_away", covers=list(CATEGORIES))
    for kind in ({}, part):
        assert counts(an_answer(**kind))
        assert counts(an_answer(**kind, valid_from=NOW + DAY))
        assert not counts(an_answer(**kind), held=over)
        assert counts(an_answer(**kind, answer="refused"), held=over)
        assert counts(an_answer(**kind, under="a-1"), an_authority(), held=())
        assert not counts(an_answer(**kind, under="a-1"), an_authority(ended_at=NOW))
    assert not counts(an_answer(say_limited=True), order)
    assert counts(an_answer(say_limited=True), an_authority(**{**vars(order), "covers": ["plan"]}))


def test_a_yes_that_was_taken_back_and_one_about_somebody_who_is_not_asked_about_keep_their_place() -> None:
    """Fails when the end of a parent's say undoes that the family left."""
    gone = an_answer(withdrawn_at=NOW - DAY)
    assert pieces_of(gone, responsible=()) == [facts_of.permission(gone, AT)]
    sister = an_answer(subject="sis")
    assert pieces_of(sister, responsible=()) == [facts_of.permission(sister, AT)]


def test_who_answers_under_an_authority_or_for_themselves_answers_by_no_responsibility() -> None:
    for other in ({"under": "a-1"}, {"capacity": "adult", "giver": "kit"}):
        row = an_answer(**other)
        assert gives(pieces_of(row, an_authority(), responsible=()), "a-school", "support", "plan")


def test_an_authority_limits_what_rests_on_it_and_ends_it_when_it_ends() -> None:
    row = an_answer(under="a-1")
    [piece] = pieces_of(row, an_authority())
    assert [c for c in CATEGORIES if gives([piece], "a-school", "support", c)] == ["learning", "plan"]
    [until] = pieces_of(row, an_authority(valid_until=NOW + DAY))
    assert gives([until], "a-school", "support", "plan")
    assert not gives([until], "a-school", "support", "plan", microseconds(NOW + DAY))
    assert not gives(pieces_of(row, an_authority(ended_at=NOW)), "a-school", "support", "plan")
    # Ended by a clock that is ahead of this one.
    assert not gives(pieces_of(row, an_authority(ended_at=NOW + DAY)), "a-school", "support", "plan")
    assert not gives(pieces_of(row, an_authority(valid_from=NOW + DAY)), "a-school", "support", "plan")


def test_of_an_authority_that_is_not_known_a_yes_gives_nothing_and_a_no_stands() -> None:
    assert pieces_of(an_answer(under="gone")) == []
    no = an_answer(under="gone", answer="refused")
    assert pieces_of(no) == [facts_of.permission(no, AT)]


def test_a_court_order_takes_a_say_away_while_it_lasts_for_what_it_covers_and_from_whom_it_names() -> None:
    row = an_answer(say_limited=True)
    order = an_authority(
        kind="court_order", effect="takes_away", covers=["health"],
        valid_from=NOW + DAY, valid_until=NOW + 3 * DAY,
    )  # fmt: skip
    for days, expected in ((0, True), (1, False), (2, False), (3, True)):
        at = microseconds(NOW + days * DAY)
        assert gives(pieces_of(row, order), "b-trust", "panel", "health", at) == expected, days
        assert gives(pieces_of(row, order), "b-trust", "panel", "plan", at)
    for other in ({"holder": "dad"}, {"subject": "sis"}, {"effect": "gives"}):
        someone_elses = SimpleNamespace(**{**vars(order), "valid_from": None, **other})
        assert gives(pieces_of(row, someone_elses), "b-trust", "panel", "health")
    no = an_answer(answer="refused", say_limited=True)
    kept = pieces_of(no, SimpleNamespace(**{**vars(order), "valid_from": None}))
    assert not gives(kept, "b-trust", "panel", "health")
    assert gives(kept, "b-trust", "panel", "plan")


OWN: dict[str, Any] = {"id": "c-2", "giver": "kit", "capacity": "adult", "recorded_at": NOW - DAY}


def test_a_persons_own_later_word_stands_alone_over_what_was_decided_for_them() -> None:
    """Whatever it says, and after it was taken back too: then another decision is needed."""
    decided = an_answer(capacity="best_interests", giver="kit")
    for said in ({"answer": "given"}, {"answer": "refused"}, {"withdrawn_at": NOW}):
        own = an_answer(**{**OWN, "categories": ["health"], "recipients": ["a-school"], **said})
        left = pieces_of(decided, answers=(decided, own))
        assert not gives(left, "a-school", "support", "health")
        assert gives(left, "b-trust", "support", "health")
        assert gives(left, "a-school", "support", "plan")
    left = pieces_of(decided, answers=(an_answer(**OWN),))
    assert not any(gives(left, a, p, c) for a, p, c in product(AGENCIES, PURPOSES, CATEGORIES))


@pytest.mark.parametrize(
    "changes",
    [
        {"recorded_at": NOW - 40 * DAY},
        {"giver": "mum", "capacity": "attorney"},
        {"subject": "sis", "giver": "sis"},
        {"kind": "take_part", "recipients": [], "categories": [], "purposes": []},
    ],
)
def test_what_is_earlier_or_anothers_leaves_a_best_interests_decision_as_it_is(
    changes: dict[str, Any],
) -> None:
    decided = an_answer(capacity="best_interests", giver="kit")
    left = pieces_of(decided, answers=(an_answer(**{**OWN, **changes}),))
    assert left == [facts_of.permission(decided, AT)]


def test_an_own_word_that_counts_from_later_on_ends_it_from_then() -> None:
    decided = an_answer(capacity="best_interests", giver="kit")
    left = pieces_of(decided, answers=(an_answer(**{**OWN, "valid_from": NOW + DAY}),))
    assert gives(left, "a-school", "support", "health")
    assert not gives(left, "a-school", "support", "health", microseconds(NOW + DAY))


def test_taking_boxes_out_of_a_refusal_leaves_exactly_what_is_outside_all_of_them(
    seed: int, scale: float
) -> None:
    """Tried: ``piece.recipients | box.recipients`` in ``_beside``; a box set aside later counted now."""
    random, compared, cut = Random(seed), 0, 0
    for _ in range(int(WORLDS * scale)):
        boxes = [a_box(random) for _ in range(random.randint(1, 3))]
        row = an_answer(answer="refused", set_aside=boxes)
        pieces = pieces_of(row)
        for agency, purpose, category in product(AGENCIES, PURPOSES, CATEGORIES):
            inside = any(
                agency in box["recipients"]
                and purpose in box["purposes"]
                and category in box["categories"]
                and box["at"] <= rfc3339(NOW)
                for box in boxes
            )
            assert gives(pieces, agency, purpose, category) != inside, (boxes, agency, purpose, category)
            compared += 1
            cut += inside
    assert compared == int(WORLDS * scale) * 18
    assert 0.1 < cut / compared < 0.9


def a_box(random: Random) -> dict[str, Any]:
    at = NOW - DAY if random.random() < 0.9 else NOW + DAY
    return {
        "recipients": random.sample(AGENCIES, random.randint(1, 3)),
        "purposes": random.sample(PURPOSES, random.randint(1, 2)),
        "categories": random.sample(CATEGORIES, random.randint(1, 3)),
        "at": rfc3339(at),
    }


def test_a_refusal_to_take_part_is_set_aside_as_a_whole() -> None:
    nothing: dict[str, Any] = {"recipients": [], "purposes": [], "categories": []}
    no = an_answer(kind="take_part", answer="refused", level="none", **nothing)
    assert len(pieces_of(no)) == 1
    no.set_aside = [{**nothing, "at": rfc3339(NOW)}]
    assert pieces_of(no) == []

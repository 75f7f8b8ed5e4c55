"""From stored rows to the facts of the decision: what counts, from when, and until when."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from services.consent.decision.facts import Rows, Subject, Window
from services.consent.decision.grid import ALL, grid_at, mask_of
from services.consent.decision.resolve import resolve
from services.consent.decision.windows import grants, stops
from services.consent.decisions import facts_of
from services.consent.decisions.what_stands import Recorded
from shared.clock import microseconds
from shared.disclosure import ResponsibleAsk, SubjectAsk
from shared.vocabulary import AgencyKind, Answer, Level, OverrideKind

NOW = datetime(2031, 3, 3, 9, 0, tzinfo=UTC)
AT = microseconds(NOW)
MARGIN = 1_000_000
SECOND = timedelta(seconds=1)
LATER = NOW + timedelta(days=30)
EARLIER = NOW - timedelta(days=30)
CHILD = Subject("kit", microseconds(NOW + timedelta(days=900)))
GROWN_UP = Subject("kit", microseconds(NOW - timedelta(days=900)))
UNKNOWN_AGE = Subject("kit", None)
PARENTS = tuple(
    ResponsibleAsk(adult=adult, recorded_at=EARLIER, recorded_for=("a-school",)) for adult in ("mum", "dad")
)
NOTHING_BESIDES = Recorded({}, (), {"kit": PARENTS})
"""But who is responsible for whom."""
TURNS_16_WHILE_ASKED = Subject("kit", AT + MARGIN // 2)


def a_consent(**changes: Any) -> SimpleNamespace:
    row = {
        "id": "c-1",
        "kind": "share",
        "case_id": "case",
        "subject": "kit",
        "giver": "mum",
        "capacity": "parent",
        "competence": None,
        "authority": None,
        "answer": "given",
        "recipients": ["city-housing"],
        "categories": ["learning", "health"],
        "level": "full",
        "purposes": ["support"],
        "valid_from": None,
        "valid_until": None,
        "withdrawn_at": None,
        "owner": None,
        "recorded_at": EARLIER,
        "under": None,
        "say_limited": False,
        "set_aside": None,
        "incapacity": None,
        "continues": None,
    }
    return SimpleNamespace(**{**row, **changes})


def an_answer(answer: str = "given", **changes: Any) -> SimpleNamespace:
    return a_consent(
        kind="take_part", answer=answer, recipients=[], categories=[], level="none", purposes=[], **changes
    )


def an_exclusion(**changes: Any) -> SimpleNamespace:
    row = {
        "id": "x-1",
        "subject": "kit",
        "agencies": ["city-housing"],
        "users": ["hanna"],
        "categories": ["learning"],
        "purposes": None,
        "valid_from": None,
        "valid_until": None,
        "lifted_at": None,
    }
    return SimpleNamespace(**{**row, **changes})


def an_agreement(*rows: dict[str, str], **changes: Any) -> SimpleNamespace:
    row = {
        "id": "a-1",
        "owner": "hill-school",
        "rows": list(rows),
        "valid_from": EARLIER,
        "valid_until": LATER,
        "ended_at": None,
    }
    return SimpleNamespace(**{**row, **changes})


def test_an_agency_of_a_kind_that_nobody_knows_has_no_kind() -> None:
    known = [facts_of.agency(SimpleNamespace(code="x", kind=kind.value)).kind for kind in AgencyKind]
    assert known == list(AgencyKind)
    assert facts_of.agency(SimpleNamespace(code="x", kind="astrology")).kind is None


def test_a_subject_decides_from_a_moment_or_nobody_knows_when() -> None:
    assert facts_of.subject(SubjectAsk(id="kit", decides_from=NOW)) == Subject("kit", AT)
    assert facts_of.subject(SubjectAsk(id="kit", decides_from=None)) == Subject("kit", None)


def test_a_permission_holds_from_its_start_to_its_end_and_from_ever_to_ever_without_them() -> None:
    assert facts_of.permission(a_consent(), AT).window == Window(0, None)
    bounded = facts_of.permission(a_consent(valid_from=EARLIER, valid_until=LATER), AT)
    assert bounded.window == Window(microseconds(EARLIER), microseconds(LATER))


def test_a_permission_gives_what_it_names_at_its_level() -> None:
    fact = facts_of.permission(a_consent(level="summary"), AT)
    assert fact.grid == grid_at(Level.SUMMARY, mask_of(["learning", "health"]))
    assert (fact.own, fact.competent, fact.authority, fact.answer) == (False, False, ALL, Answer.GIVEN)
    assert (fact.recipients, fact.purposes) == (frozenset({"city-housing"}), frozenset({"support"}))
    assert facts_of.permission(a_consent(level="everything"), AT).grid == 0


@pytest.mark.parametrize(
    "withdrawn_at", [NOW - SECOND, NOW, NOW + timedelta(microseconds=1), NOW + timedelta(hours=1)]
)
def test_a_withdrawn_permission_gives_nothing_whatever_two_clocks_say(withdrawn_at: datetime) -> None:
    fact = facts_of.permission(a_consent(withdrawn_at=withdrawn_at), AT)
    assert fact.withdrawn_at is not None
    assert fact.withdrawn_at <= AT
    assert resolve(CHILD, [fact], AT, MARGIN) == 0
    assert resolve(CHILD, [facts_of.permission(a_consent(), AT)], AT, MARGIN) != 0


@pytest.mark.parametrize("withdrawn_at", [NOW - SECOND, NOW, NOW + timedelta(hours=1)])
def test_a_refusal_that_was_taken_back_refuses_nothing_whatever_two_clocks_say(
    withdrawn_at: datetime,
) -> None:
    yes = facts_of.permission(a_consent(id="c-2"), AT)
    no = facts_of.permission(a_consent(answer="refused"), AT)
    taken_back = facts_of.permission(a_consent(answer="refused", withdrawn_at=withdrawn_at), AT)
    assert resolve(CHILD, [yes, no], AT, MARGIN) == 0
    assert resolve(CHILD, [yes, taken_back], AT, MARGIN) == yes.grid


@pytest.mark.parametrize("capacity", ["attorney", "deputy"])
def test_an_attorneys_answer_stands_for_the_persons_own_within_its_reach(capacity: str) -> None:
    money = {"document": "LPA 7", "covers": ["money_work", "housing"]}
    fact = facts_of.permission(
        a_consent(capacity=capacity, authority=money, categories=["health", "money_work"]), AT
    )
    assert fact.own
    assert fact.grid == grid_at(Level.FULL, mask_of(["money_work"]))
    assert resolve(GROWN_UP, [fact], AT, MARGIN) == fact.grid
    assert resolve(CHILD, [fact], AT, MARGIN) == 0


def test_a_local_authority_answers_within_its_order() -> None:
    order = {"document": "care order", "covers": ["learning"]}
    capacity = "local_authority_with_parental_responsibility"
    fact = facts_of.permission(a_consent(capacity=capacity, authority=order), AT)
    assert (fact.own, fact.authority) == (False, mask_of(["learning"]))
    assert resolve(CHILD, [fact], AT, MARGIN) == grid_at(Level.FULL, mask_of(["learning"]))


def test_a_young_persons_recorded_competence_is_carried() -> None:
    competent = {"judged_by": "Ada North", "reasons": "Weighs it up."}
    fact = facts_of.permission(a_consent(capacity="young_person", giver="kit", competence=competent), AT)
    assert (fact.own, fact.competent) == (True, True)
    assert resolve(CHILD, [fact], AT, MARGIN) == fact.grid


def test_an_exclusion_names_agencies_users_categories_and_purposes() -> None:
    fact = facts_of.exclusion(an_exclusion(), AT)
    assert (fact.agencies, fact.users) == (frozenset({"city-housing"}), frozenset({"hanna"}))
    assert (fact.mask, fact.purposes, fact.window) == (mask_of(["learning"]), None, Window(0, None))
    assert facts_of.exclusion(an_exclusion(purposes=["panel"]), AT).purposes == frozenset({"panel"})


@pytest.mark.parametrize("lifted_at", [NOW - SECOND, NOW, NOW + timedelta(hours=1)])
@pytest.mark.parametrize("valid_from", [None, EARLIER, NOW + timedelta(microseconds=1)])
def test_a_lifted_exclusion_stops_nobody_whatever_two_clocks_say(
    lifted_at: datetime, valid_from: datetime | None
) -> None:
    unlifted = facts_of.exclusion(an_exclusion(valid_from=valid_from), AT)
    assert stops(unlifted.window, AT, MARGIN)
    lifted = facts_of.exclusion(an_exclusion(valid_from=valid_from, lifted_at=lifted_at), AT)
    assert not stops(lifted.window, AT, MARGIN)


DEFAULT = Rows(
    base=grid_at(Level.EXISTENCE, mask_of(["learning", "health", "safeguarding"])),
    mandatory=mask_of(["safeguarding"]),
    objectable=mask_of(["learning", "health"]),
    cap=grid_at(Level.FULL, mask_of(["learning", "health"])) | grid_at(Level.SUMMARY, mask_of(["voice"])),
)


def test_an_agreement_replaces_the_rows_it_names_and_leaves_the_default_ones() -> None:
    row = an_agreement(
        {"category": "learning", "base": "full", "mode": "mandatory", "cap": "summary"},
        {"category": "safeguarding", "base": "none", "mode": "permission", "cap": "none"},
    )
    rows = facts_of.agreement(row, "city-housing", "support", DEFAULT, AT).rows
    assert rows.base == grid_at(Level.FULL, mask_of(["learning"])) | grid_at(
        Level.EXISTENCE, mask_of(["health"])
    )
    assert rows.mandatory == mask_of(["learning"])
    assert rows.objectable == mask_of(["health"])
    assert rows.cap == grid_at(Level.FULL, mask_of(["health"])) | grid_at(
        Level.SUMMARY, mask_of(["learning", "voice"])
    )


def test_an_agreement_without_rows_is_the_default() -> None:
    fact = facts_of.agreement(an_agreement(), "city-housing", "support", DEFAULT, AT)
    assert fact.rows == DEFAULT
    assert (fact.owner, fact.recipient, fact.purpose) == ("hill-school", "city-housing", "support")


@pytest.mark.parametrize("ended_at", [NOW - SECOND, NOW, NOW + timedelta(hours=1)])
@pytest.mark.parametrize("valid_from", [EARLIER, NOW + SECOND])
def test_an_ended_agreement_is_not_in_force_whatever_two_clocks_say(
    ended_at: datetime, valid_from: datetime
) -> None:
    row = an_agreement(valid_from=valid_from, ended_at=ended_at)
    ended = facts_of.agreement(row, "city-housing", "support", DEFAULT, AT)
    assert not grants(ended.window, AT, MARGIN)
    going_on = facts_of.agreement(an_agreement(), "city-housing", "support", DEFAULT, AT)
    assert grants(going_on.window, AT, MARGIN)


def take_part(*answers: SimpleNamespace, subject: Subject = CHILD, others: tuple[Subject, ...] = ()) -> bool:
    subjects = {known.id: known for known in (subject, *others)}
    return facts_of.taking_part(answers, NOTHING_BESIDES, subjects, AT, MARGIN).agreed


def ended(
    *answers: SimpleNamespace, subject: Subject = CHILD, others: tuple[Subject, ...] = ()
) -> frozenset[str]:
    subjects = {known.id: known for known in (subject, *others)}
    return facts_of.taking_part(answers, NOTHING_BESIDES, subjects, AT, MARGIN).ended


def test_silence_is_no_yes() -> None:
    assert not take_part()
    assert not take_part(a_consent())


def test_a_parents_yes_for_a_child_is_a_yes_and_a_no_beats_it() -> None:
    yes, no = an_answer(), an_answer("refused", giver="dad")
    assert take_part(yes)
    assert not take_part(no)
    assert not take_part(yes, no)
    assert not take_part(no, yes)


def test_permission_to_share_is_no_permission_to_take_part_and_its_refusal_no_refusal() -> None:
    assert not take_part(a_consent())
    assert take_part(an_answer(), a_consent(answer="refused"))


def test_a_withdrawn_answer_no_longer_counts_either_way() -> None:
    assert not take_part(an_answer(withdrawn_at=EARLIER))
    assert not take_part(an_answer(withdrawn_at=LATER))
    assert take_part(an_answer(), an_answer("refused", withdrawn_at=EARLIER))


def test_an_answer_counts_within_its_window_and_a_yes_that_ends_within_d_has_ended() -> None:
    assert take_part(an_answer(valid_from=NOW, valid_until=NOW + SECOND * 2))
    assert not take_part(an_answer(valid_from=NOW + timedelta(microseconds=1)))
    assert not take_part(an_answer(valid_until=NOW))
    assert not take_part(an_answer(valid_until=NOW + SECOND))


def test_a_no_that_begins_within_d_has_begun() -> None:
    yes = an_answer()
    assert not take_part(yes, an_answer("refused", valid_from=NOW + SECOND))
    assert take_part(yes, an_answer("refused", valid_from=NOW + SECOND * 2))
    assert not take_part(yes, an_answer("refused", valid_until=NOW + timedelta(microseconds=1)))
    assert take_part(yes, an_answer("refused", valid_until=NOW))


@pytest.mark.parametrize("subject", [GROWN_UP, UNKNOWN_AGE, TURNS_16_WHILE_ASKED])
def test_nobody_else_says_yes_for_somebody_who_decides_alone(subject: Subject) -> None:
    assert not take_part(an_answer(), subject=subject)


@pytest.mark.parametrize("subject", [GROWN_UP, UNKNOWN_AGE])
def test_somebody_who_decides_alone_says_yes_whatever_a_parent_says(subject: Subject) -> None:
    own = an_answer(capacity="adult", giver="kit")
    assert take_part(own, subject=subject)
    assert take_part(own, an_answer("refused"), subject=subject)
    assert not take_part(an_answer("refused", capacity="adult", giver="kit"), an_answer(), subject=subject)


COMPETENT: dict[str, Any] = {
    "capacity": "young_person",
    "giver": "kit",
    "competence": {"judged_by": "Ada North", "reasons": "Weighs it up."},
}


def test_a_young_person_judged_competent_stands_alone_over_a_parent() -> None:
    """Design 3.2, resolve: a competent person's own decision stands alone."""
    assert take_part(an_answer(**COMPETENT))
    assert take_part(an_answer(**COMPETENT), an_answer("refused"))
    assert not take_part(an_answer("refused", **COMPETENT), an_answer())


def test_a_parents_yes_does_not_stand_in_for_the_yes_that_a_competent_child_took_back() -> None:
    assert not take_part(an_answer(withdrawn_at=EARLIER, **COMPETENT), an_answer())
    assert take_part(an_answer(valid_until=EARLIER, withdrawn_at=EARLIER, **COMPETENT), an_answer())


def test_a_childs_own_answer_without_recorded_competence_is_not_an_answer() -> None:
    """As when a birthday was corrected afterwards."""
    own = {"capacity": "adult", "giver": "kit"}
    assert not take_part(an_answer(**own))
    assert take_part(an_answer(), an_answer("refused", **own))


def test_somebody_who_refuses_for_themselves_keeps_the_case_from_taking_part() -> None:
    mum = Subject("mum", GROWN_UP.decides_from)
    hers = an_answer("refused", subject="mum", giver="mum", capacity="adult")
    assert not take_part(an_answer(), hers, others=(mum,))
    assert take_part(an_answer(), others=(mum,))


MUM = Subject("mum", GROWN_UP.decides_from)
FOR_HERSELF: dict[str, Any] = {"subject": "mum", "giver": "mum", "capacity": "adult"}


def test_taking_part_ends_by_somebodys_word_and_not_by_silence() -> None:
    """Fails when an expired yes, or a birthday, counts as a withdrawal."""
    assert not ended()
    assert not ended(an_answer())
    assert not ended(an_answer(valid_until=EARLIER))
    assert not ended(an_answer(), subject=GROWN_UP)
    assert not ended(a_consent(withdrawn_at=EARLIER))
    assert ended(an_answer(withdrawn_at=EARLIER)) == {"kit"}
    assert ended(an_answer(withdrawn_at=NOW + SECOND)) == {"kit"}
    assert ended(an_answer("refused")) == {"kit"}
    assert not ended(an_answer("refused", withdrawn_at=EARLIER))


def test_a_new_yes_begins_taking_part_again_and_somebody_elses_yes_still_stands() -> None:
    old = an_answer(withdrawn_at=EARLIER)
    assert not ended(old, an_answer(id="c-2"))
    assert not ended(old, an_answer(id="c-2", giver="dad"))
    assert ended(old, an_answer(id="c-2", withdrawn_at=NOW)) == {"kit"}


def test_who_says_no_after_their_own_yes_ends_it_and_a_no_against_anothers_yes_is_a_conflict() -> None:
    assert ended(an_answer(), an_answer("refused")) == {"kit"}
    assert not ended(an_answer(), an_answer("refused", giver="dad"))
    assert not take_part(an_answer(), an_answer("refused", giver="dad"))


def test_from_sixteen_the_young_persons_own_no_ends_what_a_parent_began() -> None:
    own = an_answer("refused", capacity="adult", giver="kit")
    assert ended(an_answer(), own, subject=GROWN_UP) == {"kit"}
    assert not ended(an_answer("refused"), an_answer(capacity="adult", giver="kit"), subject=GROWN_UP)


def test_a_parents_yes_does_not_keep_what_a_competent_child_took_back() -> None:
    assert ended(an_answer(withdrawn_at=EARLIER, **COMPETENT), an_answer()) == {"kit"}


def test_somebody_who_ends_it_for_themselves_ends_it_for_nobody_else_while_a_yes_stands() -> None:
    hers = an_answer(withdrawn_at=EARLIER, **FOR_HERSELF)
    assert ended(an_answer(), hers, others=(MUM,)) == {"mum"}
    assert ended(hers, others=(MUM,)) == {"kit", "mum"}
    assert ended(an_answer(withdrawn_at=EARLIER), others=(MUM,)) == {"kit", "mum"}
    assert not ended(an_answer(withdrawn_at=EARLIER), an_answer(**FOR_HERSELF), others=(MUM,)) - {"kit"}


def test_of_somebody_whose_age_is_not_known_here_everybodys_word_counts() -> None:
    others = an_answer(subject="sis"), an_answer(subject="sis", id="c-2", withdrawn_at=EARLIER)
    assert not ended(*others)
    assert ended(others[1]) == {"sis", "kit"}


def test_the_version_of_facts_changes_with_an_age_and_with_who_is_responsible() -> None:
    """Fails when two decisions that came out differently for this say that they rest on the same facts."""

    def version(*subjects: SubjectAsk) -> str:
        return facts_of.version_of([], [], [], [], False, subjects=subjects)

    [mum, dad] = PARENTS
    kit = SubjectAsk(id="kit", decides_from=NOW, responsible=(mum, dad))
    sis = SubjectAsk(id="sis", decides_from=None)
    turned = SubjectAsk(id="kit", decides_from=NOW, responsible=(dad, mum))
    assert version(kit, sis) == version(sis, turned)
    others = [
        version(kit),
        version(kit.model_copy(update={"decides_from": LATER}), sis),
        version(kit.model_copy(update={"responsible": (mum,)}), sis),
        version(kit, sis.model_copy(update={"responsible": (mum,)})),
        *(
            version(kit.model_copy(update={"responsible": (mum.model_copy(update=changed), dad)}), sis)
            for changed in (
                {"until": NOW}, {"since": NOW}, {"recorded_at": NOW}, {"recorded_for": ("b-trust",)},
                {"adult": "aunt"},
            )
        ),
    ]  # fmt: skip
    assert len({*others, version(kit, sis)}) == len(others) + 1


def test_the_version_of_facts_changes_with_any_fact_and_not_with_their_order() -> None:
    agencies = [SimpleNamespace(code="a", kind="health"), SimpleNamespace(code="b", kind="police")]
    answers = [a_consent(id="c-1"), a_consent(id="c-2")]
    exclusions, agreements = [an_exclusion()], [an_agreement()]
    version = facts_of.version_of(agencies, answers, exclusions, agreements, False)
    assert len(version) == 32
    assert version == facts_of.version_of(agencies[::-1], answers[::-1], exclusions, agreements, False)
    others = [
        facts_of.version_of(agencies[:1], answers, exclusions, agreements, False),
        facts_of.version_of(
            [agencies[0], SimpleNamespace(code="b", kind="x")], answers, exclusions, agreements, False
        ),
        facts_of.version_of(agencies, answers[:1], exclusions, agreements, False),
        facts_of.version_of(
            agencies, [answers[0], a_consent(id="c-2", withdrawn_at=NOW)], exclusions, agreements, False
        ),
        facts_of.version_of(agencies, answers, [], agreements, False),
        facts_of.version_of(agencies, answers, [an_exclusion(lifted_at=NOW)], agreements, False),
        facts_of.version_of(agencies, answers, exclusions, [], False),
        facts_of.version_of(agencies, answers, exclusions, [an_agreement(ended_at=NOW)], False),
        facts_of.version_of(agencies, answers, exclusions, agreements, True),
        *(
            facts_of.version_of(agencies, answers, exclusions, agreements, False, [an_override(**changes)])
            for changes in (
                {},
                {"ended_at": NOW},
                {"confirmed_at": NOW},
                {"valid_until": LATER + SECOND},
            )
        ),
    ]
    assert len({version, *others}) == 14


def an_override(**changes: Any) -> SimpleNamespace:
    row = {
        "id": "o-1",
        "case_id": "case",
        "kind": "statutory",
        "agencies": ["north-police"],
        "users": ["pat"],
        "subjects": ["kit"],
        "categories": ["learning", "health"],
        "level": "summary",
        "purposes": ["safeguarding"],
        "valid_until": LATER,
        "confirm_by": None,
        "confirmed_at": None,
        "ended_at": None,
        "recorded_at": EARLIER,
        "recorded_by_agency": "childrens-services",
    }
    return SimpleNamespace(**{**row, **changes})


def test_an_override_gives_what_it_names_to_whom_it_names_until_its_end() -> None:
    fact = facts_of.override(an_override(confirmed_at=EARLIER), AT)
    assert fact.grid == grid_at(Level.SUMMARY, mask_of(["learning", "health"]))
    assert (fact.kind, set(fact.agencies), set(fact.users)) == (
        OverrideKind.STATUTORY,
        {"north-police"},
        {"pat"},
    )
    assert (set(fact.subjects), set(fact.purposes)) == ({"kit"}, {"safeguarding"})
    assert fact.window == Window(microseconds(EARLIER), microseconds(LATER))
    assert facts_of.override(an_override(level="everything"), AT).grid == 0


def test_what_an_officer_opens_on_her_own_word_is_for_other_agencies_alone() -> None:
    """Fails when it is for her own agency, or for a user wherever they act."""
    named = {"agencies": ["north-police", "childrens-services"], "users": ["pat"]}
    alone = facts_of.override(an_override(**named), AT)
    assert (set(alone.agencies), set(alone.users)) == ({"north-police"}, set())
    for seen in ({"confirmed_at": EARLIER}, {"confirm_by": LATER}, {"kind": "break_glass"}):
        fact = facts_of.override(an_override(**named, **seen), AT)
        assert (set(fact.agencies), set(fact.users)) == ({*named["agencies"]}, {"pat"}), seen


def test_an_override_that_waits_for_its_confirmation_ends_when_that_is_due() -> None:
    """Fails when an override that nobody confirmed lasts as long as it says."""
    due = NOW + timedelta(hours=5)
    waiting = an_override(confirm_by=due)
    assert facts_of.override(waiting, AT).window.end == microseconds(due)
    confirmed = an_override(confirm_by=due, confirmed_at=NOW)
    assert facts_of.override(confirmed, AT).window.end == microseconds(LATER)
    soon = an_override(confirm_by=due, valid_until=NOW + SECOND)
    assert facts_of.override(soon, AT).window.end == AT + 1_000_000


def test_an_override_that_was_ended_is_over_whatever_two_clocks_say() -> None:
    for ended_at in (NOW - SECOND, NOW, NOW + SECOND):
        window = facts_of.override(an_override(ended_at=ended_at), AT).window
        assert window.end is not None
        assert window.end <= AT
    ahead = facts_of.override(an_override(recorded_at=NOW + SECOND), AT).window
    assert grants(ahead, AT, MARGIN)

"""The pure rules of cases, teams, leads and plans: every state met by everything that can happen."""

from datetime import date
from typing import Any

import pytest

from services.case.cases import lifecycle as cases
from services.case.compact import lifecycle as compacts
from services.case.deputies import lifecycle as deputies
from services.case.diagrams import DOCUMENT, lifecycles, render
from services.case.lead_professional import lifecycle as leads
from services.case.lifecycles import Lifecycle
from services.case.people.family_tree import makes_a_circle
from services.case.people.search_keys import keys_of, keys_searched, normalised_name
from services.case.plan import lifecycle as plan
from services.case.pledges import lifecycle as pledges
from services.case.promises.standing import ENDED, is_open
from services.case.team import lifecycle as team
from shared.clock import utc_now
from shared.identity import Caller
from shared.problems import Problem
from shared.records.plan import ActionAnswer, ActionChange, ActionFields, ActionStatus, Answered

TODAY = date(2031, 3, 3)


def outcome(rule: Any, *arguments: Any) -> str:
    """``fine``, or the kind of problem that stands against it."""
    try:
        rule(*arguments)
    except Problem as problem:
        return problem.kind
    return "fine"


@pytest.mark.parametrize(
    "rule, open_, closed",
    [
        (cases.must_be_open, "fine", "conflict"),
        (lambda state: cases.CASE.after(state, "closure"), "fine", "conflict"),
        (lambda state: cases.CASE.after(state, "reopening"), "conflict", "fine"),
    ],
)
def test_a_case_is_open_or_closed(rule: Any, open_: str, closed: str) -> None:
    assert (outcome(rule, "open"), outcome(rule, "closed")) == (open_, closed)


def test_closing_and_reopening_lead_to_each_other() -> None:
    assert cases.CASE.after("open", "closure") == "closed"
    assert cases.CASE.after("closed", "reopening") == "open"


def test_a_review_lies_ahead() -> None:
    assert outcome(cases.check_review, TODAY, TODAY) == "fine"
    assert outcome(cases.check_review, date(2031, 3, 2), TODAY) == "invalid"


NOMINATIONS = {
    ("nominated", "acceptance"): "accepted", ("nominated", "refusal"): "refused",
    ("nominated", "withdrawal"): "withdrawn", ("nominated", "objection"): "objected",
    ("accepted", "objection"): "accepted",
}  # fmt: skip


def test_a_nomination_is_answered_once_and_an_objection_unseats_nobody() -> None:
    met = 0
    for state in ("nominated", "accepted", "refused", "withdrawn", "objected", "unheard of"):
        for event in ("acceptance", "refusal", "withdrawal", "objection", "unheard of"):
            following = NOMINATIONS.get((state, event))
            if following is None:
                assert outcome(leads.NOMINATION.after, state, event) == "conflict"
            else:
                assert leads.NOMINATION.after(state, event) == following
            met += 1
    assert met == 30


def test_more_than_the_cap_needs_a_reason() -> None:
    for current, cap in ((3, None), (3, 5), (0, 2), (999, None)):
        assert leads.must_fit(current, 2, cap, "anything") is None
        assert leads.must_fit(current, 2, cap, None) is None
    for current, cap in ((4, 5), (0, 1), (0, 0), (9, 5)):
        assert outcome(leads.must_fit, current, 2, cap, None) == "invalid"
        assert leads.must_fit(current, 2, cap, "She knows them") == "She knows them"


def test_only_the_nominees_agency_objects_once_and_to_a_lead_that_goes_on() -> None:
    manager = Caller("meera", "Meera", "yot", "team_manager")
    assert outcome(leads.must_be_their_agency, manager, "yot") == "fine"
    assert outcome(leads.must_be_their_agency, manager, "school") == "forbidden"
    assert outcome(leads.must_not_have_objected, None) == "fine"
    assert outcome(leads.must_not_have_objected, utc_now()) == "conflict"
    assert outcome(leads.must_lead_still, "objected", None, "a") == "fine"
    assert outcome(leads.must_lead_still, "accepted", "a", "a") == "fine"
    for lead in ("b", None):
        assert outcome(leads.must_lead_still, "accepted", lead, "a") == "conflict"


@pytest.mark.parametrize(
    "since, until, kind",
    [(3, 4, "fine"), (3, 3, "invalid"), (4, 3, "invalid"), (1, 3, "invalid"), (1, 4, "fine")],
)
def test_days_of_standing_in_are_half_open_and_not_over(since: int, until: int, kind: str) -> None:
    assert outcome(deputies.check_days, date(2031, 3, since), date(2031, 3, until), TODAY) == kind


def test_one_stands_in_at_a_time_and_may_take_over_on_the_day_on_which_another_ends() -> None:
    taken = [deputies.Window(date(2031, 4, 10), date(2031, 4, 20))]
    for first, last, kind in ((1, 10, "fine"), (20, 25, "fine"), (1, 11, "conflict"), (19, 25, "conflict"),
                              (12, 15, "conflict"), (1, 30, "conflict"), (10, 20, "conflict")):  # fmt: skip
        days = date(2031, 4, first), date(2031, 4, last)
        assert outcome(deputies.must_be_free, taken, *days) == kind, (first, last)
        assert outcome(deputies.must_be_free, [], *days) == "fine"
    assert outcome(deputies.must_be_somebody_else, "a", "a") == "conflict"
    assert outcome(deputies.must_be_somebody_else, "a", "b") == "fine"
    assert outcome(deputies.must_have_lead, None) == "conflict"
    for ended in ("ended", "handover", "left_team"):
        assert outcome(deputies.DEPUTY.after, ended, "ending") == "conflict"
        assert outcome(leads.LEADERSHIP.after, ended, "handover") == "conflict"


def test_only_the_nominee_answers_and_for_the_same_agency() -> None:
    yusuf = Caller("yusuf", "Yusuf", "yot", "practitioner")
    assert outcome(leads.must_be_nominee, yusuf, "yusuf", "yot") == "fine"
    assert outcome(leads.must_be_nominee, yusuf, "yusuf", "school") == "forbidden"
    assert outcome(leads.must_be_nominee, yusuf, "priya", "yot") == "forbidden"


def test_who_may_be_nominated() -> None:
    assert outcome(leads.must_be_on_team, None) == "fine"
    assert outcome(leads.must_be_on_team, utc_now()) == "conflict"
    assert outcome(leads.must_be_nobody_asked, 0) == "fine"
    assert outcome(leads.must_be_nobody_asked, 1) == "conflict"
    assert outcome(leads.must_not_lead_already, None, "a") == "fine"
    assert outcome(leads.must_not_lead_already, "b", "a") == "fine"
    assert outcome(leads.must_not_lead_already, "a", "a") == "conflict"


def test_one_place_on_the_team_at_a_time() -> None:
    assert (outcome(team.must_not_be_member, False), outcome(team.must_not_be_member, True)) == (
        "fine",
        "conflict",
    )
    assert (outcome(team.must_be_active, None), outcome(team.must_be_active, utc_now())) == (
        "fine",
        "conflict",
    )


def action(status: str, **more: Any) -> ActionFields:
    return ActionFields.model_validate(
        {
            "desired_outcome": "Back at school",
            "action": "Meet him at the gate",
            "by_when": "2031-01-01",
            "accountable": "school",
            "status": status,
            **more,
        }
    )


def change(**fields: Any) -> ActionChange:
    return ActionChange.model_validate({"expected_version": 1, **fields})


ALLOWED = {
    ("agreed", "in_progress"), ("agreed", "done"), ("agreed", "not_done"),
    ("in_progress", "done"), ("in_progress", "not_done"),
    ("done", "in_progress"), ("not_done", "in_progress"), ("ended", "in_progress"),
}  # fmt: skip


def test_every_step_from_status_to_status() -> None:
    met = 0
    for before in ActionStatus:
        for after in ActionStatus:
            possible = before == after or (before, after) in ALLOWED
            step = change(status=after, outcome="As hoped")
            assert outcome(plan.changed, action(before), step, TODAY) == ("fine" if possible else "conflict")
            met += 1
    assert met == 36


def test_an_answer_stands_until_something_else_is_agreed() -> None:
    said = Answered(answer=ActionAnswer.DECLINED, reason="Not on our list")
    declined = plan.answered(action("agreed"), said)
    assert (declined.status, declined.answer_reason) == ("declined", "Not on our list")
    assert outcome(plan.answered, action("in_progress"), said) == "conflict"
    anew = plan.changed(declined, change(accountable="housing"), TODAY)
    assert (anew.status, anew.answer, anew.answer_reason) == ("agreed", None, None)
    elsewhere = plan.changed(declined, change(responsible_name="Ada"), TODAY)
    assert (elsewhere.status, elsewhere.answer) == ("declined", "declined")
    accepted = plan.answered(declined, Answered(answer=ActionAnswer.ACCEPTED))
    assert (accepted.status, accepted.answer_reason) == ("agreed", None)


def test_an_end_before_its_start_is_refused() -> None:
    late, early = {"starts_on": "2031-05-02"}, {"starts_on": "2031-05-01"}
    assert outcome(plan.changed, action("agreed", by_when="2031-05-01"), change(**late), TODAY) == "invalid"
    assert outcome(plan.changed, action("agreed", by_when="2031-05-01"), change(**early), TODAY) == "fine"
    begun = action("agreed", by_when="2031-06-01", starts_on="2031-05-02")
    assert outcome(plan.changed, begun, change(by_when="2031-05-01"), TODAY) == "invalid"
    assert outcome(plan.changed, begun, change(needed_by="2031-06-02"), TODAY) == "invalid"


def test_whatever_is_open_can_end_with_its_case_and_nothing_else() -> None:
    """What ends promises knows no kind: each kind's table lets it, in just the states that are open."""
    for table, words in ((plan.ACTION, is_open), (compacts.COMMITMENT, is_open), (pledges.PLEDGE, _waits)):
        assert {state for state in table.states if table.allows(state, "closure")} == {
            state for state in table.states if words(state)
        }
        assert {after for (_, event), after in table.transitions.items() if event == "closure"} == {ENDED}


def _waits(pledge: str) -> bool:
    return is_open(pledges.status_of(action("agreed", pledge=pledge))) and pledge == "pledged"


def test_done_needs_an_outcome() -> None:
    with pytest.raises(Problem) as refused:
        plan.changed(action("agreed"), change(status="done"), TODAY)
    assert [error.field for error in refused.value.errors] == ["outcome"]
    assert plan.changed(action("agreed", outcome="Well"), change(status="done"), TODAY).outcome == "Well"


def test_a_date_that_has_passed_may_stay_but_not_be_set() -> None:
    assert outcome(plan.changed, action("agreed"), change(status="in_progress"), TODAY) == "fine"
    assert outcome(plan.changed, action("agreed"), change(by_when="2031-01-01"), TODAY) == "fine"
    assert outcome(plan.changed, action("agreed"), change(by_when="2031-03-02"), TODAY) == "invalid"
    assert outcome(plan.changed, action("agreed"), change(by_when="2031-03-03"), TODAY) == "fine"


@pytest.mark.parametrize(
    "agency, fields, answer",
    [
        ("school", {"status": "done"}, "fine"),
        ("yot", {"status": "done"}, "forbidden"),
        ("yot", {"outcome": "x"}, "forbidden"),
        ("yot", {"action": "x"}, "fine"),
        ("yot", {"accountable": "yot"}, "fine"),
        ("school", {"action": "x"}, "forbidden"),
        ("school", {"accountable": "yot"}, "forbidden"),
        ("school", {"status": "done", "by_when": "2031-04-01"}, "forbidden"),
        ("housing", {"action": "x"}, "forbidden"),
    ],
)
def test_owner_and_accountable_agency_each_write_their_part(
    agency: str, fields: dict[str, Any], answer: str
) -> None:
    assert outcome(plan.check_writer, change(**fields), agency, "yot", "school") == answer


def relation(older: str, younger: str, word: str = "parent", responsible: bool = False) -> dict[str, Any]:
    return {
        "from_person": older, "to_person": younger, "relation": word, "parental_responsibility": responsible
    }  # fmt: skip


@pytest.mark.parametrize(
    "new, known, circle",
    [
        (relation("b", "a"), [relation("a", "b")], True),
        (relation("c", "a"), [relation("a", "b"), relation("b", "c", "mother")], True),
        (relation("a", "c"), [relation("a", "b"), relation("b", "c")], False),
        (relation("a", "b"), [relation("a", "b")], False),
        (relation("b", "a", "sibling"), [relation("a", "b", "sibling")], False),
        (relation("b", "a", "carer"), [relation("a", "b")], False),  # a young carer
        (relation("b", "a", "other", responsible=True), [relation("a", "b")], True),
        (relation("b", "a"), [], False),
        (relation("d", "a"), [relation("a", "b"), relation("b", "a", "partner")], False),
    ],
)
def test_nobody_is_their_own_forebear(new: dict[str, Any], known: list[dict[str, Any]], circle: bool) -> None:
    assert makes_a_circle(new, known) is circle


@pytest.mark.parametrize(
    "typed, recorded",
    [
        ("jose munoz", "José Muñoz"),
        ("O’Brien Sean", "Seán O'Brien"),
        ("SMITH-JONES Ann", "Ann Smith-Jones"),
        ("Zoe\u200b Ray", "Zoë Ray"),
        ("Straße Uwe", "Uwe STRASSE"),
        ("ﬁnn Ｏｄａ", "Finn Oda"),
        ("فاطمة\u200f علي", "علي فاطمة"),
        ("Nguyễn  Thị", "nguyen thi"),
        ("Ali\u00a0Khan", "khan ali"),
    ],
)
def test_names_are_found_however_they_are_typed(typed: str, recorded: str) -> None:
    assert normalised_name(typed) == normalised_name(recorded) != ""


@pytest.mark.parametrize("one, other", [("Ann Lee", "Anne Lee"), ("李明", "李鸣"), ("Ann Lee", "AnnLee")])
def test_different_names_stay_different(one: str, other: str) -> None:
    assert normalised_name(one) != normalised_name(other)


def test_a_name_is_found_by_each_of_its_forms() -> None:
    keys = keys_of(
        "name",
        {
            "given_names": "Amara Grace",
            "family_name": "Okonjo",
            "full_name_as_written": "Okonjo, Amara",
            "previous_or_other_names": ["Amara Bello"],
        },
    )
    for name in ("Amara Grace Okonjo", "Amara Okonjo", "okonjo", "Amara Bello"):
        assert keys_searched({"name": name})[0] in keys
    for name in ("Amara", "Grace Okonjo", "Bello"):
        assert keys_searched({"name": name})[0] not in keys
    assert keys_of("name", {"given_names": "Suharto"}) == set(keys_searched({"name": "suharto"}))
    assert keys_of("contact", {"telephone": "01632 960123"}) == set()
    assert {len(key) for _, key in keys} == {64}


def test_every_table_leads_somewhere_from_its_beginning_and_refuses_the_rest() -> None:
    """Fails when a state can never be reached, or when something that is not in the table happens."""
    tables = [table for _, table in lifecycles()]
    assert len(tables) >= 1
    assert len({table.name for table in tables}) == len(tables)
    for table in tables:
        reached, before = {table.initial}, 0
        while before < len(reached):
            before = len(reached)
            reached |= {after for (state, _), after in table.transitions.items() if state in reached}
        assert reached == set(table.states), table.name
        events = {event for _, event in table.transitions}
        for state in (*table.states, "a state that nobody knows"):
            for event in (*events, "an event that nobody knows"):
                allowed = table.transitions.get((state, event))
                assert outcome(table.after, state, event) == ("fine" if allowed else "conflict")
                assert table.allows(state, event) == (allowed is not None)
        named = {key if isinstance(key, str) else key[0] for key in table.refusals}
        assert named <= set(table.states), table.name


def test_the_document_shows_the_tables_as_they_are() -> None:
    assert DOCUMENT.read_text("utf-8") == render()
    assert render().count("stateDiagram-v2") == len(list(lifecycles()))


def test_a_table_says_why_something_cannot_happen() -> None:
    table = Lifecycle(
        "A door", "shut", {("shut", "opening"): "open"},
        {"open": "It is open.", ("shut", "knocking"): "Nobody is at home."},
    )  # fmt: skip
    for state, event, reason in (
        ("open", "opening", "It is open."),
        ("shut", "knocking", "Nobody is at home."),
        ("shut", "leaving", "This cannot be done as things stand now. Read it again to see where it stands."),
    ):
        with pytest.raises(Problem) as refused:
            table.after(state, event)
        assert refused.value.detail == reason
    assert table.states == ("shut", "open")
    assert list(table.ends) == ["open"]

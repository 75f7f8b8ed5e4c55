"""Authorities recorded once: what rests on them, and what ends with them (design 3.2)."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import text

from shared.identity import Caller
from shared.ids import new_id
from tests.consent.service import (
    CHILD,
    DECIDES_FROM,
    FATHER,
    HOUSING,
    MOTHER,
    OMIT,
    SCHOOL,
    SCHOOL_LEAD,
    YOT,
    ConsentService,
    D,
    Json,
    a_case,
    a_label,
    a_lifting,
    a_share,
    an_exclusion,
    family,
    fresh_case,
    reader,
    taking_part,
)

pytestmark = pytest.mark.anyio

MONEY = a_label("hill-school", "money_work", subjects=[MOTHER])
HEALTH = a_label("hill-school", "health", subjects=[MOTHER])
LEARNING = a_label("hill-school", "learning")
ATTORNEY: Json = {
    "subject": MOTHER, "giver": FATHER, "capacity": "attorney", "categories": ["money_work"],
}  # fmt: skip


def an_authority(**changes: Any) -> Json:
    """The father's power over the mother's money, changed as told."""
    body = {
        "kind": "power_of_attorney", "subject": MOTHER, "holder": FATHER, "document": "LPA 7",
        "covers": ["money_work"], "verified_by": "Ada North, who saw the original", **changes,
    }  # fmt: skip
    return {name: value for name, value in body.items() if value is not OMIT}


def an_order(**changes: Any) -> Json:
    """A court's order that takes from the mother the say about her child's learning."""
    order = {
        "kind": "court_order", "effect": "takes_away", "subject": CHILD, "holder": MOTHER,
        "document": "Order 3", "covers": ["learning"],
    }  # fmt: skip
    return an_authority(**{**order, **changes})


async def record(service: ConsentService, case: str, body: Json, caller: Caller = SCHOOL) -> Json:
    answer: Json = await service.call(caller, "POST", f"/cases/{case}/authorities", body)
    return answer


REVOKED: Json = {"reason": "Revoked", "reference": "Order 4, in the school's file"}
NOBODY_HOLDS_ANY: Json = {"agencies": {}, "people": []}


async def end(service: ConsentService, case: str, authority: str, caller: Caller = SCHOOL) -> Json:
    body = {"ending": REVOKED, "reader": reader("lead"), "holders": NOBODY_HOLDS_ANY}
    path = f"/cases/{case}/authorities/{authority}/ending"
    answer: Json = await service.call(caller, "POST", path, body)
    return answer


REFUSED: list[tuple[Json, str]] = [
    ({"kind": "hearsay"}, "kind"),
    ({"effect": "doubles"}, "effect"),
    ({"effect": "takes_away"}, "new"),
    ({"holder": OMIT}, "new"),
    ({"holder": MOTHER}, "new"),
    ({"holder_agency": "childrens-services"}, "new"),
    ({"kind": "local_authority"}, "new"),
    ({"kind": "local_authority", "holder": OMIT, "holder_agency": "nobody-knows"}, "holder_agency"),
    ({"covers": []}, "covers"),
    ({"covers": ["horoscope"]}, "covers.0"),
    ({"document": " "}, "document"),
    ({"verified_by": OMIT}, "verified_by"),
    ({"valid_until": "2031-03-03T09:00:00Z"}, "valid_until"),
    ({"valid_from": "2031-04-01T00:00:00Z", "valid_until": "2031-04-01T00:00:00Z"}, "new"),
    ({"surprise": 1}, "surprise"),
]


async def test_an_authority_that_does_not_hold_together_is_refused_and_not_stored(
    service: ConsentService,
) -> None:
    case, before = fresh_case(), service.rows()
    for changes, field in REFUSED:
        reply = await service.send("POST", f"/cases/{case}/authorities", an_authority(**changes))
        fields = [error["field"] for error in reply.json().get("errors", ())]
        assert reply.status == 422, (changes, reply.json())
        assert field == "new" or any(named.endswith(field) for named in fields), (changes, fields)
    assert service.rows() == before


async def test_an_answer_names_a_recorded_authority_and_reaches_what_it_covers(
    service: ConsentService,
) -> None:
    case = fresh_case()
    power = (await record(service, case, an_authority()))["id"]
    await service.consent(case, a_share(**ATTORNEY, under=power))
    assert await service.levels(HOUSING, a_case(case, MONEY, HEALTH)) == [3, 1]
    problem = await service.problem(
        SCHOOL, "POST", f"/cases/{case}/consents",
        {"consent": a_share(**{**ATTORNEY, "categories": ["health"]}, under=power), "family": family(MOTHER)},
    )  # fmt: skip
    assert problem.errors[0].message == (
        "This authority does not reach health; ask somebody who may answer for that."
    )


async def test_what_was_given_under_an_authority_ends_when_it_is_ended(service: ConsentService) -> None:
    case = fresh_case()
    power = (await record(service, case, an_authority()))["id"]
    await service.consent(case, a_share(**ATTORNEY, under=power))
    slept = len(service.slept)
    answer = await end(service, case, power)
    assert (set(answer), service.slept[slept:]) == ({"id", "enforced_at"}, [D])
    assert await service.levels(HOUSING, a_case(case, MONEY)) == [1]
    again = await service.problem(
        SCHOOL, "POST", f"/cases/{case}/authorities/{power}/ending",
        {"ending": {"reason": "Again"}, "reader": reader("lead")},
    )  # fmt: skip
    assert again.kind == "conflict"
    for under in (power, new_id()):
        refused = await service.problem(
            SCHOOL, "POST", f"/cases/{case}/consents",
            {"consent": a_share(**ATTORNEY, under=under), "family": family(MOTHER)},
        )  # fmt: skip
        assert refused.errors[0].field == "capacity"
    also = {"document": "LPA 7", "covers": ["money_work"]}
    sent_along = await service.problem(
        SCHOOL, "POST", f"/cases/{case}/consents",
        {"consent": a_share(**ATTORNEY, authority=also), "family": family(MOTHER)},
    )  # fmt: skip
    assert "record the authority" in sent_along.errors[0].message


async def test_what_was_given_under_an_authority_ends_when_it_runs_out(service: ConsentService) -> None:
    case = fresh_case()
    power = await record(service, case, an_authority(valid_until="2031-03-03T09:00:21Z"))
    await service.consent(case, a_share(**ATTORNEY, under=power["id"]))
    seen = []
    for seconds in (0, 18.999999, 0.000001):
        service.clock.turn(seconds=seconds)
        seen.append((await service.levels(HOUSING, a_case(case, MONEY)))[0])
    assert seen == [3, 3, 1]


async def test_a_local_authoritys_authority_speaks_for_itself(service: ConsentService) -> None:
    """No person of the case holds it: its own id is the giver's."""
    case = fresh_case()
    care = an_authority(
        kind="local_authority", subject=CHILD, holder=OMIT, holder_agency="childrens-services",
        covers=["learning", "behaviour"],
    )  # fmt: skip
    order = (await record(service, case, care))["id"]
    capacity = "local_authority_with_parental_responsibility"
    await service.consent(case, a_share(giver=order, capacity=capacity, under=order))
    assert await service.levels(HOUSING, a_case(case, LEARNING)) == [3]


async def test_a_court_order_takes_a_parents_say_away_and_its_end_gives_it_back(
    service: ConsentService,
) -> None:
    case = fresh_case()
    await service.consent(case, a_share())
    seen = a_case(case, LEARNING, a_label("hill-school", "behaviour"))
    assert await service.levels(HOUSING, seen) == [3, 3]
    order = await record(service, case, an_order())
    assert set(order) == {"id", "enforced_at"}
    assert service.slept == [D]
    assert await service.levels(HOUSING, seen) == [1, 3]
    refused = await service.problem(
        SCHOOL, "POST", f"/cases/{case}/consents", {"consent": a_share(), "family": family()}
    )
    assert refused.errors[0].message == (
        "A court order takes the say about learning from this person; ask who else has it."
    )
    await service.consent(case, a_share(categories=["behaviour"]))
    await service.consent(case, a_share(giver=FATHER, categories=["learning"]))
    assert await service.levels(HOUSING, seen) == [3, 3]
    await end(service, case, order["id"])
    assert await service.levels(HOUSING, seen) == [3, 3]


async def test_an_agency_that_gains_by_what_an_order_stopped_does_not_end_it(service: ConsentService) -> None:
    """By what its holder agreed to, for whichever agency of the caller's; not what they took back."""
    case = fresh_case()
    yes = (await service.consent(case, a_share(categories=["learning"])))["id"]
    await service.consent(case, a_share(categories=["health"], recipients=["north-police"]))
    order = (await record(service, case, an_order()))["id"]
    path = f"/cases/{case}/authorities/{order}/ending"

    def body(works_for: Sequence[str] = (), **changes: Any) -> Json:
        facts = {**reader("lead"), "works_for": works_for}
        return {"ending": {**REVOKED, **changes}, "reader": facts, "holders": NOBODY_HOLDS_ANY}

    async def offered(caller: Caller, works_for: Sequence[str] = ()) -> list[str]:
        facts = body(works_for)["reader"]
        [row] = await service.call(caller, "POST", f"/cases/{case}/authorities/list", facts)
        may: list[str] = row["may"]
        return may

    for caller, works_for in ((HOUSING, ()), (SCHOOL, ("city-housing",))):
        refused = await service.problem(caller, "POST", path, body(works_for))
        assert refused.kind == "forbidden"
        assert "an agency that it does not benefit" in (refused.detail or "")
        assert await offered(caller, works_for) == []
    without = await service.problem(SCHOOL, "POST", path, body(reference=None))
    assert [error.field for error in without.errors] == ["reference"]
    unknown = await service.send("POST", path, {**body(), "holders": None})
    assert unknown.status == 503, "whom to tell is not known"
    assert await offered(SCHOOL) == ["ending"]
    await service.withdraw(case, yes, by=MOTHER)
    assert await offered(HOUSING) == ["ending"], "nothing comes back to them"
    await service.call(HOUSING, "POST", path, body())
    assert await offered(SCHOOL) == await offered(HOUSING) == []


async def test_an_order_that_is_to_come_takes_away_from_its_start_also_what_is_given_meanwhile(
    service: ConsentService,
) -> None:
    case = fresh_case()
    await record(service, case, an_order(valid_from="2031-03-03T09:01:00Z"))
    await service.consent(case, a_share(categories=["learning"]))
    assert await service.levels(HOUSING, a_case(case, LEARNING)) == [3]
    service.clock.turn(seconds=59)
    assert await service.levels(HOUSING, a_case(case, LEARNING)) == [1]


async def test_an_order_about_the_plan_takes_the_say_about_taking_part_away(service: ConsentService) -> None:
    case, draft = fresh_case(), a_label("hill-school", "plan", draft=True)
    await service.consent(case, taking_part())
    assert await service.levels(HOUSING, a_case(case, draft)) == [3]
    await record(service, case, an_order(covers=["plan"]))
    assert await service.levels(HOUSING, a_case(case, draft)) == [0]


async def test_an_authority_is_listed_to_recorder_lead_and_owners_concerned(service: ConsentService) -> None:
    case = fresh_case()
    power = (await record(service, case, an_authority()))["id"]

    async def listed(caller: Caller, facts: Json) -> list[str]:
        rows = await service.call(caller, "POST", f"/cases/{case}/authorities/list", facts)
        return [row["id"] for row in rows]

    owner = {"relationship": "member", "owned": {MOTHER: ["money_work"]}}
    assert await listed(SCHOOL, reader("none")) == [power]
    assert await listed(SCHOOL_LEAD, reader("lead")) == [power]
    assert await listed(HOUSING, owner) == [power]
    assert await listed(HOUSING, {**owner, "relationship": "none"}) == []
    assert await listed(HOUSING, reader(child=["money_work"])) == []
    hidden = await service.problem(
        HOUSING, "POST", f"/cases/{case}/authorities/{power}/ending",
        {"ending": {"reason": "x"}, "reader": reader()},
    )  # fmt: skip
    assert hidden.kind == "not-found"


# --- best interests

DECISION: Json = {
    "decision_maker": "Lena Fox, social worker",
    "assessment_reference": "MCA-2031-7",
    "asked_first": "Twice, in the morning and with his sister; he could not weigh it up.",
    "wishes": "He has always wanted his sister told.",
    "consulted": [{"who": "Carol, his sister", "view": "He would want help with his health."}],
    "reasons": "Without it nobody treats him, and a lesser step was tried.",
}


def a_decision(**changes: Any) -> Json:
    return a_share(
        **{
            "subject": MOTHER, "giver": MOTHER, "capacity": "best_interests", "categories": ["health"],
            "best_interests": DECISION,
            "statement": {"reasons_explained_and_understood": False, "agrees": True}, **changes,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"best_interests": OMIT}, "Send best_interests"),
        ({"capacity": "adult"}, "Send best_interests"),
        ({"best_interests": {**DECISION, "consulted": []}}, "at least 1"),
        ({"best_interests": {k: v for k, v in DECISION.items() if k != "asked_first"}}, "required"),
        ({"subject": CHILD, "giver": CHILD}, "16 or over"),
        ({"giver": FATHER}, "own place"),
        ({"authority": {"document": "x", "covers": ["health"]}}, "rests on itself"),
        ({"valid_until": OMIT}, "Say until when"),
    ],
)
async def test_a_best_interests_decision_that_is_not_whole_is_refused(
    service: ConsentService, changes: Json, word: str
) -> None:
    body, before = a_decision(**changes), service.rows()
    content = {"consent": body, "family": family(body["subject"])}
    reply = await service.send("POST", f"/cases/{fresh_case()}/consents", content)
    assert reply.status == 422
    assert word in str(reply.json()["errors"])
    assert service.rows() == before


async def test_it_counts_for_what_it_names_until_the_person_says_something_themselves(
    service: ConsentService,
) -> None:
    case = fresh_case()
    await service.consent(case, a_decision(recipients=["city-housing", "north-police"]))
    assert await service.levels(HOUSING, a_case(case, HEALTH, MONEY)) == [3, 1]
    own = {"subject": MOTHER, "giver": MOTHER, "capacity": "adult", "categories": ["health"]}
    service.clock.turn(seconds=1)
    said = await service.consent(case, a_share(**own, level="summary"))
    assert await service.levels(HOUSING, a_case(case, HEALTH)) == [2]
    await service.withdraw(case, said["id"], by=MOTHER)
    assert await service.levels(HOUSING, a_case(case, HEALTH)) == [1]


async def test_nobody_decides_against_an_own_refusal_or_in_an_attorneys_place(
    service: ConsentService,
) -> None:
    case = fresh_case()
    await record(service, case, an_authority())
    own = {"subject": MOTHER, "giver": MOTHER, "capacity": "adult", "valid_until": OMIT}
    await service.consent(case, a_share(**own, answer="refused", categories=["health"]))
    for category, reason in (("health", "refused health themselves"), ("money_work", "attorney or deputy")):
        content = {"consent": a_decision(categories=[category]), "family": family(MOTHER)}
        problem = await service.problem(SCHOOL, "POST", f"/cases/{case}/consents", content)
        assert reason in problem.errors[0].message
    await service.consent(case, a_decision(recipients=["north-police"]))


async def _hidden_from_housing(service: ConsentService, case: str, hidden: str) -> None:
    own = {"subject": MOTHER, "giver": MOTHER, "capacity": "adult", "valid_until": OMIT}
    if hidden == "refusal":
        elsewhere = {"categories": ["health"], "purposes": ["safeguarding"]}
        await service.consent(case, a_share(**own, **elsewhere, answer="refused"))
    else:
        await record(service, case, an_authority(covers=["health"]))


@pytest.mark.parametrize("hidden", ["refusal", "attorney"])
async def test_a_decision_in_best_interests_opens_nothing_against_what_its_recorder_may_not_know_of(
    service: ConsentService, hidden: str
) -> None:
    """It is recorded as if that were not there, so that nobody finds it out by trying, and nothing comes of
    it, for whatever purpose they refused; whoever may know of it is refused with the reason."""
    case = fresh_case()
    await _hidden_from_housing(service, case, hidden)
    content = {"consent": a_decision(), "family": family(MOTHER), "reader": reader()}
    made = await service.call(HOUSING, "POST", f"/cases/{case}/consents", content)
    assert set(made) == {"id", "enforced_at"}
    assert await service.levels(HOUSING, a_case(case, HEALTH)) == [1]
    content["reader"] = reader("lead")
    told = await service.problem(HOUSING, "POST", f"/cases/{case}/consents", content)
    assert [error.field for error in told.errors] == ["capacity"]
    if hidden == "refusal":
        [refusal] = service.select("SELECT id FROM consents WHERE answer = 'refused'")
        service.clock.turn(seconds=1)
        await service.withdraw(case, refusal[0], by=MOTHER)
        assert await service.levels(HOUSING, a_case(case, HEALTH)) == [1], "it was no answer of hers then"


async def test_nobodys_taking_part_begins_by_a_yes_that_an_order_on_record_took_away(
    service: ConsentService,
) -> None:
    """Whoever records it may not know of the order; fails when their yes opens what default rows give."""
    service.families_take_part = False
    labels = a_label("hill-school", "plan"), a_label("hill-school", "plan", draft=True)
    case, other = fresh_case(), fresh_case()
    stranger = await service.levels(HOUSING, a_case(case, *labels))
    await service.consent(other, taking_part())
    assert await service.levels(HOUSING, a_case(other, *labels)) == [3, 3] != stranger
    await record(service, case, an_order(covers=["plan"]))
    content = {"consent": taking_part(), "family": family(), "reader": reader()}
    await service.call(HOUSING, "POST", f"/cases/{case}/consents", content)
    assert await service.levels(HOUSING, a_case(case, *labels)) == stranger


async def test_a_professional_ends_it_without_speaking_for_the_person(service: ConsentService) -> None:
    case = fresh_case()
    decided = (await service.consent(case, a_decision()))["id"]
    mine = (await service.consent(case, a_share()))["id"]
    path = f"/cases/{case}/consents/{{}}/withdrawal"
    body = {"withdrawal": {"note": "She decides again."}, "reader": reader("lead")}
    problem = await service.problem(SCHOOL, "POST", path.format(mine), body)
    assert problem.errors[0].field == "withdrawn_by"
    await service.call(SCHOOL, "POST", path.format(decided), body)
    assert await service.levels(HOUSING, a_case(case, HEALTH)) == [1]
    assert DECIDES_FROM[MOTHER] < "2031"


# --- nobody is taken at their word

INCAPACITY: Json = {
    "assessed_by": "Lena Fox, social worker",
    "assessment_reference": "MCA-2031-9",
    "asked_first": "Twice, with her sister; she could not keep it in mind.",
}


async def test_beside_money_an_attorney_answers_where_incapacity_was_found_until_the_person_speaks(
    service: ConsentService,
) -> None:
    case = fresh_case()
    both = an_authority(covers=["money_work", "health"])
    power = (await record(service, case, both))["id"]
    about_health = {**ATTORNEY, "under": power, "categories": ["health"]}
    path = f"/cases/{case}/consents"
    before = service.rows()
    for answer in ("given", "refused"):
        body = a_share(**about_health, answer=answer)
        content = {"consent": body, "family": family(MOTHER)}
        refused = await service.problem(SCHOOL, "POST", path, content)
        assert refused.errors[0].message == (
            "For health an attorney or deputy answers only where it was found that this person cannot decide "
            "it themselves; ask them first, and record what was found (incapacity)."
        )
    assert service.rows() == before
    given = (await service.consent(case, a_share(**about_health, incapacity=INCAPACITY)))["id"]
    assert await service.levels(HOUSING, a_case(case, HEALTH, MONEY)) == [3, 1]
    listed = await service.call(SCHOOL, "POST", f"{path}/list", reader("lead"))
    [shown] = [row for row in listed if row["id"] == given]
    assert (shown["incapacity"], shown["under"]) == (INCAPACITY, power)
    service.clock.turn(seconds=1)
    own = {"subject": MOTHER, "giver": MOTHER, "capacity": "adult", "categories": ["health"]}
    await service.consent(case, a_share(**own, level="summary"))
    assert await service.levels(HOUSING, a_case(case, HEALTH)) == [2], "capacity is presumed again"


async def test_an_attorney_for_money_alone_says_of_nobody_that_they_take_part(
    service: ConsentService,
) -> None:
    """Taking part is about more than money."""
    service.families_take_part = False
    case, draft = fresh_case(), a_label("hill-school", "plan", subjects=[MOTHER], draft=True)
    only_money = (await record(service, case, an_authority()))["id"]
    more = (await record(service, case, an_authority(covers=["plan", "involvement"])))["id"]
    said = {"subject": MOTHER, "giver": FATHER, "capacity": "attorney"}
    for under, found, word in (
        (only_money, INCAPACITY, "does not reach involvement, plan"),
        (more, None, "For involvement, plan an attorney or deputy answers only where"),
    ):
        body = taking_part(**said, under=under, incapacity=found)
        refused = await service.problem(
            SCHOOL, "POST", f"/cases/{case}/consents", {"consent": body, "family": family(MOTHER)}
        )
        assert word in refused.errors[0].message
    seen = a_case(case, draft, people=(MOTHER,))
    assert await service.levels(HOUSING, seen) == [0]
    await service.consent(case, taking_part(**said, under=more, incapacity=INCAPACITY))
    assert await service.levels(HOUSING, seen) == [3]


async def test_what_was_told_before_authorities_were_recorded_opens_nothing_and_shuts_as_it_did(
    service: ConsentService,
) -> None:
    """As a row of an older revision stands: no authority is named, or incapacity was not asked for."""
    case = fresh_case()
    power = (await record(service, case, an_authority(covers=["money_work", "health"])))["id"]
    both = {**ATTORNEY, "under": power, "categories": ["money_work"]}
    given = (await service.consent(case, a_share(**both)))["id"]
    await service.consent(case, a_share(**both, answer="refused", recipients=["north-police"]))
    with service.database() as connection:
        connection.execute(text('UPDATE consents SET categories = \'["money_work", "health"]\''))
    assert await service.levels(HOUSING, a_case(case, MONEY, HEALTH)) == [3, 1]
    with service.database() as connection:
        connection.execute(text("UPDATE consents SET under = NULL WHERE id = :id"), {"id": given})
    assert await service.levels(HOUSING, a_case(case, MONEY, HEALTH)) == [1, 1]


async def test_an_exclusion_by_an_attorney_is_lifted_by_them_while_their_power_lasts_or_by_the_person(
    service: ConsentService,
) -> None:
    """Fails when whoever once had authority goes on opening: a lifting opens what an exclusion shut."""
    case = fresh_case()
    powers = [(await record(service, case, an_authority()))["id"] for _ in range(2)]
    money = {"subject": MOTHER, "giver": FATHER, "capacity": "attorney", "categories": ["money_work"]}
    path = f"/cases/{case}/exclusions"
    no_word = {"exclusion": an_exclusion(**money), "family": family(MOTHER)}
    assert "record the authority" in (await service.problem(SCHOOL, "POST", path, no_word)).errors[0].message
    excluded = [(await service.exclude(case, an_exclusion(**money, under=power)))["id"] for power in powers]
    assert await service.lift(case, excluded[0], by=FATHER) == {"id": excluded[0]}
    await end(service, case, powers[1])
    content = {"lifting": a_lifting(FATHER), "reader": reader("lead")}
    over = await service.problem(SCHOOL, "POST", f"{path}/{excluded[1]}/lifting", content)
    assert (over.kind, over.detail) == ("forbidden", "This authority is not in force; ask again.")
    assert await service.levels(HOUSING, a_case(case, MONEY)) == [0]
    assert await service.lift(case, excluded[1], by=MOTHER) == {"id": excluded[1]}


async def test_a_parent_lifts_and_takes_back_a_no_while_they_have_parental_responsibility(
    service: ConsentService,
) -> None:
    case = fresh_case()
    exclusion = (await service.exclude(case, an_exclusion()))["id"]
    no = (await service.consent(case, a_share(answer="refused", valid_until=OMIT)))["id"]
    nobodys = reader("lead") | {"responsible": {}}
    grown_up = reader("lead") | {"decides_from": {CHILD: "2031-03-03T08:59:59Z"}}
    for facts, word in ((nobodys, "parental responsibility"), (grown_up, "From 16")):
        for path, content in (
            (f"exclusions/{exclusion}/lifting", {"lifting": a_lifting(), "reader": facts}),
            (f"consents/{no}/withdrawal", {"withdrawal": {"withdrawn_by": MOTHER}, "reader": facts}),
        ):
            refused = await service.problem(YOT, "POST", f"/cases/{case}/{path}", content)
            assert refused.kind == "forbidden"
            assert word in str(refused.detail)
    content = {"lifting": a_lifting(CHILD), "reader": grown_up}
    lifted = await service.call(YOT, "POST", f"/cases/{case}/exclusions/{exclusion}/lifting", content)
    assert lifted == {"id": exclusion}, "from 16 it is theirs to lift"
    await service.withdraw(case, no, caller=YOT)

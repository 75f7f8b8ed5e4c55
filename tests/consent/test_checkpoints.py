"""Signed checkpoints that somebody else can hold, and verifying against them (design 3.4, decision 21)."""

import asyncio
import base64
from collections.abc import Iterable
from typing import Any

import orjson
import pytest
from jose import jws
from sqlalchemy import text

from services.consent.checkpoints.cover import CHECKPOINTS
from services.consent.checkpoints.operations import make_checkpoint
from services.consent.checkpoints.signature import Statement, public_key, signed, statement_of
from services.consent.ledger.chain import LedgerKey
from services.consent.verification.operations import begin, go_on, verify_all
from services.consent.verification.progress import Progress
from shared.database import ReadSession
from shared.identity import Caller, new_signing_key
from shared.ids import is_id
from tests.consent.service import (
    HOUSING,
    HOUSING_OFFICER,
    KEYS,
    LEDGER_KEY,
    SCHOOL,
    SCHOOL_OFFICER,
    ConsentService,
    Json,
    a_case,
    a_label,
    fresh_case,
)
from tests.consent.test_decisions import publish

pytestmark = pytest.mark.anyio

PLAN = a_label("hill-school", "plan", entries=["e-1"])
PARTNERSHIP_OFFICER = Caller("pat", "Pat", "childrens-services", "information_officer")
OTHER_KEY = LedgerKey(LEDGER_KEY.key_id, b"a forger's own secret, as long as the one that is real")


async def make(service: ConsentService, who: Caller = SCHOOL_OFFICER) -> str:
    answer: Json = await service.call(who, "POST", "/ledger/checkpoints")
    assert answer.keys() == {"checkpoint"}
    text: str = answer["checkpoint"]
    return text


def statement(text: str) -> Statement:
    said = statement_of(text, KEYS)
    assert said is not None
    return said


def name_partnership_officer(service: ConsentService) -> None:
    """From now on the policy names the officer of children's services."""
    [(stored,)] = service.select("SELECT document FROM policies")
    document = orjson.loads(stored) if isinstance(stored, str) else stored
    with service.database() as connection:
        publish(connection, 2, {**document, "partnership_officers": ["pat"]}, service.clock())


async def verification(
    service: ConsentService, who: Caller = PARTNERSHIP_OFFICER, checkpoint: str | None = None
) -> tuple[Json, list[Json], int]:
    """The last progress, the faults of all calls, and how many calls it took."""
    progress: Json | None = None
    faults: list[Json] = []
    calls = 0
    while progress is None or not progress["done"]:
        asked = {"checkpoint": checkpoint, "progress": progress}
        answer = await service.call(who, "POST", "/ledger/verification", asked)
        progress, calls = answer["progress"], calls + 1
        faults += answer["faults"]
    return progress, faults, calls


def shape(text: str) -> list[int]:
    return [len(part) for part in text.split(".")]


async def test_a_checkpoint_says_when_and_a_root_and_nothing_else(service: ConsentService) -> None:
    """Two ledgers, of none and of many cases, give statements that differ in random letters only."""
    empty = await make(service)
    for _ in range(12):
        await service.decide(HOUSING, a_case(fresh_case(), PLAN))
    full, again = await make(service), await make(service)
    assert shape(empty) == shape(full) == shape(again)
    said = orjson.loads(base64.urlsafe_b64decode(full.split(".")[1] + "=="))
    assert said.keys() == {"iss", "id", "at", "root"}
    assert said["at"] == "2031-03-03T09:00:00.000000Z"
    assert is_id(said["id"])
    assert len(said["root"]) == 64
    # Not even that nothing happened between two of them can be seen.
    assert len({statement(text).root for text in (empty, full, again)}) == 3


async def test_whoever_has_the_public_key_can_tell_who_signed(service: ConsentService) -> None:
    text = await make(service)
    [key] = (await service.call(HOUSING, "GET", "/ledger/keys"))["keys"]
    assert key == public_key(LEDGER_KEY)
    assert "d" not in key
    assert jws.get_unverified_header(text)["kid"] == key["kid"] == LEDGER_KEY.key_id
    assert orjson.loads(jws.verify(text, key, algorithms=["ES256"]))["root"] == statement(text).root


def forgeries(good: str) -> Iterable[str]:
    header, payload, signature = good.split(".")
    said = orjson.loads(base64.urlsafe_b64decode(payload + "=="))

    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(orjson.dumps(value)).rstrip(b"=").decode()

    yield from ("", "x", "a.b.c", "..", good[:-4] + "AAAA", f"{header}.{payload}", f"{header}.{payload}.")
    yield f"{header}.{part({**said, 'root': '0' * 64})}.{signature}"
    yield f"{part({'alg': 'none', 'kid': 'ledger-1'})}.{payload}."
    yield f"{part({'alg': 'ES256', 'kid': 'ledger-9'})}.{payload}.{signature}"
    yield f"{part({'alg': 'ES256', 'kid': ['ledger-1']})}.{payload}.{signature}"
    yield f"{part({'alg': 'ES256'})}.{payload}.{signature}"
    yield jws.sign(said, "secret of the tests", headers={"kid": "ledger-1"}, algorithm="HS256")
    yield jws.sign(said, new_signing_key("ledger-1"), headers={"kid": "ledger-1"}, algorithm="ES256")
    yield signed(OTHER_KEY, statement(good))
    yield good + "=" * 2_000


async def test_what_was_not_signed_here_is_no_checkpoint(service: ConsentService) -> None:
    name_partnership_officer(service)
    good, tried = await make(service), 0
    for forged in forgeries(good):
        assert statement_of(forged, KEYS) is None, forged
        asked = {"checkpoint": forged, "progress": None}
        problem = await service.problem(PARTNERSHIP_OFFICER, "POST", "/ledger/verification", asked)
        assert problem.kind == "invalid"
        assert [error.field for error in problem.errors] == ["checkpoint"]
        tried += 1
    assert tried == 16


async def test_a_ledger_that_went_on_growing_still_fits_every_checkpoint(service: ConsentService) -> None:
    cases, held = [fresh_case() for _ in range(4)], [await make(service)]
    for case in (*cases, cases[1], cases[1], cases[3]):
        await service.decide(HOUSING, a_case(case, PLAN))
        held.append(await make(service))
    await service.decide(SCHOOL, a_case(cases[0], PLAN))
    with service.database() as connection, ReadSession(connection) as session:
        for checkpoint in held:
            verified = verify_all(session, KEYS, statement(checkpoint))
            assert (verified.chains, verified.receipts, verified.faults) == (4, 8, [])
    assert service.select("SELECT count(*) FROM covered") == [(7,)]


async def test_a_checkpoint_over_many_chains_is_made_in_pieces_that_build_on_each_other(
    service: ConsentService,
) -> None:
    cases = [fresh_case() for _ in range(7)]
    for case in cases:
        await service.decide(HOUSING, a_case(case, PLAN))
    store = service.app.state.parts.store
    made = statement(await make_checkpoint(store, LEDGER_KEY, service.clock, 2, 3))
    covered = "SELECT checkpoint, count(*) FROM covered GROUP BY checkpoint ORDER BY checkpoint"
    assert service.select(covered) == [(1, 3), (2, 3), (3, 1)]
    with service.database() as connection, ReadSession(connection) as session:
        assert verify_all(session, KEYS, made).faults == []
    with service.database() as connection:
        connection.execute(text("DELETE FROM covered WHERE checkpoint = 1"))
    with service.database() as connection, ReadSession(connection) as session:
        faults = verify_all(session, KEYS, made).faults
    assert [fault.chain for fault in faults] == [CHECKPOINTS]
    # What is covered already is not covered again.
    await make_checkpoint(store, LEDGER_KEY, service.clock, 2, 3)
    assert service.select(covered) == [(2, 3), (3, 1), (4, 3)]


async def test_two_who_make_checkpoints_at_once_make_two(service: ConsentService) -> None:
    for _ in range(3):
        await service.decide(HOUSING, a_case(fresh_case(), PLAN))
    made = await asyncio.gather(*(make(service) for _ in range(6)))
    assert len({statement(checkpoint).id for checkpoint in made}) == 6
    assert service.select("SELECT seq FROM checkpoints ORDER BY seq") == [(seq,) for seq in range(1, 7)]
    with service.database() as connection, ReadSession(connection) as session:
        for checkpoint in made:
            assert verify_all(session, KEYS, statement(checkpoint)).faults == []


async def test_a_partnership_officer_verifies_everything_and_learns_counts_and_faults_only(
    service: ConsentService,
) -> None:
    name_partnership_officer(service)
    cases = [fresh_case() for _ in range(3)]
    for case in cases:
        for who in (HOUSING, SCHOOL):
            await service.decide(who, a_case(case, PLAN), reason="A very private reason")
    held = await make(service)
    progress, faults, _ = await verification(service, checkpoint=held)
    assert (progress["chains"], progress["receipts"], progress["faults"], faults) == (3, 6, 0, [])
    with service.database() as connection:
        changed = "UPDATE receipts SET reason = 'x' WHERE seq = 2 AND chain = :chain"
        connection.execute(text(changed), {"chain": f"case:{cases[1]}"})
    progress, faults, _ = await verification(service, checkpoint=held)
    assert faults[0] == {"chain": f"case:{cases[1]}", "place": 2, "what": "a receipt was changed"}
    assert progress["faults"] == len(faults)
    assert "private" not in str((progress, faults))


async def test_any_other_officer_verifies_the_chain_of_their_agency_and_learns_no_total(
    service: ConsentService,
) -> None:
    """Noninterference: the same answer, in the same number of calls, whatever others have in the ledger."""
    for _ in range(2):
        await service.decide(SCHOOL, action="search")
    answers = []
    for _ in range(2):
        answers.append(await verification(service, SCHOOL_OFFICER))
        for _ in range(5):
            await service.decide(HOUSING, a_case(fresh_case(), PLAN))
            await service.decide(HOUSING, action="search")
        await make(service)
    assert answers[0] == answers[1]
    progress, faults, calls = answers[0]
    assert (progress["chains"], progress["receipts"], faults, calls) == (1, 2, [], 1)
    asked = {"checkpoint": await make(service), "progress": None}
    problem = await service.problem(SCHOOL_OFFICER, "POST", "/ledger/verification", asked)
    assert problem.kind == "forbidden"
    with service.database() as connection:
        connection.execute(text("UPDATE receipts SET reason = 'x' WHERE chain = 'agency:city-housing'"))
    assert (await verification(service, SCHOOL_OFFICER))[1] == []
    assert (await verification(service, HOUSING_OFFICER))[1][0]["chain"] == "agency:city-housing"


async def test_nobody_goes_on_with_more_than_they_may(service: ConsentService) -> None:
    """Progress over all chains is nothing to go on with for who may look at one."""
    for _ in range(3):
        await service.decide(HOUSING, a_case(fresh_case(), PLAN))
    asked = {"checkpoint": None, "progress": Progress().model_dump()}
    answer = await service.call(SCHOOL_OFFICER, "POST", "/ledger/verification", asked)
    assert answer["progress"]["only"] == "agency:hill-school"
    assert answer["progress"]["receipts"] == 0


async def test_a_long_ledger_is_gone_through_in_pieces_without_losing_anything(
    service: ConsentService,
) -> None:
    case = fresh_case()
    for _ in range(9):
        await service.decide(HOUSING, a_case(case, PLAN))
        await service.decide(SCHOOL, action="search")
    held = statement(await make(service))
    with service.database() as connection, ReadSession(connection) as session:
        for at_once in (1, 2, 3, 7, 9, 200):
            progress, faults, pieces = begin(session, held), [], 0
            while not progress.done:
                progress, found = go_on(session, KEYS, progress, at_once)
                faults += found
                pieces += 1
            assert (progress.chains, progress.receipts, faults) == (2, 18, []), at_once
            assert pieces >= 18 / at_once

"""Nobody but the gateway comes in, and no gateway that waits longer than this service does."""

import base64
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from jose import jwt

from shared.clock import DEADLINE_HEADER
from shared.identity import INTERNAL_ISSUER, Caller, InternalTokens, new_signing_key
from shared.ids import new_id
from tests.consent.explaining import TEAM
from tests.consent.service import (
    CHILD,
    FATHER,
    HOUSING,
    HOUSING_OFFICER,
    MOTHER,
    SCHOOL,
    SCHOOL_LEAD,
    SCHOOL_OFFICER,
    SIGNING_KEY,
    START,
    ConsentService,
    TurnableClock,
    a_case,
    a_label,
    a_lifting,
    a_share,
    an_agreement,
    an_exclusion,
    family,
    fresh_case,
    reader,
    taking_part,
)
from tests.consent.test_authorities import an_authority
from tests.consent.test_non_disclosures import a_decision
from tests.consent.two_keys import SCHOOL_MANAGER, a_release, asking, family_content
from tests.support.inner_routes import inner_operations

pytestmark = pytest.mark.anyio

OPERATIONS = 103
IDA = Caller("ida", "Ida Lane", "the-family", "family_member", MOTHER)
NOW = int(START.timestamp())


def operations(service: ConsentService) -> list[tuple[str, str]]:
    """Every method and path that the service has, with ids in it that nothing has."""
    return [
        (method, re.sub(r"{\w+}", lambda _: fresh_case(), path))
        for method, path in inner_operations(service.app)
    ]


def claims(**changes: Any) -> dict[str, Any]:
    told = {
        "iss": INTERNAL_ISSUER,
        "aud": "consent",
        "sub": "ada",
        "iat": NOW,
        "exp": NOW + 60,
        "name": "Ada North",
        "agency": "hill-school",
        "role": "practitioner",
    }
    return {name: value for name, value in {**told, **changes}.items() if value is not None}


def signed(key: dict[str, Any] = SIGNING_KEY, headers: dict[str, Any] | None = None, **changes: Any) -> str:
    kid = {"kid": key["kid"]}
    return jwt.encode(claims(**changes), key, algorithm="ES256", headers={**kid, **(headers or {})})


def unsigned() -> str:
    parts = [orjson.dumps({"alg": "none", "kid": SIGNING_KEY["kid"]}), orjson.dumps(claims())]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


def with_the_public_key_as_secret() -> str:
    secret = orjson.dumps({name: SIGNING_KEY[name] for name in ("kty", "crv", "x", "y")}).decode()
    return jwt.encode(claims(), secret, algorithm="HS256", headers={"kid": SIGNING_KEY["kid"]})


def minted(at: datetime = START, service: str = "consent") -> str:
    """A token as the gateway makes them."""
    return InternalTokens(SIGNING_KEY, TurnableClock(at)).mint(SCHOOL, service)


NOT_GOOD: dict[str, Callable[[], str | None]] = {
    "none": lambda: None,
    "empty": lambda: "",
    "no scheme": lambda: signed(),
    "another scheme": lambda: f"Basic {signed()}",
    "no token": lambda: "Bearer ",
    "two tokens": lambda: f"Bearer {signed()} {signed()}",
    "for the case service": lambda: (
        f"Bearer {InternalTokens(SIGNING_KEY, TurnableClock()).mint(SCHOOL, 'case')}"
    ),
    "for the assessment service": lambda: f"Bearer {signed(aud='assessment')}",
    "for the gateway": lambda: f"Bearer {signed(aud='teamaround')}",
    "for several": lambda: f"Bearer {signed(aud=['case', 'assessment'])}",
    "for nobody": lambda: f"Bearer {signed(aud=None)}",
    "by another issuer": lambda: f"Bearer {signed(iss='https://id.example.org')}",
    "by another key of the same name": lambda: f"Bearer {signed(new_signing_key('tests'))}",
    "by an unknown key": lambda: f"Bearer {signed(new_signing_key('another'))}",
    "with its own key": lambda: f"Bearer {signed(headers={'jwk': {}})}",
    "unsigned": lambda: f"Bearer {unsigned()}",
    "signed with the public key": lambda: f"Bearer {with_the_public_key_as_secret()}",
    "expired": lambda: f"Bearer {minted(START - timedelta(seconds=61))}",
    "never expiring": lambda: f"Bearer {signed(exp=None)}",
    "of the future": lambda: f"Bearer {signed(iat=NOW + 60, exp=NOW + 120)}",
    "of no subject": lambda: f"Bearer {signed(sub=None)}",
    "of no agency": lambda: f"Bearer {signed(agency=None)}",
    "of no role": lambda: f"Bearer {signed(role=None)}",
    "of a role that is no text": lambda: f"Bearer {signed(role=['practitioner', 'coordinator'])}",
    "changed": lambda: f"Bearer {signed()[:-4]}AAAA",
}


async def test_every_route_refuses_every_token_that_is_not_good_with_the_same_401(
    service: ConsentService,
) -> None:
    found = operations(service)
    assert len(found) == OPERATIONS, found
    before, answers, asked = service.rows(), set[tuple[int, bytes]](), 0
    for method, path in found:
        for kind, make in NOT_GOOD.items():
            authorization = make()
            headers = {DEADLINE_HEADER: "1.0", "content-type": "application/json"}
            if authorization is not None:
                headers["authorization"] = authorization
            reply = await service.transport.send(method, path, headers, b"{}")
            assert reply.status == 401, (method, path, kind)
            answers.add((reply.status, reply.body))
            asked += 1
    assert asked == OPERATIONS * len(NOT_GOOD) >= 14 * 25
    assert len(answers) == 1
    assert service.rows() == before
    # And a good one is let in.
    for good in (signed(), minted(), minted(START - timedelta(seconds=59))):
        reply = await service.send("GET", "/agencies", headers={"authorization": f"Bearer {good}"})
        assert reply.status == 200


async def test_a_gateway_that_waits_longer_or_does_not_say_is_refused_everywhere(
    service: ConsentService,
) -> None:
    before, asked = service.rows(), 0
    wrong = ("1.000001", "2", "60", "inf", "nan", "0", "-1", "1e999", "soon", "", "1,0")
    for method, path in operations(service):
        for deadline in wrong:
            reply = await service.send(method, path, {}, headers={DEADLINE_HEADER: deadline})
            assert reply.status == 503, (method, path, deadline)
            assert reply.json()["type"] == "urn:teamaround:problem:unavailable"
            asked += 1
        headers = {"authorization": f"Bearer {signed()}", "content-type": "application/json"}
        reply = await service.transport.send(method, path, headers, b"{}")
        assert reply.status == 503, (method, path)
        asked += 1
    assert asked == OPERATIONS * 12
    assert (service.rows(), service.slept) == (before, [])
    for good in ("1", "1.0", "0.25", "1e-3"):
        reply = await service.send("GET", "/agencies", headers={DEADLINE_HEADER: good})
        assert reply.status == 200, good


async def test_who_is_not_let_in_is_not_told_about_deadlines(service: ConsentService) -> None:
    reply = await service.transport.send("GET", "/agencies", {DEADLINE_HEADER: "60"}, b"")
    assert reply.status == 401


async def drive_explanations(drive: Callable[..., Any], case: str) -> None:
    """Every question about a decision."""
    plan = a_case(case, a_label("hill-school", "plan"))
    asked = {"purpose": "support", "reason": None, "case": plan}
    about = {**asked, "roster": TEAM}
    await drive("POST", "/explanations/requester", asked)
    await drive("POST", "/explanations/officer", {**about, "about": {}}, SCHOOL_OFFICER)
    await drive("POST", "/explanations/receipts", {"receipt": case}, SCHOOL_OFFICER)
    await drive("POST", "/who-can-see", {**about, "present": [0]})
    await drive("POST", "/seen-by", {**asked, "agency": "city-housing", "role": "practitioner"})
    sheet = {**about, "owners": ["hill-school"]}
    await drive("POST", "/family-sheet/who-can-see", sheet, IDA)
    await drive("POST", "/rooms", {**about, "parts": [{"label": 0, "present": [0]}]})
    supposed = {"kind": "move_clock", "to": "2032-01-01T00:00:00Z"}
    await drive("POST", "/what-if", {**about, "changes": [supposed]}, SCHOOL_OFFICER)


async def drive_policies(drive: Callable[..., Any]) -> None:
    """A draft's way to a publication, and back."""
    await drive("GET", "/policies")
    policy = await drive("GET", "/policies/{version}", version="1")
    await drive("GET", "/policies/{version}/matrix", version="1")
    await drive("GET", "/policies/{version}/roles-shown-nothing", version="1")
    await drive("GET", "/policies/{version}/differences/{other}", version="1", other="1")
    new = {"from_version": 1, "why": "To try"}
    draft = (await drive("POST", "/policies/drafts", new, SCHOOL_OFFICER))["id"]
    await drive("GET", "/policies/drafts")
    changes = {"why": "To try", "document": policy["document"], "goldens": policy["goldens"]}
    content = {"changes": changes, "if_match": '"1"'}
    await drive("PUT", "/policies/drafts/{draft}", content, SCHOOL_OFFICER, draft=draft)
    path = "/policies/drafts/{draft}/simulations"
    simulation = (await drive("POST", path, {}, SCHOOL_OFFICER, draft=draft))["id"]
    page: Any = {"after": None, "next": None, "cases": []}
    path = f"{path}/{{simulation}}"
    await drive("POST", f"{path}/pages", page, SCHOOL_OFFICER, draft=draft, simulation=simulation)
    done = await drive("GET", path, draft=draft, simulation=simulation)
    wanted = {"digest": done["digest"]}
    await drive("POST", "/policies/drafts/{draft}/approval", wanted, HOUSING_OFFICER, draft=draft)
    assert (await drive("GET", "/policies/drafts/{draft}", draft=draft))["approval"] is not None
    wanted["published_from"] = "2031-04-01T00:00:00Z"
    await drive("POST", "/policies/drafts/{draft}/publication", wanted, SCHOOL_OFFICER, draft=draft)
    second = (await drive("POST", "/policies/drafts", new, SCHOOL_OFFICER))["id"]
    await drive("DELETE", "/policies/drafts/{draft}", None, SCHOOL_OFFICER, draft=second)
    back = {"why": "To go back"}
    await drive("POST", "/policies/{version}/restoration", back, SCHOOL_OFFICER, version="1")


async def test_every_route_is_reached_by_the_tests_of_this_folder(service: ConsentService) -> None:
    """The paths that the gateway calls exist, and no other: each is driven here to a good answer once."""
    case, driven = fresh_case(), set[tuple[str, str]]()

    async def drive(method: str, template: str, body: Any = None, who: Any = SCHOOL, **ids: str) -> Any:
        driven.add((method, template))
        return await service.call(who, method, template.format(case=case, **ids), body)

    await drive("POST", "/agencies", {"code": "new", "name": "New", "kind": "health"}, SCHOOL_OFFICER)
    await drive("GET", "/agencies")
    gone = {"user": "gone", "reason": "Left"}
    await drive("POST", "/suspensions", gone, SCHOOL_OFFICER)
    await drive("GET", "/suspensions", None, SCHOOL_OFFICER)
    await drive("POST", "/suspensions/lifting", gone, SCHOOL_OFFICER)
    await drive("GET", "/policies/purposes")
    made = new_id()
    code = {"id": made, "person": MOTHER, "people": [CHILD, MOTHER], "code": "0" * 64}
    await drive("POST", "/cases/{case}/family-codes", code)
    await drive("POST", "/family-codes/whose", {"digest": "0" * 64})
    team = [{"user": SCHOOL.user, "agency": SCHOOL.agency}]
    await drive("POST", "/family-codes/{code}/redemption", {"visit": "1" * 64, "team": team}, code=made)
    await drive("POST", "/family-visits/whose", {"digest": "1" * 64})
    agreement = (await drive("POST", "/agreements", an_agreement(), SCHOOL_OFFICER))["id"]
    await drive("GET", "/agreements")
    await drive("POST", "/agreements/{agreement}/ending", None, SCHOOL_OFFICER, agreement=agreement)
    content: Any = {"consent": a_share(), "family": family()}
    consent = (await drive("POST", "/cases/{case}/consents", content))["id"]
    await drive("POST", "/cases/{case}/consents/conversations", {"answers": [content]})
    asked = {name: a_share()[name] for name in ("subject", "giver", "capacity")}
    await drive("POST", "/consents/check", {"case": case, "asked": asked, "family": family()})
    await drive("POST", "/cases/{case}/consents/list", reader())
    content = {"withdrawal": {"withdrawn_by": a_share()["giver"]}, "reader": reader("lead")}
    await drive("POST", "/cases/{case}/consents/{consent}/withdrawal", content, consent=consent)
    content = {"exclusion": an_exclusion(), "family": family()}
    exclusion = (await drive("POST", "/cases/{case}/exclusions", content))["id"]
    await drive("POST", "/cases/{case}/exclusions/list", reader())
    content = {"lifting": a_lifting(), "reader": reader("lead")}
    await drive("POST", "/cases/{case}/exclusions/{exclusion}/lifting", content, exclusion=exclusion)
    await drive_policies(drive)
    stopping = {
        "kind": "other",
        "agencies": ["city-housing"],
        "categories": ["health"],
        "legal_reference": "None",
        "custodian": {"name": "Duty", "telephone": "01632 960200", "agency": "hill-school"},
        "review_on": "2031-09-01",
        "reason": "Related to the family",
    }
    people = [a_share()["subject"]]
    content = {"bar": stopping, "people": people}
    bar = (await drive("POST", "/cases/{case}/bars", content, SCHOOL_OFFICER))["id"]
    await drive("POST", "/bars/list", {"people": people}, SCHOOL_OFFICER)
    await drive("GET", "/bars", None, SCHOOL_OFFICER)
    content = {"review": {"review_on": "2031-10-01"}, "people": people}
    await drive("POST", "/cases/{case}/bars/{bar}/review", content, SCHOOL_OFFICER, bar=bar)
    content = {"lifting": {"reason": "Moved away"}, "people": people}
    await drive("POST", "/cases/{case}/bars/{bar}/lifting", content, SCHOOL_OFFICER, bar=bar)
    content = {
        "action": "read",
        "purpose": "support",
        "cases": [a_case(case, a_label("hill-school", "plan"))],
    }
    await drive("POST", "/decisions", content, HOUSING)
    content = {
        "kind": "case",
        "target": case,
        "purpose": "oversight",
        "reason": None,
        "after": None,
        "limit": 5,
    }
    await drive("POST", "/disclosures", content, SCHOOL_OFFICER)
    await _drive_who_may_say_yes(service, case, consent, drive)
    await drive("POST", "/ledger/checkpoints", None, SCHOOL_OFFICER)
    await drive("GET", "/ledger/keys")
    await drive("GET", "/office", None, SCHOOL_OFFICER)
    await drive("POST", "/ledger/verification", {}, SCHOOL_OFFICER)
    await _drive_overrides(service, drive, case)
    await _drive_holds(service, drive)
    await _drive_the_two_keys(drive, case)
    await _drive_the_ledger_of_refusals(drive, case)
    await drive_explanations(drive, case)
    assert driven == set(inner_operations(service.app))
    assert len(driven) == OPERATIONS


async def _drive_holds(service: ConsentService, drive: Any) -> None:
    search = {"purpose": "oversight", "reason": None, "after": None, "limit": 5}
    await drive("POST", "/ledger/search", search, SCHOOL_OFFICER)
    receipt = service.receipts()[0]["id"]
    officer = replace(SCHOOL_OFFICER, agency=service.receipts()[0]["agency"])
    second = replace(officer, user="second")
    content = {"reason": "It locates", "review_on": "2031-04-01"}
    hold = (await drive("POST", "/receipts/{receipt}/holds", content, officer, receipt=receipt))["id"]
    place = {"receipt": receipt, "hold": hold}
    await drive("POST", "/holds/list", {"overdue": False, "after": None, "limit": 5}, officer)
    await drive("POST", "/receipts/{receipt}/holds/{hold}/confirmation", None, second, **place)
    third = replace(officer, user="third")
    await drive("POST", "/receipts/{receipt}/holds/{hold}/review", content, third, **place)
    await drive("POST", "/receipts/{receipt}/holds/{hold}/ending", {"reason": "Over"}, officer, **place)


async def _drive_overrides(service: ConsentService, drive: Any, case: str) -> None:
    guard = Caller("sal", "Sal Guard", "childrens-services", "safeguarding_lead")
    manager = Caller("max", "Max Dale", "childrens-services", "team_manager")
    officer = Caller("io", "Io Dale", "childrens-services", "information_officer")
    asked = {"asked": {"purpose": "support", "reason": None}}
    listing = {"ask": {"action": "list", "purpose": "support", "cases": [a_case(case)]}, "owned": {}}
    new = {
        "lawful_basis": "section_47_enquiry", "reference": "x", "reason": "A report",
        "recipients": {"agencies": ["childrens-services"]}, "categories": ["learning"],
        "purposes": ["support"], "level": "full", "valid_until": "2031-03-10T00:00:00Z",
    }  # fmt: skip
    recorded = await drive("POST", "/cases/{case}/overrides", {"override": new, "subjects": [CHILD]}, guard)
    override = {"override": recorded["id"]}
    await drive("POST", "/cases/{case}/overrides/list", listing, guard)
    await drive("POST", "/overrides/own", None, guard)
    await drive("GET", "/lawful-bases", None, guard)
    await drive("POST", "/cases/{case}/overrides/{override}/confirmation", asked, manager, **override)
    review = {"review": {"family_may_be_told": True, "reason": "He has been interviewed."}, **asked}
    await drive("POST", "/cases/{case}/overrides/{override}/telling", review, officer, **override)
    ending = {"ending": {"reason": "Over"}, **asked}
    await drive("POST", "/cases/{case}/overrides/{override}/ending", ending, manager, **override)
    one = {"case": case, "subjects": [CHILD], "lead": None}
    broken = {"cases": [one], "user": "sal", "reason": "Missing"}
    opened = (await drive("POST", "/break-glass", broken, guard))["break_glass"][0]["id"]
    await drive("POST", "/cases/{case}/break-glass/list", listing, guard)
    # In the same second there is no more time to be had, and so a later one renews it.
    renewal = "/cases/{case}/break-glass/{override}/renewal"
    service.clock.turn(minutes=1)
    await drive("POST", renewal, None, guard, override=opened)
    review = {"review": {"finding": "justified", "note": "Yes"}, **asked}
    await drive("POST", "/cases/{case}/break-glass/{override}/review", review, officer, override=opened)
    ask = {"purpose": "support", "reason": None, "after": None, "limit": 5}
    await drive("POST", "/alerts", ask, officer)


async def _drive_the_ledger_of_refusals(drive: Any, case: str) -> None:
    refusal = {
        "deed": "record_permission", "purpose": "support", "reason": None, "cases": [case], "people": [],
        "known": [case],
    }  # fmt: skip
    await drive("POST", "/refusals", refusal, HOUSING)


async def _drive_the_two_keys(drive: Any, case: str) -> None:
    asked: Any = {"sharing_request": asking(), "reaches_owner": True}
    request = (await drive("POST", "/cases/{case}/sharing-requests", asked, HOUSING))["id"]
    await drive("POST", "/cases/{case}/sharing-requests/list", reader(), HOUSING)
    path = "/cases/{case}/sharing-requests/{request}"
    released = {"answer": {"answer": "released", "reason": "It may help."}}
    await drive("POST", f"{path}/owner-answer", released, SCHOOL_MANAGER, request=request)
    await drive("POST", f"{path}/family-answer", family_content(), request=request)
    by_details = {
        **asking(),
        "person": {"name": "Kit Vale", "date_of_birth": "2019-05-14"},
        "reference": "17",
    }
    del by_details["subject"]
    asked = {
        "sharing_request": by_details, "case": case, "subject": asking()["subject"], "reaches_owner": True,
    }  # fmt: skip
    request = (await drive("POST", "/sharing-requests", asked, HOUSING))["id"]
    await drive("GET", "/sharing-requests/people", None, SCHOOL_MANAGER)
    await drive("POST", "/sharing-requests/list", reader(), SCHOOL_MANAGER)
    path = "/sharing-requests/{request}/owner-answer"
    await drive("POST", path, released, SCHOOL_MANAGER, request=request)
    release = (await drive("POST", "/cases/{case}/releases", a_release(), SCHOOL_MANAGER))["id"]
    await drive("POST", "/cases/{case}/releases/list", reader(), SCHOOL_MANAGER)
    path = "/cases/{case}/releases/{release}/ending"
    await drive("POST", path, {"reason": "Over"}, SCHOOL_MANAGER, release=release)
    decision = (await drive("POST", "/cases/{case}/non-disclosures", a_decision()))["id"]
    await drive("POST", "/cases/{case}/non-disclosures/list", reader())
    path = "/cases/{case}/non-disclosures/{decision}/confirmation"
    await drive("POST", path, None, SCHOOL_LEAD, decision=decision)


async def _drive_who_may_say_yes(service: ConsentService, case: str, consent: str, drive: Any) -> None:
    power = (await drive("POST", "/cases/{case}/authorities", an_authority()))["id"]
    await drive("POST", "/cases/{case}/authorities/list", reader())
    content: Any = {"ending": {"reason": "Revoked"}, "reader": reader("lead")}
    await drive("POST", "/cases/{case}/authorities/{authority}/ending", content, authority=power)
    await service.consent(case, taking_part())
    heard = {"kind": "take_part", "subject": CHILD, "withdrawn_by": MOTHER}
    await drive("POST", "/cases/{case}/consents/withdrawals", heard)
    content = {"subjects": [], "answers_questions": True}
    await drive("POST", "/taking-part/answered", {"cases": [case]})
    asked = (await drive("POST", "/cases/{case}/taking-part", content))["questions"][0]["id"]
    content = {"answer": {"somebody_at_risk": False, "considered": "All are well."}}
    await drive("POST", "/cases/{case}/taking-part/{question}/risk-answer", content, question=asked)
    await service.consent(case, a_share())
    await service.consent(case, a_share(answer="refused", giver=FATHER, valid_until=None))
    found = (await drive("POST", "/cases/{case}/conflicts/list", reader("lead")))[0]["id"]
    ask = {"action": "list", "purpose": "oversight", "cases": [a_case(case)]}
    of_office = {"ask": ask, "owned": {}, "reader": reader("none")}
    await drive("POST", "/cases/{case}/conflicts/of-office/list", of_office)
    content = {"decision": {"upholds": "permission", "reason": "Heard."}, "reader": reader("lead")}
    await drive("POST", "/cases/{case}/conflicts/{conflict}/decision", content, conflict=found)
    # In another case, where the family still takes part.
    learning = a_label("hill-school", "learning", entries=["e"])
    await service.decide(HOUSING, a_case(fresh_case(), learning))
    await service.call(SCHOOL, "POST", f"/cases/{case}/consents/withdrawals", {**heard, "kind": "share"})
    content = {"reader": reader("lead")}
    await drive("POST", "/cases/{case}/consents/{consent}/disclosures", content, consent=consent)
    await drive("POST", "/consents/expiring", {"cases": {case: reader("lead")}})
    page = {"purpose": "support", "reason": None, "after": None, "limit": 5}
    told = (await drive("POST", "/messages/list", page, HOUSING))["messages"][0]["id"]
    await drive("POST", "/messages/{message}/answer", {"answer": {"keeps": False}}, HOUSING, message=told)

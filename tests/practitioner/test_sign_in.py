"""Signing in: the token stays on the server, and nothing opens without it."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import cast
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from fastapi.routing import APIRoute

from clients.practitioner.app import create_app
from deploy.demo_people import DemoUser
from tests.practitioner.browser import COOKIE, PAGES, Desk, Site
from tests.practitioner.test_family import given_code
from tests.support.gateway import ISSUER

pytestmark = pytest.mark.anyio
OPEN_TO_ALL = {"/", "/sign-in", "/sign-in/return", "/sign-out", "/healthz", "/readyz", "/metrics"}
FOR_FAMILIES = {"/family", "/family/code/{code}"}
"""Where somebody comes in by a code; the rest of the family's pages send there."""


async def test_every_page_but_the_first_asks_who_is_there(desk: Desk) -> None:
    pages = [
        (method, route.path)
        for route in desk.app.routes
        if isinstance(route, APIRoute)
        and route.path not in OPEN_TO_ALL | FOR_FAMILIES
        and "/static/" not in route.path
        for method in route.methods or ()
    ]
    assert len(pages) >= 16
    for method, path in pages:
        ids = dict.fromkeys(re.findall(r"\{(\w+)\}", path), desk.home.house.case)
        page = await desk.browser().ask(method, path.format(**ids), follow=False)
        assert page.status == 303, (method, path)
        there = "/family" if path.startswith("/family/") else "/sign-in?to=%2F"
        assert page.headers["location"].startswith(there), (method, path)


async def test_whoever_signs_in_comes_back_to_the_page_that_they_asked_for(desk: Desk) -> None:
    browser = desk.browser()
    page = await browser.ask("GET", f"/cases/{desk.home.house.case}", follow=False)
    page = await browser.get(page.headers["location"] + "&user=sam.okafor")
    assert page.address == f"/cases/{desk.home.house.case}"
    assert page.status == 200


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "evil"])
async def test_nobody_is_sent_to_another_site_after_signing_in(desk: Desk, elsewhere: str) -> None:
    page = await desk.browser().get(f"/sign-in?user=sam.okafor&to={elsewhere}")
    assert (page.address, page.heading) == ("/", "My cases")


async def test_the_token_is_in_no_cookie_and_on_no_page(desk: Desk) -> None:
    browser = desk.browser()
    page = await browser.sign_in("sam.okafor")
    token = desk.home.world.token("sam.okafor").split(".")[0]
    assert token not in page.html
    assert not any(token in value for value in browser.cookies.values())
    page = await desk.browser().ask("GET", "/", follow=False)
    cookie = page.headers["set-cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=lax", "Path=/"))


async def test_where_pages_are_reached_by_https_no_cookie_travels_without_it(desk: Desk) -> None:
    """Of a stranger, of somebody who signs in, and of a family that comes by a code."""
    code = await given_code(desk)
    set_over: dict[str, list[str]] = {}
    for scheme in ("http", "https"):
        settings = replace(desk.app.state.parts.settings, public_url=f"{scheme}://127.0.0.1:8000")
        app = create_app(settings, desk.line, issuer=desk.issuer, clock=desk.home.world.clock)
        browser = Site(app, desk.issuer, desk.line).browser()
        page = await browser.sign_in("sam.okafor")
        assert page.heading == "My cases"
        await browser.send(page, "/sign-out")
        family = Site(app, desk.issuer, desk.line).browser()
        await family.send(await family.get("/family"), "/family", code=code if scheme == "https" else "ABC")
        set_over[scheme] = [*browser.cookies_set, *family.cookies_set]
    for scheme, least in (("http", 4), ("https", 5)):
        given = [line for line in set_over[scheme] if "Max-Age=0" not in line]
        assert len(given) >= least
        for line in given:
            words = set(line.split("; "))
            assert words >= {"HttpOnly", "SameSite=lax", "Path=/"}, line
            assert ("Secure" in words) == (scheme == "https"), line
            assert not any(word.startswith("Domain") for word in words), line


async def test_a_session_known_from_before_signing_in_opens_nothing(desk: Desk) -> None:
    browser = desk.browser()
    await browser.get("/")
    before = browser.cookies[COOKIE]
    await browser.sign_in("sam.okafor")
    assert browser.cookies[COOKIE] != before
    old = desk.browser()
    old.cookies = {COOKIE: before}
    assert (await old.get("/")).heading == "One team around a child or a family"


async def test_a_code_that_the_issuer_did_not_give_signs_nobody_in(desk: Desk) -> None:
    browser = desk.browser()
    page = await browser.ask("GET", "/sign-in?user=sam.okafor", follow=False)
    asked = parse_qs(urlsplit(page.headers["location"]).query)
    assert page.headers["location"].startswith(f"{ISSUER}/authorize?")
    assert asked["code_challenge_method"] == ["S256"]
    for query in (
        f"code=made-up&state={asked['state'][0]}",
        "code=made-up&state=made-up",
        "error=access_denied",
    ):
        page = await browser.get(f"/sign-in/return?{query}")
        assert (page.status, page.heading) == (400, "You cannot be signed in right now")
    assert (await browser.get("/")).heading == "One team around a child or a family"


async def test_a_code_is_good_once(desk: Desk) -> None:
    browser = desk.browser()
    page = await browser.ask("GET", "/sign-in?user=sam.okafor", follow=False)
    page = await browser.ask("GET", page.headers["location"], follow=False)
    returned = page.headers["location"].removeprefix(PAGES)
    assert (await browser.get(returned)).heading == "My cases"
    assert (await browser.get(returned)).status == 400


async def test_whoever_signs_out_is_out(desk: Desk) -> None:
    browser = await desk.signed_in("sam.okafor")
    kept = dict(browser.cookies)
    page = await browser.get("/")
    page = await browser.send(page, "/sign-out")
    assert page.heading == "One team around a child or a family"
    browser.cookies = kept
    assert (await browser.get("/")).heading == "One team around a child or a family"


async def test_signing_out_ends_the_session_at_the_issuer_too_and_comes_back(desk: Desk) -> None:
    """Fails when an issuer that knows its user's browser lets whoever comes next straight in again."""
    browser = await desk.signed_in("sam.okafor")
    page = await browser.get("/")
    answer = await browser.ask("POST", "/sign-out", page.filled_in("/sign-out"), follow=False)
    where = urlsplit(answer.headers["location"])
    assert f"{where.scheme}://{where.netloc}{where.path}" == f"{ISSUER}/end-session"
    assert parse_qs(where.query) == {"client_id": ["practitioner"], "post_logout_redirect_uri": [f"{PAGES}/"]}
    assert f"form-action 'self' {where.scheme}://{where.netloc};" in page.headers["content-security-policy"]
    back = await browser.ask("GET", answer.headers["location"], follow=False)
    assert (back.status, back.headers["location"]) == (303, f"{PAGES}/")
    assert (await browser.get("/")).heading == "One team around a child or a family"


@pytest.mark.parametrize("offered", [None, "https://elsewhere.example/logout", 7])
async def test_where_the_issuer_offers_no_end_of_its_own_the_session_here_ends_all_the_same(
    desk: Desk, offered: object
) -> None:
    metadata = await desk.app.state.oidc.load_server_metadata()
    before = metadata["end_session_endpoint"]
    metadata["end_session_endpoint"] = offered
    try:
        browser = await desk.signed_in("sam.okafor")
        kept, page = dict(browser.cookies), await browser.get("/")
        answer = await browser.ask("POST", "/sign-out", page.filled_in("/sign-out"), follow=False)
        assert (answer.status, answer.headers["location"]) == (303, "/")
        browser.cookies = kept
        assert (await browser.get("/")).heading == "One team around a child or a family"
    finally:
        metadata["end_session_endpoint"] = before


@pytest.mark.parametrize("back", ["", "https://elsewhere.example/", "//elsewhere.example/"])
async def test_the_development_issuer_sends_nobody_elsewhere_after_they_signed_out(
    desk: Desk, back: str
) -> None:
    asked = urlencode({"client_id": "practitioner", "post_logout_redirect_uri": back})
    answer = await desk.browser().ask("GET", f"{ISSUER}/end-session?{asked}", follow=False)
    assert (answer.status, answer.heading) == (200, "Signed out")


async def test_whoever_signs_out_after_they_were_away_is_out_and_not_signed_in_again(desk: Desk) -> None:
    """An issuer that remembers them would let whoever sits there now straight in."""
    browser = await desk.signed_in("sam.okafor")
    kept, page = dict(browser.cookies), await browser.get("/")
    desk.home.world.clock.now += timedelta(minutes=20)
    answer = await browser.ask("POST", "/sign-out", page.filled_in("/sign-out"), follow=False)
    assert answer.status == 303
    assert answer.headers["location"].startswith(f"{ISSUER}/end-session?")
    browser.cookies = kept
    page = await browser.ask("GET", "/sign-in", follow=False)
    assert "prompt" not in parse_qs(urlsplit(page.headers["location"]).query), (
        "whose session it was is forgotten"
    )


async def test_no_other_site_signs_anybody_out(desk: Desk) -> None:
    browser = await desk.signed_in("sam.okafor")
    assert (await browser.ask("POST", "/sign-out", {"csrf": "made-up"})).status == 403
    assert (await browser.get("/")).heading == "My cases"
    assert (await desk.browser().ask("POST", "/sign-out")).heading == "One team around a child or a family"


async def test_whoever_was_away_is_asked_by_the_issuer_who_they_are(desk: Desk) -> None:
    """Whoever sits there now may be another, for whom an issuer that knows the last one does not answer."""
    browser = await desk.signed_in("sam.okafor")
    asked = []
    for minutes in (0, 20):
        desk.home.world.clock.now += timedelta(minutes=minutes)
        page = await browser.ask("GET", "/sign-in", follow=False)
        asked.append(parse_qs(urlsplit(page.headers["location"]).query).get("prompt"))
    assert asked == [None, ["login"]]


async def test_whom_the_gateway_does_not_take_is_told_so_and_not_sent_round_and_round(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signed in by the issuer, with a token that says of no role: asking it again would give the same."""
    users = cast(dict[str, DemoUser], desk.home.world.issuer.users)
    monkeypatch.setitem(users, "nora.none", DemoUser("nora.none", "Nora None", "Nurse", memberships=()))
    page = await desk.browser().sign_in("nora.none")
    assert (page.status, page.heading) == (400, "You cannot be signed in right now")


async def test_after_a_quarter_of_an_hour_away_somebody_must_sign_in_again(desk: Desk) -> None:
    browser = await desk.signed_in("sam.okafor")
    clock = desk.home.world.clock
    clock.now += timedelta(minutes=14, seconds=59)
    assert (await browser.get("/")).heading == "My cases"
    clock.now += timedelta(minutes=15)
    page = await browser.ask("GET", "/people/find", follow=False)
    assert page.headers["location"] == "/sign-in?to=%2Fpeople%2Ffind"

"""A demo partnership in which every page of the app has something to show, and where each is found."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI
from starlette.routing import Match

from clients.practitioner.app import create_app
from clients.practitioner.presenters.asking import WHO_FIELDS
from clients.practitioner.settings import PractitionerSettings
from deploy.embedded import SEEDED, SEEDED_FIRST
from deploy.stories.steps import agree_to_take_part, record_parent
from shared.clock import rfc3339, utc_now
from shared.upstream import InProcess
from tests.gateway.areas.bars import a_bar
from tests.practitioner.browser import PAGES, Browser, Page
from tests.practitioner.demo import DemoSite, running_demo, tell_the_stories
from tests.practitioner.walking import filled_in, walking
from tests.support.gateway import ISSUER

Addresses = dict[tuple[str, str], str]
"""Of a user's page by its route."""
CASE = "/cases/{case}"
LEAD, SCHOOL, HOUSING, SOCIAL_WORKER = "sam.okafor", "nadia.bell", "hana.novak", "lena.fox"
CHILDRENS_WORKER = "moira.flynn"
ASKED, MANAGER, ASKED_TO_SHARE = "meg.lloyd", "liz.hart", "bea.holm"
COORDINATOR, SCRUTINEER = "paul.ensor", "rita.shaw"
CHARITY, VOLUNTEER = "ola.strand", "ben.carver"
SAFEGUARDING_LEAD = "dev.patel"
OFFICER, CHECKS, PARTNERSHIP = "tom.ashby", "ines.dale", "una.price"
_NEW, _ASSESSMENT = f"{CASE}/permissions/new", f"{CASE}/assessments/{{assessment}}"
MADE_AFTERWARDS = frozenset(
    {
        _NEW,
        *(f"{_NEW}/{step}" for step in ("who", "what", "whom", "check")),
        f"{_ASSESSMENT}/print",
        f"{_ASSESSMENT}/about/{{section}}/{{kind}}",
        f"{CASE}/exclusions/{{exclusion}}/lifting",
        f"{CASE}/meetings/{{meeting}}/cancellation",
        f"{CASE}/nominations/{{nomination}}/objection",
        f"{CASE}/permissions/{{consent}}/withdrawn",
        f"{CASE}/permissions/{{consent}}/left",
        f"{CASE}/closure",
        f"{CASE}/reopening",
        f"{CASE}/risk",
        f"{CASE}/risk/{{question}}",
        f"{CASE}/conflicts/{{conflict}}",
        "/messages/{message}",
        "/ledger/receipts/{receipt}/hold",
        "/ledger/held-back/{hold}",
    }
)
"""What no walk finds: links for paper, questions with one answer, and what comes of doing something."""
_NOT_OF_PARENTS = (*WHO_FIELDS[3:],)
_PARTS = ("day", "month", "year")
_NOT_EXPECTED = {f"expected_date_of_delivery__{part}": "" for part in _PARTS}
_HELD_ON = [f"held_on__{part}" for part in _PARTS]


def route_of(app: FastAPI, address: str) -> str:
    """The route that answers an address."""
    asked = {"type": "http", "method": "GET", "path": address.partition("?")[0], "headers": []}
    return next(str(route.path) for route in app.routes if route.matches(asked)[0] == Match.FULL)  # type: ignore[attr-defined]


def bare_app(folder: Path) -> FastAPI:
    """The app for its routes alone: it has nobody to ask."""
    settings = PractitionerSettings(
        database_url=f"sqlite:///{folder / 'practitioner'}.sqlite3",
        public_url=PAGES,
        oidc_issuer=ISSUER,
        oidc_client_id="practitioner",
        oidc_client_secret="for tests",
        session_key=b"k" * 32,
    )
    return create_app(settings, InProcess(FastAPI()))


def page_routes(app: FastAPI) -> set[str]:
    """Every route that is asked for with GET."""
    return {route.path for route in app.routes if "GET" in (getattr(route, "methods", None) or ())}  # type: ignore[attr-defined]


async def told_in(folder: Path, wanted: Mapping[str, Collection[str]]) -> Addresses:
    """Tell the stories in a folder for ``deploy.embedded``, do what they leave out, and walk as each user
    until their ``wanted`` routes are found, or there is nothing more."""
    await tell_the_stories(folder)
    async with running_demo(folder) as site:
        made = Making(site)
        case = await made.all()
        for user, routes in wanted.items():
            await made.walked(user, set(routes) - MADE_AFTERWARDS)
        await made.after_walking(case)
    for name in (SEEDED, SEEDED_FIRST):
        (folder / name).write_text("Told.\n", encoding="utf-8")
    return made.found


class Making:
    """What the stories leave out, done from the pages."""

    def __init__(self, site: DemoSite) -> None:
        self.site = site
        self.found: Addresses = {}
        self.ahead: list[tuple[str, str]] = []
        """Pages that no link leads to for somebody: those that are come by with a number or a form."""
        self._browsers: dict[str, Browser] = {}

    async def as_(self, user: str) -> Browser:
        if user not in self._browsers:
            browser = self._browsers[user] = await self.site.signed_in(user)
            page = await browser.get("/")
            if page.address == "/acting":
                await browser.ask("POST", "/acting", filled_in(page, "/acting"))
        return self._browsers[user]

    async def done(self, user: str, address: str, /, **typed: str | list[str]) -> Page:
        """Fill in the form of a page with as much as fits, but for what is ``typed``, and send it."""
        browser = await self.as_(user)
        page = await browser.get(address)
        assert page.status == 200, f"{user} {address}: {page.status} {page.text[:300]}"
        plain = {name.replace("__", "-"): value for name, value in typed.items()}
        pairs = [pair for pair in filled_in(page, address, to_the_brim=True) if pair[0] not in plain]
        for name, value in plain.items():
            pairs.extend((name, one) for one in ([value] if isinstance(value, str) else value))
        answer = await browser.ask("POST", address, pairs)
        assert answer.status == 200, (
            f"{user} {address}: {answer.status} {answer.mistakes or answer.text[:300]}"
        )
        return answer

    async def walked(self, user: str, wanted: set[str]) -> None:
        """Note where a user's links lead to, until all that is wanted is found."""
        starts = [to for whose, to in self.ahead if whose == user]
        async for address, page in walking(await self.as_(user), *starts, "/"):
            if page.status == 200 and page.address == address.partition("?")[0]:
                route = route_of(self.site.app, address)
                self.found.setdefault((user, route), address)
                wanted.discard(route)
            if not wanted:
                return

    async def all(self) -> str:
        case = await self.case_of(LEAD, "James Mercer")
        for step in (
            self._meeting, self._plan, self._said, self._office, self._referral, self._contacts, self._flags,
            self._promises, self._money,
        ):  # fmt: skip
            await step(case)
        await self._rules()
        await self._people()
        page = await (await self.as_(LEAD)).get(f"/cases/{case}/family-code")
        james = page.soup.select("input[name=person]")[0]["value"]
        self.ahead.extend((PARTNERSHIP, f"/ledger/{of}") for of in (f"cases/{case}", f"people/{james}"))
        return case

    async def after_walking(self, case: str) -> None:
        """What walking would lead away from, or no link leads to."""
        await self._asking(case)
        refusal = self.found[HOUSING, f"{CASE}/nominations/{{nomination}}/refusal"]
        await self._at(SCHOOL, refusal.replace("/refusal", "/objection"))
        await self._said_at_an_assessment()
        await self._family()
        await self._closing()
        await self._left()

    async def _at(self, user: str, address: str) -> Page:
        page = await (await self.as_(user)).get(address)
        assert (page.status, page.address) == (200, address), f"{user} {address}: {page.status}"
        self.found[user, route_of(self.site.app, address)] = address
        return page

    async def _said_at_an_assessment(self) -> None:
        at = self.found[SOCIAL_WORKER, f"{CASE}/assessments/{{assessment}}"]
        browser = await self.as_(SOCIAL_WORKER)
        await self._at(SOCIAL_WORKER, f"{at}/print")
        sections = {to for to in (await browser.get(at)).links.values() if f"{at}/about/" in to}
        for section in sorted(sections):
            for to in (await browser.get(section)).links.values():
                if to.startswith(f"{section}/"):
                    await self._at(SOCIAL_WORKER, to)
                    return

    async def case_of(self, user: str, name: str) -> str:
        return (await (await self.as_(user)).get("/")).links[name].rpartition("/")[2]

    async def _first_case_of(self, user: str) -> str:
        links = (await (await self.as_(user)).get("/")).links.values()
        return next(to for to in links if to.startswith("/cases/")).rpartition("/")[2]

    async def _answers(self, user: str, address: str) -> str:
        """Who answers for the child on a page that asks for it: the last of those listed."""
        page = await (await self.as_(user)).get(address)
        return str(page.soup.select("input[name=giver]")[-1]["value"])

    async def _family(self) -> None:
        """Somebody is kept from seeing something, and a permission is taken back: in other cases, since what
        ends with it would be missed by all who look at James's."""
        case = await self._first_case_of(SOCIAL_WORKER)
        new = f"/cases/{case}/exclusions/new"
        await self.done(SOCIAL_WORKER, new, capacity="adult", agencies="clear-water", things="help")
        listed = await (await self.as_(SOCIAL_WORKER)).get(f"/cases/{case}/exclusions")
        await self._at(SOCIAL_WORKER, next(to for to in listed.links.values() if to.endswith("/lifting")))
        page = await self.done(
            SOCIAL_WORKER, f"/cases/{case}/meetings/new", meeting_kind="team_meeting", title="How it goes on",
            time="10:30",
        )  # fmt: skip
        asked = await (await self.as_(SOCIAL_WORKER)).get(f"/cases/{case}/family-code")
        himself = str(asked.soup.select("input[name=person]")[0]["value"])
        await self.done(SOCIAL_WORKER, f"{page.address}/family/new", person=himself)
        other = await self._first_case_of(CHARITY)
        permissions = await (await self.as_(CHARITY)).get(f"/cases/{other}/permissions")
        page = await self.done(
            CHARITY, next(to for to in permissions.links.values() if to.endswith("/withdrawal"))
        )
        self.found[CHARITY, route_of(self.site.app, page.address)] = page.address

    async def _meeting(self, case: str) -> None:
        begins = utc_now() + timedelta(hours=1)
        page = await self.done(
            LEAD, f"/cases/{case}/meetings/new", meeting_kind="team_meeting", title="Six weeks on",
            time=f"{begins:%H:%M}", starts__day=str(begins.day), starts__month=str(begins.month),
            starts__year=str(begins.year),
        )  # fmt: skip
        meeting = page.address
        page = await (await self.as_(LEAD)).get(f"{meeting}/invitations/new")
        options = [str(one["value"]) for one in page.soup.select("#member option")]
        housing = next(value for value in options if value.startswith(HOUSING))
        await self.done(LEAD, f"{meeting}/invitations/new", member=housing)
        await self.done(LEAD, f"{meeting}/agenda/new")
        page = await (await self.as_(LEAD)).get(f"{meeting}/attendance")
        there = [str(one["value"]) for one in page.soup.select("input[name=present]")]
        await self.done(LEAD, f"{meeting}/attendance", present=there)
        await self.done(LEAD, f"{meeting}/decisions/new", no_family_view_because="")
        await self.done(LEAD, f"{meeting}/pledges/new", accountable="tidewater-housing")
        self.ahead.append((LEAD, meeting))
        page = await self.done(
            LEAD, f"/cases/{case}/meetings/new", meeting_kind="team_meeting", title="Twelve weeks on",
            time="10:30",
        )  # fmt: skip
        await self._at(LEAD, f"{page.address}/cancellation")

    async def _plan(self, case: str) -> None:
        await self.done(LEAD, f"/cases/{case}/plan/goals/new", categories=[])
        lead = await self.as_(LEAD)
        team = await lead.get(f"/cases/{case}/team")
        asking = [to for words, to in team.links.items() if to.endswith("/lead") and "Hana Novak" in words]
        await self.done(LEAD, asking[0])
        self.ahead.append((HOUSING, f"/cases/{case}/team"))
        self.ahead.extend((LEAD, f"/cases/{case}/{end}") for end in ("plan", "team/left", "contacts"))
        await self.done(LEAD, "/concerns/new", recipient="harbour-social-care", not_told_because="")
        self.ahead.extend((LEAD, end) for end in ("/concerns/sent", "/people/new"))

    async def _asking(self, case: str) -> None:
        """A permission that is asked for and not yet recorded, so that each of its pages is to be seen."""
        new = f"/cases/{case}/permissions/new"
        page = await (await self.as_(LEAD)).get(new)
        mother = await self._answers(LEAD, f"{new}/who")
        page = await self.done(LEAD, f"{new}/who", giver=mother, **dict.fromkeys(_NOT_OF_PARENTS, ""))
        for step in ("what", "whom"):
            page = await self.done(LEAD, f"{new}/{step}")
        assert page.address == f"{new}/check", page.address
        for end in ("", "/who", "/what", "/whom", "/check"):
            await self._at(LEAD, f"{new}{end}")

    async def _said(self, case: str) -> None:
        """A document by which somebody answers, a permission that has ended, and a father who says no."""
        at = f"/cases/{case}"
        school, housing = [await self.site.api.sign_in(user) for user in (SCHOOL, HOUSING)]
        consents = f"/v1{at}/consents"
        given = next(
            one
            for one in (await school.get(consents))["consents"]
            if one["kind"] == "share" and one["answer"] == "given" and one["withdrawn_at"] is None
        )
        child, mother = given["subject"], given["giver"]
        await self.done(
            LEAD, f"{at}/authorities/new", subject=mother, holder=child, covers="money_work",
            **dict.fromkeys(("valid_from__day", "valid_from__month", "valid_from__year"), ""),
        )  # fmt: skip
        yes = {"reasons_explained_and_understood": True, "agrees": True}
        said = {
            "kind": "share", "subject": child, "giver": mother, "capacity": "parent", "answer": "given",
            "statement": yes, "evidence": {"form": "verbal"}, "wording_version": "2026-1",
            "recipients": ["tidewater-housing"], "categories": ["offending"], "level": "full",
            "purposes": ["support"], "valid_until": rfc3339(utc_now() + timedelta(days=90)),
        }  # fmt: skip
        ended = (await school.post(consents, said))["id"]
        await housing.get(f"/v1{at}")
        await school.post(f"{consents}/{ended}/withdrawal", {"withdrawn_by": mother})
        name = {"kind": "name", "fields": {"given_names": "Dean"}}
        father = (await school.post("/v1/people", {"details": [name]}))["id"]
        related = {
            "from_person": father, "to_person": child, "relation": "father", "lives_with": False,
            "parental_responsibility": True, "parental_responsibility_source": "birth",
        }  # fmt: skip
        await school.post(f"/v1/people/{child}/relationships", related)
        no = {"answer": "refused", "statement": yes | {"agrees": False}, "giver": father}
        scope = {name: given[name] for name in ("recipients", "categories", "purposes")}
        refusal = said | no | scope
        del refusal["valid_until"]
        await school.post(consents, refusal)
        await self._at(LEAD, f"{at}/permissions/{ended}/left")
        await self._at(LEAD, await self._linked(LEAD, f"{at}/conflicts", f"{at}/conflicts/"))
        await self._at(HOUSING, await self._linked(HOUSING, "/messages", "/messages/"))

    async def _linked(self, user: str, address: str, begins: str) -> str:
        """The first link of a page that begins so."""
        links = (await (await self.as_(user)).get(address)).links.values()
        return next(to for to in links if to.startswith(begins))

    async def _office(self, case: str) -> None:
        """A bar, for the sake of which no code lets this family in (docs/decisions/31): another family comes
        by one; and what others did without permission."""
        officer = await self.site.api.sign_in(OFFICER)
        await officer.post(f"/v1/cases/{case}/bars", a_bar())
        await self.without_permission(case)
        await self._held_back(case)
        self.ahead.append((SAFEGUARDING_LEAD, f"/office/cases/{case}/overrides/new"))
        for page in ("overrides", "break-glass"):
            self.ahead.append((CHECKS, f"/office/cases/{case}/{page}"))
        for page in ("bars", "who-can-see", "what-if", "why"):
            self.ahead.append((PARTNERSHIP, f"/office/cases/{case}/{page}"))
        self.ahead.append((PARTNERSHIP, f"/cases/{case}/who-has-looked"))

    async def without_permission(self, case: str) -> None:
        """Somebody shares because of the law, and somebody looks because of danger."""
        lead = await self.site.api.sign_in(
            SAFEGUARDING_LEAD, purpose="safeguarding", reason="A neighbour rang"
        )
        made = {
            "lawful_basis": "section_47_enquiry", "reference": "S47-9", "reason": "A neighbour rang",
            "recipients": {"agencies": ["harbour-social-care"]}, "categories": ["parenting"],
            "purposes": ["safeguarding"], "level": "full",
            "valid_until": rfc3339(utc_now() + timedelta(days=2)),
        }  # fmt: skip
        await lead.post(f"/v1/cases/{case}/overrides", made)
        worker = await self.site.api.sign_in("moira.flynn")
        await worker.post(f"/v1/cases/{case}/break-glass", {"reason": "He was seen on the bridge"})

    async def _held_back(self, case: str) -> None:
        """A look that is kept from the family for a time."""
        worker = await self.site.api.sign_in("moira.flynn")
        await worker.get(f"/v1/cases/{case}")
        looks = "/ledger?user=moira.flynn&action=read"
        receipt = await self._linked(CHECKS, looks, "/ledger/receipts/")
        await self._at(CHECKS, f"{receipt}/hold")
        await self.done(CHECKS, f"{receipt}/hold")
        await self._at(CHECKS, await self._linked(CHECKS, "/ledger/held-back", "/ledger/held-back/"))

    async def _referral(self, case: str) -> None:
        await self.done(
            LEAD, f"/cases/{case}/referrals/new", agency="clear-water", name="Meg Lloyd", user="meg.lloyd"
        )
        self.ahead.append((ASKED, "/referrals"))

    async def _flags(self, case: str) -> None:
        await self.done(LEAD, f"/cases/{case}/flags/visits/new")
        self.ahead.extend((LEAD, f"/cases/{case}/{end}") for end in ("flags", "sharing-requests", "family"))
        asked_about = await self.case_of(CHILDRENS_WORKER, "Callum Reeve")
        self.ahead.append((CHILDRENS_WORKER, f"/cases/{asked_about}/sharing-requests"))

    async def _promises(self, case: str) -> None:
        """What a service spent; what both sides promise stands in the story, not yet signed by all."""
        await self.done(LEAD, f"/cases/{case}/costs/new", amount="1,250.50", instead_amount="£40")
        self.ahead.extend((LEAD, f"/cases/{case}/{end}") for end in ("compact", "costs"))

    async def _money(self, case: str) -> None:
        """Money from a manager; something that waits for her signature, and something to be bought."""
        none = dict.fromkeys(("most_per_purchase_pence", "most_per_case_pence"), "")
        await self.done(
            MANAGER, "/budget-streams/new", total_pence="5,000", second_signature_above_pence="£100", **none
        )
        await self.done(MANAGER, f"/cases/{case}/budget/allocations/new", amount="400")
        at = f"/cases/{case}/budget"
        links = (await (await self.as_(LEAD)).get(at)).links.values()
        order = next(to for to in links if to.endswith("/purchases/new"))
        for amount in ("120", "20.50"):
            await self.done(LEAD, order, amount=amount, as_wished="yes", departed_because="")
        self.ahead.extend((user, at) for user in (LEAD, MANAGER))

    async def _contacts(self, case: str) -> None:
        """An informed no, after which somebody's own service may be let ask once more."""
        yesterday = utc_now() - timedelta(days=1)
        await self.done(
            LEAD, f"/cases/{case}/contacts/new", outcome="informed_refusal", sought_by="service",
            when__day=str(yesterday.day), when__month=str(yesterday.month), when__year=str(yesterday.year),
            time="9:30",
        )  # fmt: skip
        self.ahead.append((MANAGER, f"/cases/{case}/contacts"))

    async def _closing(self) -> None:
        """A case in which much is to be said before it is closed, and one that is closed: of others than
        James, whose case nobody is done with."""
        first, second = [await self._opened() for _ in range(2)]
        own = {"accountable": "youth-offending", "responsible_user": ""}
        await self.done(LEAD, f"{first}/plan/actions/new", **own, categories=[], subjects=[])
        planned = dict.fromkeys(_HELD_ON, "") | {"at_risk": "no"}
        await self.done(LEAD, f"{first}/reviews/new", outcome=[], categories=[], **planned)
        await self._at(LEAD, f"{first}/closure")
        await self.done(LEAD, f"{second}/closure")
        await self._at(LEAD, f"{second}/reopening")

    async def _left(self) -> None:
        """A family that took part and does so no longer: whoever is in charge is asked about it."""
        at = await self._opened()
        lead = await self.site.api.sign_in(LEAD)
        child = (await lead.get(f"/v1{at}"))["header"]["person"]["id"]
        name = {"kind": "name", "fields": {"given_names": "Ada"}}
        mother = (await lead.post("/v1/people", {"details": [name]}))["id"]
        await record_parent(lead, mother, child, "mother")
        await agree_to_take_part(lead, at.rpartition("/")[2], child, mother, "parent")
        leaves = {"kind": "take_part", "subject": child, "withdrawn_by": mother}
        await lead.post(f"/v1{at}/consents/withdrawals", leaves)
        await self._at(LEAD, f"{at}/risk")
        await self._at(LEAD, await self._linked(LEAD, f"{at}/risk", f"{at}/risk/"))

    async def _opened(self) -> str:
        page = await self.done(LEAD, "/people/new", nhs_number="", upn="", telephone="", **_NOT_EXPECTED)
        page = await self.done(LEAD, page.address, telephone="")
        return page.address.removesuffix("/assessments/new")

    async def _rules(self) -> None:
        officer = await self.as_(OFFICER)
        listed = await officer.get("/rules")
        version = next(to for to in listed.links.values() if to.startswith("/rules/versions/"))
        page = await self.done(OFFICER, f"{version.partition('?')[0]}/draft")
        self.ahead.append((OFFICER, page.address))

    async def _people(self) -> None:
        page = await self.done(LEAD, "/people/new", nhs_number="", upn="", telephone="", **_NOT_EXPECTED)
        self.ahead.append((LEAD, page.address))

"""The demo partnership in this process, told once, and copies of it in which anything may be done."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import make_url

from clients.practitioner.app import create_app
from clients.practitioner.settings import PractitionerSettings
from deploy.composition import Suite, compose
from deploy.demo_people import USERS
from deploy.identity.issuer import DevelopmentIssuer, create_issuer_app
from deploy.keys import load_or_make_secret, load_or_make_signing_key
from deploy.seed import seed_first_story, seed_officer, seed_other_stories
from deploy.stories.client import Api, ClientInProcess
from shared.clock import utc_now
from shared.migration import migrate
from shared.upstream import InProcess
from tests.practitioner.browser import PAGES, Site
from tests.practitioner.line import DoubtfulGateway
from tests.support.gateway import ISSUER, SERVICES


@dataclass
class LateClock:
    """The app's clock, which can be put forward."""

    late: timedelta = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.late


@dataclass
class DemoSite(Site):
    """The app over the demo partnership."""

    suite: Suite
    folder: Path
    api: Api
    clock: LateClock


def api_of(suite: Suite, issuer: DevelopmentIssuer) -> Api:
    """The public API of a suite, for what pages do not reach."""

    async def token_of(user: str, person: str | None) -> str:
        return issuer.token(USERS[user].for_person(person))

    return Api(ClientInProcess(InProcess(suite.gateway)), token_of)


async def _no_pause(_: float) -> None:
    """Nobody else reads meanwhile, so nothing has to be waited for."""


async def tell_the_stories(folder: Path) -> None:
    """The demo partnership, as ``make run`` has it, in a folder of databases."""
    for service in SERVICES:
        migrate(_database(folder, service), f"services.{service}")
    migrate(_database(folder, "practitioner"), "clients.practitioner")
    suite, issuer = _composed(folder)
    async with suite.running():
        await seed_first_story(suite, issuer)
        await seed_other_stories(suite, issuer)
    prompt, issuer = _composed(folder, deadline_seconds=2.0)
    async with prompt.running():
        await seed_officer(prompt, issuer)


def copied(folder: Path) -> Path:
    """The same partnership in a folder of its own, however often one is asked for."""
    fresh = tempfile.mkdtemp(dir=folder.parent)
    return Path(shutil.copytree(folder, fresh, dirs_exist_ok=True))


@asynccontextmanager
async def running_demo(folder: Path) -> AsyncIterator[DemoSite]:
    """The suite over a folder, with the app in front of it."""
    suite, issuer = _composed(folder)
    settings = PractitionerSettings(
        database_url=_database(folder, "practitioner"),
        public_url=PAGES,
        oidc_issuer=ISSUER,
        oidc_client_id="practitioner",
        oidc_client_secret="for tests",
        session_key=load_or_make_secret(folder / "keys" / "session.key"),
    )
    issuer_app = create_issuer_app(issuer)
    line, clock = DoubtfulGateway(InProcess(suite.gateway)), LateClock()
    app = create_app(settings, line, issuer=issuer_app, clock=clock)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(suite.running())
        await stack.enter_async_context(app.router.lifespan_context(app))
        yield DemoSite(app, issuer_app, line, suite, folder, api_of(suite, issuer), clock)


def _composed(folder: Path, deadline_seconds: float = 30.0) -> tuple[Suite, DevelopmentIssuer]:
    key = load_or_make_signing_key(folder / "keys" / "issuer.json", "development-issuer")
    issuer = DevelopmentIssuer(ISSUER, key, USERS, people=folder / "people.json")
    databases = {service: _database(folder, service) for service in SERVICES}
    suite = compose(folder / "keys", databases, issuer, deadline_seconds=deadline_seconds, sleep=_no_pause)
    return suite, issuer


def _database(folder: Path, name: str) -> str:
    return make_url(f"sqlite:///{folder / name}.sqlite3").render_as_string()

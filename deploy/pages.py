"""The practitioners' app of the embedded mode, in which a newcomer chooses whom to be.

``deploy.embedded`` imports this once it listens: these imports take nearly half a second (measured).
"""

from fastapi import FastAPI

from clients.practitioner.app import create_app
from clients.practitioner.settings import MadeUpUser, PractitionerSettings
from deploy.demo_people import AGENCIES, BEGIN_WITH, USERS
from deploy.embedded_app import IDENTITY_PATH
from deploy.keys import load_or_make_secret
from deploy.settings import EmbeddedSettings
from shared.upstream import InProcess


def compose_pages(settings: EmbeddedSettings, gateway: FastAPI) -> FastAPI:
    """The pages, in front of a gateway in this process and the development issuer beside it."""
    url = f"http://{settings.host}:{settings.port}"
    pages = PractitionerSettings(
        database_url=settings.pages_database_url,
        public_url=url,
        oidc_issuer=f"{url}{IDENTITY_PATH}",
        oidc_client_id="practitioner",
        oidc_client_secret="for development",
        session_key=load_or_make_secret(settings.folder / "keys" / "session.key"),
        people=introduced(),
    )
    return create_app(pages, InProcess(gateway))


def introduced() -> tuple[MadeUpUser, ...]:
    """Everybody whom a newcomer may choose to be: first those in whose eyes James's case differs most."""
    names = {agency.code: agency.name for agency in AGENCIES}
    order = (*BEGIN_WITH, *(user for user in USERS if user not in BEGIN_WITH))
    found = [USERS[user] for user in order if not USERS[user].is_system]
    return tuple(
        MadeUpUser(one.user, one.name, one.job_title, names[one.agency], BEGIN_WITH.get(one.user, ""))
        for one in found
    )

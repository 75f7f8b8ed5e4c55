"""``python -m deploy.identity``: the development issuer as a process of its own, on loopback."""

from deploy.demo_people import USERS
from deploy.identity.issuer import DevelopmentIssuer, create_issuer_app, require_loopback
from deploy.keys import load_or_make_signing_key
from deploy.settings import identity_settings
from shared.service import serve

if __name__ == "__main__":
    settings = identity_settings()
    require_loopback(settings.host)
    key = load_or_make_signing_key(settings.key_file, "development-issuer")
    url = f"http://{settings.host}:{settings.port}"
    serve(create_issuer_app(DevelopmentIssuer(url, key, USERS)), settings.host, settings.port)

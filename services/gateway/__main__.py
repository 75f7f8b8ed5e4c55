"""``python -m services.gateway`` serves the public API."""

from services.gateway.app import create_app
from services.gateway.settings import from_environment
from shared.service import serve

if __name__ == "__main__":
    settings, _ = from_environment()
    serve(create_app(), settings.host, settings.port)

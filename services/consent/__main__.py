"""``python -m services.consent`` serves; ``python -m services.consent migrate`` brings its database up to date."""

from services.consent.app import create_app
from services.consent.settings import from_environment
from shared.service import run_command

if __name__ == "__main__":
    settings = from_environment()
    run_command("services.consent", lambda: create_app(settings), settings.service)

"""``python -m services.assessment`` serves; with ``migrate`` it brings the database up to date."""

from services.assessment.app import create_app
from services.assessment.settings import from_environment
from shared.service import run_command

if __name__ == "__main__":
    run_command("services.assessment", create_app, from_environment())

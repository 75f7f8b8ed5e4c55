"""``python -m services.case`` serves; ``python -m services.case migrate`` brings its database up to date."""

from services.case.app import create_app
from services.case.settings import from_environment
from shared.service import run_command

if __name__ == "__main__":
    run_command("services.case", create_app, from_environment())

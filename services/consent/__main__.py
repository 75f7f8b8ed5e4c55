"""``python -m services.consent`` serves; with ``migrate`` it brings its database up to date.

With ``add-agency CODE KIND NAME`` it adds the first agency, whose officers then add the others.
"""

import sys

from services.consent.agencies.operations import add_first_agency
from services.consent.app import create_app
from services.consent.settings import from_environment
from shared.service import run_command

if __name__ == "__main__":
    settings = from_environment()
    if sys.argv[1:2] == ["add-agency"] and len(sys.argv) == 5:
        add_first_agency(settings.service.database_url, *sys.argv[2:])
    else:
        run_command("services.consent", lambda: create_app(settings), settings.service)

"""``python -m services.case`` serves; ``python -m services.case migrate`` brings its database up to date;
``python -m services.case clocks`` looks once at everything that falls due, and says what it raised. It may
run as often as one likes, on every replica: what was raised is not raised again.
"""

import sys

from services.case.app import create_app
from services.case.clocks.operations import run_clocks_of
from services.case.settings import from_environment
from shared.clock import utc_now
from shared.service import run_command

if __name__ == "__main__":
    settings, rules = from_environment()
    if sys.argv[1:] == ["clocks"]:
        for name, raised in run_clocks_of(settings.database_url, utc_now(), rules).items():
            print(f"{name}: {raised} new")
    else:
        run_command("services.case", lambda: create_app(settings, rules), settings)

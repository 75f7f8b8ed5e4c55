"""``python -m clients.practitioner``: the app as a process of its own; ``… migrate`` makes its two tables."""

import sys

from clients.practitioner.app import create_app
from clients.practitioner.settings import from_environment
from shared.database import migrate
from shared.service import serve
from shared.sockets import Sockets

if __name__ == "__main__":
    settings, gateway = from_environment()
    if sys.argv[1:] == ["migrate"]:
        migrate(settings.database_url, "clients.practitioner")
    else:
        serve(create_app(settings, Sockets(gateway)), settings.host, settings.port)

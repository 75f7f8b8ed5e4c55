"""``python -m clients.practitioner``: the app as a process of its own; ``… migrate`` makes its two tables."""

from clients.practitioner.app import create_app
from clients.practitioner.settings import from_environment
from shared.service import run_command
from shared.sockets import Sockets

if __name__ == "__main__":
    settings, gateway = from_environment()
    run_command("clients.practitioner", lambda: create_app(settings, Sockets(gateway)), settings)

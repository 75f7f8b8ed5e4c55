"""``python -m services.consent`` serves; with ``migrate`` it brings its database up to date.

With ``add-agency CODE KIND NAME`` it adds the first agency, whose officers then add the others; with
``checkpoint`` it prints a signed checkpoint of the ledger, for somebody else to hold; with ``verify`` it
names every broken chain of the ledger, and fails if there is one. ``verify --checkpoint FILE``, as often as
you like, also holds the ledger against checkpoints that somebody else held.
"""

import sys
from pathlib import Path

from services.consent.agencies.operations import add_first_agency
from services.consent.app import create_app
from services.consent.checkpoints.operations import checkpoint_of_database
from services.consent.settings import ConsentSettings, from_environment
from services.consent.verification.operations import verify_database
from shared.service import run_command


def verify_ledger(settings: ConsentSettings, held: list[str]) -> int:
    """Print what is broken, or how much is whole; 1 when anything is broken."""
    verified = verify_database(settings.service.database_url, settings.ledger_keys, held)
    faults = dict.fromkeys(fault for one in verified for fault in one.faults)
    for fault in faults:
        print(f"{fault.chain}: {fault.what} (place {fault.seq})")
    if faults:
        return 1
    against = f", as {len(held)} held elsewhere" if held else ""
    print(f"{verified[0].chains} chains, {verified[0].receipts} receipts: whole{against}")
    return 0


def checkpoints_named(arguments: list[str]) -> list[str]:
    """The checkpoints in the files that ``--checkpoint FILE`` names, each time."""
    options, files = arguments[::2], arguments[1::2]
    if len(options) != len(files) or set(options) - {"--checkpoint"}:
        raise SystemExit("usage: python -m services.consent verify [--checkpoint FILE]...")
    try:
        return [Path(file).read_text(encoding="ascii").strip() for file in files]
    except (OSError, UnicodeDecodeError):
        raise SystemExit("A file with a checkpoint cannot be read.") from None


if __name__ == "__main__":
    settings = from_environment()
    if sys.argv[1:2] == ["add-agency"] and len(sys.argv) == 5:
        add_first_agency(settings.service.database_url, *sys.argv[2:])
    elif sys.argv[1:2] == ["verify"]:
        sys.exit(verify_ledger(settings, checkpoints_named(sys.argv[2:])))
    elif sys.argv[1:] == ["checkpoint"]:
        print(checkpoint_of_database(settings.service.database_url, settings.ledger_key))
    else:
        run_command("services.consent", lambda: create_app(settings), settings.service)

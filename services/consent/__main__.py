"""``python -m services.consent`` serves; with ``migrate`` it brings its database up to date.

With ``add-agency CODE KIND NAME`` it adds the first agency, whose officers then add the others; with
``verify`` it names every broken chain of the ledger, and fails if there is one.
"""

import sys

from services.consent.agencies.operations import add_first_agency
from services.consent.app import create_app
from services.consent.ledger.operations import verify_database
from services.consent.settings import ConsentSettings, from_environment
from shared.service import run_command


def verify_ledger(settings: ConsentSettings) -> int:
    """Print what is broken, or how much is whole; 1 when anything is broken."""
    key = settings.ledger_key
    verified = verify_database(settings.service.database_url, {key.key_id: key})
    for fault in verified.faults:
        print(f"{fault.chain}: {fault.what} (place {fault.seq})")
    if verified.faults:
        return 1
    print(f"{verified.chains} chains, {verified.receipts} receipts: whole")
    return 0


if __name__ == "__main__":
    settings = from_environment()
    if sys.argv[1:2] == ["add-agency"] and len(sys.argv) == 5:
        add_first_agency(settings.service.database_url, *sys.argv[2:])
    elif sys.argv[1:] == ["verify"]:
        sys.exit(verify_ledger(settings))
    else:
        run_command("services.consent", lambda: create_app(settings), settings.service)

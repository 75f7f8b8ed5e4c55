"""``python -m deploy.run``: ``deploy.embedded``, started with the garbage collector out of the way, while a
process beside it migrates.

Importing makes a great many objects that stay; looking through them for cycles is a fifth of the time
(measured). The server sets the collector up as it wants it once everything is there.
"""

import gc
import subprocess
import sys

gc.disable()
_migrating = subprocess.Popen([sys.executable, "-m", "deploy.migrating"])

from deploy.embedded import start  # noqa: E402 - the whole point is to import after the two lines above
from deploy.settings import EmbeddedSettings  # noqa: E402


def _migrated(_: EmbeddedSettings) -> None:
    if _migrating.wait() != 0:
        sys.exit("The databases could not be brought to their newest schema; the lines above say why.")


if __name__ == "__main__":
    start(_migrated)

"""``python -m deploy.run``: ``deploy.embedded``, started with the garbage collector out of the way, while a
process beside it migrates.

Importing makes a great many objects that stay; looking through them for cycles is a fifth of the time
(measured). The server sets the collector up as it wants it once everything is there.
"""

import gc
import subprocess
import sys

if __name__ == "__main__":
    gc.disable()
    migrating = subprocess.Popen([sys.executable, "-m", "deploy.migrating"])

    # Imported here, because the whole point is to import after the two lines above.
    from deploy.embedded import main, settings_of_command

    settings = settings_of_command()
    if migrating.wait() != 0:
        sys.exit("The databases could not be brought to their newest schema; the lines above say why.")
    main(settings)

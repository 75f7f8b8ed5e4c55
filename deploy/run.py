"""``python -m deploy.run``: ``deploy.embedded``, started with the garbage collector out of the way.

Importing makes a great many objects that stay; looking through them for cycles is a fifth of the time
(measured). The server sets the collector up as it wants it once everything is there.
"""

import gc

gc.disable()

from deploy.embedded import start  # noqa: E402 - the whole point is to import after gc.disable()

if __name__ == "__main__":
    start()

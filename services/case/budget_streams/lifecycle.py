"""What can happen to a stream of money."""

from services.case.lifecycles import Lifecycle

STREAM = Lifecycle(
    name="A stream of money",
    initial="open",
    transitions={("open", "closing"): "closed"},
    refusals={"closed": "This stream is closed; nothing more is allocated from it."},
)

"""Bodies between the gateway and this service that no client sends."""

from shared.disclosure import Wire
from shared.records.policies import DraftChanges


class DraftToChange(Wire):
    """A changed draft, and the tag of what was changed."""

    changes: DraftChanges
    if_match: str

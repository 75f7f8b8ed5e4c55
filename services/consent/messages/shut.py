"""What of a permission is shut by something else than its withdrawal. Pure.

Where two who may both answer for a child differ, the lower holds and nothing has ended until that is decided:
then it is the decision that shuts it.
"""

from collections.abc import Collection, Mapping
from typing import Any

from services.consent.consents.authority import answers_in_own_right
from services.consent.withdrawals.scope import Part
from shared.vocabulary import Capacity


def shut_by_refusal(yes: Any, no: Mapping[str, Any]) -> Part | None:
    """What a no, in the columns of its table, shuts at once: of its own giver's yes, or, where it is the
    person's own, of anybody's about them."""
    own = answers_in_own_right(Capacity(no["capacity"]))
    about_all = no["owner"] is None or no["owner"] == yes.owner
    if not about_all or not (own or no["giver"] == yes.giver) or no["subject"] != yes.subject:
        return None
    return _common(yes, no["recipients"], no["categories"], no["purposes"])


def shut_by_order(yes: Any, authority: Mapping[str, Any]) -> Part | None:
    """What a court order takes away of its holder's yes."""
    if yes.giver != authority["holder"] or yes.subject != authority["subject"]:
        return None
    return _common(yes, yes.recipients, authority["covers"], yes.purposes)


def shut_by_end_of(yes: Any, authority: Any) -> Part | None:
    """What was given under an authority that has ended: all of it."""
    return _common(yes, yes.recipients, yes.categories, yes.purposes) if yes.under == authority.id else None


def shut_by_decision(yes: Any, scope: Mapping[str, Collection[str]]) -> Part | None:
    """What two differed about, once it was decided for the no."""
    return _common(yes, scope["recipients"], scope["categories"], scope["purposes"])


def _common(
    yes: Any, recipients: Collection[str], categories: Collection[str], purposes: Collection[str]
) -> Part | None:
    """What of a yes these reach; none of it while some purpose of it goes on."""
    left = Part(
        tuple(one for one in yes.recipients if one in recipients),
        tuple(one for one in yes.categories if one in categories),
    )
    return left if left.recipients and left.categories and set(yes.purposes) <= set(purposes) else None

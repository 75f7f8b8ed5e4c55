"""Answers for families: a code to hand over, a visit, and their sheet."""

from typing import Literal

from services.gateway.schemas.views import ComposedView, ConsentShown, EntryView, LookShown, View


class FamilyCodeView(View):
    """The code, which is shown to nobody again, and until when it can be used."""

    id: str
    code: str
    good_until: str


class FamilyVisitView(View):
    """``token`` is the bearer token of the visit; it opens one case, until it ends."""

    token: str
    case: str
    person: str
    until: str


class KindsSeen(View):
    """Kinds of information about one person (``about``), whether or not anything of them is recorded.

    ``because``: somebody of the family said yes (``permission``), the service is on their team (``team``), or
    the law, or what it lets services agree, says so (``law``). ``until`` is null where no end is known.
    """

    about: str
    level: Literal["summary", "full"]
    categories: list[str]
    because: list[Literal["permission", "team", "law"]]
    until: str | None


class ServiceSees(View):
    """A service, and what it may see in the records of others; its own it always sees."""

    agency: str
    agency_name: str
    sees: list[KindsSeen]


class InvitedTo(View):
    """A meeting to which the reader is invited: ``said`` is how their invitation stands, and ``invitation``
    its id, by which they send word (``may_say``) whether they come and what they want said there."""

    meeting: EntryView
    invitation: str
    said: str
    may_say: bool


class FamilySheetView(ComposedView):
    """The case as a member of the family may see it, with the meetings to which they are invited, what they
    said, who can see what and who has looked."""

    meetings: list[InvitedTo]
    consents: list[ConsentShown]
    who_can_see: list[ServiceSees]
    looks: list[LookShown]
    about_looks: str
    person: str | None

"""The shapes of worklists and notices."""

from services.gateway.schemas.views import EntriesView, PersonCard, View


class NoticeView(View):
    """Something that waits: ``about`` is the id of what, to be read under one's own rights."""

    id: str
    case: str
    kind: str
    about: str
    at: str


class NoticesView(View):
    notices: list[NoticeView]
    next: str | None
    cursor: str | None
    notice: str


class FlagHolder(View):
    """An agency that has a flag too; what it says is asked of them."""

    agency: str
    name: str
    telephone: str | None


class FlagsView(EntriesView):
    also_flagging: list[FlagHolder]


class SignalView(View):
    id: str
    person: PersonCard
    state: str
    raised_at: str


class SignalsView(View):
    signals: list[SignalView]
    next: str | None
    cursor: str | None
    notice: str

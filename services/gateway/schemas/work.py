"""The shapes of worklists and notices."""

from services.gateway.schemas.views import View


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

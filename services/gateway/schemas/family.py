"""Answers for families: a code to hand over, a visit, and their sheet."""

from services.gateway.schemas.views import ComposedView, ConsentShown, LookShown, View


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


class FamilySheetView(ComposedView):
    """The case as a member of the family may see it, with what they said and who has looked."""

    consents: list[ConsentShown]
    looks: list[LookShown]
    about_looks: str
    person: str | None

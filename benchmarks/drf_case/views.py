"""The composed view: one request, one view, one answer."""

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from guardian.core import ObjectPermissionChecker
from rest_framework.generics import RetrieveAPIView

from benchmarks.drf_case.models import Case, Membership
from benchmarks.drf_case.serializers import CaseSerializer


class CaseView(RetrieveAPIView):
    queryset = Case.objects.select_related("lead", "deputy").prefetch_related(
        Prefetch("team", Membership.objects.filter(until=None).order_by("since"))
    )
    serializer_class = CaseSerializer

    def get_object(self) -> Case:
        """The case with what of it the user may see; 404 without permission on the case."""
        case: Case = super().get_object()
        checker = ObjectPermissionChecker(self.request.user)
        case.permissions = frozenset(checker.get_perms(case))
        if "view_case" not in case.permissions:
            raise Http404
        entries = list(case.entries.order_by("recorded_at", "id"))
        checker.prefetch_perms(entries)
        for entry in entries:
            entry.level = next(iter(checker.get_perms(entry)), None)
        case.known = [entry for entry in entries if entry.level]
        return case


def ready(_: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path("ready", ready), path("cases/<str:pk>", CaseView.as_view())]

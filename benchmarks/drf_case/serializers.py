"""What the application answers: the JSON of the suite, without what the application does not know of."""

import hashlib
from typing import Any

from rest_framework.serializers import (
    CharField,
    DateTimeField,
    ModelSerializer,
    Serializer,
    SerializerMethodField,
)

from benchmarks.drf_case.models import Agency, Case, Entry, Membership
from services.gateway.notice import notice
from services.gateway.placement import PLACEMENTS
from shared.vocabulary import Area

NOTICE = notice("999")
ENTRY_FIELDS: tuple[str, ...] = (
    "id", "kind", "level", "owner", "categories", "subjects", "recorded_at", "fields", "part_of",
)  # fmt: skip


class MemberSerializer(ModelSerializer):
    user = CharField(source="user_id")
    agency = CharField(source="agency_id")

    class Meta:
        model = Membership
        fields = read_only_fields = (
            "id", "user", "name", "agency", "role", "job_title", "telephone", "since", "until",
        )  # fmt: skip


class LeadSerializer(Serializer):
    user = CharField(source="lead.user_id")
    name = CharField(source="lead.name")
    agency = CharField(source="lead.agency_id")
    job_title = CharField(source="lead.job_title")
    telephone = CharField(source="lead.telephone")
    since = DateTimeField(source="lead_since")


class EntrySerializer(ModelSerializer):
    """An entry at *summary*: the fields that are seen from there on."""

    level = CharField()
    owner = CharField(source="owner_id")
    fields = SerializerMethodField("get_shown_fields")

    class Meta:
        model = Entry
        fields: tuple[str, ...] = ENTRY_FIELDS
        read_only_fields: tuple[str, ...] = ENTRY_FIELDS

    def get_shown_fields(self, entry: Entry) -> dict[str, Any]:
        names = PLACEMENTS[entry.kind].summary
        return {name: value for name, value in entry.fields.items() if name in names}

    def to_representation(self, entry: Entry) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(entry)
        if shown["part_of"] is None:
            del shown["part_of"]
        return shown


class FullEntrySerializer(EntrySerializer):
    """An entry at *full*: every field, who recorded it, and its version."""

    etag = SerializerMethodField()

    class Meta(EntrySerializer.Meta):
        fields = read_only_fields = (*ENTRY_FIELDS, "author", "etag")

    def get_shown_fields(self, entry: Entry) -> dict[str, Any]:
        stored: dict[str, Any] = entry.fields
        return stored

    def get_etag(self, entry: Entry) -> str:
        digest = hashlib.blake2b(f"{entry.id}|{entry.version}".encode(), digest_size=12)
        return f'"{digest.hexdigest()}"'


class HeaderSerializer(ModelSerializer):
    """Who the case is about, as far as the entries tell the user; who leads it; who is on the team."""

    person = SerializerMethodField()
    lead_professional = LeadSerializer(source="*")
    deputy = MemberSerializer()
    team = MemberSerializer(many=True)
    relationship = SerializerMethodField()

    class Meta:
        model = Case
        fields = read_only_fields = (
            "person", "lead_professional", "deputy", "team", "state", "opened_at", "closed_at", "review_on",
            "relationship",
        )  # fmt: skip

    def get_person(self, case: Case) -> dict[str, Any]:
        card = {"id": case.person, "name": None, "date_of_birth": None, "expected_date_of_delivery": None}
        for entry in self.context["shown"]:
            if case.person in entry["subjects"]:
                fields = entry["fields"]
                if entry["kind"] == "name":
                    parts = (fields.get("given_names"), fields.get("family_name"))
                    card["name"] = " ".join(part for part in parts if part)
                elif entry["kind"] == "birth":
                    card["date_of_birth"] = fields.get("date_of_birth")
        return card

    def get_relationship(self, case: Case) -> str:
        return "lead" if case.lead.user_id == self.context["request"].user.username else "member"


class CaseSerializer(Serializer):
    """The whole case as this user may see it, by the levels that the view found."""

    def to_representation(self, case: Case) -> dict[str, Any]:
        full, summary = FullEntrySerializer(), EntrySerializer()
        areas: dict[str, list[dict[str, Any]]] = {area.value: [] for area in Area}
        self.context["shown"] = shown = []
        for entry in case.known:
            if entry.level != "existence":
                shown.append((full if entry.level == "full" else summary).to_representation(entry))
                areas[entry.area].append(shown[-1])
        return {
            "id": case.id,
            "header": HeaderSerializer(case, context=self.context).data,
            "areas": areas,
            "may": sorted(case.permissions - {"view_case"}),
            "not_available": whom_to_ask(
                {entry.owner_id for entry in case.known if entry.level == "existence"}
            ),
            "notice": NOTICE,
        }


def whom_to_ask(owners: set[str]) -> list[dict[str, Any]]:
    """One line for each agency that holds something of which only the existence may be known."""
    agencies = Agency.objects.filter(code__in=owners).order_by("code") if owners else ()
    return [
        {
            "agency": agency.code,
            "name": agency.name,
            "telephone": agency.telephone,
            "ask": f"{agency.name} holds more. Ask them on {agency.telephone}, or ask the lead professional.",
        }
        for agency in agencies
    ]

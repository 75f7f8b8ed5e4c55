"""What is recorded in an assessment, entry by entry, as a reader sees it: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.words import day, in_words, moment

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is recorded: its lines are (what, words)."""

    id: str
    heading: str
    lines: Sequence[tuple[str, str]]
    by: str
    in_brief: bool
    """Whether there is more in it than the reader may see."""
    unanswered: bool
    change: str | None
    """Where it is corrected, for those who may."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How what is recorded reads to one reader; ``address``: of the assessment."""

    address: str
    instrument: Json
    names: Mapping[str, str]
    people: Mapping[str, str]
    agency: str | None
    may_write: bool

    def item(self, entry: Json) -> Item:
        fields = entry["fields"]
        may_change = self.may_write and entry["owner"] == self.agency and "etag" in entry
        service = self.names.get(entry["owner"]) or in_words(entry["owner"])
        about = [self.people[person] for person in entry["subjects"] if person in self.people]
        lines = [(_LABELS[name], self.words(name, fields[name])) for name in _LABELS if name in fields]
        if entry["kind"] not in ("assessment", "conclusion", "review", "goal") and about:
            lines.append(("About", ", ".join(about)))
        return Item(
            id=entry["id"],
            heading=_heading(entry),
            lines=lines or [("", "Recorded; details not shown")],
            by=f"{entry['author']}, {service}" if entry.get("author") else service,
            in_brief=entry["level"] == "summary",
            unanswered=bool(entry.get("unanswered")),
            change=f"{self.address}/entries/{entry['id']}" if may_change else None,
        )

    def words(self, name: str, value: Any) -> str:
        """A stored value as a reader would say it."""
        if name == "answers":
            return self._answers(value)
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(value, list):
            return ", ".join(value)
        if name.endswith("_on") or name in ("since", "until", "by_when"):
            return day(value)
        if name == "referred_at":
            return moment(value)
        if name == "accountable":
            return self.names.get(value) or in_words(value)
        if name == "follow_up_owner":
            return self.people.get(value, "Somebody on the team")
        if name == "conclusion":
            titles = {one["code"]: one["title"] for one in self.instrument["conclusions"]}
            return str(titles.get(value) or in_words(value))
        return in_words(value) if name in _CODES else str(value)

    def _answers(self, answers: Sequence[Json]) -> str:
        texts = {one["code"]: one["text"] for one in self.instrument["checklist"]["questions"]}
        said = []
        for one in answers:
            line = f"{texts.get(one['question'], one['question'])} {in_words(one['answer'])}."
            if one.get("services_needed"):
                line += f" Would help: {one['services_needed']}."
            said.append(line)
        return "\n".join(said)


_CODES = frozenset(
    {
        "whose_view",
        "service_kind",
        "parental_responsibility",
        "agreement_to_assess",
        "child_or_young_person",
        "parent_or_carer",
    }
)
_LABELS: Mapping[str, str] = {
    "reason_for_assessment": "Why",
    "started_on": "Started",
    "location": "Where",
    "people": "Present",
    "name": "Name",
    "relationship": "Relationship",
    "parental_responsibility": "Parental responsibility",
    "telephone": "Telephone",
    "address": "Address",
    "service_kind": "Kind of service",
    "service_name": "Service",
    "practitioner": "Who",
    "role": "Role",
    "agency": "Service",
    "contact": "How to reach them",
    "since": "Since",
    "until": "Until",
    "answers": "Answers",
    "assessment_needed": "Assessment needed",
    "needed_because": "Because",
    "agreement_to_assess": "The family agrees to it",
    "undertaken_by": "Answered by",
    "completed_on": "On",
    "headline": "Headline",
    "narrative": "What it is like",
    "evidence": "What it rests on",
    "whose_view": "Whose view",
    "text": "In words",
    "conclusion": "Conclusion",
    "explanation": "Because",
    "referred_at": "Referred",
    "referred_to": "Referred to",
    "follow_up_owner": "Who looks after this",
    "follow_up_on": "Looks again",
    "desired_outcome": "What should change",
    "action": "What will be done",
    "responsible_name": "Who",
    "accountable": "For",
    "by_when": "By when",
    "review_on": "On",
    "reviewed_by": "Who sees to it",
    "signed_on": "Signed",
    "signed_by": "By",
    "child_or_young_person": "The child or young person",
    "parent_or_carer": "Parent or carer",
    "no_voice_reason": "Why no words of the child's own",
}
"""What each stored field is called, in the order in which they are shown."""


def _heading(entry: Json) -> str:
    return "Strength" if entry["kind"] == "strength" else "Need" if entry["kind"] == "need" else ""


def differences(now: Json, typed: Json, reading: Reading) -> list[tuple[str, str, str]]:
    """Where what stands now and what was typed differ: (what, now, typed), for the reader to choose."""
    found = []
    for name, label in _LABELS.items():
        stands, wanted = now["fields"].get(name), typed.get(name)
        if name in typed and stands != wanted:
            words = [("" if value is None else reading.words(name, value)) for value in (stands, wanted)]
            found.append((label, words[0], words[1]))
    return found

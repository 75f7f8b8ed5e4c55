"""What each small page of an assessment asks, and what the answers are in the API's words: pure.

The words of elements, conclusions and the sensitive question are the instrument's own.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.presenters.questions import YES_NO, Options, Question, typed_from, value_typed
from clients.practitioner.words import CATEGORIES

Json = Mapping[str, Any]
UNDER_ELEMENTS = ("strength", "need")
VOICES: Mapping[str, str] = {
    "words-of-child": "child_or_young_person",
    "words-of-parent": "parent_or_carer",
}
"""The two pages for what they say themselves: never both in one."""
_VIEWS = {
    "practitioner": "Mine, as a practitioner",
    "child": "The child's or young person's",
    "parent": "A parent's or carer's",
    "other_agency": "Another service's",
}
_SERVICES = {
    "gp": "GP",
    "early_years_school_or_further_education": "Nursery, school or college",
    "other": "Another service",
}
_EVERYDAY = (
    "family", "parenting", "learning", "wellbeing", "behaviour", "community", "health", "housing",
    "money_work",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Around:
    """Who and what a form may name: ``people`` of the case by id, ``seats`` of the team, agencies."""

    person: str
    people: Mapping[str, str]
    seats: Options
    agencies: Options


def questions_of(kind: str, instrument: Json, around: Around, element: str | None = None) -> list[Question]:
    """What is asked for an entry of a kind; ``element`` for a strength or a need."""
    asked = list(_checklist(instrument) if kind == "checklist" else _ASKED[kind])
    if kind == "conclusion":
        asked[0] = Question(
            "conclusion",
            "What do you conclude?",
            "one",
            "",
            [(one["code"], f"{one['title']}. {one['help']}") for one in instrument["conclusions"]],
        )
        asked = [_with_options(one, "follow_up_owner", around.seats) for one in asked]
    if kind == "agreed_action":
        asked = [_with_options(one, "accountable", around.agencies) for one in asked]
    if kind in (*UNDER_ELEMENTS, "home_situation", "comment", "parent_or_carer") and len(around.people) > 1:
        asked.append(_about_whom(kind, list(around.people.items())))
    if _asks_sensitive(kind, instrument, element):
        said = instrument["sensitive_question"]
        choices = [(choice["category"], choice["title"]) for choice in said["choices"]]
        asked.append(Question("sensitive", said["text"], "sensitive", said["help"], choices))
    return asked


def _about_whom(kind: str, people: Options) -> Question:
    """A parent or carer may be nobody whom the case is about; all else is about somebody."""
    if kind == "parent_or_carer":
        return Question("subjects", "Which of the people of this case is it?", "ticks", "", people)
    return Question("subjects", "Who is it about?", "ticks", "", people, "Tick who it is about.")


def _with_options(question: Question, name: str, options: Options) -> Question:
    if question.name != name:
        return question
    return Question(name, question.words, question.asks, question.hint, options)


def _asks_sensitive(kind: str, instrument: Json, element: str | None) -> bool:
    if kind in UNDER_ELEMENTS:
        elements = (one for domain in instrument["domains"] for one in domain["elements"])
        return any(one["code"] == element and one["ask_sensitive"] for one in elements)
    return any(part["kind"] == kind and part["ask_sensitive"] for part in instrument["parts"])


_FOUND = [
    Question("headline", "Headline", hint="In one line, as you would say it at the door."),
    Question("narrative", "What is it like?", "text"),
    Question("evidence", "What does it rest on?", "text", "What you saw or were told, by whom and when."),
    Question("whose_view", "Whose view is it?", "one", options=list(_VIEWS.items())),
]
_ASKED: Mapping[str, Sequence[Question]] = {
    "assessment": [
        Question("reason_for_assessment", "Why is the assessment made?", "text"),
        Question("started_on", "When was it started?", "day"),
        Question("location", "Where? (optional)"),
    ],
    "people_present": [Question("people", "Who was there?", "lines", "One person on each line.")],
    "assessor": [
        Question("name", "Name"),
        Question("role", "Role (optional)"),
        Question("agency", "Service (optional)"),
        Question("contact", "How to reach them (optional)"),
    ],
    "parent_or_carer": [
        Question("name", "Name"),
        Question("relationship", "What are they to the child?", hint="For example, mother"),
        Question(
            "parental_responsibility",
            "Do they have parental responsibility?",
            "one",
            options=(*YES_NO, ("not_known", "Not known")),
        ),
        Question("telephone", "Telephone (optional)"),
        Question("address", "Address, if it is another one (optional)", "text"),
    ],
    "home_situation": [Question("text", "Who lives with the child, and what is it like?", "text")],
    "service_with_family": [
        Question("service_kind", "What kind of service is it?", "one", options=list(_SERVICES.items())),
        Question("service_name", "Its name"),
        Question("practitioner", "Who works with the family? (optional)"),
        Question("role", "Their role (optional)"),
        Question("contact", "How to reach them (optional)"),
        Question("since", "Since when? (optional)", "day"),
        Question("until", "Until when, if it has ended? (optional)", "day"),
    ],
    "strength": _FOUND,
    "need": _FOUND,
    "conclusion": [
        Question("conclusion", "What do you conclude?", "one"),
        Question("explanation", "Why? (optional)", "text"),
        Question("referred_at", "At risk of harm: when did you refer?", "moment", "Refer first."),
        Question("referred_to", "At risk of harm: to whom did you refer?"),
        Question("follow_up_owner", "At risk of harm: who of the team looks after this?", "pick"),
        Question("follow_up_on", "At risk of harm: when do they look again?", "day"),
    ],
    "agreed_action": [
        Question("desired_outcome", "What should change?", "text"),
        Question("action", "What will be done?", "text"),
        Question("responsible_name", "Who does it?"),
        Question("accountable", "For which service?", "pick"),
        Question("by_when", "By when?", "day"),
    ],
    "goal": [Question("text", "How will everybody notice that things are better?", "text")],
    "review": [
        Question("review_on", "When do you look at this again?", "day"),
        Question("reviewed_by", "Who sees to it? (optional)"),
    ],
    "comment": [
        Question("text", "What do they say, in their own words?", "text"),
        Question(
            "additional_categories",
            "What are the words about?",
            "ticks",
            "Whoever may see all of what you tick sees the words.",
            [(code, CATEGORIES[code]) for code in _EVERYDAY],
        ),
    ],
}  # fmt: skip


def _checklist(instrument: Json) -> list[Question]:
    asked: list[Question] = []
    for one in instrument["checklist"]["questions"]:
        asked += [
            Question(f"answer-{one['code']}", one["text"], "one", "", (*YES_NO, ("not_sure", "Not sure"))),
            Question(f"services-{one['code']}", "If no or not sure: which services would help? (optional)"),
            Question(f"own-{one['code']}", "Can your own service give them? (optional)", "yes_no"),
        ]
    agreed = (("given", "Yes"), ("refused", "No"), ("not_yet_asked", "Not asked yet"))
    return [
        *asked,
        Question("assessment_needed", "Is a common assessment needed?", "yes_no"),
        Question("needed_because", "Why, or why not? (optional)", "text"),
        Question("agreement_to_assess", "Does the family agree to it?", "one", "", agreed),
        Question("undertaken_by", "Who answered these questions? (optional)"),
        Question("completed_on", "When?", "day"),
    ]


def content_of(typed: Any, kind: str, questions: Iterable[Question], *, whole: bool) -> dict[str, Any]:
    """The answers in the API's words. ``whole``: what is empty is named as empty, for a correction."""
    content: dict[str, Any] = {}
    for question in questions:
        if question.asks == "sensitive":
            if typed["sensitive"]:
                content["sensitive_content"] = (
                    typed.all("sensitive_content") if typed["sensitive"] == "yes" else []
                )
        elif not _is_of_checklist(question.name):
            value = value_typed(typed, question)
            if value not in (None, "", []):
                content[question.name] = value
            elif whole and question.name != "subjects":
                content[question.name] = [] if question.asks == "ticks" else None
    if kind == "checklist":
        content["answers"] = _answers(typed, questions)
    return content


def _is_of_checklist(name: str) -> bool:
    return name.startswith(("answer-", "services-", "own-"))


def _answers(typed: Any, questions: Iterable[Question]) -> list[dict[str, Any]]:
    codes = [one.name.removeprefix("answer-") for one in questions if one.name.startswith("answer-")]
    answered = [code for code in codes if typed[f"answer-{code}"]]
    answers = []
    for code in answered:
        more = {
            "services_needed": typed[f"services-{code}"] or None,
            "own_agency_can_provide": {"yes": True, "no": False}.get(typed[f"own-{code}"]),
        }
        given = {name: value for name, value in more.items() if value is not None}
        answers.append({"question": code, "answer": typed[f"answer-{code}"], **given})
    return answers


def filled_from(entry: Json, questions: Iterable[Question]) -> list[tuple[str, str]]:
    """A form as it stands for an entry that is recorded."""
    fields: list[tuple[str, str]] = []
    stored = {**entry["fields"], "subjects": entry["subjects"], "additional_categories": entry["categories"]}
    for question in questions:
        if question.asks == "sensitive":
            fields += _sensitive_from(entry, question)
        else:
            fields += typed_from(question, stored.get(question.name))
    for answer in stored.get("answers", ()):
        code = answer["question"]
        fields.append((f"answer-{code}", answer["answer"]))
        fields.append((f"services-{code}", answer.get("services_needed") or ""))
        own = answer.get("own_agency_can_provide")
        fields.append((f"own-{code}", "" if own is None else "yes" if own else "no"))
    return fields


def _sensitive_from(entry: Json, question: Question) -> list[tuple[str, str]]:
    if entry.get("unanswered"):
        return []
    ticked = [code for code, _ in question.options if code in entry["categories"]]
    return [("sensitive", "yes" if ticked else "no"), *(("sensitive_content", code) for code in ticked)]


def field_of(questions: Iterable[Question]) -> Callable[[str], str]:
    """The form's name of a field of the API's: the answers of the checklist begin with the first."""
    first = next((question.name for question in questions if question.name.startswith("answer-")), "")
    renamed = {"answers": first, "sensitive_content": "sensitive"}

    def named(field: str) -> str:
        head = field.partition(".")[0]
        return renamed.get(head, head)

    return named

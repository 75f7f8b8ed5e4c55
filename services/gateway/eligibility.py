"""Whether somebody is eligible for a panel, by what the caller sees of them and says. Pure."""

from datetime import date

from services.gateway.disclose import Seen
from shared.problems import invalid
from shared.records.meetings import Eligibility, NewMeeting, PanelRules
from shared.vocabulary import Level


def check_eligible(seen: Seen, new: NewMeeting) -> None:
    """A 422 with the reason unless the panel is there for everybody whom the meeting is about.

    What the caller does not see of them is not looked at: an answer that came of it would tell it.
    """
    if new.panel is None:
        return
    known = new.eligibility or Eligibility()
    if new.panel.voluntary and not known.agreed:
        raise invalid("eligibility.agreed", "This panel is voluntary: say that they agreed to come.")
    if new.panel.areas and known.area not in new.panel.areas:
        raise invalid("eligibility.area", f"This panel is for {', '.join(new.panel.areas)} only.")
    if new.panel.age_from is None and new.panel.age_to is None:
        return
    for person in new.subjects or (seen.bundle["person"],):
        _check_age(new.panel, _age(seen, person, new.starts_at.date(), known))


def _age(seen: Seen, person: str, day: date, known: Eligibility) -> int:
    born = _born(seen, person)
    if born is not None:
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    if known.age_as_told is None:
        raise invalid(
            "eligibility.age_as_told", "You see no date of birth; say how old they are, as you were told."
        )
    return known.age_as_told


def _born(seen: Seen, person: str) -> date | None:
    """The date of birth that was recorded last and that the caller sees."""
    births = [
        (entry["recorded_at"], entry["fields"]["date_of_birth"])
        for entry, level in zip(seen.entries, seen.levels, strict=True)
        if entry["kind"] == "birth"
        and person in entry["subjects"]
        and level == Level.FULL
        and entry["fields"].get("date_of_birth")
    ]
    return date.fromisoformat(max(births)[1]) if births else None


def _check_age(rules: PanelRules, age: int) -> None:
    lowest, highest = rules.age_from or 0, rules.age_to
    if age < lowest or (highest is not None and age > highest):
        ages = f"from {lowest} to {highest}" if highest is not None else f"from {lowest} on"
        raise invalid("panel", f"This panel takes ages {ages}, and they will be {age} on its day.")

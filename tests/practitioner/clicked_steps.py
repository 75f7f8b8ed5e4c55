"""Steps that several stories take, as they are clicked: each begins on a page of the case and ends on one."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from deploy.demo_people import AGENCIES, USERS
from deploy.stories.steps import born
from tests.practitioner.browser import Site
from tests.practitioner.clicking import Somebody, Typed

NAMES = {agency.code: agency.name for agency in AGENCIES}


async def open_a_case(
    who: Somebody, given_names: str, family_name: str, age: int, reason: str, today: date, **more: Typed
) -> None:
    """Look for somebody, find nobody, record them, and open a case; ends on the case."""
    birth = born(age, today)
    await who.follow("Find a person")
    await who.press("Find", name=f"{given_names} {family_name}", date_of_birth=birth)
    who.sees("Nobody fits")
    await who.follow("Add a person")
    of_person = ("address", "telephone", "safe_way_to_make_contact", "nhs_number")
    contact = {name: more.pop(name) for name in of_person if name in more}
    named: dict[str, Typed] = {"given_names": given_names, "family_name": family_name, "date_of_birth": birth}
    await who.press("Save and go on", **named, **contact)
    await who.press("Open the case", reason=reason, job_title="Worker", **more)
    await who.follow("Assessments")
    await who.follow("Overview")
    assert who.page.heading == f"{given_names} {family_name}"
    who.sees("Nobody is in charge")


async def to_the_case(who: Somebody, name: str) -> None:
    """From wherever somebody is, over the list of their cases."""
    await who.follow("My cases")
    await who.follow(name)
    assert who.page.heading == name


async def add_relative(
    who: Somebody, given_names: str, family_name: str, born_on: date | None, relation: str, of: str,
    *, responsible: bool = True, together: bool = True,
) -> None:  # fmt: skip
    """Somebody of the family, and what they are to another; begins and ends on the case."""
    await who.follow("The family")
    await who.follow("Add somebody of the family")
    birth: dict[str, Typed] = {} if born_on is None else {"date_of_birth": born_on}
    await who.press("Save and go on", given_names=given_names, family_name=family_name, **birth)
    assert who.page.heading == f"Who is {given_names} {family_name}?"
    right: dict[str, Typed] = {"source": "Birth"} if responsible else {}
    await who.press(
        "Save", relation=relation, other=of, parental_responsibility="Yes" if responsible else "No",
        lives_with="Yes" if together else "No", **right,
    )  # fmt: skip
    who.sees(f"{relation} of {of}")
    await who.follow("The case")


async def take_part(who: Somebody, about: str, giver: str, capacity: str) -> None:
    """They are asked whether they take part; begins and ends on the case."""
    await who.follow("What the family said")
    await who.follow("Ask whether they take part")
    await who.press(
        "Record it", subject=about, giver=giver, capacity=capacity, agrees="Yes", understood="Yes",
        evidence="They said it", reference="Notes of the visit", given_to=giver, language="English",
    )  # fmt: skip
    who.sees("You agreed to take part")
    await who.follow("What the family said")
    await who.follow("The case")


async def permit(
    who: Somebody, person: dict[str, Typed], things: dict[str, Typed], services: Sequence[str], until: date,
    level: str = "All of it",
) -> None:  # fmt: skip
    """They are asked whether something may be shared, page by page, and it is read back; begins and ends on
    the case. ``person`` says who answers for whom, ``services`` are codes of agencies."""
    await who.follow("What the family said")
    await who.follow("Ask whether something may be shared")
    how: dict[str, Typed] = {
        "understood": "Yes", "evidence": "They said it", "reference": "Notes of the visit",
    }  # fmt: skip
    await who.press("Continue", **person, **how)
    assert who.page.heading == "What may be shared?", who.page.mistakes
    await who.press("Continue", **things)
    await who.press(
        "Continue", recipients=[NAMES[code] for code in services], valid_until=until, purposes=["To help"],
        level=level,
    )  # fmt: skip
    assert who.page.heading == "Read it back to them"
    who.sees("You can refuse any part or change your mind and still get help")
    await who.press("This is what they said: record it")
    who.sees("You said yes: this may be shared")
    await who.follow("What the family said")
    await who.follow("The case")


async def join(who: Somebody, user: str, agency: str | None = None) -> None:
    """Somebody joins the team; begins and ends on the case."""
    joining = USERS[user]
    of, role = joining.memberships[0]
    await who.follow("The team")
    await who.follow("Add somebody to the team")
    await who.press(
        "Add to the team", user=user, name=joining.name, agency=NAMES[agency or of],
        role="Volunteer" if role == "volunteer" else "Practitioner", job_title=joining.job_title,
        telephone=joining.telephone,
    )  # fmt: skip
    who.sees(joining.name)
    await who.follow("The case")


async def ask_to_lead(who: Somebody, name: str) -> None:
    """Begins and ends on the case."""
    await who.follow("The team")
    await who.follow("Ask to lead", name)
    await who.press("Ask them")
    who.sees(f"{name} is asked to be lead professional")
    await who.follow("The case")


async def write_down(who: Somebody, section: str, add: str, typed: Mapping[str, Typed]) -> None:
    """Something is added under a heading of the assessment; begins and ends on its list of headings."""
    await who.follow(section)
    await who.follow(add)
    await who.press("Save and go on", **typed)
    await who.follow("The assessment")


def found(headline: str, *, sensitive: str | None = "no", **more: Typed) -> dict[str, Typed]:
    """What is typed for a strength or a need; ``sensitive``: what it mentions, None where it is not asked."""
    asked: dict[str, Typed] = (
        {} if sensitive is None
        else {"sensitive": "No"} if sensitive == "no"
        else {"sensitive": "Yes", "sensitive_content": [sensitive]}
    )  # fmt: skip
    return {"headline": headline, "whose_view": "Mine, as a practitioner", **asked, **more}


async def start_assessment(who: Somebody, reason: str, today: date, person: str | None = None) -> None:
    """Begins on the case, ends on the headings of the draft."""
    await who.follow("Assessments")
    await who.follow("Start an assessment")
    whom: dict[str, Typed] = {} if person is None else {"person": person}
    await who.press("Save and go on", reason_for_assessment=reason, started_on=today, **whom)
    assert who.page.heading == "Pre-assessment checklist"
    await who.follow("The assessment")


async def to_the_draft(who: Somebody) -> None:
    """From the case to the assessment that is being written."""
    await who.follow("Assessments")
    await who.follow("Common Assessment Framework", "being written")


async def give_a_code(who: Somebody, name: str) -> str:
    """Begins and ends on the case; gives the code that is handed over."""
    await who.follow("What the family said")
    await who.follow("Give the family their own page")
    await who.press("Make a code", person=name)
    panel = who.page.soup.find(class_="govuk-panel__title")
    assert panel is not None
    return panel.get_text(strip=True)


async def with_a_code(site: Site, code: str) -> Somebody:
    """Somebody of the family, who types the address and the code that they were given on paper."""
    browser = site.browser()
    family = Somebody(browser, await browser.get("/family"))
    return await family.press("Open my page", code=code)


def days(today: date, number: int) -> date:
    return today + timedelta(days=number)

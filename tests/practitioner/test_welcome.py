"""Where a newcomer begins: the same case as several people, and then as anybody."""

from collections.abc import Sequence

from clients.practitioner.presenters.welcome import welcome_of
from clients.practitioner.rendering import Pages
from clients.practitioner.settings import MadeUpUser
from deploy.demo_people import AGENCIES, BEGIN_WITH, USERS
from deploy.pages import introduced

PEOPLE = introduced()


def test_everybody_but_computers_can_be_chosen_and_those_to_begin_with_stand_first() -> None:
    assert [one.user for one in PEOPLE[: len(BEGIN_WITH)]] == list(BEGIN_WITH)
    assert sorted(one.user for one in PEOPLE) == sorted(set(USERS) - {"school.system"})
    assert {one.agency for one in PEOPLE} <= {agency.name for agency in AGENCIES}


def test_the_others_stand_under_their_agencies_in_the_order_of_the_alphabet() -> None:
    welcome = welcome_of(PEOPLE)
    assert [one.user for one in welcome.first] == list(BEGIN_WITH)
    names = [agency for agency, _ in welcome.others]
    assert names == sorted(set(names), key=str.casefold)
    people = [one.user for _, found in welcome.others for one in found]
    assert len(people) == len(set(people)) == len(PEOPLE) - len(BEGIN_WITH)


def test_where_only_a_real_issuer_knows_people_there_is_a_button() -> None:
    page = _page([])
    assert "Sign in" in page
    assert "/sign-in?user=" not in page


def test_each_is_a_link_and_a_hostile_name_is_words() -> None:
    assert _page(PEOPLE).count('href="/sign-in?user=') == len(PEOPLE)
    page = _page([MadeUpUser("a b", "<b>Ann</b>", "Nurse", "A & B", "Sees <i>more</i>")])
    assert "/sign-in?user=a%20b" in page
    assert "&lt;b&gt;Ann&lt;/b&gt;" in page
    assert "<i>" not in page


def _page(people: Sequence[MadeUpUser]) -> str:
    return Pages().render("welcome.html", {"welcome": welcome_of(people), "visit": None, "path": "/"})

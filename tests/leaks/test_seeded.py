"""The seeded leaks stay true to the code (``make leaks`` runs them): they fit, and their tests exist."""

import pytest

from tests.leaks.seeded import PAGE, ROOT, DoesNotApply, Leak, leaks, page_with, seen

AT_LEAST = 20


def test_there_are_as_many_leaks_as_promised_each_with_a_name_of_its_own() -> None:
    assert len(leaks()) >= AT_LEAST
    assert len({leak.name for leak in leaks()}) == len(leaks())


@pytest.mark.parametrize("leak", leaks(), ids=lambda leak: leak.name)
def test_a_leak_fits_the_code_in_one_place_and_changes_it(leak: Leak) -> None:
    for change in leak.changes:
        text = (ROOT / change.file).read_text("utf-8")
        assert change.applied_to(text) != text
        compile(change.applied_to(text), change.file, "exec")


@pytest.mark.parametrize("leak", leaks(), ids=lambda leak: leak.name)
def test_the_tests_of_a_leak_exist(leak: Leak) -> None:
    assert leak.tests
    for test in leak.tests:
        file, _, function = test.partition("::")
        function = function.partition("[")[0]
        assert f"def {function}(" in (ROOT / file).read_text("utf-8") if function else (ROOT / file).exists()


def test_a_change_that_fits_nowhere_or_twice_is_refused() -> None:
    change = leaks()[0].changes[0]
    with pytest.raises(DoesNotApply):
        change.applied_to("nothing of it")
    with pytest.raises(DoesNotApply):
        change.applied_to(change.old * 2)


def test_the_page_says_what_the_list_says() -> None:
    text = PAGE.read_text("utf-8")
    assert page_with(text) == text, "python -m tests.leaks --write"


def test_every_leak_was_caught_when_it_was_last_run() -> None:
    caught = {name for name, one in seen().items() if one.by}
    assert caught == {leak.name for leak in leaks()}, "make leaks"

"""Whose answer counts, and what it comes to (design 3.2 "resolve").

* From ``decides_from`` the person decides: their own answers alone count. A birthday that is not known
  counts as past, so nobody answers for somebody who may be grown up.
* Before it, those with authority answer, each for the categories of their authority.
* Younger, where competence was recorded: the young person's competent answers that are in force stand
  alone over the categories they name, for the agencies and purposes they name; others' answers count
  elsewhere. A competent answer that was withdrawn still stands alone until its window ends: taking back
  one's yes does not bring a parent's yes to life.
* A refusal beats a permission whatever their dates ("latest consent wins" is a known leak). Where one giver
  refuses what another gives there is a conflict, and the lower of the two, none, holds.
* What opens counts late and what shuts counts early, at the birthday too (see ``windows.py``).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.consent.decision.facts import Permission, Subject
from services.consent.decision.grid import ALL, every_level, named
from services.consent.decision.windows import grants, is_withdrawn, still_refuses, stops
from shared.vocabulary import Answer

GIVEN = Answer.GIVEN


@dataclass(slots=True)
class Say:
    """Who has a say about one subject, for one recipient and purpose, at one moment.

    ``own_opens``, ``own_shuts``: whether the person's own answers count without recorded competence, as a yes
    and as a no. ``others``: mask of the categories for which others' answers count.
    """

    own_opens: bool
    own_shuts: bool
    others: int

    def mask_for(self, answer: Permission) -> int:
        """The categories for which this answer counts at all."""
        if not answer.own:
            return answer.authority & self.others
        decides = self.own_opens if answer.answer is GIVEN else self.own_shuts
        return ALL if decides or answer.competent else 0


def who_has_a_say(subject: Subject, answers: Sequence[Permission], at: int, margin: int) -> Say:
    """The say each has; ``answers`` are those about the subject that name the recipient and the purpose, and
    are about whatever anybody holds or about what one owner holds."""
    birthday = subject.decides_from
    if birthday is None or birthday <= at:
        return Say(own_opens=True, own_shuts=True, others=0)
    if birthday <= at + margin:
        return Say(own_opens=False, own_shuts=True, others=0)
    settled = 0
    for answer in answers:
        if answer.own and answer.competent and stops(answer.window, at, margin):
            settled |= named(answer.grid)
    return Say(own_opens=False, own_shuts=False, others=ALL & ~settled)


def gives(answer: Permission, say: Say, at: int, margin: int) -> int:
    """The grid one *given* answer gives by itself, before anybody's refusal."""
    if is_withdrawn(answer, at, margin) or not grants(answer.window, at, margin):
        return 0
    return answer.grid & every_level(say.mask_for(answer))


def refuses(answer: Permission, say: Say, at: int, margin: int) -> int:
    """The mask of the categories one *refused* answer refuses."""
    if not still_refuses(answer, at, margin):
        return 0
    return named(answer.grid) & say.mask_for(answer)


def resolve(subject: Subject, answers: Sequence[Permission], at: int, margin: int) -> int:
    """The grid that is permitted: the highest anybody gave, less what anybody refused."""
    say = who_has_a_say(subject, answers, at, margin)
    given = refused = 0
    for answer in answers:
        if answer.answer is GIVEN:
            given |= gives(answer, say, at, margin)
        else:
            refused |= refuses(answer, say, at, margin)
    return given & ~every_level(refused) if refused else given

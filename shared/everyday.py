"""How the categories of information stand together where people read and choose them (design 3.1).

Six bundles of everyday things; what is sensitive is never grouped, and how visits are kept safe stands by
itself. Every screen, sentence and answer takes the grouping from here; each has words of its own for it.
"""

from collections.abc import Mapping
from enum import StrEnum

from shared.vocabulary import Category


class Bundle(StrEnum):
    WHO = "who"
    HELP = "help"
    VOICE = "voice"
    EVERYDAY = "everyday"
    HEALTH = "health"
    HOME = "home"


BUNDLES: Mapping[Bundle, tuple[Category, ...]] = {
    Bundle.WHO: (Category.IDENTITY, Category.CONTACT, Category.ACCESS_NEEDS),
    Bundle.HELP: (Category.INVOLVEMENT, Category.PLAN),
    Bundle.VOICE: (Category.VOICE,),
    Bundle.EVERYDAY: (
        Category.FAMILY,
        Category.PARENTING,
        Category.LEARNING,
        Category.WELLBEING,
        Category.BEHAVIOUR,
        Category.COMMUNITY,
    ),
    Bundle.HEALTH: (Category.HEALTH,),
    Bundle.HOME: (Category.HOUSING, Category.MONEY_WORK),
}

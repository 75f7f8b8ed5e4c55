"""What the gateway sends along with a bar: the people of the case, whom it alone knows."""

from shared.disclosure import Wire
from shared.records.bars import BarLifting, BarReview, NewBar


class People(Wire):
    people: tuple[str, ...]


class BarToRecord(People):
    bar: NewBar


class BarToLift(People):
    lifting: BarLifting


class BarToReview(People):
    review: BarReview

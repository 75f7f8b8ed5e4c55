"""What the API says of a mistake, as a person would say it to whoever fills in a form: pure."""

import re

GIVE_TIME = "Give a time, such as 2.30pm or 14:30."
NO_DATE = "Give a real date, such as 27 3 2031."
NO_AMOUNT = "Write an amount in pounds and pence, such as 1,250.50."
NO_NUMBER = "Write a whole number, such as 8."
TOO_LITTLE = "Write an amount of at least one penny."
TOO_MUCH = "Write a smaller amount; this is more than one sum can be."
_NO_NUMBER = "Give a whole number"
_NO_SUCH_NUMBER = ("Give a number of at least", "Give a number of at most")
_OF_MONEY = ("pence", "amount")


def plainly(message: str, field: str = "") -> str:
    """What the API says of a field as a person would; its own sentences stay as they are. ``field``: its name
    there, which tells money from other numbers."""
    if message.startswith(_NO_NUMBER):
        return NO_AMOUNT if field.endswith(_OF_MONEY) else NO_NUMBER
    if message.startswith(_NO_SUCH_NUMBER) and field.endswith(_OF_MONEY):
        return TOO_LITTLE if message.startswith("Give a number of at least") else TOO_MUCH
    if too_long := _TOO_LONG.match(message):
        return f"Write at most {int(too_long[1]):,} characters."
    return next((plain for begins, plain in _PLAIN if message.startswith(begins)), message)


_PLAIN = (
    ("Field required", "Fill this in."),
    ("String should match pattern '^[!-~]+$'", "Write it without spaces, as the name to sign in with is."),
    ("Write at least", "Fill this in."),
    ("Give at least 1 of these", "Choose at least one."),
    ("Send an id as it was given", "Choose one of those offered."),
    ("Write the moment as RFC 3339", NO_DATE),
    ("Write the date as", NO_DATE),
    ("valid_until must come after", "The last day must not be before the first one."),
    ("Input should be a valid date", NO_DATE),
    ("Write down a view of the family", "Write what somebody of the family said, or why nobody was heard."),
    ("Input should be '", "Choose one of those offered."),
    ("Name an agency or a person", "Choose who it is."),
    ("The time must end", "The last day must not be before the first one."),
    ("Say in departed_because", "Say why it is not what they wish for if it is not, and only then."),
    ("Name an open promise", "Somebody has said meanwhile what came of one promise. It is left out below."),
    ("Something that was promised", "Something was promised meanwhile. Say below what becomes of it, too."),
    ("Say what was planned instead", "Say what was planned instead and what it would have cost, or neither."),
)
_TOO_LONG = re.compile("Write at most ([0-9]+) character")

"""What the gateway sends along with a question about taking part, and with its answer."""

from shared.disclosure import SubjectAsk, Wire
from shared.records.taking_part import RiskAnswer


class TakingPartAsk(Wire):
    """``answers_questions``: the reader leads the case, supervises, or is a member while nobody leads."""

    subjects: tuple[SubjectAsk, ...]
    answers_questions: bool


class AnsweredAsk(Wire):
    """Cases of which it is asked whether anybody has answered about taking part."""

    cases: tuple[str, ...]


class RiskAnswerToRecord(Wire):
    answer: RiskAnswer

"""A combination of values -> a whole record that has them, found by trying; or nothing."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from fidelity.language.checks.domains import Combination, answers_of
from fidelity.language.checks.truth import Trial, Value
from fidelity.model.checklist import Checklist
from fidelity.model.expression import Subject
from fidelity.model.scale import MISSING, Answer, Given, NotGiven

Record = tuple[dict[str, Answer], dict[str, Answer]]
Free = Mapping[str, list[Answer]]

ROUNDS = 4
MOST_TRIALS = 1_500


def record_like(checklist: Checklist, combination: Combination) -> Record | None:
    """Answers and facts for which every value of the combination comes out; None where none was found."""
    fixed = {
        s.key: v for s, v in combination.items() if s.kind == "question" and isinstance(v, Given | NotGiven)
    }
    facts = {s.key: v for s, v in combination.items() if s.kind == "fact" and isinstance(v, Given | NotGiven)}
    free: dict[str, list[Answer]] = {
        each.key: list(answers_of(checklist, each))
        for each in checklist.questions
        if each.key not in fixed and each.scale.kind != "text"
    }
    trials = 0
    for start in _starts(free):
        record = {**start, **fixed}
        away = _away(checklist, record, facts, combination)
        for _ in range(ROUNDS):
            if not away:
                return record, facts
            before = away
            for key, choices in free.items():
                for answer in choices:
                    changed = {**record, key: answer}
                    trials += 1
                    distance = _away(checklist, changed, facts, combination)
                    if distance < away:
                        record, away = changed, distance
                if not away or trials > MOST_TRIALS:
                    break
            if away == before or trials > MOST_TRIALS:
                break
        if not away:
            return record, facts
        if trials > MOST_TRIALS:
            return None
    return None


def _starts(free: Free) -> Iterator[dict[str, Answer]]:
    """Everything at its first answer, at its last, at one between."""
    for at in (0, -1, 1, 2):
        yield {
            key: choices[at if -len(choices) <= at < len(choices) else 0] if choices else MISSING
            for key, choices in free.items()
        }


def _away(
    checklist: Checklist, answers: Mapping[str, Answer], facts: Mapping[str, Answer], wanted: Combination
) -> Fraction:
    """How far the record is from the combination: distances of scores, and one for every other difference."""
    trial = Trial(checklist, answers, facts)
    return sum(
        (_distance(trial.look(subject), value, subject) for subject, value in wanted.items()), Fraction(0)
    )


def _distance(found: Value, wanted: Value, subject: Subject) -> Fraction:
    if found == wanted:
        return Fraction(0)
    if subject.kind == "score" and isinstance(found, Fraction) and isinstance(wanted, Fraction):
        return abs(found - wanted)
    return Fraction(1000)

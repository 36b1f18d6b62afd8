"""A combination of values -> a whole record that has them, found by trying; or nothing."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from math import prod
from random import Random

from fidelity.language.checks.domains import Combination, Space, answers_of
from fidelity.language.checks.reach import all_answers
from fidelity.language.checks.truth import Trial, Value, levels_fitting
from fidelity.model.checklist import Checklist
from fidelity.model.expression import Subject
from fidelity.model.scale import MISSING, Answer, Given, NotGiven

Record = tuple[dict[str, Answer], dict[str, Answer]]
Free = Mapping[str, list[Answer]]

ROUNDS = 4
MOST_TRIALS = 1_500
MOST_RECORDS = 5_000
MOST_WORKED_BACK = 2_000


def record_like(checklist: Checklist, combination: Combination) -> Record | None:
    """Answers and facts for which every value of the combination comes out; None where none was found."""
    wanted = _worked_back(checklist, combination)
    fixed = {s.key: v for s, v in wanted.items() if s.kind == "question" and isinstance(v, Given | NotGiven)}
    facts = {s.key: v for s, v in wanted.items() if s.kind == "fact" and isinstance(v, Given | NotGiven)}
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


def _worked_back(checklist: Checklist, combination: Combination) -> Combination:
    """The combination with answers in place of levels, as far as levels follow from answers."""
    wanted = dict(combination)
    for _ in range(ROUNDS):
        results = [each for each in wanted if each.kind == "result" and wanted[each]]
        if not results:
            break
        for subject in results:
            level = wanted.pop(subject)
            wanted |= _answers_for(checklist, subject, level, wanted)
    return wanted


def _answers_for(checklist: Checklist, subject: Subject, level: Value, besides: Combination) -> Combination:
    """What has to be answered for this level, in keeping with what is wanted besides; nothing if unknown."""
    lines = [each.when for each in checklist.result[subject.key].levels if each.when is not None]
    gates = [each.when for each in checklist.gates if each.result == subject.key]
    space = Space(checklist, [*lines, *gates])
    if space.within(MOST_WORKED_BACK):
        for found in space.combinations():
            merged = {**found, **besides}
            agrees = all(merged[each] == value for each, value in found.items())
            if agrees and levels_fitting(checklist, subject.key, space.looking(merged)) == level:
                return found
    return {}


def records_of(
    checklist: Checklist, subjects: Iterable[Subject]
) -> tuple[Iterator[tuple[dict[str, Answer], dict[str, Answer]]], bool]:
    """Every record of these questions and facts, where there are few; else some, always the same."""
    choices: dict[Subject, list[Answer]] = {}
    known = True
    for subject in sorted(subjects, key=lambda each: (each.kind, each.key)):
        if subject.kind == "question":
            question = checklist.question[subject.key]
            known = known and all_answers(question) is not None
            choices[subject] = all_answers(question) or list(answers_of(checklist, question))
        elif subject.kind == "fact":
            scale = checklist.fact[subject.key].scale
            known = known and scale.span is None
            choices[subject] = [each.answer for each in scale.choices] or [MISSING]
    known = known and prod(len(each) for each in choices.values()) <= MOST_RECORDS
    chosen = product(*choices.values()) if known else _some(list(choices.values()))
    return ((_record(choices, each)) for each in chosen), known


def _record(subjects: Iterable[Subject], answers: Iterable[Answer]) -> Record:
    pairs = list(zip(subjects, answers, strict=True))
    return (
        {subject.key: answer for subject, answer in pairs if subject.kind == "question"},
        {subject.key: answer for subject, answer in pairs if subject.kind == "fact"},
    )


def _some(choices: list[list[Answer]]) -> Iterator[tuple[Answer, ...]]:
    random = Random(1)  # noqa: S311 - the same records each time, no secret
    for _ in range(MOST_TRIALS):
        yield tuple(random.choice(each) for each in choices)


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

"""A record that proves a finding -> its answers as a person would say them."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from fidelity.language.checks.reach import Reached
from fidelity.model.expression import Subject
from fidelity.model.number import trimmed, written
from fidelity.model.scale import Answer, Given, NonAnswer, NotGiven

MOST_NAMED = 8


def told(answers: Mapping[str, Answer], *, among: Iterable[str] | None = None) -> str:
    """`a seen, b not_seen`; of many with the same answer only what differs is named."""
    chosen = {key: answers[key] for key in (answers if among is None else among) if key in answers}
    words = {key: answer_told(answer) for key, answer in chosen.items()}
    if len(words) <= MOST_NAMED:
        return ", ".join(f"{key} {word}" for key, word in words.items())
    usual = max(set(words.values()), key=lambda each: (list(words.values()).count(each), each))
    others = [f"{key} {word}" for key, word in words.items() if word != usual]
    shown = (
        others if len(others) <= MOST_NAMED else [*others[:MOST_NAMED], f"{len(others) - MOST_NAMED} more"]
    )
    return ", ".join([*shown, f"every other one {usual}"])


def answer_told(answer: Answer) -> str:
    """An answer's code, or its non-answer in words."""
    if isinstance(answer, Given):
        return answer.code
    if answer.state is NonAnswer.MISSING:
        return "left blank"
    return "does not apply" if answer.state is NonAnswer.NOT_APPLICABLE else answer.code or answer.state.value


def value_told(subject: Subject, value: object, percent: bool) -> str:
    """A value that a proof put in place of a score, level, gate or answer."""
    name = subject.key.replace(".", " of ") if subject.kind == "question" else _with_group(subject.key)
    match value:
        case Given() | NotGiven():
            return f"{subject.key} {answer_told(value)}"
        case Fraction():
            return f"{name} {written(value)}{'%' if percent else ''}"
        case (level,):
            return f"{name} {level}"
        case None:
            return f"{name} not scored"
        case _:
            return f"{name} does not apply"


def _with_group(key: str) -> str:
    return key.replace(".", " of ")


def landing(found: Reached, value: Fraction) -> dict[str, object]:
    """Facts about a record that reaches a value: its points of how many, and what is special about it."""
    raw = found.values[value]
    record = found.record(raw)
    special = [
        f"{key} {answer_told(answer)}" for key, answer in record.items() if isinstance(answer, NotGiven)
    ]
    points = found.points(raw)
    shown = f"{trimmed(raw, 2)}{'%' if found.percent else ''}"
    facts: dict[str, object] = {"real": f"{points} ({shown})" if points else shown}
    few = bool(special) and len(special) <= 3
    return {**facts, "special": " and ".join(special)} if few else {**facts, "record": told(record)}

"""A question -> the other answers that could have been given, and what each of them is worth."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from fidelity.evaluate.recorded import points
from fidelity.model.checklist import Question
from fidelity.model.number import written
from fidelity.model.scale import Answer, Given, Scale, Span

MOST_NUMBERS = 101  # as many as a scale from 0 to 100 has; of longer ones none is tried


def possible_answers(scale: Scale) -> tuple[str, ...]:
    """The answers that a scale offers, in its order; nothing where there are too many to try."""
    if scale.kind == "text" or is_too_long(scale):
        return ()
    named = [each.id for each in scale.choices if each.means is None]
    numbers = _numbers(scale.span) if scale.span else ()
    return tuple(dict.fromkeys([*numbers, *named] if scale.span else named))


def is_too_long(scale: Scale) -> bool:
    """Whether it allows more numbers than can be tried."""
    span = scale.span
    if span is None:
        return False
    if span.highest is None or span.step is None:
        return True
    return (span.highest - span.lowest) / span.step >= MOST_NUMBERS


def answer_of(question: Question, code: str) -> Answer:
    """What an answer says, with its points as the rules see them."""
    said = question.scale.understand(code)
    if not isinstance(said, Given):
        raise TypeError(f"no answer to {question.key}: {code}")
    return replace(said, points=points(question, said))


def _numbers(span: Span) -> Iterator[str]:
    if span.highest is not None and span.step is not None:
        steps = int((span.highest - span.lowest) / span.step)
        yield from (written(span.lowest + number * span.step) for number in range(steps + 1))


def difference(first: Fraction | None, second: Fraction | None) -> Fraction | None:
    """By how much the first is more; nothing where one of them is not known."""
    return None if first is None or second is None else first - second

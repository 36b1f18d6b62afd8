"""A scored observation -> what would have changed its results: each single answer is tried, none guessed."""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from fidelity.evaluate.evaluator import Evaluator
from fidelity.model.checklist import Question, Result
from fidelity.model.observation import Observation
from fidelity.model.scale import Given, NonAnswer, NotGiven, Scale, Span
from fidelity.model.score import Change, Changes, ResultValue, Scored

MOST_NUMBERS = 12
TRIED = (NonAnswer.MISSING, NonAnswer.NOT_OBSERVED)


def single_changes(evaluator: Evaluator, observation: Observation, scored: Scored) -> Changes:
    """For each result that could have been higher, or is open: the single answers that would have done it.

    An open result is decided by filling a blank, so nothing else is tried for it. A result without an
    entry has its highest level or does not apply; an empty entry says that no answer alone would do.
    """
    found: dict[str, list[Change]] = {
        result.key: []
        for result in evaluator.checklist.results
        if _could_be_higher(result, scored.results[result.key])
    }
    for question in evaluator.checklist.questions if found else ():
        asked = [key for key in found if _is_tried(question, scored, key)]
        for code in _other_answers(question, scored) if asked else ():
            answers = {**observation.answers, question.key: code}
            then = evaluator.score(observation.model_copy(update={"answers": answers}))
            for key in asked:
                level = then.results[key].level
                if level is not None and _is_higher(evaluator.checklist.result[key], level, scored):
                    found[key].append(Change(((question.key, code),), level))
    return {key: tuple(changes) for key, changes in found.items()}


def _is_tried(question: Question, scored: Scored, key: str) -> bool:
    """Any question for a level that was reached; for an open result only one that was left blank."""
    return scored.results[key].level is not None or isinstance(scored.answers[question.key], NotGiven)


def _could_be_higher(result: Result, value: ResultValue) -> bool:
    return bool(value.possible) and value.level != result.levels[-1].id


def _is_higher(result: Result, level: str, scored: Scored) -> bool:
    """Whether the level is above the one that was reached; of an open result any decided one counts."""
    reached = scored.results[result.key].level
    order = [each.id for each in result.levels]
    return reached is None or order.index(level) > order.index(reached)


def _other_answers(question: Question, scored: Scored) -> Iterator[str]:
    """The other answers of a question that was rated or left blank; one that did not apply stays so."""
    answer = scored.answers[question.key]
    if isinstance(answer, NotGiven) and answer.state not in TRIED:
        return
    given = answer.code if isinstance(answer, Given) else None
    yield from (code for code in _codes(question.scale) if code != given)


def _codes(scale: Scale) -> Iterator[str]:
    if scale.choices:
        yield from (each.id for each in scale.choices if each.means is None)
    elif scale.span is not None:
        yield from _numbers(scale.span)


def _numbers(span: Span) -> Iterator[str]:
    """The whole numbers of a short range; of a long one none, for no single one tells more than the next."""
    if span.highest is None or span.highest - span.lowest >= MOST_NUMBERS:
        return
    whole = range(ceil(span.lowest), floor(span.highest) + 1)
    yield from (str(number) for number in whole if span.holds(Fraction(number)))

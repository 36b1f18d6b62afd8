"""Runs the expectations that an author wrote into a checklist, and says what they never touch."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fidelity.evaluate import evaluator
from fidelity.evaluate.condition import COMPARISONS
from fidelity.evaluate.coverage import Coverage, coverage_of, gaps
from fidelity.model.checklist import Checklist, Score
from fidelity.model.example import (
    Example,
    Expectation,
    ExpectCompared,
    ExpectNumber,
    ExpectOneOf,
    ExpectState,
)
from fidelity.model.number import rounded, written
from fidelity.model.score import ResultValue, Scored, ScoreValue, because, shown_score


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that did not hold: where it stands, what it says, what came out."""

    file: str
    line: int
    example: str
    expected: str
    got: str

    def as_json(self) -> dict[str, Any]:
        """The shape of a failure in the answer of `test`."""
        return asdict(self)

    def as_text(self) -> str:
        """Two lines for people."""
        return f'{self.file}, line {self.line}: example "{self.example}"\n  {self.expected}; got {self.got}'


@dataclass(frozen=True, slots=True)
class ExampleRun:
    """How many expectations held and how many did not, the failures, and what the examples reach."""

    checklist: str
    passed: int
    failed: int
    failures: tuple[Failure, ...]
    coverage: Coverage

    def not_covered(self) -> list[str]:
        """Levels, gates, sides of boundaries and kinds of non-answer that no example reaches."""
        return list(gaps(self.coverage))


def run(checklist: Checklist) -> ExampleRun:
    """All examples of a checklist; those of an adaptation's base only show what they reach."""
    outcomes = _outcomes(checklist, checklist.examples)
    failures = tuple(_failures(checklist, outcomes))
    expected = sum(len(each.expectations) for each in checklist.examples)
    inherited = _outcomes(checklist, checklist.origin.examples if checklist.origin else ())
    reached = coverage_of(checklist, [outcome for _, outcome in (*outcomes, *inherited)])
    return ExampleRun(checklist.id, expected - len(failures), len(failures), failures, reached)


def failures_of(checklist: Checklist, examples: Iterable[Example]) -> tuple[Failure, ...]:
    """What of these examples does not hold for a checklist."""
    return tuple(_failures(checklist, _outcomes(checklist, examples)))


def _outcomes(checklist: Checklist, examples: Iterable[Example]) -> list[tuple[Example, Scored]]:
    evaluate = evaluator.compile(checklist)
    return [(each, evaluate(each.answers, each.facts, each.comments)) for each in examples]


def _failures(checklist: Checklist, outcomes: Sequence[tuple[Example, Scored]]) -> Iterator[Failure]:
    for example, outcome in outcomes:
        for each in example.expectations:
            got = _otherwise(checklist, each, outcome)
            if got is not None:
                names = f" because {', '.join(each.because)}" if each.because else ""
                yield Failure(each.place.file, each.place.line, example.title, each.text + names, got)


def _otherwise(checklist: Checklist, each: Expectation, outcome: Scored) -> str | None:
    """What came out instead, or nothing when the expectation holds."""
    match each.kind:
        case "score":
            score = outcome.scores[each.key]
            holds = _score_holds(each, score)
            return None if holds else _score_told(checklist.score[each.key], score)
        case "result":
            result = outcome.results[each.key]
            return None if _result_holds(each, result) else _result_told(result)
        case "gate":
            return None if each.wanted == (outcome.gates[each.key],) else outcome.gates[each.key]
        case "flag":
            raised = outcome.flags[each.key]
            return None if (raised is True) is each.wanted else FLAG_TOLD[raised]
        case "list":
            listed = outcome.lists[each.key]
            return None if _names(each) == set(listed) else ", ".join(listed) or "an empty list"
        case "comments":
            return None if _names(each) <= set(outcome.comments_needed) else _comments_told(outcome)


FLAG_TOLD: Mapping[bool | None, str] = {True: "the flag", False: "no flag", None: "undecided"}


def _names(each: Expectation) -> set[str]:
    return set(each.wanted) if isinstance(each.wanted, tuple) else set()


def _comments_told(outcome: Scored) -> str:
    return f"comments on {', '.join(outcome.comments_needed) or 'nothing'}"


def _score_holds(each: Expectation, score: ScoreValue) -> bool:
    match each.wanted:
        case ExpectNumber(value, places):
            held = score.exact is not None and value == (
                score.exact if places < 0 else rounded(score.exact, places)
            )
        case ExpectCompared(comparison, bound):
            held = score.exact is not None and COMPARISONS[comparison](score.exact, bound)
        case ExpectState(state):
            held = (score.exact is not None) is (state == "scored")
        case _:
            held = False
    return held and set(each.because) <= set(because(score.reason))


def _result_holds(each: Expectation, result: ResultValue) -> bool:
    match each.wanted:
        case ExpectOneOf(levels):
            held = bool(result.possible) and set(result.possible) <= set(levels)
        case ExpectState(state):
            held = (result.level is not None) is (state == "scored")
        case _:
            held = False
    return held and set(each.because) <= set(result.because)


def _score_told(definition: Score, score: ScoreValue) -> str:
    reasons = _because_told(because(score.reason))
    if score.exact is None:
        return f"not scored{reasons}"
    shown, exact = shown_score(definition, score.exact), written(score.exact)
    return f"{shown}{reasons}" if shown.rstrip("%") == exact else f"{shown} (exactly {exact}){reasons}"


def _result_told(result: ResultValue) -> str:
    possible = ", ".join(result.possible) or "no level"
    return f"{result.level or f'not scored ({possible})'}{_because_told(result.because)}"


def _because_told(names: tuple[str, ...]) -> str:
    return f" because {', '.join(names)}" if names else ""

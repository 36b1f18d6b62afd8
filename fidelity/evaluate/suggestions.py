"""What the examples of a checklist never reach -> examples that reach it, as text ready to paste.

The records are found by trying: from those of the examples that are there, and from plain ones, answer by
answer towards what is wanted. Everything is tried in a fixed order, so the same file gives the same examples.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from fidelity.errors import ProblemsFound
from fidelity.evaluate.coverage import coverage_of
from fidelity.evaluate.evaluator import Evaluator
from fidelity.evaluate.reaching import (
    Distance,
    Tried,
    away,
    away_from_level,
    away_from_side,
    bounds_of,
    tried,
)
from fidelity.evaluate.untested import counted_examples
from fidelity.evaluate.written_example import example_text
from fidelity.model.checklist import Checklist, Question, Result
from fidelity.model.number import read_number, written
from fidelity.model.scale import NonAnswer, NotGiven, Scale
from fidelity.model.score import Scored

MOST_TRIALS = 1_200
MOST_NUMBERS = 12

Raw = Mapping[str, str]
NOUGHT, ONE = Fraction(0), Fraction(1)


class Suggestion(NamedTuple):
    """One example, as text, for one thing that no example reaches yet."""

    reaches: str
    text: str

    def as_json(self) -> dict[str, Any]:
        """The shape of a suggestion in the answer of `test --suggest`."""
        return self._asdict()


class Wish(NamedTuple):
    """Something to reach: where `coverage` names it, what to call it, how far an outcome is from it.

    A distance below one has reached it; `expect` are the keys of what the example is about.
    """

    kind: str
    name: str
    side: str
    reaches: str
    away: Distance
    expect: tuple[tuple[str, str], ...]


class Case(NamedTuple):
    """A record, and what comes out."""

    answers: Raw
    facts: Raw
    outcome: Scored

    @property
    def tried(self) -> Tried:
        """What distances are measured from."""
        return tried(self.outcome, self.facts)


def suggestions(checklist: Checklist) -> tuple[list[Suggestion], list[str]]:
    """An example for each thing that none reaches yet; and in words those for which none was found."""
    evaluate = Evaluator(checklist)
    examples = counted_examples(checklist)
    cases = [_case(evaluate, each.answers, each.facts) for each in examples]
    starts = [*(each for each in cases if each), *_plain(evaluate), *_best(evaluate)]
    shown = [each.outcome for each in cases if each]
    found: list[Suggestion] = []
    unfound: list[str] = []
    for wish in _wishes(checklist):
        if _reached(checklist, shown, wish):
            continue
        case = _nearest(evaluate, starts, wish.away)
        if case is None:
            unfound.append(wish.reaches)
        else:
            shown.append(case.outcome)
            title = _title(wish.reaches, [each.title for each in examples])
            text = example_text(checklist, title, case.answers, case.facts, case.outcome, wish.expect)
            found.append(Suggestion(wish.reaches, text))
    return found, unfound


def _reached(checklist: Checklist, shown: list[Scored], wish: Wish) -> bool:
    entry = coverage_of(checklist, shown)[wish.kind].get(wish.name, True)
    return bool(entry.get(wish.side, True) if isinstance(entry, Mapping) else entry)


def _title(reaches: str, taken: list[str]) -> str:
    title, number = reaches, 2
    while title in taken:
        title, number = f"{reaches} ({number})", number + 1
    return title


# ---- what is wanted


def _wishes(checklist: Checklist) -> Iterator[Wish]:
    """Marks first: an example just below one shows a level as well."""
    yield from _boundaries(checklist)
    yield from _gates(checklist)
    yield from _levels(checklist)
    yield from _missing(checklist)


def _levels(checklist: Checklist) -> Iterator[Wish]:
    for name, result in {each.name: each for each in reversed(checklist.results)}.items():
        for level in result.levels:
            yield Wish(
                "levels",
                f"{name}.{level.id}",
                "",
                f"{_of(result.key)} is {level.id}",
                away_from_level(checklist, result, level),
                _told_of(checklist, result),
            )


def _told_of(checklist: Checklist, result: Result) -> tuple[tuple[str, str], ...]:
    """What an example about a result expects: its score, its gates, and the level itself."""
    gates = [("gate", each.key) for each in checklist.gates if each.result == result.key]
    return (*([("score", result.of)] if result.of else []), *gates, ("result", result.key))


def _gates(checklist: Checklist) -> Iterator[Wish]:
    for name, gate in {each.name: each for each in reversed(checklist.gates)}.items():
        for state in ("fails", "passes"):
            yield Wish(
                "gates",
                name,
                state,
                f"gate {_of(gate.key)} {state}",
                away(checklist, gate.when, wanted=state == "fails"),
                (("gate", gate.key), ("result", gate.result)),
            )


def _boundaries(checklist: Checklist) -> Iterator[Wish]:
    seen: set[tuple[str, str]] = set()
    for result in checklist.results:
        score = checklist.score.get(result.of)
        for comparison, bound in bounds_of(result):
            name = f"{result.name} at {written(bound)}{'%' if score and score.kind == 'percent' else ''}"
            for side, words in (("below", "just below"), ("at_or_above", "on or just above the mark")):
                if (name, side) not in seen:
                    seen.add((name, side))
                    reaches = f"{name}: {words}"
                    distance = away_from_side(checklist, result, comparison, bound, side)
                    yield Wish("boundaries", name, side, reaches, distance, _told_of(checklist, result))


def _missing(checklist: Checklist) -> Iterator[Wish]:
    headline = checklist.headline
    rules = [("score", headline.key)] if headline else []
    rules += [("result", each.key) for each in checklist.results[:1]]
    lists = [("list", each.id) for each in checklist.lists]
    flags = [("flag", each.id) for each in checklist.flags]
    for state in NonAnswer:
        reaches = f"an answer that is {state.value}"
        yield Wish(
            "missing",
            state.value,
            "",
            reaches,
            _has_answer(checklist, state),
            tuple(rules or lists or flags[:1]),
        )


def _has_answer(checklist: Checklist, state: NonAnswer) -> Distance:
    keys = [each.key for each in checklist.questions if each.scale.kind != "text"]

    def distance(outcome: Tried) -> Fraction:
        """Most of all one such answer, and no other blank."""
        states = [a.state for key in keys if isinstance(a := outcome.answers[key], NotGiven)]
        return Fraction(max(0, len(states) - 1), len(keys) + 1) if state in states else Fraction(2)

    return distance


def _of(key: str) -> str:
    return key.replace(".", " of ")


# ---- trying


def _case(evaluate: Evaluator, answers: Raw, facts: Raw) -> Case | None:
    try:
        return Case(answers, facts, evaluate(answers, facts))
    except ProblemsFound:
        return None


def _plain(evaluate: Evaluator) -> Iterator[Case]:
    """Records in which everything has its first answer, its last one, or one between."""
    checklist = evaluate.checklist
    for at in (-1, 0, 1, 2):
        answers = {
            each.key: codes[at if -len(codes) <= at < len(codes) else -1]
            for each in checklist.questions
            if (codes := _codes(checklist, each, answered=True))
        }
        case = _case(evaluate, answers, _first_facts(checklist))
        if case is not None:
            yield case


def _first_facts(checklist: Checklist) -> Raw:
    return {each.id: words[0] for each in checklist.facts if (words := _choices(each.scale))}


def _best(evaluate: Evaluator) -> Iterator[Case]:
    """The record in which every answer leaves the best outcome possible, whichever is listed first.

    Each is judged with the others blank; then each group once more, with those outside it as they were found.
    """
    checklist = evaluate.checklist
    codes = {each.key: _codes(checklist, each, answered=True) for each in checklist.questions}
    if sum(map(len, codes.values())) > MOST_TRIALS:
        return
    facts = _first_facts(checklist)
    answers = _best_beside(evaluate, {}, codes, facts)
    for group in checklist.groups:
        own = {key: codes[key] for key in answers if checklist.question[key].item in group.items}
        others = {key: code for key, code in answers.items() if key not in own}
        found = {key: [answers[key], *several] for key, several in own.items()}
        answers |= _best_beside(evaluate, others, found, facts)
    case = _case(evaluate, answers, facts)
    if case is not None:
        yield case


def _best_beside(
    evaluate: Evaluator, others: Raw, codes: Mapping[str, list[str]], facts: Raw
) -> dict[str, str]:
    """For each question the answer that is best beside the others; of equals the first."""
    best = {}
    for key, several in codes.items():
        cases = [case for code in several if (case := _case(evaluate, {**others, key: code}, facts))]
        if cases:
            best[key] = max(cases, key=_worth).answers[key]
    return best


def _worth(case: Case) -> tuple[int, int, int, Fraction]:
    """How good the outcome may still become: levels kept open, gates not failed, no flag, a high score."""
    outcome = case.outcome
    return (
        sum(len(each.possible) for each in outcome.results.values()),
        -sum(each == "fails" for each in outcome.gates.values()),
        -sum(each is True for each in outcome.flags.values()),
        sum((each.high for each in outcome.scores.values() if each.high is not None), NOUGHT),
    )


def _nearest(evaluate: Evaluator, starts: list[Case], away_from: Distance) -> Case | None:
    """The case that is nearest to what is wanted, if it has reached it; with as few changes as it takes."""
    trials = 0
    best: tuple[Fraction, Case] | None = None
    for start in sorted(starts, key=lambda each: away_from(each.tried))[:4]:
        case, distance = start, away_from(start.tried)
        moving = True
        while moving and distance and trials < MOST_TRIALS:
            moving = False
            for answers, facts in _changed(evaluate.checklist, case):
                trials += 1
                other = _case(evaluate, answers, facts)
                if other is not None and away_from(other.tried) < distance:
                    case, distance, moving = other, away_from(other.tried), True
                if not distance or trials >= MOST_TRIALS:
                    break
        if best is None or distance < best[0]:
            best = distance, case
        if best[0] < ONE:
            break
    return best[1] if best is not None and best[0] < ONE else None


def _changed(checklist: Checklist, case: Case) -> Iterator[tuple[Raw, Raw]]:
    """The record with one answer or fact changed, in all ways."""
    for question in checklist.questions:
        for code in _codes(checklist, question, answered=False):
            if case.answers.get(question.key, "") != code:
                yield {**case.answers, question.key: code}, case.facts
    for fact in checklist.facts:
        for word in _choices(fact.scale):
            if case.facts.get(fact.id, "") != word:
                yield case.answers, {**case.facts, fact.id: word}


def _codes(checklist: Checklist, question: Question, *, answered: bool) -> list[str]:
    """What can be ticked; with the non-answers that the file knows of, unless only answers are asked for."""
    if question.scale.kind == "text":
        return []
    codes = _choices(question.scale)
    absent = {each.id for each in question.scale.choices if each.means is not None}
    if answered:
        return [each for each in codes if each not in absent]
    stated = {*checklist.treat, *(state for score in checklist.scores for state in score.counting)}
    own = {each.means for each in question.scale.choices}
    others = [state.value for state in NonAnswer if state in stated and state not in own]
    return [*codes, *others, ""]


def _choices(scale: Scale) -> list[str]:
    named = [each.id for each in scale.choices if scale.span is None or read_number(each.id) is None]
    span = scale.span
    if span is None:
        return named
    step = span.step or Fraction(1, 2)
    last = span.highest if span.highest is not None else span.lowest + MOST_NUMBERS
    count = int((last - span.lowest) / step)
    every = max(1, -(-count // MOST_NUMBERS))
    numbers = [span.lowest + at * step for at in range(0, count + 1, every)]
    meant = {read_number(each.id) for each in scale.choices if each.means is not None}
    return [*(written(each) for each in [*numbers, last] if each not in meant), *named]

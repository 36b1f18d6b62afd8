"""A record and its outcome -> an example as an author would write it: the usual answer first."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from fidelity.model.checklist import Checklist, Question
from fidelity.model.number import rounded, shown, written
from fidelity.model.score import ResultValue, Scored, ScoreValue

MOST_PLACES = 2


def example_text(
    checklist: Checklist,
    title: str,
    answers: Mapping[str, str],
    facts: Mapping[str, str],
    outcome: Scored,
    expect: Iterable[tuple[str, str]],
) -> str:
    """The whole example, ready to paste."""
    lines = [f'example "{title}"']
    lines += [f"  given {each}" for each in _given(checklist, answers)]
    lines += [f"  given {name} is {value}" for name, value in facts.items() if value]
    lines += [f"  expect {each}" for each in _expected(checklist, outcome, expect)]
    return "\n".join(lines) + "\n"


# ---- given


def _given(checklist: Checklist, answers: Mapping[str, str]) -> Iterator[str]:
    questions = [each for each in checklist.questions if each.scale.kind != "text"]
    facets = any(len(item.scales) > 1 for item in checklist.items)
    one_scale = len({each.scale.id for each in questions}) == 1 and not facets
    named = [each.id for each in checklist.scales]
    single: list[Question] = []
    for scale in dict.fromkeys(each.scale.id for each in questions):
        own = [each for each in questions if each.scale.id == scale]
        if (one_scale or scale in named) and len(own) > 1:
            usual = _usual([answers.get(each.key, "") for each in own])
            yield f"every item{'' if one_scale else f' on scale {scale}'} is {usual or 'missing'}"
            own = [each for each in own if answers.get(each.key, "") != usual]
            yield from _named(checklist, own, answers, blanks=True)
        else:
            single += own
    yield from _named(checklist, single, answers, blanks=False)


def _named(
    checklist: Checklist, questions: list[Question], answers: Mapping[str, str], *, blanks: bool
) -> Iterator[str]:
    """`a, b is seen`, one line an answer."""
    by_answer: dict[str, list[str]] = {}
    for each in questions:
        by_answer.setdefault(answers.get(each.key, ""), []).append(_name(checklist, each))
    for answer, names in by_answer.items():
        if answer or blanks:
            yield f"{', '.join(names)} is {answer or 'missing'}"


def _name(checklist: Checklist, question: Question) -> str:
    two = len(checklist.item[question.item].scales) > 1
    return f"{question.scale.id} of {question.item}" if two else question.item


def _usual(answers: list[str]) -> str:
    return max(dict.fromkeys(answers), key=lambda each: (answers.count(each), each != ""))


# ---- expect


def _expected(checklist: Checklist, outcome: Scored, expect: Iterable[tuple[str, str]]) -> Iterator[str]:
    for kind, key in expect:
        name = key.replace(".", " of ")
        match kind:
            case "score":
                yield f"{name} is {_score(outcome.scores[key], checklist.score[key].kind == 'percent')}"
            case "result":
                yield f"{name} is {_level(outcome.results[key])}"
            case "gate" if outcome.gates[key] != "undecided":
                yield f"gate {name} {outcome.gates[key]}"
            case "list":
                yield f"list {name} is {', '.join(outcome.lists[key]) or 'empty'}"
            case "flag":
                yield f"{'flag' if outcome.flags[key] is True else 'no flag'} {name}"
            case _:
                pass


def _score(value: ScoreValue, percent: bool) -> str:
    """The value in as few places as say it, two at most: what a person works out on paper."""
    if value.exact is None:
        return "not scored"
    exact: Fraction = value.exact
    places = next((n for n in range(MOST_PLACES) if rounded(exact, n) == exact), MOST_PLACES)
    text = written(exact) if rounded(exact, places) == exact else shown(exact, places)
    return f"{text}%" if percent else text


def _level(value: ResultValue) -> str:
    if value.level is not None:
        return value.level
    return f"one of {', '.join(value.possible)}" if value.possible else "not scored"

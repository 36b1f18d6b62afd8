"""What is said about a record beside its scores: marks, comments still to be written, lists of items."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from fractions import Fraction

from fidelity.evaluate.condition import condition
from fidelity.evaluate.findings import Check, Entered, Findings, Test
from fidelity.evaluate.member import same_answers
from fidelity.model.checklist import About, Checklist, Item, Listing, Question
from fidelity.model.period import later
from fidelity.model.scale import Given
from fidelity.model.score import Mark

# How and when the record was made, as far as it is known: the minutes that were observed, the days of the
# session and of the rating, the rater's role, the kind of evidence.
Circumstances = tuple[Fraction | None, dt.date | None, dt.date | None, str, str]


def marking(checklist: Checklist) -> Callable[[Entered, Circumstances], tuple[Mark, ...]]:
    """RB502 for each answer to an item that does not apply, RB511 for what the checklist does not accept."""
    about = checklist.about
    asked = [
        (checklist.number[each.key], Mark("RB502", each.key))
        for each in checklist.questions
        if each.applies is not None
    ]

    def marks(entered: Entered, known: Circumstances) -> tuple[Mark, ...]:
        not_counted = _not_counted(asked, entered.findings) if asked else ()
        return (*not_counted, *_circumstantial(about, known))

    return marks


def _not_counted(asked: Iterable[tuple[int, Mark]], findings: Findings) -> Iterator[Mark]:
    recorded, said = findings.recorded, findings.said
    for number, mark in asked:
        if isinstance(recorded[number].answer, Given) and not said[number].applies:
            yield mark


def _circumstantial(about: About, known: Circumstances) -> Iterator[Mark]:
    minutes, date, rated_on, rater_role, evidence = known
    if about.observed and minutes is not None and not about.observed.holds(minutes):
        yield Mark("RB511", None, "too_short")
    if about.rated_within and date and rated_on:
        number, period = about.rated_within
        if rated_on > later(date, number, period):
            yield Mark("RB511", None, "too_late")
    if about.raters and rater_role and rater_role not in about.raters:
        yield Mark("RB511", None, "rater")
    if about.evidence and evidence and evidence not in about.evidence:
        yield Mark("RB511", None, "evidence")


def commenting(checklist: Checklist) -> Callable[[Entered, Mapping[str, str]], tuple[str, ...]]:
    """The closure that names the items whose comment is still to be written."""
    questions: dict[str, list[Question]] = {}
    for each in checklist.questions:
        questions.setdefault(each.item, []).append(each)
    needs = [
        (item.id, test)
        for item in checklist.items
        for test in _comment_tests(checklist, item, questions.get(item.id, ()))
    ]

    def missing(entered: Entered, comments: Mapping[str, str]) -> tuple[str, ...]:
        needed = dict.fromkeys(item for item, test in needs if test(entered.findings))
        return tuple(item for item in needed if not comments.get(item, "").strip())

    return missing


def _comment_tests(checklist: Checklist, item: Item, questions: Iterable[Question]) -> Iterator[Check]:
    """After an answer marked so, or when the item's own condition is surely true (decision 18)."""
    for question in questions:
        marked = frozenset(each.id for each in question.scale.choices if each.needs_comment)
        if marked:
            yield _answered_so(checklist.number[question.key], marked)
        if item.always_comment:
            yield _answered(checklist.number[question.key])
    if item.comment_when is not None:
        yield _surely(condition(checklist, item.comment_when))


def _answered_so(number: int, codes: frozenset[str]) -> Check:
    return lambda findings: findings.said[number].answer.code in codes


def _answered(number: int) -> Check:
    return lambda findings: isinstance(findings.said[number].answer, Given)


def _surely(test: Test) -> Check:
    return lambda findings: test.value(findings) is True


def listing(checklist: Checklist, node: Listing) -> Callable[[Findings], tuple[str, ...]]:
    """The closure that names the items rated so, or the groups whose level is surely one of these.

    An answer that does not count is not listed, nor is a group while another level is possible.
    """
    questions = [checklist.question[key] for key in node.questions]
    rated = [
        (checklist.number[each.key], each.item, same_answers(each.scale, node.rated)) for each in questions
    ]
    results = [
        (each.key, each.group or each.name) for each in map(checklist.result.__getitem__, node.results)
    ]
    levels = set(node.rated)

    def names(findings: Findings) -> tuple[str, ...]:
        items = (item for number, item, codes in rated if findings.said[number].answer.code in codes)
        groups = (group for key, group in results if _surely_among(levels, findings.results[key].possible))
        return tuple(dict.fromkeys((*items, *groups)))

    return names


def _surely_among(levels: Set[str], possible: tuple[str, ...]) -> bool:
    return bool(possible) and levels >= set(possible)

"""Scores, levels and gates keep their promises on anything: bounds hold, sets are never too narrow."""

from fractions import Fraction
from itertools import permutations

import strategies as some
from hypothesis import given, settings
from hypothesis import strategies as st

from fidelity.evaluate import evaluator
from fidelity.evaluate.row import capped
from fidelity.model.checklist import Checklist, Flag
from fidelity.model.expression import And, Condition, Formula, Needing, Not, Or
from fidelity.model.score import GateState

Record = dict[str, str]


@given(formula=some.formulas, needing=some.needings, weights=some.weights, record=some.answers)
def test_bounds_contain_the_value(
    formula: Formula, needing: Needing, weights: tuple[Fraction, ...], record: Record
) -> None:
    evaluate = evaluator.compile(some.checklist([some.score(formula, needing)], weights=weights))
    value = evaluate(record).scores["s"]
    assert inside(value.exact, value.low, value.high)


@given(formula=some.formulas, weights=some.weights, record=some.answers)
@settings(max_examples=50)
def test_bounds_contain_every_way_of_filling_the_blanks(
    formula: Formula, weights: tuple[Fraction, ...], record: Record
) -> None:
    evaluate = evaluator.compile(some.checklist([some.score(formula)], weights=weights))
    value = evaluate(record).scores["s"]
    exact = [evaluate(filling).scores["s"].exact for filling in some.filled(record)]
    assert all(inside(each, value.low, value.high) for each in exact)


def inside(exact: Fraction | None, low: Fraction | None, high: Fraction | None) -> bool:
    return exact is None or ((low is None or low <= exact) and (high is None or exact <= high))


@given(condition=some.conditions, record=some.answers)
def test_a_decided_condition_stays_so_however_the_blanks_are_filled(
    condition: Condition, record: Record
) -> None:
    evaluate = evaluator.compile(flagged(condition))
    decided = evaluate(record).flags["f0"]
    if decided is not None:
        assert {evaluate(filling).flags["f0"] for filling in some.filled(record)} == {decided}


@given(first=some.conditions, second=some.conditions, record=some.answers)
def test_and_or_not_are_strong_kleene(first: Condition, second: Condition, record: Record) -> None:
    both, either = And((first, second)), Or((first, second))
    rules = (first, second, both, And((second, first)), either, Or((second, first)), Not(both))
    de_morgan = Or((Not(first), Not(second)))
    one, other, *joined = evaluator.compile(flagged(*rules, de_morgan))(record).flags.values()
    lower, upper = sorted([order(one), order(other)])
    negated = order(NEGATED[one if order(one) == lower else other])
    assert [order(each) for each in joined] == [lower, lower, upper, upper, negated, negated]


NEGATED: dict[bool | None, bool | None] = {True: False, False: True, None: None}


def order(value: bool | None) -> float:
    """False before undecided before true: then `and` is the lower one, `or` the higher one."""
    return 0.5 if value is None else float(value)


def flagged(*conditions: Condition) -> Checklist:
    return some.checklist(flags=tuple(Flag(f"f{place}", "F", when) for place, when in enumerate(conditions)))


@given(
    caps=st.lists(
        st.tuples(st.integers(0, 4), st.sampled_from(["passes", "fails", "undecided"])), max_size=4
    ),
    possible=st.frozensets(st.integers(0, 4), min_size=1),
)
def test_gates_commute_and_repeat_harmlessly(
    caps: list[tuple[int, GateState]], possible: frozenset[int]
) -> None:
    assert {capped(possible, order) for order in permutations(caps)} == {capped(possible, caps * 2)}


@given(first=some.conditions, second=some.conditions, when=some.conditions, record=some.answers)
@settings(max_examples=60)
def test_possible_levels_contain_the_level_of_every_filling(
    first: Condition, second: Condition, when: Condition, record: Record
) -> None:
    result = some.result(first, And((Not(first), second)), some.no_other("r", 2))
    evaluate = evaluator.compile(some.checklist(results=[result], gates=[some.gate("g", 0, when)]))
    found = evaluate(record).results["r"]
    for filling in some.filled(record):
        assert set(evaluate(filling).results["r"].possible) <= set(found.possible)

"""What would have changed a result: every claim holds, nothing smaller is missed, and the bounds are said."""

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import combinations, product
from pathlib import Path
from random import Random

from conftest import Run
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from strategies import (
    answers,
    checklist,
    conditions,
    gate,
    needings,
    random_records,
    score,
    weights,
    whole_checklists,
)

from fidelity.errors import ProblemsFound
from fidelity.evaluate.changes import changing
from fidelity.evaluate.changes.answers import is_too_long, possible_answers
from fidelity.evaluate.evaluator import Evaluator
from fidelity.evaluate.evaluator import compile as compiled
from fidelity.language.reading import load
from fidelity.model.change import Change, Changes, Choice, Filled, Search, Shortfall, Way
from fidelity.model.checklist import Checklist, Level, Question, Result
from fidelity.model.expression import (
    Aggregate,
    AggregateName,
    And,
    Compare,
    Comparison,
    Condition,
    Constant,
    Subject,
    ValueOf,
)
from fidelity.model.observation import Observation
from fidelity.model.scale import Given, NonAnswer
from fidelity.model.score import ResultValue, Scored

ROOT = Path(__file__).parent.parent
SOURCE = """
checklist steps "Steps"
  version 1.0.0

scale delivery "Delivery"
  answer not_done "Not done"      scores 0
  answer partly   "Partly"        scores 1
  answer done     "Done"          scores 2
  answer na       "Did not apply" means not_applicable

section work "Work" on scale delivery
  item welcome "Welcomes"
  item safety  "Asks about safety"
  item plan    "Agrees a plan"

score adherence "Adherence" is percent of items needing all answered

result level "Level" from adherence
  level low  "Low"  below 50%
  level fair "Fair" from 50% to below 80%
  level high "High" at least 80%

gate no_safety "Safety was not asked about"
  caps level at low when safety is not_done
"""


def searched(source: str = SOURCE, **answers: str) -> Changes:
    model = load(source, "steps.rubric")
    observation = Observation(observation="O1", answers=answers)
    return changing(model)(observation, compiled(model).score(observation))


def changes(**answers: str) -> tuple[Change, ...]:
    return searched(**answers)["level"].changes


# ---- one step alone


def test_the_one_step_that_a_rule_waits_for_is_named_with_every_answer_that_would_do() -> None:
    assert changes(welcome="done", safety="not_done", plan="done") == (
        Change((("safety", "partly"),), "high"),
        Change((("safety", "done"),), "high"),
    )


def test_nothing_is_tried_for_the_highest_level() -> None:
    assert searched(welcome="done", safety="done", plan="done") == {}


def test_what_did_not_apply_stays_so() -> None:
    assert changes(welcome="na", safety="done", plan="partly") == (Change((("plan", "done"),), "high"),)


def test_of_an_open_result_any_answer_to_the_blank_that_decides_it_counts() -> None:
    assert changes(welcome="done", safety="done") == (
        Change((("plan", "not_done"),), "fair"),
        Change((("plan", "partly"),), "high"),
        Change((("plan", "done"),), "high"),
    )


# ---- several together


def test_where_no_single_step_would_do_pairs_are_tried() -> None:
    found = searched(welcome="not_done", safety="not_done", plan="not_done")["level"]
    assert found.changes == (
        Change((("welcome", "partly"), ("safety", "done")), "fair"),
        Change((("welcome", "done"), ("safety", "partly")), "fair"),
        Change((("welcome", "done"), ("safety", "done")), "fair"),
        Change((("safety", "partly"), ("plan", "done")), "fair"),
        Change((("safety", "done"), ("plan", "partly")), "fair"),
        Change((("safety", "done"), ("plan", "done")), "fair"),
    )
    assert (found.complete, found.largest, found.sets) == (True, 2, 6)


def test_steps_that_count_alike_stand_for_each_other_and_the_rules_are_worked_out_once() -> None:
    six = "\n".join(f'  item step_{at} "Step {at}"' for at in range(6))
    source = SOURCE.replace('  item plan    "Agrees a plan"', six)
    given_answers = {f"step_{at}": "partly" for at in range(6)}
    found = searched(source, welcome="done", safety="done", **given_answers)["level"]
    steps = tuple(f"step_{at}" for at in range(6))
    assert found.shortfall == Shortfall("adherence", "high", Fraction(10), Fraction(13), 3)
    assert found.ways == (Way((Choice(3, steps, "done"),), "high"),)
    assert (found.sets, found.largest, found.complete) == (20, 3, True)
    assert found.evaluations <= 3


def test_beyond_three_at_once_the_points_say_how_many_it_would_have_taken() -> None:
    ten = "\n".join(f'  item step_{at} "Step {at}"' for at in range(10))
    source = SOURCE.replace('  item plan    "Agrees a plan"', ten)
    given_answers = {f"step_{at}": "not_done" for at in range(10)}
    found = searched(source, welcome="done", safety="done", **given_answers)["level"]
    assert (found.changes, found.complete, found.largest) == ((), True, 3)
    assert found.shortfall == Shortfall("adherence", "fair", Fraction(4), Fraction(12), 4)


def test_a_large_checklist_with_many_weights_is_searched_within_the_bound() -> None:
    many = "\n".join(f'  item step_{at} "Step {at}" weight {at + 1}' for at in range(200))
    source = SOURCE.replace('  item plan    "Agrees a plan"', many)
    given_answers = {f"step_{at}": "not_done" if at < 120 else "done" for at in range(200)}
    found = searched(source, welcome="done", safety="done", **given_answers)["level"]
    assert found.shortfall is not None
    assert found.evaluations <= 20_000
    assert found.largest == 3


def test_counts_without_an_end_are_not_tried_and_the_search_says_so() -> None:
    source = """checklist counted "Counted"
version 1.0.0
section talk "Talk"
item questions "Questions" is a count
score asked "Asked" is sum of items
result level "Level" from asked
level few "Few" below 5
level many "Many" at least 5
"""
    found = searched(source, questions="2")["level"]
    assert (found.changes, found.complete, found.untried) == ((), False, ("questions",))


# ---- blanks


def test_the_smallest_list_of_blanks_that_settles_an_open_result() -> None:
    found = searched(welcome="done")["level"]
    assert found.deciding == ("safety", "plan")
    assert found.filled == Filled(("low", "fair", "high"), 9)


def test_all_ways_of_filling_blanks_can_leave_less_than_the_lines_do() -> None:
    found = searched(SOURCE.replace("safety is not_done", "welcome is not_done"), safety="done", plan="done")
    assert found["level"].filled == Filled(("low", "high"), 3)


# ---- against every change there is


Facts = Mapping[str, str]


def other_answers(question: Question, scored: Scored, raw: str, *, blanks_only: bool) -> tuple[str, ...]:
    now = scored.answers[question.key]
    if is_too_long(question.scale) or question.scale.kind == "text":
        return ()
    if isinstance(now, Given):
        others = (code for code in possible_answers(question.scale) if code != now.code)
        return () if blanks_only else tuple(others)
    waits = raw and isinstance(question.scale.understand(raw), Given)
    if now.state not in (NonAnswer.MISSING, NonAnswer.NOT_OBSERVED) or waits:
        return ()
    return possible_answers(question.scale)


class Tried:
    """Everything that could have been answered in another way, tried by the whole evaluator."""

    def __init__(
        self, evaluator: Evaluator, observation: Observation, scored: Scored, result: Result
    ) -> None:
        self.evaluator, self.observation, self.result = evaluator, observation, result
        self.value = scored.results[result.key]
        is_open, model = self.value.level is None, evaluator.checklist
        offered = {
            each.key: other_answers(each, scored, observation.answers.get(each.key, ""), blanks_only=is_open)
            for each in model.questions
        }
        offered |= {
            each.id: possible_answers(each.scale)
            for each in model.facts
            if is_open and not observation.facts.get(each.id)
        }
        self.offered = {key: codes for key, codes in offered.items() if codes}

    def then(self, change: Mapping[str, str]) -> ResultValue:
        known = self.evaluator.checklist.question
        raw = {**self.observation.answers, **{key: code for key, code in change.items() if key in known}}
        facts = {**self.observation.facts, **{key: code for key, code in change.items() if key not in known}}
        return self.evaluator(raw, facts).results[self.result.key]

    def wanted(self, level: str) -> bool:
        order = [each.id for each in self.result.levels]
        return self.value.level is None or order.index(level) > order.index(self.value.level)

    def fillings(self, keys: tuple[str, ...]) -> Iterator[dict[str, str]]:
        for codes in product(*(self.offered[key] for key in keys)):
            yield dict(zip(keys, codes, strict=True))

    def changes(self, size: int) -> set[tuple[frozenset[tuple[str, str]], str]]:
        each = (change for keys in combinations(self.offered, size) for change in self.fillings(keys))
        found = ((change, self.then(change).level) for change in each)
        return {
            (frozenset(change.items()), level)
            for change, level in found
            if level is not None and self.wanted(level)
        }

    def ways(self, size: int) -> int:
        counts = [len(codes) for codes in self.offered.values()]
        return sum(1 for each in combinations(counts, size) for _ in product(*map(range, each)))


def agree(model: Checklist, raw: Mapping[str, str], facts: Facts, largest: int) -> None:
    evaluator = compiled(model)
    observation = Observation(
        observation="O1",
        answers={key: code for key, code in raw.items() if code},
        facts={key: code for key, code in facts.items() if code},
    )
    try:
        scored = evaluator.score(observation)
    except ProblemsFound:
        return
    found = changing(model)(observation, scored)
    for result in model.results:
        value = scored.results[result.key]
        assert (result.key in found) is (bool(value.possible) and value.level != result.levels[-1].id)
        if result.key in found:
            tried = Tried(evaluator, observation, scored, result)
            same_changes(found[result.key], tried, largest)
            same_blanks(found[result.key], tried)


def same_changes(search: Search, tried: Tried, largest: int) -> None:
    for change in search.changes:
        assert tried.then(dict(change.answers)).level == change.level
    for size in range(1, largest + 1):
        if tried.ways(size) > 1500:
            return
        every = tried.changes(size)
        assert (search.largest > size or not search.changes) if not every else search.largest == size
        if every:
            told = {(frozenset(each.answers), each.level) for each in search.changes}
            assert search.sets == len(every)
            assert told == every if search.sets <= 100 else told < every
            return


def same_blanks(search: Search, tried: Tried) -> None:
    keys = tuple(tried.offered)
    if search.filled is None or len(keys) > 4 or tried.ways(len(keys)) > 300:
        return
    left = {level for filling in tried.fillings(keys) for level in tried.then(filling).possible}
    assert set(search.filled.levels) == left

    def settles(some: tuple[str, ...]) -> bool:
        found = [tried.then(filling) for filling in tried.fillings(some)]
        return all(each.level is not None or not each.possible for each in found)

    sizes = range(1, len(keys) + 1)
    fewest = next((size for size in sizes if any(map(settles, combinations(keys, size)))), None)
    assert fewest == (None if search.deciding is None else len(search.deciding))
    assert search.deciding is None or settles(search.deciding)


FOUR = tuple(Subject("question", name) for name in "abcd")
ADDED_UP: dict[AggregateName, Fraction] = {
    "percent": Fraction(100),
    "mean": Fraction(3),
    "sum": Fraction(12),
}
ENDS: tuple[tuple[Comparison, Comparison], ...] = (("below", "at least"), ("at most", "above"))


@st.composite
def with_bands(draw: st.DrawFn) -> Checklist:
    """Bands of a score that adds up four items, with gates."""
    function = draw(st.sampled_from(sorted(ADDED_UP)))
    shares = draw(st.lists(st.integers(1, 19), min_size=1, max_size=2, unique=True))
    marks = [Fraction(each, 20) * ADDED_UP[function] for each in sorted(shares)]
    below, start = draw(st.sampled_from(ENDS))
    read = ValueOf(Subject("score", "s"))
    ends: list[Condition] = [Compare(read, below, Constant(each)) for each in marks]
    starts: list[Condition] = [Compare(read, start, Constant(each)) for each in marks]
    lines = [
        ends[0],
        *(And((first, last)) for first, last in zip(starts, ends[1:], strict=False)),
        starts[-1],
    ]
    levels = tuple(Level(str(at), str(at), when) for at, when in enumerate(lines))
    gates = [
        gate(f"g{at}", draw(st.integers(0, len(lines) - 1)), draw(conditions))
        for at in range(draw(st.integers(0, 2)))
    ]
    own = score(Aggregate(function, FOUR, needing=draw(st.none() | needings)), draw(needings))
    return checklist([own], [Result("r", "r", "", "R", "s", levels)], gates, draw(weights))


@settings(max_examples=60)
@given(with_bands(), answers)
def test_points_and_gates_find_what_trying_everything_finds(model: Checklist, raw: dict[str, str]) -> None:
    agree(model, raw, {}, 3)


@settings(max_examples=40, phases=[Phase.explicit, Phase.generate])  # shrinking takes minutes
@given(whole_checklists(), st.integers(0, 10**6))
def test_on_any_checklist_nothing_is_claimed_wrongly_and_nothing_smaller_missed(
    model: Checklist, seed: int
) -> None:
    for record in random_records(model, Random(seed), 2):  # noqa: S311 - no secrets here
        facts = {each.id: record.get(f"fact.{each.id}", "") for each in model.facts}
        agree(model, {key: record.get(key, "") for key in model.question}, facts, 2)


# ---- `fidelity explain`

STUDY = ("programmes/example_study/session", "checklists/programmes/example_study", "--observation", "O030")


def test_explain_gives_each_change_as_items_and_level_and_says_how_far_it_looked(run: Run) -> None:
    checklist_name, data, *asked = STUDY
    ran = run("explain", checklist_name, str(ROOT / data), *asked, "--format", "json")
    found = json.loads(ran.out)["results"]["fidelity"]
    assert found["changes"] == [
        {"items": {"sa_safety": "partly"}, "then": "acceptable"},
        {"items": {"sa_safety": "done"}, "then": "acceptable"},
    ]
    assert (found["search"]["complete"], found["search"]["largest"], found["search"]["found"]) == (True, 1, 2)
    assert found["points_short"] == {
        "score": "adherence",
        "level": "acceptable",
        "points": "14",
        "needed": "15",
        "steps": 1,
        "missing": "1",
    }


def test_explain_says_what_would_have_to_be_seen_never_what_to_rate(run: Run) -> None:
    checklist_name, data, *asked = STUDY
    assert (
        "  What would have led to another level:\n"
        "    Points short of Acceptable: 1 (14 of 24 reached, 15 needed).\n"
        "    Acceptable, had “Asks about safety, including thoughts of suicide” been Partly done or Done.\n"
        "    No other step alone would have led to a higher level.\n"
    ) in run("explain", checklist_name, str(ROOT / data), *asked).out

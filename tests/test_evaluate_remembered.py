"""What is looked up, because it follows from little, is what the rules say of that very record."""

import pickle
from collections.abc import Iterable, Mapping
from copy import deepcopy
from fractions import Fraction
from random import Random

import pytest
import strategies as some
from hypothesis import given, settings
from hypothesis import strategies as st

from fidelity.errors import ProblemsFound
from fidelity.evaluate import evaluator, remembered
from fidelity.evaluate.evaluator import Evaluator, compile
from fidelity.evaluate.findings import Findings
from fidelity.language.reading import load
from fidelity.model.checklist import Checklist, Rounding, Score
from fidelity.model.expression import Aggregate, And, Compare, Condition, Constant, Subject, ValueOf
from fidelity.model.score import Scored

Record = Mapping[str, object]
RECORDS = 40

sums = st.builds(
    Aggregate,
    st.sampled_from(["mean", "sum", "percent"]),
    st.lists(st.sampled_from(some.ITEMS), min_size=1, unique=True).map(tuple),
)
roundings = st.none() | st.builds(Rounding, st.just(0), st.sampled_from(["half_away", "half_even"]))
marks = st.builds(
    Compare,
    st.sampled_from(["s0", "s1"]).map(lambda key: ValueOf(Subject("score", key))),
    st.sampled_from(["at least", "below", "is"]),
    st.integers(0, 9).map(lambda number: Constant(Fraction(number, 2))),
)
conditions: st.SearchStrategy[Condition] = (
    marks | some.tests | st.builds(And, st.tuples(marks, some.tests)) | some.quantified
)


@st.composite
def checklists(draw: st.DrawFn) -> Checklist:
    """Two sums, up to two gates and a result that read them or up to four answers."""
    scores = [
        Score(
            f"s{at}", f"s{at}", "", "S", draw(sums), "number", draw(some.needings), rounding=draw(roundings)
        )
        for at in range(2)
    ]
    gates = [
        some.gate(f"g{at}", draw(st.integers(0, 2)), draw(conditions))
        for at in range(draw(st.integers(0, 2)))
    ]
    result = some.result(draw(conditions), draw(conditions), some.no_other("r", 2))
    return some.checklist(scores, [result], gates, weights=draw(some.weights))


@settings(max_examples=50)
@given(checklists(), st.integers(0, 2**32), st.sampled_from([0, 3, 10_000]))
def test_what_is_remembered_is_what_would_be_worked_out(checklist: Checklist, seed: int, room: int) -> None:
    random = Random(seed)  # noqa: S311 - chance is wanted
    records = [
        {name: random.choice([*some.CODES, *map(int, some.CODES), "na", "", None]) for name in some.NAMES}
        for _ in range(RECORDS)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(remembered, "MOST_SUMS", room)
        remembering = compile(checklist)
        told = [_told(remembering(record)) for record in records * 2]
    assert told == [_told(_forgetful(checklist)(record)) for record in records] * 2


def _forgetful(checklist: Checklist) -> Evaluator:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluator, "follows_from_little", lambda *_: None)
        return compile(checklist)


def _told(scored: Scored) -> tuple[object, ...]:
    """First the outcomes alone, then everything behind them."""
    plain = (scored.exact, scored.levels, scored.gates, scored.because)
    scores = {
        key: (each.exact, each.answered, each.applicable, each.low, each.high, each.reason, each.not_scored)
        for key, each in scored.scores.items()
    }
    results = {
        key: (each.level, each.possible, each.because, each.reason) for key, each in scored.results.items()
    }
    return (*plain, scores, results, scored.gate_reasons, scored.answers)


# ---- which checklists these are

VISIT = """\
checklist visit "A visit"
fact format "Format" is one of single "One to one", together "Group"
scale done "Done?"
  answer never "No" scores 0 coded "0"
  answer fully "Yes" scores 1 coded "1"
section all_of_it "All" on scale done
  item greets "Greets"
  item asks "Asks about harm"
  item plans "Plans"
  item ends "Ends"
  item calls "Calls"
score adherence "Adherence" is percent of items needing at least 1/2 answered{score}
result fidelity "Fidelity" from adherence
  level low "Low" below 60%
  level high "High" at least 60%
gate safe caps fidelity at low when {gate}
"""


def evaluated(score: str = "", gate: str = "asks is never") -> Evaluator:
    return compile(load(VISIT.format(score=score, gate=gate), "visit.rubric"))


@pytest.mark.parametrize(
    ("rules", "worked_out_again"),
    [
        ({}, False),
        ({"gate": "asks is never or greets is missing"}, False),
        ({"score": " rounded to 0 places"}, False),
        ({"gate": "any item is never"}, True),  # five answers and a score are not little
        ({"gate": "format is together"}, True),
        ({"score": "\n  only when ends is fully"}, True),
        ({"score": '\nscore lowest_of_all "Lowest" is lowest of items\n  only when ends is fully'}, True),
        ({"score": '\nscore part_of_all "Part" is ratio of greets to asks'}, True),
    ],
)
def test_rules_are_asked_once_of_what_follows_from_little(
    rules: dict[str, str], worked_out_again: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluate = evaluated(**rules)
    asked = _counted(monkeypatch)
    for ends in ("fully", "never", "fully"):
        evaluate({"greets": "fully", "asks": "fully", "ends": ends}, {"format": "single"})
    assert len(asked) == (3 if worked_out_again else 2)


def _counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is added to whenever rules are asked for a decision."""
    asked: list[str] = []

    class Counted(remembered.Decision):
        def __init__(self, findings: Findings) -> None:
            asked.append("")
            super().__init__(findings)

    monkeypatch.setattr(remembered, "Decision", Counted)
    return asked


def test_what_one_caller_does_to_the_outcomes_is_not_seen_by_the_next() -> None:
    evaluate = evaluated()
    record = {"greets": "fully", "asks": "never", "plans": "fully"}
    first = evaluate(record)
    _spoil([first.exact, first.levels, first.gates, first.because])
    again = evaluate(record)
    assert (again.exact, again.levels, again.gates, again.because) == (
        {"adherence": Fraction(200, 3)},
        {"fidelity": "low"},
        {"safe": "fails"},
        {"fidelity": ("safe", "asks")},
    )


def _spoil(outcomes: Iterable[Mapping[str, object]]) -> None:
    for each in outcomes:
        assert isinstance(each, dict)
        each.clear()


def test_outcomes_are_the_same_in_another_process() -> None:
    scored = evaluated()({"greets": "fully", "asks": "never"})
    again = pickle.loads(pickle.dumps(scored))  # noqa: S301 - our own
    assert _told(again) == _told(deepcopy(scored)) == _told(scored)
    assert (again.flags, again.lists, again.marks) == (scored.flags, scored.lists, scored.marks)


@pytest.mark.parametrize("alike", [True, 1.5, "2"], ids=repr)
def test_what_looks_like_a_known_answer_is_refused_all_the_same(alike: object) -> None:
    evaluate = evaluated()
    record: Record = {"greets": 1, "asks": 1, "plans": 1, "ends": 1, "calls": 1}
    evaluate(record)
    with pytest.raises(ProblemsFound):
        evaluate({**record, "asks": alike})


def test_a_fact_that_only_looks_like_a_known_one_is_refused_all_the_same() -> None:
    evaluate = compile(
        load(
            VISIT.replace('is one of single "One to one", together "Group"', "is a count").format(
                score="", gate="asks is never"
            ),
            "visit.rubric",
        )
    )
    evaluate({}, {"format": 1})
    with pytest.raises(ProblemsFound):
        evaluate({}, {"format": True})

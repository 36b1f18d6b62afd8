"""The names behind a result are those of its tree of reasons, also when they are remembered."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import random_records, whole_checklists

import fidelity
from fidelity.errors import ProblemsFound
from fidelity.evaluate.evaluator import Evaluator, compile
from fidelity.language.reading import load
from fidelity.model.checklist import Checklist
from fidelity.model.score import Scored, because

CHECKLISTS, RECORDS, CHANGES = int(os.environ.get("FIDELITY_CHECKLISTS", "100")), 10, 6
SHIPPED = Path(__file__).parent.parent / "checklists"
Record = Mapping[str, str]

SOURCE = """\
checklist visit "A visit"
fact format "Format" is one of single "One to one", together "Group"
scale done "Done?"
  answer never "No" scores 0
  answer fully "Yes" scores 1
section all_of_it "All" on scale done
  item greets "Greets"
  item asks "Asks about harm" tagged core applies when format is together
  item plans "Plans" tagged core
  item ends "Ends"
score adherence "Adherence" is percent of items needing at least 1/2 answered
result fidelity "Fidelity" from adherence
  level low "Low" below 60%
  level high "High" at least 60%
gate safe caps fidelity at low when any item tagged core is never
"""


@pytest.mark.parametrize(
    ("answers", "names"),
    [
        ("fully fully fully", ("adherence",)),
        ("fully never fully", ("safe", "asks")),
        ("fully fully never", ("safe", "plans")),
        ("fully never never", ("safe", "asks", "plans", "adherence")),
        ("never never fully", ("safe", "asks", "adherence")),
        ("fully - fully", ("asks",)),
        ("- - fully", ("greets", "asks", "ends", "adherence")),
    ],
)
def test_the_names_are_the_same_the_second_time(answers: str, names: tuple[str, ...]) -> None:
    evaluate = compile(load(SOURCE, "visit.rubric"))
    record = dict(zip(("greets", "asks", "plans"), answers.replace("-", "").split(" "), strict=True))
    told = [evaluate(record, {"format": "together"}).results["fidelity"].because for _ in range(2)]
    assert told == [names, names]


def test_an_answer_that_was_set_aside_is_not_remembered_for_one_that_counts() -> None:
    evaluate = compile(load(SOURCE, "visit.rubric"))
    answers = {"greets": "fully", "asks": "never", "plans": "never"}
    by_format = [evaluate(answers, {"format": each}) for each in ("single", "together", "single")]
    assert [each.results["fidelity"].because for each in by_format] == [
        ("safe", "plans", "adherence"),
        ("safe", "asks", "plans", "adherence"),
        ("safe", "plans", "adherence"),
    ]


def test_each_record_names_its_own_blanks() -> None:
    evaluate = compile(load(SOURCE, "visit.rubric"))
    together = {"format": "together"}
    by_blank = [evaluate(answers, together) for answers in ({"greets": "fully"}, {"ends": "fully"})]
    assert [each.results["fidelity"].because for each in by_blank] == [
        ("asks", "plans", "ends", "adherence"),
        ("greets", "asks", "plans", "adherence"),
    ]


def test_where_it_is_open_whether_a_question_applies_its_answer_or_its_blank_waits() -> None:
    evaluate = compile(load(SOURCE, "visit.rubric"))
    others = {"greets": "fully", "plans": "fully"}
    told = [evaluate({**others, **asks}).results["fidelity"].because for asks in ({"asks": "never"}, {})]
    assert told == [("format",), ("asks", "format")]


@settings(max_examples=CHECKLISTS // 2)
@given(whole_checklists(), st.integers(0, 2**32))
def test_the_names_of_many_records_are_those_of_their_trees(checklist: Checklist, seed: int) -> None:
    all_named_by_their_trees(checklist, Random(seed))  # noqa: S311 - chance is wanted


@pytest.mark.parametrize(
    "file",
    sorted(SHIPPED.rglob("*.rubric")),
    ids=lambda each: each.relative_to(SHIPPED).with_suffix("").as_posix(),
)
def test_so_they_are_for_the_shipped_checklists(file: Path) -> None:
    checklist = fidelity.load(file)
    if isinstance(checklist, Checklist) and checklist.questions:
        all_named_by_their_trees(checklist, Random(7))  # noqa: S311 - the same ones each time


def all_named_by_their_trees(checklist: Checklist, random: Random) -> None:
    """One evaluator for all, as it remembers; records that differ in one answer are the likeliest mix-up."""
    evaluate = compile(checklist)
    for record in _neighbours(random_records(checklist, random, RECORDS), random):
        for scored in _scored(evaluate, record):
            for each in scored.results.values():
                assert each.because == because(each.reason)


def _neighbours(records: list[dict[str, str]], random: Random) -> Iterator[Record]:
    for record in records:
        yield record
        for name in random.choices(list(record), k=CHANGES):
            yield {**record, name: random.choice(records)[name]}
            yield {**record, name: ""}
            yield record


def _scored(evaluate: Evaluator, record: Record) -> list[Scored]:
    """Nothing of a record that is refused."""
    checklist = evaluate.checklist
    answers = {key: record.get(key) for key in checklist.question}
    facts = {key: record.get(f"fact.{key}") for key in checklist.fact}
    try:
        return [evaluate(answers, facts)]
    except ProblemsFound:
        return []

"""The evaluator of rows, the columns and a naive reading say the same of any record of any checklist."""

import os
from fractions import Fraction
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import naive
import polars as pl
import pytest
from adapted_sources import Sources, adapted_sources
from both_engines import (
    Records,
    by_columns,
    by_rows,
    frame_of,
    in_columns,
    names_by_columns,
    reasons_by_rows,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import random_records, whole_checklists

import fidelity
from fidelity.errors import ProblemsFound, WrongUse
from fidelity.evaluate.columns.number import TooLarge, constant, holds, product, quotient, width
from fidelity.evaluate.columns.plan import Plan
from fidelity.evaluate.evaluator import compile
from fidelity.language.reading import load
from fidelity.model.checklist import Checklist
from fidelity.model.score import because

# 3,600 cases in each run; more by hand, for example FIDELITY_CHECKLISTS=1000.
CHECKLISTS, RECORDS = int(os.environ.get("FIDELITY_CHECKLISTS", "80")), 30
SHIPPED = Path(__file__).parent.parent / "checklists"


@settings(max_examples=CHECKLISTS)
@given(whole_checklists(), st.integers(0, 2**32))
def test_rows_columns_and_a_naive_reading_agree(checklist: Checklist, seed: int) -> None:
    all_agree(checklist, random_records(checklist, Random(seed), RECORDS))  # noqa: S311 - chance is wanted


@settings(max_examples=CHECKLISTS // 4)
@given(adapted_sources(), st.integers(0, 2**32))
def test_they_agree_on_bases_and_their_adaptations(sources: Sources, seed: int) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "base.rubric").write_text(sources.base, encoding="utf-8")
        path = Path(folder) / "site.rubric"
        path.write_text(sources.adaptation, encoding="utf-8")
        site = load(sources.adaptation, str(path))
    for checklist in (load(sources.base, "base.rubric"), site):
        all_agree(checklist, random_records(checklist, Random(seed), RECORDS))  # noqa: S311 - as above


def all_agree(checklist: Checklist, records: Records) -> None:
    """The same values, sets, gates, flags, lists, marks, comments and reasons by all."""
    found = [naive.outcomes(checklist, record) for record in records]
    expected = in_columns(checklist, found)
    assert by_rows(checklist, records) == expected
    assert by_columns(checklist, records) == expected
    evaluate, names = compile(checklist), names_by_columns(checklist, records)
    for record, outcome, named in zip(records, found, names, strict=True):
        if outcome["refused"] is None:
            reasons = reasons_by_rows(evaluate, record)
            assert reasons == outcome["why"]
            assert named == {key: because(reasons[key]) for key in checklist.result}


@pytest.mark.parametrize(
    "file",
    sorted(SHIPPED.rglob("*.rubric")),
    ids=lambda each: each.relative_to(SHIPPED).with_suffix("").as_posix(),
)
def test_they_agree_on_the_shipped_checklists_and_adaptations(file: Path) -> None:
    checklist = fidelity.load(file)
    if isinstance(checklist, Checklist) and checklist.questions:
        records = random_records(checklist, Random(7), 25)  # noqa: S311 - the same ones each time
        all_agree(checklist, records)


SOURCE = """\
checklist visit "A visit"
  version 1.0.0
  treat not_observed as left out
scale done "Done?"
  answer no_step "No" scores 0
  answer yes_step "Yes" scores 1
  answer unseen "Not seen" means not_observed
section all_of_it "All" on scale done
  item greets "Greets"
  item plans "Plans" tagged key
  item ends "Ends"
score adherence "Adherence" is percent of items needing at least 2/3 answered
result fidelity "Fidelity" from adherence
  level low "Low" below 60%
  level high "High" at least 60%
gate key_step caps fidelity at low when any item tagged key is no_step
flag short "Short" when ends is no_step
"""


def test_a_table_of_records_comes_back_with_scores_levels_gates_and_flags() -> None:
    records = pl.LazyFrame(
        {
            "therapist": ["T1", "T1", "T2", "T2"],
            "greets": ["yes_step", "yes_step", "yes_step", "yess"],
            "plans": ["yes_step", "no_step", None, "yes_step"],
            "ends": ["no_step", "yes_step", "unseen", "yes_step"],
        }
    )
    scored = compile(load(SOURCE, "visit.rubric")).table(records).collect()
    assert scored.columns[:5] == ["therapist", "greets", "plans", "ends", "refused"]
    assert scored.select(
        "refused",
        "adherence.top",
        "adherence.bottom",
        "adherence.answered",
        "adherence.applicable",
        "adherence.reason",
        "fidelity",
        "fidelity.possible",
        "gate.key_step",
        "flag.short",
    ).rows() == [
        (None, 200, 3, 3, 3, None, "high", "high", "passes", True),
        (None, 200, 3, 3, 3, None, "low", "low", "fails", False),
        (None, None, None, 1, 2, "too_few_answered", None, "low, high", "undecided", None),
        ("greets", *[None] * 9),
    ]


def test_numbers_and_texts_of_any_column_type_are_read_alike() -> None:
    source = SOURCE.replace('"No" scores 0', '"No" scores 0 coded "0"').replace(
        '"Yes" scores 1', '"Yes" scores 1 coded "1"'
    )
    checklist = load(source, "visit.rubric")
    as_numbers = pl.LazyFrame({"greets": [1, 0], "plans": [1, None], "ends": [0, 1]})
    as_texts = as_numbers.select(pl.all().cast(pl.String))
    as_categories = as_texts.select(pl.all().cast(pl.Enum(["1", "unused", "0"])))
    tables = (as_numbers, as_texts, as_categories)
    outcomes = [compile(checklist).table(each).collect().drop("greets", "plans", "ends") for each in tables]
    assert outcomes[0].equals(outcomes[1])
    assert outcomes[1].equals(outcomes[2])
    assert outcomes[0]["adherence"].to_list() == [pytest.approx(200 / 3), 50]


def test_a_table_without_a_question_is_refused() -> None:
    with pytest.raises(ProblemsFound) as found:
        compile(load(SOURCE, "visit.rubric")).table(pl.LazyFrame({"greets": ["yes_step"]}))
    assert [each.code for each in found.value.problems] == ["RB501"]
    assert "plans, ends" in found.value.problems[0].message


def test_a_table_with_a_column_named_like_an_outcome_is_refused() -> None:
    frame = frame_of(load(SOURCE, "visit.rubric"), [{"adherence": "1"}]).lazy()
    with pytest.raises(WrongUse, match="adherence"):
        compile(load(SOURCE, "visit.rubric")).table(frame)


def test_batches_of_any_size_give_the_same_rows() -> None:
    checklist = load(SOURCE, "visit.rubric")
    records = random_records_of(checklist, 3_000)
    whole = compile(checklist).table(records.lazy()).collect()
    parts = [
        compile(checklist).table(records.slice(at, 700).lazy()).collect(engine="streaming")
        for at in range(0, 3_000, 700)
    ]
    assert pl.concat(parts).equals(whole)


def random_records_of(checklist: Checklist, number: int) -> pl.DataFrame:
    return frame_of(checklist, random_records(checklist, Random(3), number))  # noqa: S311 - the same each time


def test_columns_widen_before_they_could_overflow_and_give_up_before_they_are_wrong() -> None:
    assert width(2**63 - 1) == pl.Int64
    assert width(2**63) == pl.Int128
    with pytest.raises(TooLarge):
        width(2**127)


def test_nought_may_meet_numbers_that_64_bits_do_not_hold() -> None:
    nought, fine, plan = constant(Fraction(0)), constant(Fraction(1, 10**20)), Plan()
    found = [quotient(plan, nought, fine), product(plan, nought, fine), product(plan, fine, nought)]
    wanted = [each.top.alias(str(at)) for at, each in enumerate(found)]
    wanted.append(holds(nought, "below", fine).alias("below"))
    assert plan.over(pl.LazyFrame({"row": [1]}), wanted).collect().row(0) == (1, 0, 0, 0, True)

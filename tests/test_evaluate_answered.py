"""The answers that rules see, told by columns, are those that the evaluator of single records gives."""

from collections.abc import Sequence
from random import Random

import polars as pl
from both_engines import frame_of
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import random_records, whole_checklists

from fidelity.errors import ProblemsFound
from fidelity.evaluate.columns.answered import Answering
from fidelity.evaluate.evaluator import Evaluator
from fidelity.language.reading import load
from fidelity.model.checklist import Checklist
from fidelity.model.scale import Answer, Given

Record = dict[str, str]


def by_rows(checklist: Checklist, record: Record) -> dict[str, Answer] | None:
    """The answers; nothing of a record that does not fit."""
    facts = {each.id: record.get(f"fact.{each.id}") for each in checklist.facts}
    try:
        return dict(Evaluator(checklist)({key: record.get(key) for key in checklist.question}, facts).answers)
    except ProblemsFound:
        return None


def by_columns(checklist: Checklist, frame: pl.DataFrame) -> list[dict[str, Answer]]:
    found = Answering(checklist).answers(frame)
    columns = {key: [each.listed[at] for at in each.places] for key, each in found.items()}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def in_words(checklist: Checklist, rows: Sequence[dict[str, Answer]]) -> list[dict[str, Answer | bool]]:
    """What is written in words is told apart only from what is not answered."""
    free = {each.key for each in checklist.questions if each.scale.kind == "text"}
    return [
        {key: isinstance(each, Given) or each if key in free else each for key, each in row.items()}
        for row in rows
    ]


@settings(max_examples=60)
@given(whole_checklists(), st.integers(0, 2**32))
def test_they_are_the_same(checklist: Checklist, seed: int) -> None:
    records = random_records(checklist, Random(seed), 20)  # noqa: S311 - chance is wanted
    good = [(each, answers) for each in records if (answers := by_rows(checklist, dict(each))) is not None]
    frame = frame_of(checklist, [each for each, _ in good])
    if good:
        assert in_words(checklist, by_columns(checklist, frame)) == in_words(
            checklist, [answers for _, answers in good]
        )


LONG_RANGES = """\
checklist hours "Hours"
  version 1.0.0
section shares "Hours" is a number from 0 to 5000
  item talk "Talk"
  item walk "Walk"
    applies when talk is at least 2
score both "Both" is talk + walk
"""


def test_numbers_of_a_long_range_are_listed_as_they_are_met_and_fractions_too() -> None:
    checklist = load(LONG_RANGES, "hours.rubric")
    records = [{"talk": "1.50", "walk": "7"}, {"talk": "1/3"}, {"talk": "4000", "walk": "3/2"}, {"talk": ""}]
    rows = [by_rows(checklist, each) for each in records]
    frame = pl.DataFrame({key: [each.get(key) for each in records] for key in ("talk", "walk")})
    assert by_columns(checklist, frame) == rows
    fine = frame.with_columns(talk=pl.lit("1/999999937"))
    assert by_columns(checklist, fine)[0] == by_rows(checklist, {"talk": "1/999999937", "walk": "7"})

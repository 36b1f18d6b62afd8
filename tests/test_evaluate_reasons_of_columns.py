"""The reasons beside columns are those of the evaluator of rows, worked out once for rows that are alike."""

from collections.abc import Mapping
from random import Random
from typing import Any

import polars as pl
from both_engines import frame_of
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import random_records, whole_checklists
from test_cases import cases, record_of

from fidelity.evaluate.columns.row_by_row import scored_row
from fidelity.evaluate.columns.scored import Scorer, Told
from fidelity.evaluate.evaluator import Evaluator
from fidelity.evaluate.outcome import reason_in_words, sentence
from fidelity.language.reading import load
from fidelity.model.checklist import Checklist
from fidelity.model.score import Scored, because


@settings(max_examples=40)
@given(whole_checklists(), st.integers(0, 2**32))
def test_reasons_of_columns_are_those_of_rows(checklist: Checklist, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - chance is all
    frame = frame_of(checklist, random_records(checklist, random, 40))
    kept = [each for each in frame.columns if each in checklist.question or random.random() < 0.8]
    told_alike(checklist, frame[:15], frame[15:].select(kept))


def test_so_they_are_for_the_written_cases_and_what_is_nearly_alike() -> None:
    of_source: dict[str, list[dict[str, str]]] = {}
    for source, case in (each.values for each in cases()):
        if "answers" in case and "problems" not in case:
            of_source.setdefault(source, []).append(record_of(case))
    for source, records in of_source.items():
        checklist = load(source, "case.rubric")
        nearly = [{**each, name: ""} for each in records for name in each if name in checklist.question]
        told_alike(checklist, frame_of(checklist, [*records, *nearly]))


def told_alike(checklist: Checklist, *frames: pl.DataFrame) -> None:
    """One scorer for all frames, as it remembers; a frame may lack a column that others have."""
    scorer, evaluator = Scorer(checklist), Evaluator(checklist)
    for frame in frames:
        found = scorer.score(frame)
        outcomes = found.outcomes.rows(named=True)
        for at, row in enumerate(frame.iter_rows(named=True)):
            scored, refused = scored_row(evaluator, row)
            pattern = found.pattern[at]
            assert outcomes[at]["refused"] == refused
            assert (scored is None) == (pattern is None)
            if scored is not None:
                assert_same(checklist, scored, found.told[pattern], outcomes[at])
                assert found.is_evidence[at] == _is_evidence(scored)


def assert_same(checklist: Checklist, scored: Scored, told: Told, outcome: Mapping[str, Any]) -> None:
    assert told.because == {key: because(each.reason) for key, each in scored.results.items()}
    for key, value in scored.scores.items():
        counts = outcome[f"{key}.answered"], outcome[f"{key}.applicable"]
        why: Any = outcome[f"{key}.reason"] or ""
        absent = told.absent.get(key, "")
        score = checklist.score[key]
        assert sentence(score, why, *counts, absent) == reason_in_words(score, value)


def _is_evidence(scored: Scored) -> bool | None:
    why_marked = {each.why for each in scored.marks if each.code == "RB511"}
    return why_marked <= {"too_late"} if why_marked else None


SOURCE = """\
checklist visit "A visit"
scale done "Done?"
  answer no_step "No" scores 0
  answer yes_step "Yes" scores 1
section all_of_it "All" on scale done
  item greets "Greets"
  item plans "Plans" tagged key
  item ends "Ends"
score adherence "Adherence" is percent of items needing at least 2/3 answered
result fidelity "Fidelity" from adherence
  level low "Low" below 60%
  level high "High" at least 60%
gate key_step caps fidelity at low when any item tagged key is no_step
"""


def test_rows_that_are_alike_in_what_decides_share_their_reasons() -> None:
    """Which item was missed makes no difference to the level, as long as the same lines and gates decide."""
    checklist = load(SOURCE, "visit.rubric")
    rows = [
        {"greets": "yes_step", "plans": "yes_step", "ends": "no_step"},
        {"greets": "no_step", "plans": "yes_step", "ends": "yes_step"},
        {"greets": "no_step", "plans": "no_step", "ends": "yes_step"},
        {"greets": "", "plans": "yes_step", "ends": ""},
        {"greets": "", "plans": "", "ends": "yes_step"},
    ]
    found = Scorer(checklist).score(frame_of(checklist, rows))
    assert found.pattern.to_list() == [0, 0, 1, 2, 3]
    assert found.because("fidelity").to_list() == [
        "adherence",
        "adherence",
        "key_step, plans, adherence",
        "greets, ends, adherence",
        "greets, plans, adherence",
    ]


def test_no_rows_have_no_reasons() -> None:
    checklist = load(SOURCE, "visit.rubric")
    found = Scorer(checklist).score(frame_of(checklist, []))
    assert (len(found.outcomes), found.told, found.pattern.to_list()) == (0, [], [])

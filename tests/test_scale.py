"""Record batches in, record batches out: the same rows however the data are cut, or a located message."""

import pickle
import subprocess
import sys
from collections.abc import Iterator

import polars as pl
import pyarrow as pa
import pytest
from scale_sample import PMPLUS, checklist_of, records, scored_here

from fidelity.errors import ProblemsFound, WrongUse
from fidelity.language.reading import load
from fidelity.scale import score_batches, score_schema, worker
from fidelity.scale.worker import Outcomes, work

SOURCE = """\
checklist visit "A visit"
  version 1.0.0
scale done "Done?"
  answer no_step "No" scores 0 coded "0"
  answer yes_step "Yes" scores 1 coded "1"
section all_of_it "All" on scale done
  item greets "Greets"
  item plans "Plans"
score adherence "Adherence" is percent of items needing at least 1/2 answered
result fidelity "Fidelity" from adherence
  level low "Low" below 60%
  level high "High" at least 60%
"""
VISIT = load(SOURCE, "visit.rubric")


def scored(*batches: dict[str, object]) -> pl.DataFrame:
    frame = pl.from_arrow(
        pa.Table.from_batches(score_batches(VISIT, [pa.RecordBatch.from_pydict(each) for each in batches]))
    )
    assert isinstance(frame, pl.DataFrame)
    return frame


def problems(*batches: dict[str, object]) -> list[tuple[str, str]]:
    with pytest.raises(ProblemsFound) as found:
        scored(*batches)
    return [(each.code, each.message) for each in found.value.problems]


# ---- the same rows


@pytest.mark.parametrize("name", [PMPLUS, "upsides/contact_record", "scoring/miti_4_2_1"])
def test_however_the_rows_are_cut_they_are_scored_as_on_one_machine(name: str) -> None:
    checklist = checklist_of(name)
    frame = records(checklist, 600)
    here = scored_here(checklist, frame)
    assert 0 < here["refused"].null_count() < 600
    for size in (1_000, 600, 97, 1):
        rows = frame.head(40 if size == 1 else 600).to_arrow()
        found = pa.Table.from_batches(score_batches(checklist, rows.to_batches(size)))
        assert found.column_names == here.columns
        again = pl.from_arrow(found)
        assert isinstance(again, pl.DataFrame)
        assert again.equals(here.head(len(again)))


def test_the_columns_that_come_back_are_known_beforehand() -> None:
    checklist = checklist_of()
    rows = records(checklist, 5).to_arrow()
    batches = list(score_batches(checklist, rows.to_batches()))
    assert score_schema(checklist, rows.schema) == batches[0].schema


def test_batches_are_asked_for_as_they_are_needed() -> None:
    asked: list[int] = []

    def endless() -> Iterator[pa.RecordBatch]:
        while True:
            asked.append(1)
            yield pa.RecordBatch.from_pydict({"greets": ["1"] * 50_000, "plans": ["1"] * 50_000})

    assert next(score_batches(VISIT, endless())).num_rows > 0
    assert len(asked) == 2


def test_no_batch_gives_no_batch() -> None:
    assert list(score_batches(VISIT, [])) == []


def test_other_columns_pass_through_as_they_are() -> None:
    batch = pa.RecordBatch.from_pydict(
        {"greets": ["1"], "notes": [["a", "b"]], "plans": ["0"], "when": [pa.scalar(5, pa.time32("s"))]}
    )
    (found,) = score_batches(VISIT, [batch])
    assert found.select(["greets", "notes", "plans", "when"]) == batch
    assert found.column("adherence.top").to_pylist() == [100]
    assert found.column("adherence.bottom").to_pylist() == [2]


def test_the_same_values_in_another_type_are_the_same_answers() -> None:
    texts: dict[str, object] = {"greets": ["1", "0", None], "plans": ["1", "1", "0"]}
    dictionary: dict[str, object] = {
        name: pa.array(values).dictionary_encode()
        for name, values in texts.items()
        if isinstance(values, list)
    }
    wide: dict[str, object] = {
        name: pa.array(values, pa.large_string())
        for name, values in texts.items()
        if isinstance(values, list)
    }
    numbers: dict[str, object] = {"greets": [1, 0, None], "plans": [1, 1, 0]}
    expected = scored(texts).drop("greets", "plans")
    assert expected["adherence.top"].to_list() == [200, 100, 0]
    for other in (dictionary, wide, numbers):
        assert scored(other).drop("greets", "plans").equals(expected)
    assert scored(texts, dictionary, wide).drop("greets", "plans").equals(pl.concat([expected] * 3))


def test_a_checklist_travels_as_it_is() -> None:
    checklist = checklist_of()
    assert pickle.loads(pickle.dumps(checklist)) == checklist  # noqa: S301 - our own


def test_a_process_without_any_file_of_the_checklist_scores_it() -> None:
    """What a worker of a cluster gets: the pickled checklist and the batches, nothing else."""
    batch = pa.RecordBatch.from_pydict({"greets": ["1"], "plans": ["0"]})
    work = (
        "import sys, pickle; from fidelity.scale import score_batches; "
        "checklist, batches = pickle.load(sys.stdin.buffer); "
        "print([each.column('fidelity').to_pylist() for each in score_batches(checklist, batches)])"
    )
    ran = subprocess.run(
        [sys.executable, "-I", "-c", work],
        input=pickle.dumps((VISIT, [batch])),
        capture_output=True,
        check=True,
    )
    assert ran.stdout.decode().strip() == "[['low']]"


def test_workers_read_whole_numbers_and_days_however_they_are_stored() -> None:
    """Some programs make fractions of whole numbers where a value is missing."""
    batch = pa.RecordBatch.from_pydict({"0": [1.0, None], "1": [1, 0], "2": pa.array([0, 1], pa.date32())})
    (found,) = work(Outcomes(VISIT), ["greets", "plans", "date"])([batch])
    assert found.column("greets").to_pylist() == ["1", None]
    assert found.column("date").to_pylist() == ["1970-01-01", "1970-01-02"]
    assert found.column("adherence").to_pylist() == [100.0, 0.0]


# ---- wrong input


def test_workers_with_another_version_of_the_program_refuse_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    scoring = work(Outcomes(VISIT), ["greets", "plans"])
    monkeypatch.setattr(worker, "version", lambda _: "0.0.9")
    with pytest.raises(WrongUse, match=r"have fidelity 0\.0\.9, and this machine has"):
        next(scoring([]))


def test_a_column_that_changes_its_kind_is_named_with_batch_and_row() -> None:
    before: dict[str, object] = {"greets": ["1", "1"], "plans": ["1", None]}
    after: dict[str, object] = {"greets": [1, 0], "plans": ["1", "0"]}
    assert problems(before, before, after) == [
        (
            "RB507",
            "Batch 3, from row 5, column greets: there are whole numbers from here on; before, it held text.",
        )
    ]
    fractions: dict[str, object] = {"greets": [1.0, None], "plans": ["1", "0"]}
    assert problems(after, fractions) == [
        (
            "RB507",
            (
                "Batch 2, from row 3, column greets: there are numbers from here on; "
                "before, it held whole numbers."
            ),
        )
    ]


def test_numbers_of_another_precision_are_not_taken_for_the_same() -> None:
    exact: dict[str, object] = {"greets": pa.array([1.0], pa.float32()), "plans": ["1"]}
    wide: dict[str, object] = {"greets": pa.array([16_777_217.0], pa.float64()), "plans": ["1"]}
    assert problems(exact, wide) == [
        (
            "RB507",
            (
                "Batch 2, from row 2, column greets: there are numbers from here on; "
                "before, it held values of the type float."
            ),
        )
    ]


def test_a_column_of_blanks_goes_with_any_kind() -> None:
    blanks: dict[str, object] = {"greets": pa.nulls(1), "plans": ["1"]}
    assert scored({"greets": [1], "plans": ["1"]}, blanks)["adherence.top"].to_list() == [200, 100]


def test_a_number_too_large_for_its_column_is_no_other_number() -> None:
    small: dict[str, object] = {"greets": pa.array([1], pa.int8()), "plans": ["1"]}
    large: dict[str, object] = {"greets": pa.array([257], pa.int64()), "plans": ["1"]}
    ((code, message),) = problems(small, large)
    assert code == "RB507"
    assert message.startswith("Batch 2, from row 2, column greets: a value does not fit")
    assert "257" in message
    assert scored(large)["refused"].to_list() == ["greets"]


def test_no_number_and_infinity_are_refused_by_column() -> None:
    odd = scored({"greets": [float("nan"), float("inf"), None], "plans": ["1", "1", "1"]})
    assert odd["refused"].to_list() == ["greets", "greets", None]
    assert odd["adherence"].to_list() == [None, None, 100.0]


def test_a_column_that_comes_or_goes_is_named() -> None:
    first: dict[str, object] = {"greets": ["1"], "plans": ["1"]}
    assert problems(first, {"greets": ["1"]}) == [
        ("RB507", "Batch 2, from row 2: its columns are not those of the batches before (plans).")
    ]
    assert problems(first, {**first, "ends": ["1"]}) == [
        ("RB507", "Batch 2, from row 2: its columns are not those of the batches before (ends).")
    ]


def test_a_column_of_ours_with_lists_is_refused() -> None:
    assert problems({"greets": [["1"]], "plans": ["1"]}) == [
        ("RB507", "Column greets holds lists or groups, not one value in each row.")
    ]


def test_a_missing_question_and_a_name_that_is_taken_are_told_before_any_row_is_read() -> None:
    with pytest.raises(ProblemsFound, match="plans"):
        score_schema(VISIT, pa.schema({"greets": pa.string()}))
    with pytest.raises(WrongUse, match="adherence"):
        score_schema(VISIT, pa.schema({name: pa.string() for name in ("greets", "plans", "adherence")}))


def test_without_arrow_a_sentence_says_what_to_install() -> None:
    work = "import sys; sys.modules['pyarrow'] = None; import fidelity.scale"
    ran = subprocess.run([sys.executable, "-c", work], capture_output=True, text=True, check=False)
    assert "pip install 'fidelity[scale]'" in ran.stderr

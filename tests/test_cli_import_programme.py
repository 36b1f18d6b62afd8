"""`fidelity import --study` for a programme: what it asks about a session is kept, and read again."""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from observe_sample import written
from programme_sample import VISITS as OF_NOBODY
from programme_sample import write_study

VISITS = OF_NOBODY.replace("client,date", "client,rater,date").replace(",2026", ",R1,2026")
IMPORT = ("import", "--checklist", "study/programme.rubric", "--study", "kept")


@pytest.fixture
def kept(tmp_path: Path, run: Run) -> Path:
    """A study whose observations came in from tables, with the tables of the team beside them."""
    folder = write_study(tmp_path)
    written(folder / "observations", VISITS, "visits.csv")
    (tmp_path / "kept").mkdir()
    for name in ("therapists.csv", "contacts.csv"):
        (tmp_path / "kept" / name).write_bytes((folder / name).read_bytes())
    assert run(*IMPORT, "study/observations").status == 0
    return tmp_path / "kept"


def answer(run: Run, *words: str) -> Any:
    """What a command answers as JSON."""
    ran = run(*words, "--format", "json")
    assert ran.status == 0, ran.said
    return json.loads(ran.out)


def test_what_a_programme_asks_is_read_from_the_study_as_from_the_tables(kept: Path, run: Run) -> None:
    assert kept.is_dir()
    from_store, from_tables = (
        answer(run, "summarise", "study/programme.rubric", study) for study in ("kept", "study")
    )
    assert from_store["therapists"] == from_tables["therapists"]
    assert from_store["sampling"] == from_tables["sampling"]
    assert answer(run, "log", "verify", "--study", "kept")["holds"]


def test_a_checklist_alone_reads_the_study_and_says_what_it_passes_over(kept: Path, run: Run) -> None:
    assert kept.is_dir()
    ran = run("score", "study/session.rubric", "kept", "--format", "json")
    assert ran.status == 0
    assert [each["observation"] for each in json.loads(ran.out)["observations"]] == ["S1", "S2", "S3"]
    assert "Column fact.visit: a programme asks for it; it is kept, and not read here." in ran.err


def test_an_answer_that_the_programme_does_not_have_is_refused(kept: Path, run: Run, tmp_path: Path) -> None:
    assert kept.is_dir()
    written(tmp_path, VISITS.replace("later,done,done", "sometimes,done,done"), "more.csv")
    ran = run(*IMPORT, "more.csv")
    assert ran.status == 1
    assert '"sometimes" is not an answer of' in ran.err


def test_another_answer_to_the_programme_is_a_revision(kept: Path, run: Run, tmp_path: Path) -> None:
    assert kept.is_dir()
    written(tmp_path, VISITS.replace("first", "later"), "again.csv")
    counts = answer(run, *IMPORT, "again.csv")["receipts"][0]
    assert (counts["new"], counts["revisions"], counts["same"]) == (0, 1, 2)
    shown = answer(run, "log", "show", "--study", "kept", "--observation", "S1")
    assert shown[-1]["changes"] == [{"column": "fact.visit", "before": "first", "after": "later"}]


def test_a_correction_and_a_table_without_it_leave_it_as_it_is(kept: Path, run: Run, tmp_path: Path) -> None:
    assert kept.is_dir()
    assert run("correct", "S1", "--study", "kept", "--set", "b=not_done", "--why", "misread").status == 0
    without = VISITS.replace(",fact.visit", "").replace(",first,done", ",not_done").replace(",later", "")
    written(tmp_path, without, "without.csv")
    words = ("import", "without.csv", "--checklist", "study/session.rubric", "--study", "kept")
    counts = answer(run, *words)["receipts"][0]
    assert (counts["revisions"], counts["same"]) == (1, 2)
    shown = answer(run, "log", "show", "--study", "kept", "--observation", "S1")
    assert [each["columns"]["fact.visit"] for each in shown] == ["first", "first", "first"]


def test_it_is_not_corrected_by_the_checklist_alone(kept: Path, run: Run) -> None:
    assert kept.is_dir()
    ran = run("correct", "S1", "--study", "kept", "--set", "fact.visit=later", "--why", "misread")
    assert ran.status == 1
    assert (
        "Column fact.visit: a programme asks for it, and it cannot be corrected by the checklist" in ran.err
    )
    assert "Import the session once more, with what is right in column fact.visit" in ran.err


def test_a_checklist_alone_refuses_a_column_that_only_a_programme_asks(run: Run, tmp_path: Path) -> None:
    write_study(tmp_path)
    words = ("import", "study/observations/visits.csv", "--checklist", "study/session.rubric")
    ran = run(*words, "--study", "kept")
    assert ran.status == 1
    assert 'Column fact.visit: this checklist has no item "fact.visit".' in ran.err

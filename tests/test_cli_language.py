"""A form and a report in one of the checklist's languages: what is missing or old of it can be seen."""

import re
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from openpyxl import load_workbook

from fidelity.observe.filled_form import read_forms
from fidelity.study.loading import load_checklist

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension")  # openpyxl reads none

SOURCE = """checklist demo "Demo"
  version 1.0.0
  therapist called "helper", "helpers"
scale tick "Seen?"
  answer not_seen "Not seen" scores 0
  answer seen "Seen" scores 1
section warm "Warmth" on scale tick
  item waits "Waits 10 seconds"
    note "Count in your head."
    anchor seen "Waits, and looks up."
    evidence "Silence on the recording."
  item names "Names the feeling"
score part "Share seen" is percent of items
translation ny "Chichewa"
  translated by "Two translators" on 2026-02-11
  text therapist "msaidizi"
  text answer seen of tick "Imeonekana"
  text item waits "Anasubiri sekunde 10"
  text note of waits "Hesabu kimoyomoyo."
"""
EXAMPLE = Path(__file__).parent.parent / "checklists" / "programmes" / "example_study"
LOCK = """{"format": "fidelity-lock/1", "checklist": "demo", "translations": {"ny": {
  "item waits": {"sha256": "0", "text": "Waits 5 seconds"}}}}"""
DATA = (
    "observation,therapist,date,waits,names\nA,H1,2026-03-01,seen,not_seen\nB,H1,2026-03-08,not_seen,seen\n"
)


@pytest.fixture
def files(run: Run, tmp_path: Path) -> Path:
    """A checklist, its lock and data, in the empty folder where commands run."""
    assert run is not None
    (tmp_path / "demo.rubric").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "demo.lock").write_text(LOCK, encoding="utf-8")
    (tmp_path / "data.csv").write_text(DATA, encoding="utf-8")
    return tmp_path


def texts_of(path: Path, sheet: str = "") -> list[str]:
    workbook: Any = load_workbook(BytesIO(path.read_bytes()))
    sheets = [workbook[sheet]] if sheet else workbook.worksheets
    cells = (cell for each in sheets for row in each.iter_rows(values_only=True) for cell in row)
    return [cell for cell in cells if isinstance(cell, str)]


def test_a_form_says_what_is_missing_and_what_is_old(files: Path, run: Run) -> None:
    ran = run("form", "demo.rubric", "--to", "xlsx", "--language", "ny", "-o", "form.xlsx")
    assert ran.status == 0
    assert ran.err.splitlines()[0] == (
        "Chichewa: 4 of 13 texts translated; the others stand in the original, marked [en]; "
        "1 older than the text they translate, marked [old]."
    )
    texts = texts_of(files / "form.xlsx")
    assert any("4 of 13 texts are translated into Chichewa" in each for each in texts)
    assert any(
        "One of them is older than the text it translates and is marked [old]." in each for each in texts
    )
    assert any("The form's own words are in English." in each for each in texts)
    assert "Msaidizi code" in texts
    assert (
        "Anasubiri sekunde 10 [old]\nHesabu kimoyomoyo.\nSilence on the recording. [en]\n"
        "seen · Waits, and looks up. [en]"
    ) in texts
    assert {"Names the feeling [en]", "Not seen [en]", "Imeonekana"} <= set(texts)


@pytest.mark.parametrize("label", ["Not seen [en]", "Not seen", "not_seen"])
def test_an_answer_with_a_mark_comes_back_as_its_code(label: str, files: Path, run: Run) -> None:
    run("form", "demo.rubric", "--to", "xlsx", "--language", "ny", "-o", "form.xlsx")
    workbook: Any = load_workbook(BytesIO((files / "form.xlsx").read_bytes()))
    sheet = workbook.worksheets[0]
    for row in sheet.iter_rows():
        if row[0].value == "waits":
            row[2].value = "Imeonekana"
        if row[0].value == "names":
            row[2].value = label
    workbook.save("form.xlsx")
    reading = read_forms([files / "form.xlsx"], load_checklist(files / "demo.rubric"))
    assert [dict(each.answers) for each in reading.observations] == [{"waits": "seen", "names": "not_seen"}]


def test_a_report_says_its_language_and_marks_what_fell_back(files: Path, run: Run) -> None:
    ran = run("report", "demo.rubric", "data.csv", "-o", "r.xlsx", "--pages", "pages", "--language", "ny")
    assert ran.status == 0
    said = (
        "The texts of the checklist are in Chichewa: 4 of 13 are translated. The others stand in the "
        "original and are marked [en]. One of the translated texts is older than what it translates and is "
        "marked [old]. Headings and sentences of this report are in English."
    )
    assert said in texts_of(files / "r.xlsx", "Summary")
    method = texts_of(files / "r.xlsx", "Method and provenance")
    assert said in method
    assert "4 of 13 texts are translated, 1 of them before the text was changed." in method
    assert "Anasubiri sekunde 10 [old]" in texts_of(files / "r.xlsx")
    feedback = next((files / "pages" / "feedback").iterdir()).read_text(encoding="utf-8")
    assert said in feedback
    assert '<span lang="en" dir="auto">Names the feeling</span> <small>[en]</small>' in feedback
    assert "Anasubiri sekunde 10 <small>[old]</small>" in feedback
    assert said in (files / "pages" / "index.html").read_text(encoding="utf-8")


def test_a_report_in_the_original_language_tells_of_the_translations(files: Path, run: Run) -> None:
    run("report", "demo.rubric", "data.csv", "-o", "r.xlsx", "--pages", "pages")
    texts = texts_of(files / "r.xlsx")
    assert "4 of 13 texts are translated, 1 of them before the text was changed." in texts
    assert "Language of this report" not in texts
    assert not [each for each in texts if re.search(r"\[(en|old)\]", each)]


@pytest.mark.parametrize(
    "words",
    [
        ("form", "demo.rubric", "--to", "xlsx", "-o", "form.xlsx"),
        ("report", "demo.rubric", "data.csv", "-o", "r.xlsx"),
    ],
)
def test_a_language_without_texts_is_wrong_usage(words: tuple[str, ...], files: Path, run: Run) -> None:
    assert files.exists()
    ran = run(*words, "--language", "nl")
    assert (ran.status, ran.out) == (2, "")
    assert 'demo has no texts in "nl"; it has: en, ny.' in ran.err


def test_an_explanation_is_given_in_the_language_too(files: Path, run: Run) -> None:
    assert files.exists()
    ran = run("explain", "demo.rubric", "data.csv", "--observation", "A", "--language", "ny")
    assert (ran.status, "Share seen [en]" in ran.out) == (0, True)
    assert "Chichewa: 4 of 13 texts translated" in ran.err


def test_the_stages_of_a_programme_are_said_in_its_language(run: Run, tmp_path: Path) -> None:
    study = tmp_path / "study"
    shutil.copytree(EXAMPLE, study)
    programme = study / "programme.rubric"
    block = 'translation ny "Chichewa"\n  text stage trained "Mafunzo yamekamilika"\n'
    programme.write_text(programme.read_text(encoding="utf-8") + block, encoding="utf-8")
    ran = run("report", str(programme), str(study), "-o", "r.xlsx", "--language", "ny")
    assert ran.status == 0
    assert 'example_session has no texts in "ny" and stands in the original.' in ran.err
    texts = texts_of(tmp_path / "r.xlsx", "Stages")
    assert {"Mafunzo yamekamilika", "Routine supervision [en]"} <= set(texts)

"""What lies beside forms and is none is told by its kind; what programs leave behind is passed over."""

import json
import zipfile
from pathlib import Path

import pytest
from conftest import Run
from observe_sample import CHECKLIST, SOURCE
from openpyxl import load_workbook
from test_observe_saved_form import VISIT, file_of, saved, session, visit

from fidelity.form.workbook import scoring_form
from fidelity.model.form import HEAD, META_SHEET, word
from fidelity.observe.filled_form import read_forms


def packed(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return path


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n\x1a\n....", "This is a picture, not a form that can be read."),
        (b"\xff\xd8\xff\xe0....", "This is a picture, not a form that can be read."),
        (b"%PDF-1.4\n", "This is a PDF, not a form that can be read."),
        (b"<!DOCTYPE html><html>", "This is a web page, not the answers."),
        (b"Rar!....", "Files are packed in this one (zip)."),
    ],
)
def test_a_file_of_another_kind_is_named_by_its_kind(tmp_path: Path, content: bytes, said: str) -> None:
    for name in ("form.xlsx", "form.json"):
        path = tmp_path / name
        path.write_bytes(content)
        assert [each.message for each in read_forms([path], visit()).problems] == [said]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("a.xlsx", "b.xlsx"), "Files are packed in this one (zip)."),
        (("content.xml", "mimetype"), "This was saved as OpenDocument (.ods or .odt)."),
        (("[Content_Types].xml", "word/document.xml"), "This is a text document, not a form or a table."),
    ],
)
def test_packed_files_are_told_apart_by_what_is_in_them(
    tmp_path: Path, names: tuple[str, ...], said: str
) -> None:
    path = packed(tmp_path / "form.xlsx", *names)
    assert [each.message for each in read_forms([path], visit()).problems] == [said]


def test_what_programs_leave_beside_a_form_is_passed_over_also_when_it_is_named(tmp_path: Path) -> None:
    form = file_of(tmp_path, saved())
    left = [tmp_path / name for name in ("~$form.xlsx", ".DS_Store", "Thumbs.db", "desktop.ini")]
    for path in left:
        path.write_bytes(b"\0")
    found = read_forms([form, *left], visit())
    assert len(found.observations) == 1
    assert {(each.severity, each.message) for each in found.problems} == {
        ("warning", "Passed over: a program left this file beside its own.")
    }
    assert not read_forms([tmp_path], visit()).problems
    assert [each.severity for each in read_forms(left[:1], visit()).problems] == ["error"]


def test_a_note_that_lies_among_forms_is_told_as_what_it_is(tmp_path: Path) -> None:
    file_of(tmp_path, saved())
    (tmp_path / "readme.txt").write_text("These are the forms of May.\n", encoding="utf-8")
    found = read_forms([tmp_path], visit())
    assert [each.message for each in found.problems] == [
        "These are no answers of a form: no form has saved this text."
    ]


def test_a_copy_of_a_form_counts_once_and_other_answers_are_a_question_by_session(tmp_path: Path) -> None:
    names = ("a.json", "copy of a.json", "b.json")
    contents = (saved(), saved(), saved(session(answers={"greets": "no_step"})))
    for name, content in zip(names, contents, strict=True):
        (tmp_path / name).write_text(json.dumps(content), encoding="utf-8")
    found = read_forms([tmp_path], visit())
    assert [Path(each.place.file).name for each in found.observations] == ["a.json", "b.json"]
    first = f"{tmp_path}/a.json"
    assert [(each.severity, each.message) for each in found.problems] == [
        (
            "error",
            f'Session "S1", rater "R1": other answers to the same checklist are in {first} as well.',
        ),
        (
            "warning",
            f'Session "S1": the form says exactly what {first} says, and was taken once.',
        ),
    ]


def test_two_sessions_under_one_name_are_told_as_sessions(tmp_path: Path) -> None:
    twice = session(2, fields=session(1)["fields"])
    found = read_forms([file_of(tmp_path, saved(session(1), twice))], visit())
    assert [each.message for each in found.problems] == [
        'Session 2 has the session code and the rater of session 1: "S1-R1".'
    ]


def test_the_command_names_what_it_did_not_read_and_a_study_that_it_began(run: Run, tmp_path: Path) -> None:
    (tmp_path / "visit.rubric").write_text(VISIT)
    folder = tmp_path / "in"
    folder.mkdir()
    file_of(folder, saved())
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    went = ("import", str(folder), "--checklist", "visit.rubric", "--study", "study")
    first, again = run(*went), run(*went)
    assert (first.status, again.status) == (0, 0)
    assert "Not read, being of another kind: " in first.err
    assert "photo.jpg." in first.err
    assert "a new study was begun." in first.err
    assert "a new study was begun." not in again.err


def test_a_file_is_not_its_own_second_entry(run: Run, tmp_path: Path) -> None:
    (tmp_path / "visit.rubric").write_text(VISIT)
    (tmp_path / "keyed.csv").write_text("form,session\n1,S1\n")
    went = run("import", "keyed.csv", "./keyed.csv", "--double", "--checklist", "visit.rubric", "-o", "o.csv")
    assert went.status == 2
    assert "are the same one." in went.err
    assert not (tmp_path / "o.csv").exists()


def test_a_misspelt_column_of_a_correction_is_told_with_the_nearest_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "visit.rubric").write_text(VISIT)
    file_of(tmp_path, saved())
    run("import", "saved.json", "--checklist", "visit.rubric", "--study", "study")
    went = run("correct", "S1-R1", "--study", "study", "--set", "greet=no_step", "--why", "x")
    assert went.status == 1
    assert 'Did you mean "greets"?' in went.err


# ---- forms that nobody filled in, and pages of forms that lost what belongs to them


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "visit.rubric").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "blank.xlsx").write_bytes(scoring_form(CHECKLIST))
    return tmp_path


BLANK = "Nothing was filled in: this form is blank, and was passed over."


def test_a_blank_form_alone_is_a_problem_and_nothing_is_written(desk: Path, run: Run) -> None:
    for where in (("-o", "out.csv"), ("--study", "study")):
        ran = run("import", "blank.xlsx", "--checklist", "visit.rubric", *where)
        assert (ran.status, BLANK in ran.err) == (1, True)
    assert not (desk / "out.csv").exists()
    assert not (desk / "study").exists()


def test_a_blank_form_beside_others_is_told_and_passed_over(desk: Path, run: Run) -> None:
    workbook = load_workbook(desk / "blank.xlsx")
    lines = workbook[META_SHEET].iter_rows(min_row=len(HEAD) + 3, values_only=True)
    where = {str(line[0]): str(line[1]) for line in lines}
    for key, value in {"therapist": "T1", "session": "S1", "date": "2026-03-04", "welcome": "Done"}.items():
        workbook.worksheets[0][where[key]].value = value
    workbook.save(desk / "filled.xlsx")
    forms = ("import", "blank.xlsx", "filled.xlsx", "--checklist", "visit.rubric")
    table = run(*forms, "-o", "out.csv")
    assert (table.status, BLANK in table.err, "1 form imported" in table.err) == (0, True, True)
    assert len((desk / "out.csv").read_text(encoding="utf-8").splitlines()) == 2
    study = run(*forms, "--study", "study")
    assert (study.status, BLANK in study.err, "1 observation stored" in study.err) == (0, True, True)


def test_a_session_in_a_saved_form_that_nobody_filled_in_is_passed_over(tmp_path: Path) -> None:
    nobody = {"id": "f" * 16, "fields": {}, "facts": {}, "answers": {}, "comments": {}}
    found = read_forms([file_of(tmp_path, saved(session(1), nobody))], visit())
    assert [each.message for each in found.problems if each.code == "RB507"] == [
        "Session 2: nothing was filled in, so it was passed over."
    ]
    assert len(found.observations) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("first", ["Session score form,,,", "Score form;;;", "Session score form\t\t\t"])
def test_the_page_of_a_form_saved_as_text_is_known_by_its_heading(
    desk: Path, run: Run, first: str, encoding: str
) -> None:
    (desk / "form.csv").write_bytes(f"{first}\nHome visit · version 1.2.0,,,\n".encode(encoding))
    for command in (
        ("import", "form.csv", "--checklist", "visit.rubric", "-o", "out.csv"),
        ("import", "form.csv", "--checklist", "visit.rubric", "--study", "study"),
        ("score", "visit.rubric", "form.csv"),
    ):
        ran = run(*command)
        assert ran.status == 1
        assert "This is the page of a scoring form, saved as text (CSV)" in ran.err
        assert "save that one as an Excel workbook (.xlsx)" in ran.err


def test_so_is_that_of_a_form_in_two_languages(desk: Path, run: Run) -> None:
    titles = [word(language, "form of session") for language in ("en", "ar")]
    (desk / "form.csv").write_text(f"{titles[0]},,\u200f{titles[1]},,\n", encoding="utf-8")
    assert "saved as text (CSV)" in run("score", "visit.rubric", "form.csv").err


def test_a_page_that_was_copied_into_another_workbook_is_told(desk: Path, run: Run) -> None:
    workbook = load_workbook(desk / "blank.xlsx")
    for name in workbook.sheetnames[1:]:
        workbook.remove(workbook[name])
    workbook.save(desk / "copied.xlsx")
    for command in (
        ("import", "copied.xlsx", "--checklist", "visit.rubric", "-o", "out.csv"),
        ("score", "visit.rubric", "copied.xlsx"),
    ):
        ran = run(*command)
        assert (ran.status, "This is the page of a scoring form, without the hidden sheets" in ran.err) == (
            1,
            True,
        )

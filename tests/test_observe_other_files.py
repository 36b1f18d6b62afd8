"""What lies beside forms and is none is told by its kind; what programs leave behind is passed over."""

import zipfile
from pathlib import Path

import pytest
from conftest import Run
from test_observe_saved_form import VISIT, file_of, saved, session, visit

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

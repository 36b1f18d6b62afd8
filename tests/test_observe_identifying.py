"""What looks as if it named a person is found by its heading in many languages, and by its shape."""

import json
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from conftest import Run
from observe_sample import CHECKLIST, SOURCE, written
from openpyxl import load_workbook
from test_form_keying import FIRST, keyed

from fidelity.form.workbook import scoring_form
from fidelity.model.form import HEAD, META_SHEET
from fidelity.observe.identifying import masked, shape_of, sort_of


@pytest.mark.parametrize(
    ("heading", "sort"),
    [
        ("Name", "name"), ("client_name", "name"), ("Nom", "name"), ("Prénom", "name"), ("NOMBRE", "name"),
        ("jina", "name"), ("İsim", "name"), ("Soyadı", "name"), ("الاسم", "name"), ("نام", "name"),
        ("שם", "name"), ("नाम", "name"), ("Имя", "name"), ("姓名", "name"), ("fact.name", "name"),
        ("phone", "phone"), ("Tel.", "phone"), ("Téléphone", "phone"), ("رقم الهاتف", "phone"),
        ("Mobile-Number", "phone"), ("WhatsApp", "phone"),
        ("DOB", "birth"), ("Date_of_Birth", "birth"), ("Geburtsdatum", "birth"), ("תאריך לידה", "birth"),
        ("E-Mail", "e_mail"), ("correo electrónico", "e_mail"),
        ("Address", "address"), ("العنوان", "address"), ("GPS", "address"),
        ("National ID", "number"), ("passport", "number"), ("cédula", "number"), ("الرقم الوطني", "number"),
    ],
)  # fmt: skip
def test_a_heading_under_which_people_are_named(heading: str, sort: str) -> None:
    assert sort_of(heading) == sort


@pytest.mark.parametrize(
    "heading",
    [
        "welcome",
        "site",
        "names_feelings",
        "addresses_worries",
        "phone_used_in_session",
        "fact.format",
        "minutes",
    ],
)
def test_another_heading_is_left_alone(heading: str) -> None:
    assert sort_of(heading) is None


@pytest.mark.parametrize(
    ("value", "sort"),
    [
        ("+256 772 123456", "phone"), ("0772123456", "phone"),
        ("(077) 212-3456", "phone"), ("٠٧٧٢١٢٣٤٥٦", "phone"),
        ("123456789", "phone"), ("a.berg@example.org", "e_mail"), ("Anna Berg", "name"), ("محمد علي", "name"),
        ("Maria José da-Silva", "name"), ("1990-02-03", "birth"), ("3/2/1990", "birth"),
    ],
)  # fmt: skip
def test_a_value_that_is_no_code(value: str, sort: str) -> None:
    assert shape_of(value, "client") == sort


@pytest.mark.parametrize(
    "value",
    [
        "T01",
        "007",
        "C-2026-03-04",
        "S1-R1",
        "Rater A",
        "peer worker",
        "20260304",
        "PMG-01-G1",
        "anna",
        "O-25GOMA",
    ],
)
def test_a_value_that_is_a_code(value: str) -> None:
    assert shape_of(value, "client") is None


def test_a_site_may_have_two_words_and_a_session_may_be_a_day() -> None:
    assert shape_of("Beirut North", "site") is None
    assert shape_of("2026-03-04", "session") is None
    assert shape_of("0772123456", "site") == "phone"


def test_no_value_is_shown_whole() -> None:
    assert [masked(value) for value in ("Anna Berg", "Anna", "07")] == ["An…", "A…", "0…"]


# ---- in forms, by their cells


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, SOURCE, "visit.rubric")
    return tmp_path


NAMED = {"therapist": "Anna Berg", "session": "S1", "date": date(2026, 3, 4), "welcome": "Done"}
NOTE = "Call +256 772 123456"


def test_a_name_in_a_form_is_told_by_its_cell(desk: Path, run: Run) -> None:
    workbook = load_workbook(BytesIO(scoring_form(CHECKLIST)))
    lines = workbook[META_SHEET].iter_rows(min_row=len(HEAD) + 3, values_only=True)
    where = {str(line[0]): str(line[1]) for line in lines}
    for key, value in {**NAMED, "welcome.comment": NOTE}.items():
        workbook.worksheets[0][where[key]].value = value
    workbook.save(desk / "form.xlsx")
    ran = run("import", "form.xlsx", "--checklist", "visit.rubric", "--study", "study")
    assert ran.status == 1
    assert (
        f'RB501  Cell {where["therapist"]} of sheet "Session score form" (therapist): '
        'what stands there looks like names ("An…").'
    ) in ran.err
    note = where["welcome.comment"]
    assert f'Cell {note} of sheet "Session score form" (welcome.comment): something like a phone' in ran.err
    assert "Berg" not in ran.err


def test_names_in_a_keying_sheet_are_told_by_all_their_cells(desk: Path, run: Run) -> None:
    second = {**FIRST, "session": "S2", "therapist": "Omar Haddad"}
    written(desk, keyed({**FIRST, "therapist": "Anna Berg"}, second), "A.xlsx")
    ran = run("import", "A.xlsx", "--checklist", "visit.rubric", "--study", "study")
    assert 'Cells B2, B3 of sheet "visit 1.2.0" (therapist): what stands there looks like names' in ran.err


def test_names_in_a_saved_form_are_told_by_their_sessions(desk: Path, run: Run) -> None:
    session = {"id": "0" * 16, "fields": {"therapist": "Anna Berg", "session": "S1", "date": "2026-03-04"}}
    whole = {
        "format": "fidelity-form/1",
        "program": "",
        "checklist": "visit",
        "version": "1.2.0",
        "fingerprint": CHECKLIST.fingerprint,
        "language": "en",
        "sessions": [{**session, "facts": {}, "answers": {"welcome": "done"}, "comments": {}}],
    }
    written(desk, json.dumps(whole), "form.json")
    ran = run("import", "form.json", "--checklist", "visit.rubric", "--study", "study")
    assert 'Session 1, therapist: what stands there looks like names ("An…").' in ran.err

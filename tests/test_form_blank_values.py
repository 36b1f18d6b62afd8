"""A form that nobody has filled in shows its score box also where no program calculates."""

import re
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any
from zipfile import ZipFile

import pytest
from form_sample import SOFFICE, a_form, filled_form, shipped, through_libreoffice
from openpyxl import Workbook, load_workbook

from fidelity.form.live.blank_values import blank_values
from fidelity.model.form import HEAD, LIVE_SHEET, META_SHEET

IN_TWO = [("pm_plus/individual/session_2", "en,ar"), ("pm_plus/individual/session_2", "ur,en")]


def wanted() -> list[tuple[str, str]]:
    """Every shipped checklist in its own language."""
    return [(name, each.about.language) for name, each in shipped().items()]


def worked_out(cells: dict[str, Any]) -> dict[str, Any]:
    """What the formulas of a small sheet come to."""
    workbook = Workbook()
    page = workbook.worksheets[0]
    page.title = "Page"
    workbook.create_sheet(LIVE_SHEET)
    for cell, value in cells.items():
        page[cell] = value
    return dict(blank_values(workbook, "Page", LIVE_SHEET))


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ('=IF($A$1="","blank","filled")', "blank"),
        ('=IF($B$1="","blank","filled")', "filled"),
        ("=SUM(1,$B$1:$B$3)*2", 14),
        ('=MIN(3,$B$1)&" of "&MAX(3,$B$1)', "2 of 3"),
        ("=CHOOSE($B$1,1/0,5,1/0)", 5),
        ('=IFERROR(1/0,"no")', "no"),
        ('=IFERROR(INDEX($C$1:$C$2,MATCH(4,$B$1:$B$3,0)),"")', "y"),
        ('=FIXED(5/2,0,TRUE)&"%"', "3%"),
        ("=1-(2-3)", 2),
        ("=IF(ISTEXT($A$1),1,IF(ISNUMBER($B$1),2,3))", 2),
        ("=TRIM($A$1)", ""),
        ("=SUMPRODUCT(($B$1:$B$3=4)*$B$1:$B$3)", 4),
        ("=-$B$1+INT(7/2)-MOD(7,4)", -2),
        ('=MID("abc"&"def",3,2)', "cd"),
    ],
)
def test_our_few_functions_mean_what_they_mean_in_a_spreadsheet(formula: str, value: object) -> None:
    cells = {"B1": 2, "B2": 4, "C1": "x", "C2": "y", "D9": formula}
    assert worked_out(cells) == {"D9": value}


def test_what_is_not_known_here_stays_empty_and_so_does_what_needs_it() -> None:
    cells = {"D1": "=VLOOKUP(1,2)", "D2": "=$D$1+1", "D3": "=1+1", "D4": "=1/0"}
    assert worked_out(cells) == {"D3": 2}


def shown(content: bytes | Path) -> dict[str, Any]:
    """What the formulas of the page show without being calculated."""
    where = BytesIO(content) if isinstance(content, bytes) else content
    formulas, values = load_workbook(where), load_workbook(where, data_only=True)
    return {
        cell.coordinate: values.worksheets[0][cell.coordinate].value or ""
        for row in formulas.worksheets[0].iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def test_the_box_says_what_is_still_to_do() -> None:
    checklist = shipped()["pm_plus/individual/session_2"]
    told = list(shown(a_form(checklist, "en")).values())
    assert told[:5] == ["Adherence", "–", "", "0 of 27 answered", "27 still to score"]


def test_every_formula_of_every_page_has_its_value_and_the_program_still_calculates() -> None:
    for name, language in [*wanted(), *IN_TWO]:
        with ZipFile(BytesIO(a_form(shipped()[name], language))) as form:
            page = form.read("xl/worksheets/sheet1.xml").decode()
            assert 'fullCalcOnLoad="1"' in form.read("xl/workbook.xml").decode()
        assert page.count("<f>") == len(re.findall(r"</f><v>", page)), name


@pytest.mark.skipif(not SOFFICE, reason="needs LibreOffice")
def test_libreoffice_works_out_the_same(tmp_path: Path) -> None:
    forms = {}
    for number, (name, language) in enumerate([*wanted()[::4], *IN_TWO]):
        workbook = load_workbook(BytesIO(a_form(shipped()[name], language)), rich_text=True)
        file = tmp_path / f"{number}.xlsx"
        workbook.save(file)  # without our values, so that LibreOffice has to calculate
        forms[file.name] = shown(a_form(shipped()[name], language))
    through_libreoffice(sorted(tmp_path.glob("*.xlsx")), tmp_path / "saved")
    for name, ours in forms.items():
        assert shown(tmp_path / "saved" / name) == ours


@pytest.mark.skipif(not SOFFICE, reason="needs LibreOffice")
def test_a_filled_form_shows_its_own_values_and_not_those_of_the_blank_one(tmp_path: Path) -> None:
    checklist = shipped()["pm_plus/individual/session_2"]
    filled = filled_form("one", checklist, "en", Random(3))  # noqa: S311 - answers by chance
    (tmp_path / "one.xlsx").write_bytes(filled.content)
    through_libreoffice([tmp_path / "one.xlsx"], tmp_path / "saved")
    told = list(shown(tmp_path / "saved" / "one.xlsx").values())
    assert told[3] != "0 of 27 answered"


@pytest.mark.skipif(not SOFFICE, reason="needs LibreOffice")
def test_so_does_one_that_a_program_has_filled_in_without_calculating(tmp_path: Path) -> None:
    checklist = shipped()["pm_plus/individual/session_2"]
    blank = a_form(checklist, "en")
    workbook = load_workbook(BytesIO(blank))
    lines = workbook[META_SHEET].iter_rows(min_row=len(HEAD) + 3, values_only=True)
    cell = {str(line[0]): str(line[1]) for line in lines}["op_welcome"]
    empty = re.compile(rf'<c r="{cell}"( s="\d+")[^>]*/>')
    with ZipFile(BytesIO(blank)) as form, ZipFile(tmp_path / "one.xlsx", "w") as target:
        for name in form.namelist():
            content = form.read(name)
            if name == "xl/worksheets/sheet1.xml":
                answer = rf'<c r="{cell}"\1 t="inlineStr"><is><t>Done</t></is></c>'
                content = empty.sub(answer, content.decode()).encode()
            target.writestr(name, content)
    assert shown(tmp_path / "one.xlsx") == shown(blank)
    through_libreoffice([tmp_path / "one.xlsx"], tmp_path / "saved")
    told = list(shown(tmp_path / "saved" / "one.xlsx").values())
    assert told[3:5] == ["1 of 27 answered", "26 still to score"]

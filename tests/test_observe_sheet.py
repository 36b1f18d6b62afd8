"""The rows of a large sheet are read at once, and every one of them is what openpyxl reads, or refuses."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from fidelity.errors import ProblemsFound
from fidelity.observe import workbook
from fidelity.observe.sheet import Unusual, quick_rows

Read = tuple[list[object], list[str]]


def both_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """What a workbook holds, when both ways agree on it."""
    found = []
    for large in (10**12, 0):
        monkeypatch.setattr(workbook, "LARGE", large)
        found.append(read(path))
    assert found[0] == found[1]
    return found[1]


def read(path: Path) -> Read:
    """Headings and rows up to where the file cannot be read any further, and why."""
    rows: list[object] = []
    try:
        table = workbook.table_of_workbook(path, "data.xlsx")
        rows.append(table.headings)
        rows += table.rows
    except ProblemsFound as found:
        return rows, [each.message for each in found.problems]
    return rows, []


def is_read_at_once(path: Path) -> bool:
    found = workbook.opened(path, "data.xlsx", read_only=True)
    try:
        return sum(1 for _ in quick_rows(found.worksheets[0], workbook.cell_text)) >= 0
    except Unusual:
        return False
    finally:
        found.close()


# ---- workbooks as openpyxl writes them

text = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=8)
value = st.one_of(
    st.none(),
    st.integers(-(10**17), 10**17),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    text,
    st.sampled_from(["TRUE", "1", "01", " ", "two\nlines", "a\tb", "#N/A", "=1+1", "=A1", "_x000D_"]),
    st.dates(date(1901, 1, 1), date(2100, 1, 1)),
    st.datetimes(datetime(1901, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - as a sheet has it
    st.times().map(lambda each: each.replace(microsecond=0)),
    st.timedeltas(timedelta(0), timedelta(9)),
    st.just(ArrayFormula("A2:A3", "=SUM(B1:B2)")),
)  # fmt: skip
number_format = st.sampled_from(["General", "0.00", "0%", "yyyy-mm-dd", "[h]:mm", "@", '"d"0'])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(st.tuples(value, number_format), max_size=4), max_size=6),
    gaps=st.lists(st.integers(1, 3), min_size=6, max_size=6),
)
def test_workbooks_are_read_alike(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rows: list[list[tuple[object, str]]],
    gaps: list[int],
) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    number = 0
    heading: list[tuple[object, str]] = [("item", "General"), ("answer", "General")]
    for row, gap in zip([heading, *rows], [1, *gaps], strict=False):
        number += gap
        for at, (content, shown) in enumerate(row, 1):
            cell = sheet.cell(number, at)
            setattr(cell, "value", content)  # noqa: B010 - of more kinds than its type tells
            if not isinstance(content, date | time | timedelta):
                cell.number_format = shown
    path = tmp_path / "data.xlsx"
    book.save(path)
    both_read(path, monkeypatch)
    assert is_read_at_once(path)


# ---- sheets as other programs, and hostile hands, write them

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STYLE = '<xf numFmtId="{}" fontId="0" fillId="0" borderId="0" xfId="0"/>'
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/sharedStrings.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
    '<Override PartName="/xl/styles.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
    '<sheet name="Sheet" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    f'<Relationship Id="r3" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>',
    "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>item</t></si>'
    '<si><t xml:space="preserve"> x </t></si>'
    '<si><r><t>rich</t></r><r><rPr><b/></rPr><t>er</t></r><rPh sb="0" eb="1"><t>no</t></rPh></si>'
    "<si><t/></si></sst>",
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts><font/></fonts>'
    "<fills><fill><patternFill/></fill></fills><borders>"
    '<border/></borders><cellStyleXfs><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    + "".join(("<cellXfs>", *map(STYLE.format, (0, 14, 46, 10)), "</cellXfs></styleSheet>")),
}
HEAD = f'<worksheet xmlns="{MAIN}"><dimension ref="A1:B2"/><sheetData>'

content = st.sampled_from(
    [
        ' t="s"><v>0</v></c>',
        ' t="s"><v>1</v></c>',
        ' s="1" t="s"><v>2</v></c>',
        ' t="s"><v>3</v></c>',
        ' t="s"><v>9</v></c>',
        ' t="s"><v>-1</v></c>',
        ' t="s"><v></v></c>',
        ' t="s"/>',
        "/>",
        ' s="1"/>',
        "></c>",
        "><v>5</v></c>",
        "><v>05</v></c>",
        "><v> 5 </v></c>",
        "><v>-0</v></c>",
        "><v>0.1</v></c>",
        "><v>5.0</v></c>",
        "><v>1E+20</v></c>",
        "><v>123456789012345678</v></c>",
        "><v>x</v></c>",
        "><v>NaN</v></c>",
        ' t="n"><v>7</v></c>',
        ' s="1"><v>46000</v></c>',
        ' s="1"><v>46000.5</v></c>',
        ' s="1"><v>99999999</v></c>',
        ' s="2"><v>1.5</v></c>',
        ' s="3"><v>0.5</v></c>',
        ' s="77"><v>3</v></c>',
        ' s="x"><v>3</v></c>',
        ' t="b"><v>1</v></c>',
        ' t="b"><v>0</v></c>',
        ' t="e"><v>#N/A</v></c>',
        ' t="str"><f>A1&amp;"x"</f><v>x</v></c>',
        "><f>1+1</f><v>2</v></c>",
        '><f t="shared" ref="A1:A9" si="0">B1+1</f><v>2</v></c>',
        '><f t="shared" si="0"/><v>2</v></c>',
        "><f/></c>",
        ' t="str"><v>plain</v></c>',
        ' t="d"><v>2026-03-04</v></c>',
        ' t="d"><v>soon</v></c>',
        ' t="inlineStr"><is><t>in</t></is></c>',
        ' t="inlineStr"><is><t xml:space="preserve"> in </t></is></c>',
        ' t="inlineStr"><is><t>a&lt;b</t></is></c>',
        ' t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>',
        ' t="inlineStr"><is/></c>',
        ' t="inlineStr"></c>',
        ' t="inlineStr"><is><t>a\r\nb</t></is></c>',
        ' t="inlineStr"><v>8</v></c>',
        "><v>&#53;</v></c>",
        "><v><![CDATA[5]]></v></c>",
        "><!-- no --><v>5</v></c>",
        "><v>5</v><extLst/></c>",
        ' cm="1"><v>5</v></c>',
        "> <v>5</v></c>",
        "><v>5</v></c> ",
        "><v>5</v>",
        ' t="what"><v>5</v></c>',
    ]
)
cell = st.tuples(st.sampled_from("AAABBBCD"), content).map(lambda each: (each[0], each[1]))
usual = st.lists(content, min_size=2, max_size=3).map(lambda each: list(zip("ABC", each, strict=False)))
opening = st.sampled_from(
    ['<row r="{}">'] * 9
    + [
        '<row r="{}" spans="1:2" ht="15">',
        "<row>",
        "<row r='{}'>",
        '<row spans="1:2" r="{}">',
        '<row r="{}.0">',
        '<row r="x">',
        '<row r="{}"/><row r="{}">',
        '<row r="0">',
    ]
)
row_of_cells = st.tuples(st.sampled_from([1, 1, 1, 2, 0, -1]), opening, usual | st.lists(cell, max_size=4))
ending = st.sampled_from(
    ["</sheetData></worksheet>"] * 6
    + [
        "</sheetData><mergeCells><mergeCell ref='A1:B2'/></mergeCells></worksheet>",
        "</sheetData>",
        "",
        "</worksheet>",
        '</sheetData><pageMargins left="x"/></worksheet>',
        "</sheetData><!-- --></worksheet>",
        "</sheetData></worksheet>x",
        '</sheetData><row r="50"><c r="A50"><v>1</v></c></row></worksheet>',
    ]
)
beginning = st.sampled_from(
    [HEAD] * 8
    + [
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{HEAD}',
        f"<?xml version='1.0' encoding='latin-1'?>{HEAD}",
        f'<!DOCTYPE x [<!ENTITY five "5">]>{HEAD}',
        HEAD.replace(MAIN, "urn:other"),
        HEAD.replace("<sheetData>", "<sheetData >"),
        f'<x:worksheet xmlns:x="{MAIN}" xmlns="{MAIN}"><sheetData>',
        HEAD.replace("A1:B2", "A1:A1"),
        f"\ufeff{HEAD}",
    ]
)


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # openpyxl leaves bad files open
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=beginning,
    rows=st.lists(row_of_cells, max_size=5),
    last=ending,
    block=st.sampled_from([50, 700, 1 << 20]),
)
@example(first=HEAD, rows=[], last="</sheetData></worksheet>", block=50)
def test_sheets_of_any_other_hand_are_read_alike(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    first: str,
    rows: list[tuple[int, str, list[tuple[str, str]]]],
    last: str,
    block: int,
) -> None:
    monkeypatch.setattr("fidelity.observe.sheet.BLOCK", block)
    text = (
        f'{first}<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'
    )
    number = 1
    for gap, begin, cells in rows:
        number += gap
        inside = "".join(f'<c r="{letter}{number}"{each}' for letter, each in cells)
        text += f"{begin.format(number, number + 1)}{inside}</row>"
    both_read(sheet_in(tmp_path, text + last), monkeypatch)


def sheet_in(folder: Path, text: str) -> Path:
    path = folder / "data.xlsx"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, part in PARTS.items():
            archive.writestr(name, part)
        archive.writestr("xl/worksheets/sheet1.xml", text)
    return path


def test_rows_end_where_spreadsheet_programs_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = '<row r="{0}"><c r="A{0}"><v>{0}</v></c></row>'
    rows = "".join(map(row.format, (1, 1_048_576, 1_048_577)))
    monkeypatch.setattr(workbook, "LARGE", 0)
    found, wrong = read(sheet_in(tmp_path, f"{HEAD}{rows}</sheetData></worksheet>"))
    assert wrong == []
    assert [getattr(each, "number", each) for each in found] == [("1",), 1_048_576]


def test_a_usual_sheet_is_read_at_once_and_says_what_stands_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>day</t></is></c></row>'
        '<row r="3"><c r="A3" t="b"><v>1</v></c><c r="B3" s="1"><v>46000</v></c></row>'
        '<row r="4"><c r="A4"><f>1+1</f><v>2</v></c></row>'
    )
    path = sheet_in(tmp_path, f"{HEAD}{rows}</sheetData></worksheet>")
    assert is_read_at_once(path)
    found, wrong = both_read(path, monkeypatch)
    assert wrong == []
    assert [getattr(each, "cells", each) for each in found] == [
        ("item", "day"),
        [("TRUE", "truth"), "2025-12-09"],
        [("=1+1", "formula"), ""],
    ]

"""The rows of a long table are written as text, and are the cells that the library would have written."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from report_sample import example_study

from fidelity.cli.printing import Printing
from fidelity.cli.speaking import study_in_language
from fidelity.report.sheets.chosen import Asked
from fidelity.report.workbook import workbook_bytes
from fidelity.study.loading import load_checklist
from fidelity.study.reading import read
from fidelity.study.reported import reported
from fidelity.study.summarising import summarise
from fidelity.study.whole import Study

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension")

EXAMPLE = Path(__file__).parent.parent / "checklists" / "programmes" / "example_study"
ODD = [
    "=1+1",
    "  kept apart ",
    "a\nb",
    "<b> & \"c\" 'd'",
    "\u202eright",
    "-5 min",
    "\x07bell",
    "x" * 200,
    "＝1",
]


def both_ways(monkeypatch: pytest.MonkeyPatch, given: Study, asked: Asked = "all") -> tuple[bytes, bytes]:
    made = reported(given)
    monkeypatch.setattr("fidelity.report.sheets.sheet.MANY", 100_000)
    cell_by_cell = workbook_bytes(made, asked)
    monkeypatch.setattr("fidelity.report.sheets.sheet.MANY", 3)
    return cell_by_cell, workbook_bytes(made, asked)


def without_style_numbers(workbook: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(workbook)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        return {name: re.sub(r' s="\d+"', "", archive.read(name).decode()) for name in sheets}


def looks(sheet: Worksheet) -> list[object]:
    return [
        (
            cell.value,
            cell.data_type,
            cell.style,
            cell.number_format,
            cell.quotePrefix,
            cell.alignment.wrap_text,
        )
        for row in sheet.iter_rows()
        for cell in row
    ]


@pytest.fixture
def example(tmp_path: Path) -> Study:
    """The example study with comments that nobody should have to read."""
    text = (EXAMPLE / "observations" / "observations.csv").read_text(encoding="utf-8")
    lines = text.splitlines()
    at = lines[0].split(",").index("site")
    rows = [line.split(",") for line in lines[:60] if line.count(",") == lines[0].count(",")]
    for number, each in enumerate(rows[1:]):
        odd = ODD[number % len(ODD)].replace('"', '""')
        each[at], each[-1] = f'"{odd}"', f'"{odd}"'
    file = tmp_path / "odd.csv"
    file.write_text("\n".join(map(",".join, rows)) + "\n", encoding="utf-8", newline="")
    checklist = load_checklist(EXAMPLE / "session.rubric")
    return summarise(checklist, read(file, checklist))


def test_the_sheet_is_the_same_but_for_the_numbers_of_styles(
    monkeypatch: pytest.MonkeyPatch, example: Study
) -> None:
    cell_by_cell, as_text = map(without_style_numbers, both_ways(monkeypatch, example))
    ordered = [dict(each) for each in (cell_by_cell, as_text)]
    for each in ordered:
        for name, xml in each.items():
            links = sorted(re.findall(r"<hyperlink [^>]*>", xml))
            each[name] = re.sub(r"<hyperlink [^>]*>", "", xml) + "".join(links)
    assert ordered[0] == ordered[1]


def test_so_are_all_values_and_styles_when_it_is_opened(
    monkeypatch: pytest.MonkeyPatch, example: Study
) -> None:
    one, other = (load_workbook(BytesIO(each)) for each in both_ways(monkeypatch, example))
    for sheet in one.worksheets:
        assert looks(other[sheet.title]) == looks(sheet)
        assert other[sheet.title].dimensions == sheet.dimensions


def test_and_with_links_to_people_and_in_a_mirrored_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    arabic = study_in_language(example_study(), "ar", Printing())
    one, other = (load_workbook(BytesIO(each)) for each in both_ways(monkeypatch, arabic))
    assert [looks(each) for each in other.worksheets] == [looks(each) for each in one.worksheets]
    assert [each.sheet_view.rightToLeft for each in other.worksheets] == [True] * len(one.worksheets)

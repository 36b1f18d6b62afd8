"""The workbook: values that stay what they are, tables and charts that every program can read."""

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet
from report_sample import SMALL, example_programme, example_study, miti_practice, small_study

from fidelity.report.workbook import workbook_bytes
from fidelity.study.reported import reported
from fidelity.study.whole import Study

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension")  # openpyxl reads none

STUDIES: dict[str, Callable[[], Study]] = {
    "example": example_study,
    "programme": example_programme,
    "sessions only": miti_practice,
    "a mean from 1 to 5": lambda: small_study({"A": [5, 4, 3, 4, 5, 4, 4], "B": [2, 2, 1]}),
    "without dates": lambda: small_study({"A": [4, 4], "B": [3]}, dated=False),
    "one session": lambda: small_study({"A": [1]}),
}
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


@dataclass(frozen=True)
class Made:
    """A study with its workbook, as bytes and opened."""

    study: Study
    content: bytes
    workbook: Workbook


@cache
def made(name: str) -> Made:
    study = STUDIES[name]()
    return Made(study, bytes_of(study), opened(study))


@pytest.fixture(params=STUDIES)
def report(request: pytest.FixtureRequest) -> Made:
    name: str = request.param
    return made(name)


def bytes_of(study: Study) -> bytes:
    return workbook_bytes(reported(study))


def opened(study: Study) -> Workbook:
    return load_workbook(BytesIO(bytes_of(study)))


def cells(workbook: Workbook) -> Iterator[Cell]:
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if isinstance(cell, Cell))


def members(report: Made, pattern: str) -> dict[str, str]:
    """The members of the file whose name fits, by name."""
    with zipfile.ZipFile(BytesIO(report.content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if re.search(pattern, name)}


def row_of(sheet: Worksheet, table: str, key: str) -> dict[str, object]:
    """One row of a table, by its headings; `key` stands in its first column."""
    rows = [[cell.value for cell in row] for row in sheet[sheet.tables[table].ref]]
    found = next(row for row in rows if row[0] == key)
    return {str(title): value for title, value in zip(rows[0], found, strict=True)}


def test_two_builds_give_the_same_bytes(report: Made) -> None:
    assert bytes_of(report.study) == report.content


def test_there_are_values_only(report: Made) -> None:
    assert [cell.coordinate for cell in cells(report.workbook) if cell.data_type in ("f", "e")] == []


def test_every_table_has_rows_and_headings_that_are_texts_unlike_each_other(report: Made) -> None:
    names: list[str] = []
    for sheet in report.workbook.worksheets:
        for table in sheet.tables.values():
            heading, first, *_ = sheet[table.ref]
            titles = [cell.value for cell in heading]
            assert all(isinstance(title, str) and title for title in titles)
            assert len({str(title).casefold() for title in titles}) == len(titles)
            assert titles == [column.name for column in table.tableColumns]
            assert first[0].value is not None
            names.append(table.displayName)
    assert len(set(names)) == len(names)


def test_tables_have_no_merged_and_hardly_any_empty_cells(report: Made) -> None:
    for sheet in report.workbook.worksheets:
        merged = {cell for area in sheet.merged_cells.ranges for cell in area.cells}
        for table in sheet.tables.values():
            rows = sheet[table.ref]
            assert not {(cell.row, cell.column) for row in rows for cell in row} & merged
            empty = {rows[0][at].value for row in rows for at, cell in enumerate(row) if cell.value is None}
            assert empty <= {"Since the change"}, "a chart draws what is not a number as a zero"


def test_every_chart_has_alt_text_title_both_axes_and_cached_values(report: Made) -> None:
    charts = members(report, r"charts/chart\d+\.xml")
    for xml in charts.values():
        root = ET.fromstring(xml)  # noqa: S314 - our own file
        assert (
            root.find(f".//{CHART}title//{{http://schemas.openxmlformats.org/drawingml/2006/main}}t")
            is not None
        )
        assert [axis.get("val") for axis in root.iter(f"{CHART}delete")] == ["0", "0"]
        kinds = ("xVal", "yVal") if root.find(f".//{CHART}scatterChart") is not None else ("cat", "val")
        for series in root.iter(f"{CHART}ser"):
            assert all(series.find(f"{CHART}{kind}//{CHART}pt") is not None for kind in kinds)
    told = re.findall(
        r'cNvPr [^>]*descr="([^"]+)"', "".join(members(report, r"drawings/drawing\d+\.xml").values())
    )
    assert len(told) == len(charts)


@pytest.mark.parametrize(("name", "ends"), [("example", ("0", "100")), ("a mean from 1 to 5", ("1", "5"))])
def test_a_course_is_drawn_over_the_whole_range_of_its_score(name: str, ends: tuple[str, str]) -> None:
    courses = [xml for xml in members(made(name), r"charts/chart\d+\.xml").values() if "lineChart" in xml]
    assert courses
    for xml in courses:
        [axis] = ET.fromstring(xml).iter(f"{CHART}valAx")  # noqa: S314 - our own file
        found = {each.tag.removeprefix(CHART): each.get("val") for each in axis.iterfind(f"{CHART}scaling/*")}
        assert (found["min"], found["max"]) == ends


def test_each_therapist_has_a_sparkline_of_all_sessions() -> None:
    [summary] = members(made("example"), r"/sheet1\.xml$").values()
    assert summary.count("<x14:sparkline>") == 12
    assert summary.index("<extLst>") > summary.index("<tableParts")


def test_every_sheet_starts_with_its_title_and_names_the_checklist(report: Made) -> None:
    programme = report.study.programme
    titles = [report.study.checklist.title, *([programme.title] if programme else [])]
    for sheet in report.workbook.worksheets:
        top = [str(cell.value) for row in sheet.iter_rows(min_row=1, max_row=3) for cell in row if cell.value]
        assert sheet["A1"].value == top[0]
        assert any(title in text for text in top for title in titles), sheet.title


def test_every_sheet_prints_on_a4_with_the_footer(report: Made) -> None:
    for sheet in report.workbook.worksheets:
        assert sheet.page_setup.paperSize == 9
        assert sheet.print_area
        parts = [getattr(sheet.oddFooter, side).text for side in ("left", "center", "right")]
        origin = report.study.summary.provenance.data_sha256[:8]
        about = report.study.checklist
        assert parts == [f"{about.id} {about.about.version} · data {origin}", "&A", "&P / &N"]


def test_the_sheets_stand_in_reading_order() -> None:
    people = [
        "PMG-03",
        "PMG-05",
        "PMI-04",
        "PMG-06",
        "PMG-02",
        "PMI-03",
        "PMI-01",
        "PMG-01",
        "PMI-05",
        "PMI-06",
    ]
    assert made("example").workbook.sheetnames == [
        "Summary",
        *people,
        "PMI-02",
        "PMG-04",
        "Drift",
        "Reliability",
        "Item analysis",
        "Levels",
        "Trial table",
        "Sessions",
        "Method and provenance",
        "Items",
    ]


def test_the_summary_says_whom_to_talk_to_first() -> None:
    lead = made("example").workbook["Summary"]["A3"].value
    assert lead == (
        "Talk first with PMG-03 (drifting down since 23 Feb 2026) and PMG-05 (below standard and "
        "level capped in 2 of the last 5 sessions). Improving: PMI-04."
    )


def test_each_name_leads_to_the_sheet_of_that_person_and_back() -> None:
    workbook = made("example").workbook
    summary = workbook["Summary"]
    names = [row[0] for row in summary[summary.tables["Summary_table"].ref][1:]]
    assert {cell.hyperlink.location for cell in names if cell.hyperlink} == {
        f"'{name.value}'!A1" for name in names
    }
    assert workbook["PMG-03"]["E1"].hyperlink.location == "'Summary'!A1"


def test_the_drifter_stands_first_on_the_drift_sheet_in_the_terms_of_the_rule() -> None:
    row = row_of(made("example").workbook["Drift"], "Drift_table", "PMG-03")
    assert row["Trend"] == "▼ Drifting down"
    assert row["Change since"] == pytest.approx(-40.7, abs=0.5)
    assert isinstance(row["C highest"], float)
    assert row["C highest"] > 4


def test_a_study_without_names_shows_sessions_scores_and_levels_and_says_why() -> None:
    workbook = made("sessions only").workbook
    assert workbook.sheetnames == [
        *("Summary", "Item analysis", "Sessions", "Problems", "Method and provenance", "Items")
    ]
    assert workbook["Summary"]["A3"].value == (
        "The data name no therapist and no date, so sessions, scores and levels are shown, and "
        "nobody's course over time."
    )
    tables = workbook["Summary"].tables
    assert list(tables) == ["Levels_technical_band", "Scores_table", "By_session_table"]
    assert workbook["Sessions"].print_title_cols == "$A:$A"  # no score is repeated on every page


def test_the_sessions_sheet_has_each_observation_with_the_exact_score() -> None:
    sheet = made("example").workbook["Sessions"]
    row = row_of(sheet, "Sessions_table", "O001")
    assert (row["Adherence %"], row["Adherence, exact"]) == (87.5, "175/2")
    assert (row["hs_open"], row["st_review"]) == ("partly", "na")
    assert str(row["Comments"]).startswith("sa_safety: ")
    assert len(sheet[sheet.tables["Sessions_table"].ref]) == 1 + len(example_study().scored)


def test_method_and_provenance_names_what_it_rests_on() -> None:
    study, workbook = example_study(), made("example").workbook
    sheet = workbook["Method and provenance"]
    told = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert study.checklist.fingerprint in told
    assert study.summary.provenance.data_sha256 in told
    for name, value in (
        ("checklist_hash", study.checklist.fingerprint),
        ("data_hash", study.summary.provenance.data_sha256),
    ):
        [(title, cell)] = workbook.defined_names[name].destinations
        assert workbook[title][cell].value == value


def test_the_standard_is_shown_only_where_one_is_declared() -> None:
    without = small_study({"A": [4, 5, 4]}, source=SMALL.replace("threshold standard", "threshold other"))
    sheet = opened(without)["Summary"]
    assert "Standard" not in row_of(sheet, "Summary_table", "A")
    assert "Standard" in row_of(opened(small_study({"A": [4, 5, 4]}))["Summary"], "Summary_table", "A")


def test_a_text_that_looks_like_a_formula_stays_text() -> None:
    workbook = opened(small_study({"=1+1": [1, 1, 2, 1, 1, 2], "@SUM(A1)": [4]}, comment="-5 min"))
    texts = {cell.value: cell for cell in cells(workbook) if isinstance(cell.value, str)}
    assert {"=1+1", "@SUM(A1)", "=1+1 is no greeting"} <= set(texts)
    assert {texts[text].data_type for text in ("=1+1", "@SUM(A1)", "=1+1 is no greeting")} == {"s"}
    assert texts["=1+1"].quotePrefix


def test_names_that_clash_get_sheets_of_their_own() -> None:
    names = ["Amina", "amina", "a/b", "a:b", "Summary", "x" * 40, "x" * 41, "'", "حسن"]
    workbook = opened(small_study({name: [3] for name in names}))
    titles = [title.casefold() for title in workbook.sheetnames]
    assert len(set(titles)) == len(titles) == len(names) + 8


def test_a_name_cannot_turn_a_sentence_around() -> None:
    workbook = opened(small_study({"\u202eevil": [1, 1, 1, 1, 1, 1]}))
    assert str(workbook["Summary"]["A3"].value).startswith("Talk first with evil (")
    assert workbook.worksheets[1]["A1"].value == "evil"
    assert row_of(workbook["Summary"], "Summary_table", "\u202eevil")  # in a cell of its own as it was typed


def test_forty_thousand_letters_and_control_signs_are_kept_as_far_as_a_cell_can() -> None:
    workbook = opened(small_study({"A": [3]}, comment="\x07" + "x" * 40_000))
    comment = row_of(workbook["Sessions"], "Sessions_table", "A 0")["Comments"]
    assert len(str(comment)) == 32_767

"""A table of texts <-> an Excel workbook that a translator fills in."""

import math
import tomllib
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from fidelity import content
from fidelity.errors import Problem, ProblemsFound
from fidelity.exchange.translation_table import Returned, Row, Table, Translations, plain
from fidelity.model.direction import reads_right_to_left
from fidelity.place import Place
from fidelity.spreadsheet import put, save_bytes, sheet_name

FORMAT = "fidelity-translation/1"
META_SHEET = "_meta"
YES = "yes"
LARGEST = 8_000_000  # bytes
MOST_UNPACKED = 64_000_000  # bytes
MOST_ROWS = 20_000
HEADING_WITHIN = 20  # rows
LINE_HEIGHT = 14  # points

ID, ABOUT, TEXT, NOTE, TRANSLATION, STATUS, RIGHT = range(1, 8)
HEADINGS = {
    ID: "Id",
    ABOUT: "What it is",
    TEXT: "Text",
    NOTE: "Note",
    TRANSLATION: "Translation",
    STATUS: "Status",
    RIGHT: "Still right?",
}
WIDTHS = {ID: 24, ABOUT: 26, TEXT: 46, NOTE: 34, TRANSLATION: 46, STATUS: 11, RIGHT: 11}
ROLES = {"current": "good", "stale": "concern", "missing": "neutral", "draft": "strip"}
ADVICE = (
    "Write in the yellow cells only. Keep numbers as digits and {placeholders} as they are. "
    "Leave blank what you have not translated."
)
STALE = (
    f'Where the status is stale, the text was changed: translate it again, or write "{YES}" if it still fits.'
)
DRAFT = f'Where the status is draft, nobody has read it yet: put it right, or write "{YES}" if it is right.'
ASKED = ("stale", "draft")  # of these "Still right?" is asked

# What the readers raise on a damaged file.
UNREADABLE = (
    ArithmeticError, AttributeError, EOFError, LookupError, NotImplementedError, OSError, RuntimeError,
    SyntaxError, TypeError, ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def workbook_of(table: Table) -> bytes:
    """The workbook; the same bytes each time."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = sheet_name(f"Translation {table.language}", [])
    sheet.sheet_view.showGridLines = False
    for column, width in WIDTHS.items():
        sheet.column_dimensions[_letter(column)].width = width
    _heading(sheet, table)
    for number, row in enumerate(table.rows, 5):
        _write_row(sheet, number, row, table.language)
    sheet.freeze_panes = "D5"
    sheet.print_title_rows = "4:4"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    _offer_yes(sheet, table)
    _write_meta(workbook, table)
    return save_bytes(workbook)


def translations_in_workbook(data: bytes, file: str) -> Translations:
    """What a translator wrote; raises ProblemsFound where it is no such workbook, or a cell holds no text."""
    workbook = _opened(data, file)
    head = _meta(workbook, file)
    problems: list[Problem] = []
    returned: list[Returned] = []
    for sheet in workbook.worksheets:
        columns, first = _columns(sheet)
        if first:
            for found in _returned(sheet, columns, first, file):
                (problems if isinstance(found, Problem) else returned).append(found)  # type: ignore[arg-type]
            break
    else:
        raise _refused(file, "no_translations")
    if problems:
        raise ProblemsFound(problems)
    return Translations(file, head["checklist"], head["language"], head["name"], tuple(returned))


# ---- writing


def _heading(sheet: Worksheet, table: Table) -> None:
    version = f", version {table.version}" if table.version else ""
    put(
        sheet.cell(1, ID),
        f"{table.title}{version}: {table.source_language} to {table.name} ({table.language})",
    )
    sheet.cell(1, ID).font = _font("strong", 14, bold=True)
    put(sheet.cell(2, ID), f"{ADVICE} {STALE}")
    sheet.cell(2, ID).font = _font("muted")
    if any(row.status == "draft" for row in table.rows):
        put(sheet.cell(3, ID), DRAFT)
        sheet.cell(3, ID).font = _font("muted")
    for column, heading in HEADINGS.items():
        cell = sheet.cell(4, column)
        put(cell, heading)
        cell.font, cell.fill = _font("head", bold=True), _fill("head")
        cell.alignment = Alignment(vertical="center")


def _write_row(sheet: Worksheet, number: int, row: Row, language: str) -> None:
    was = f'The text was: "{row.was}"' if row.was else ""
    source = row.source
    texts = {
        ID: source.name,
        ABOUT: source.about,
        TEXT: source.text,
        NOTE: " ".join(filter(None, (source.note, was))),
        TRANSLATION: row.translation,
        STATUS: row.status,
        RIGHT: "",
    }
    for column, text in texts.items():
        cell = sheet.cell(number, column)
        put(cell, text or None)
        cell.number_format = "@"  # so that 1/2 stays the text it is
        cell.font = _font("muted" if column in (ID, ABOUT, NOTE) else "plain")
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        cell.border = Border(bottom=Side(style="thin", color=_look()["lines"]["row"]))
    # No program fits the height of a row to wrapped texts before somebody edits it.
    lines = max(math.ceil(len(text) / (WIDTHS[column] * 1.05)) for column, text in texts.items())
    sheet.row_dimensions[number].height = max(1, lines) * LINE_HEIGHT + 4
    _to_fill_in(sheet, number, TRANSLATION)
    if reads_right_to_left(language):
        sheet.cell(number, TRANSLATION).alignment = Alignment(
            vertical="top", horizontal="right", wrap_text=True, readingOrder=2
        )
    if row.status in ASKED:
        _to_fill_in(sheet, number, RIGHT)
    status = sheet.cell(number, STATUS)
    status.font, status.fill = _font(ROLES[row.status]), _fill(ROLES[row.status])


def _to_fill_in(sheet: Worksheet, row: int, column: int) -> None:
    cell = sheet.cell(row, column)
    side = Side(style="thin", color=_look()["lines"]["field"])
    cell.fill, cell.border = _fill("watch"), Border(left=side, right=side, top=side, bottom=side)
    cell.protection = Protection(locked=False)


def _offer_yes(sheet: Worksheet, table: Table) -> None:
    asked = [number for number, row in enumerate(table.rows, 5) if row.status in ASKED]
    if asked:
        rule = DataValidation(type="list", formula1=f'"{YES}"', allow_blank=True)
        for number in asked:
            rule.add(f"{_letter(RIGHT)}{number}")
        sheet.add_data_validation(rule)


def _write_meta(workbook: Workbook, table: Table) -> None:
    sheet = workbook.create_sheet(META_SHEET)
    sheet.sheet_state = "veryHidden"
    head = {
        "format": FORMAT,
        "checklist": table.checklist,
        "version": table.version,
        "language": table.language,
        "name": table.name,
    }
    for number, (key, value) in enumerate(head.items(), 1):
        put(sheet.cell(number, 1), key)
        put(sheet.cell(number, 2), value)
    workbook.properties.creator = "Fidelity"


@cache
def _look() -> dict[str, Any]:
    return tomllib.loads(content.text("reports", "workbook/styles.toml"))


def _font(role: str, size: float | None = None, *, bold: bool = False) -> Font:
    look = _look()
    fonts = look["fonts"]
    return Font(
        name=fonts["body"], size=size or fonts["size"], bold=bold, color=look["palette"][role]["text"]
    )


def _fill(role: str) -> PatternFill:
    return PatternFill("solid", start_color=_look()["palette"][role]["fill"])


def _letter(column: int) -> str:
    return " ABCDEFG"[column]


# ---- reading: nothing in the file is believed before it was looked at


def _opened(data: bytes, file: str) -> Workbook:
    if len(data) > LARGEST:
        raise _refused(file, "large", size=f"{LARGEST // 1_000_000} MB")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            unpacked = sum(each.file_size for each in archive.infolist())
            names = archive.namelist()
        if unpacked > MOST_UNPACKED:
            raise _refused(file, "bomb", unpacked=f"{unpacked // 1_000_000:,} MB")
        if "xl/workbook.xml" not in names:
            raise _refused(file, "no_workbook")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they tell of lost decoration only
            return load_workbook(BytesIO(data))
    except zipfile.BadZipFile as wrong:
        raise _refused(file, "no_workbook") from wrong
    except UNREADABLE as wrong:
        raise _refused(file, "damaged") from wrong


def _meta(workbook: Workbook, file: str) -> Mapping[str, str]:
    if META_SHEET not in workbook.sheetnames:
        raise _refused(file, "no_translations")
    rows = workbook[META_SHEET].iter_rows(min_row=1, max_row=5, max_col=2, values_only=True)
    head = {str(key): str(value or "") for key, value in rows}
    if head.get("format") != FORMAT or not {"checklist", "language", "name"} <= head.keys():
        raise _refused(file, "no_translations")
    return head


def _columns(sheet: Any) -> tuple[Mapping[str, int], int]:
    """Where the columns stand now, and the first row below their headings; 0 where there are none."""
    wanted = {HEADINGS[each] for each in (ID, TEXT, TRANSLATION)}
    for number, cells in enumerate(sheet.iter_rows(max_row=HEADING_WITHIN, values_only=True), 1):
        found = {str(each).strip(): at for at, each in enumerate(cells) if each is not None}
        if wanted <= found.keys():
            return found, number + 1
    return {}, 0


def _returned(sheet: Any, columns: Mapping[str, int], first: int, file: str) -> Iterator[Returned | Problem]:
    for cells in sheet.iter_rows(min_row=first, max_row=min(sheet.max_row, MOST_ROWS)):
        name, source, text = (_cell(cells, columns, each) for each in (ID, TEXT, TRANSLATION))
        if name is None or text is None or not str(name.value or "").strip():
            continue
        place = Place(file, text.row, text.column, text.row, text.column + 1)
        right = _cell(cells, columns, RIGHT)
        one = Returned(
            " ".join(str(name.value).split()),
            str(source.value or "") if source is not None else "",
            "",
            right is not None and str(right.value or "").strip().casefold() == YES,
            place,
            text.coordinate,
        )
        if text.data_type in "fe" or isinstance(text.value, bool):
            found = "a formula" if text.data_type == "f" else "something else"
            yield Problem("RB004", place, {"where": one.where, "no_text": found})
        else:
            yield one._replace(text=plain(str(text.value if text.value is not None else "")))


def _cell(cells: Sequence[Any], columns: Mapping[str, int], column: int) -> Any:
    at = columns.get(HEADINGS[column])
    return cells[at] if at is not None and at < len(cells) else None


def _refused(file: str, reason: str, **facts: str) -> ProblemsFound:
    return ProblemsFound([Problem("RB507", Place(file), {reason: reason, **facts})])

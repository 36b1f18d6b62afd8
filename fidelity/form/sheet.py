"""The sheet of a form in the making: its cells, how high its rows must be, the map of what stands where."""

from dataclasses import dataclass, field

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from fidelity.form.look import root_of, settings, size_of
from fidelity.model.checklist import Checklist
from fidelity.model.direction import readable
from fidelity.model.form import Entry, Option, word
from fidelity.spreadsheet import put
from fidelity.text_size import lines

ITEM, WORDING, ANSWER, NOTE = 1, 2, 3, 4
LETTERS = " ABCD"


@dataclass(frozen=True, slots=True)
class Form:
    """The workbook and its page; lists of drop-downs, the map, rows that begin a block fill on the way."""

    workbook: Workbook
    sheet: Worksheet
    checklist: Checklist
    language: str
    lists: dict[tuple[Option, ...], str] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)

    def say(self, key: str, **names: object) -> str:
        """The form's own words in its language."""
        return word(self.language, key, **names)

    def cell(self, row: int, column: int) -> Cell:
        """A cell of the page."""
        cell = self.sheet.cell(row, column)
        if isinstance(cell, MergedCell):
            raise TypeError(f"{cell.coordinate} lies below another cell")
        return cell

    def remember(self, column: str, cell: Cell, label_cell: Cell, label: str) -> None:
        """Puts a cell on the map: the column of the data that it fills, and the label beside it."""
        self.entries.append(Entry(column, cell.coordinate, label_cell.coordinate, label))


def across(form: Form, row: int, text: str, style: str, lowest: float = 16) -> None:
    """One text over the whole width of the page."""
    area(form, (row, ITEM, row, NOTE), text, style)
    form.sheet.row_dimensions[row].height = max(lowest * tall(form), height(form, text, ITEM, NOTE, style))


def area(form: Form, corners: tuple[int, int, int, int], text: str, style: str) -> None:
    """One cell from several: top, left, bottom, right."""
    top, left, bottom, right = corners
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            put(form.cell(row, column), None, style)
    put(form.cell(top, left), readable(text, form.language) or None, style)
    form.sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)


def height(form: Form, text: str, first: int, last: int, style: str) -> float:
    """How high a row must be for a wrapped text, in points; no program tells before the file is opened."""
    size = size_of(style)
    width = sum(form.sheet.column_dimensions[LETTERS[each]].width for each in range(first, last + 1))
    bold = settings()["styles"][style].get("bold", False)
    return lines(text, width / broad(form), size, bold=bold) * size * 1.22 * tall(form) + 4


def tall(form: Form) -> float:
    """How much higher than Latin script the lines of the form's language are."""
    return float(settings()["tall"].get(root_of(form.language), 1))


def broad(form: Form) -> float:
    """How much broader than in Calibri the lines of the form's language are."""
    return float(settings()["broad"].get(root_of(form.language), 1))

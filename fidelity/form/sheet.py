"""The sheet of a form in the making: its cells, how high its rows must be, the map of what stands where."""

from dataclasses import dataclass, field
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from fidelity.form.look import root_of, settings, size_of
from fidelity.model.checklist import Checklist
from fidelity.model.direction import readable
from fidelity.model.form import Entry, Option, word
from fidelity.spreadsheet import put
from fidelity.text_size import lines

ITEM, WORDING, OTHER_WORDING = 1, 2, 3
LETTERS = " ABCDE"


class Voice(NamedTuple):
    """The checklist in one of the languages of the form; `beside` ends the names of its styles."""

    checklist: Checklist
    language: str
    beside: str = ""

    def say(self, key: str, **names: object) -> str:
        """The form's own words in this language."""
        return word(self.language, key, **names)


@dataclass(frozen=True, slots=True)
class Form:
    """The workbook and its page, in one language or two beside each other.

    Lists of drop-downs, the map, what may stand in each cell, rows that begin a block fill on the way.
    """

    workbook: Workbook
    sheet: Worksheet
    voice: Voice
    other: Voice | None = None
    lists: dict[tuple[Option, ...], str] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    offered: dict[str, tuple[Option, ...]] = field(default_factory=dict)
    blocks: list[int] = field(default_factory=list)

    @property
    def checklist(self) -> Checklist:
        """The checklist in the form's first language."""
        return self.voice.checklist

    @property
    def language(self) -> str:
        """The form's first language."""
        return self.voice.language

    @property
    def languages(self) -> str:
        """All languages of the form: `en`, or `en,ar` for two beside each other."""
        return ",".join(each.language for each in self.voices)

    @property
    def voices(self) -> tuple[Voice, ...]:
        """One or two."""
        return (self.voice, self.other) if self.other else (self.voice,)

    @property
    def answer(self) -> int:
        """The column of the answers."""
        return OTHER_WORDING + 1 if self.other else OTHER_WORDING

    @property
    def note(self) -> int:
        """The column of the notes, the last one."""
        return self.answer + 1

    @property
    def notes(self) -> tuple[int, int]:
        """That column from itself to itself."""
        return self.note, self.note

    def say(self, key: str, **names: object) -> str:
        """The form's own words in its first language."""
        return self.voice.say(key, **names)

    def cell(self, row: int, column: int) -> Cell:
        """A cell of the page."""
        cell = self.sheet.cell(row, column)
        if isinstance(cell, MergedCell):
            raise TypeError(f"{cell.coordinate} lies below another cell")
        return cell

    def remember(self, column: str, cell: Cell, label_cell: Cell, label: str) -> None:
        """Puts a cell on the map: the column of the data that it fills, and the label beside it."""
        self.entries.append(Entry(column, cell.coordinate, label_cell.coordinate, label))


def across(form: Form, row: int, texts: tuple[str, ...], style: str, lowest: float = 16) -> None:
    """One text over the whole width of the page; a second one in the other language on its other half."""
    halves = [(ITEM, form.note)] if len(texts) == 1 else [(ITEM, WORDING), (OTHER_WORDING, form.note)]
    needed = lowest * tall(form)
    for text, (first, last), voice in zip(texts, halves, form.voices, strict=False):
        area(form, (row, first, row, last), text, style, voice)
        needed = max(needed, height(form, text, (first, last), style, voice))
    form.sheet.row_dimensions[row].height = needed


def in_turn(form: Form, row: int, texts: tuple[str, ...], style: str) -> int:
    """Long texts over the whole width, each language below the other; gives the last row."""
    for at, (text, voice) in enumerate(zip(texts, form.voices, strict=False), row):
        area(form, (at, ITEM, at, form.note), text, style, voice)
        needed = height(form, text, (ITEM, form.note), style, voice)
        form.sheet.row_dimensions[at].height = max(16 * tall(form, voice), needed)
    return row + len(texts) - 1


def area(
    form: Form, corners: tuple[int, int, int, int], text: str, style: str, voice: Voice | None = None
) -> None:
    """One cell from several: top, left, bottom, right."""
    top, left, bottom, right = corners
    said = voice or form.voice
    worn = style + said.beside
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            put(form.cell(row, column), None, worn)
    put(form.cell(top, left), readable(text, said.language) or None, worn)
    if (top, left) != (bottom, right):
        form.sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)


def height(form: Form, text: str, columns: tuple[int, int], style: str, voice: Voice | None = None) -> float:
    """How high a row must be for a wrapped text, in points; no program tells before the file is opened."""
    size = size_of(style)
    first, last = columns
    width = sum(form.sheet.column_dimensions[LETTERS[each]].width for each in range(first, last + 1))
    bold = settings()["styles"][style].get("bold", False)
    needed = lines(text, width / broad(form, voice), size, bold=bold)
    return needed * size * 1.22 * tall(form, voice) + 4


def tall(form: Form, voice: Voice | None = None) -> float:
    """How much higher than Latin script the lines of a language are; of two languages, of the taller."""
    voices = (voice,) if voice else form.voices
    return max(float(settings()["tall"].get(root_of(each.language), 1)) for each in voices)


def broad(form: Form, voice: Voice | None = None) -> float:
    """How much broader than in Calibri the lines of a language are."""
    language = (voice or form.voice).language
    return float(settings()["broad"].get(root_of(language), 1))

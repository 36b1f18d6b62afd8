"""A workbook that calls itself a form -> its page and hidden notes; nothing is believed unchecked."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from fidelity.errors import Problem, ProblemsFound
from fidelity.model.checklist import Checklist
from fidelity.model.form import (
    COPIED,
    COPY,
    HEAD,
    KEYING_PROTOCOL,
    LANDMARK,
    META_SHEET,
    OWN_SHEETS,
    PROTOCOL,
    Entry,
    checksum,
    languages,
)
from fidelity.observe.form_parts import Layout, layouts
from fidelity.observe.match import shortened
from fidelity.observe.other_files import is_form_page
from fidelity.observe.table import Cell, Odd, Spot, not_a_table
from fidelity.observe.workbook import cell_text, check_archive, opened, readable
from fidelity.place import Place

LARGEST_FORM = 8_000_000  # bytes; an empty one has 40,000
MOST_UNPACKED = 32_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 500
MOST_PAGES = 10  # sheets among which the form is looked for
# Parts of a workbook that no form has, by what their names begin with below the folder of the workbook.
MACROS = ("vbaproject", "macrosheets", "activex", "ctrlprops", "customui")
LINKS = ("externallinks", "connections", "querytables", "embeddings")

_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_INVISIBLE = re.compile("[\u200e\u200f]")

Cells = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class FormFile:
    """A form as it was found: its page, what its hidden sheet says about it, and where everything stands."""

    file: str
    sheet: str
    page: Cells
    head: Mapping[str, str]
    entries: tuple[Entry, ...]
    landmarks: tuple[Entry, ...]
    layout: Layout

    @property
    def is_keyed(self) -> bool:
        """Whether it has a row for each form on paper."""
        return self.head["format"] == KEYING_PROTOCOL

    @property
    def languages(self) -> tuple[str, ...]:
        """The language that it speaks, or the two beside each other."""
        return tuple(self.head["language"].split(","))

    def spot(self, address: str, column: str) -> Spot:
        """Where a cell of the page stands."""
        row, number = row_and_column(address)
        place = Place(self.file, row, number, row, number + 1)
        return Spot(place, {"cell": address, "sheet": self.sheet, "column": column})


def form_file(path: Path) -> FormFile:
    """The form in a file; ProblemsFound says why it is none, or none that may be opened."""
    file = str(path)
    found = _checked(path, file)
    workbook = opened(path, file, read_only=True)
    with closing(workbook):
        names = [sheet.title for sheet in workbook.worksheets]
        pages = [name for name in names if name not in OWN_SHEETS]
        if META_SHEET not in names and names and _is_page(workbook[names[0]], file):
            raise not_a_table(file, "form_page")
        if META_SHEET not in names or not pages:
            raise not_a_table(file, "no_form")
        head, entries = _hidden(_cells(workbook[META_SHEET], file), file)
        with readable(file):
            properties = cast(Any, workbook).custom_doc_props.props  # its types do not know them yet
            copies = {each.name: str(each.value or "") for each in properties}
        _check_hidden(head, entries, copies, file)
        filled = tuple(each for each in entries if each.column != LANDMARK)
        landmarks = tuple(each for each in entries if each.column == LANDMARK)
        name, page = _page(((each, _cells(workbook[each], file)) for each in pages[:MOST_PAGES]), entries)
        layout = found.get(_part_of(workbook[name]), Layout())
        return FormFile(file, name, page, head, filled, landmarks, layout)


def check_origin(form: FormFile, checklist: Checklist) -> None:
    """RB508 where the form was made from another checklist, another version, or another text of it."""
    head, version = form.head, checklist.about.version
    if head["fingerprint"] == checklist.fingerprint and head["checklist"] == checklist.id:
        spoken = form.languages
        if len(set(spoken)) == len(spoken) <= 2 and set(spoken) <= set(languages(checklist)):
            return
        raise not_a_table(form.file, "changed", note="language")
    facts = {"wanted": checklist.id, "version": version, "form_version": head["version"]}
    if head["checklist"] != checklist.id:
        facts["form_of"] = shortened(head["checklist"])
    elif head["version"] == version:
        facts["same_version"] = version
    raise ProblemsFound([Problem("RB508", Place(form.file), facts)])


def changed_page(form: FormFile) -> Iterator[Problem]:
    """What was done to the page: then no answer can be trusted to stand beside its question."""
    yield from _moved(form)
    for entry in form.entries:
        found = _unlike(entry, form.layout)
        if found:
            spot = form.spot(entry.cell, entry.column)
            yield Problem("RB507", spot.place, {**spot.facts, found: found})


def unread_notes(form: FormFile) -> Iterator[Problem]:
    """A warning for each note that hangs on a cell of the page: nobody will read it."""
    filled = {each.cell: each.column for each in form.entries}
    for_note = {each.column: each.cell for each in form.entries}
    for address in form.layout.notes:
        if _CELL.fullmatch(address):
            column = filled.get(address, "")
            note_cell = for_note.get(f"{column.partition('.')[0]}.comment", "")
            spot = form.spot(address, column)
            where = {"note_cell": note_cell} if note_cell else {"noted_elsewhere": "noted_elsewhere"}
            yield Problem("RB507", spot.place, {**spot.facts, "noted": "noted", **where}, graded="warning")


@lru_cache(maxsize=4096)
def row_and_column(address: str) -> tuple[int, int]:
    """The numbers of the row and column of `C12`."""
    found = _CELL.fullmatch(address)
    if found is None:
        raise ValueError(address)
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), number


# ---- the file, before it is opened


def _checked(path: Path, file: str) -> Mapping[str, Layout]:
    if path.stat().st_size > LARGEST_FORM:
        raise not_a_table(file, "large", size=f"{LARGEST_FORM // 1_000_000} MB")
    check_archive(path, file, MOST_UNPACKED)
    with readable(file), zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if len(set(names)) < len(names):
            raise not_a_table(file, "damaged")  # two parts of one name: programs differ in which they read
        for name in names:
            _check_name(name, file)
        return layouts(archive, names)


def _check_name(name: str, file: str) -> None:
    parts = name.casefold().split("/")
    if any(part.startswith(MACROS) for part in parts):
        raise not_a_table(file, "macros")
    if any(part.startswith(LINKS) for part in parts):
        raise not_a_table(file, "links")


# ---- the notes


def _cells(sheet: Any, file: str) -> Cells:
    """Every cell that holds something, by its address."""
    with readable(file):
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS)
        held = (cell for row in rows for cell in row if cell.value is not None)
        return {cell.coordinate: _text_of(cell) for cell in held}


def _page(sheets: Iterable[tuple[str, Cells]], entries: Iterable[Entry]) -> tuple[str, Cells]:
    """The sheet that has the most of the form's labels, whatever it is called and wherever it stands."""
    return max(sheets, key=lambda named: sum(_has_label(named[1], entry) for entry in entries))


def _part_of(sheet: Any) -> str:
    """The part of the archive that holds a sheet."""
    return str(sheet._worksheet_path)  # noqa: SLF001 - as openpyxl finds it


def _is_page(sheet: Any, file: str) -> bool:
    """Whether a sheet has the heading of a form, though nothing says where its answers stand."""
    with readable(file):
        first = next(sheet.iter_rows(max_row=1, max_col=len("ABCDE")), ())
        return is_form_page([cell.value for cell in first if isinstance(cell.value, str)])


def _text_of(cell: Any) -> Cell:
    """What a cell holds; half a point shown as 50% is not what the rater sees."""
    if isinstance(cell.value, int | float) and "%" in str(cell.number_format):
        return Odd(f"{cell.value * 100:g}%", "percent")
    return cell_text(cell.value, cell.data_type)


def _hidden(cells: Cells, file: str) -> tuple[Mapping[str, str], tuple[Entry, ...]]:
    """The head of the hidden sheet, and the map below it."""
    rows = range(1, min(len(cells) + 3, MOST_ROWS))  # every line but the empty one holds something
    lines = [[_text(cells, f"{letter}{number}") for letter in "ABCD"] for number in rows]
    head = {line[0]: line[1] for line in lines[: len(HEAD)]}
    if tuple(head) != HEAD:
        raise not_a_table(file, "no_form")
    entries = (Entry(*line) for line in lines[len(HEAD) + 2 :] if line[0])
    return head, tuple(entries)


def _text(cells: Cells, address: str) -> str:
    cell = cells.get(address, "")
    return cell.text if isinstance(cell, Odd) else cell


def _check_hidden(
    head: Mapping[str, str], entries: tuple[Entry, ...], copies: Mapping[str, str], file: str
) -> None:
    if head["format"] not in (PROTOCOL, KEYING_PROTOCOL):
        raise not_a_table(file, "later", protocol=shortened(head["format"]))
    for key in COPIED:
        if copies.get(COPY + key, head[key]) != head[key]:
            raise not_a_table(file, "changed", note=key)
    sound = all(_CELL.fullmatch(each.cell) and _CELL.fullmatch(each.label_cell) for each in entries)
    if not entries or not sound or checksum(entries) != head["checksum"]:
        raise not_a_table(file, "changed", note="checksum")


# ---- the page


def _moved(form: FormFile) -> Iterator[Problem]:
    """The first label that is not where the map says, and how many more: what to do is the same for all."""
    moved = {
        each.label_cell: each for each in (*form.entries, *form.landmarks) if not _has_label(form.page, each)
    }
    if moved:
        first = moved[min(moved, key=row_and_column)]
        spot = form.spot(first.label_cell, first.column)
        shown = shortened(_plain(_text(form.page, first.label_cell))) or " "
        facts = {"expected": shortened(first.label), "shown": shown, "moved": "moved"}
        yield Problem("RB507", spot.place, {**spot.facts, **facts, "more_moved": len(moved) - 1 or ""})


def _has_label(page: Cells, entry: Entry) -> bool:
    return _plain(_text(page, entry.label_cell)) == _plain(entry.label)


def _plain(text: str) -> str:
    return " ".join(_INVISIBLE.sub("", text).split())


def _unlike(entry: Entry, layout: Layout) -> str:
    """Whether a cell to fill in lies below another one now, or where nobody sees it."""
    row, column = row_and_column(entry.cell)
    if any(_lies_below(row, column, each) for each in layout.merged):
        return "merged"
    seen = row not in layout.rows and not any(column in each for each in layout.columns)
    return "" if seen else "hidden_cell"


def _lies_below(row: int, column: int, area: str) -> bool:
    """Whether a cell is part of a merged area, and not the one that it shows."""
    first, _, last = area.replace("$", "").partition(":")
    if not (_CELL.fullmatch(first) and _CELL.fullmatch(last)):
        return False
    (top, left), (bottom, right) = row_and_column(first), row_and_column(last)
    return top <= row <= bottom and left <= column <= right and (row, column) != (top, left)

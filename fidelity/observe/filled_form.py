"""Filled Excel forms -> observations, if made from this checklist; and observations -> one table."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from os import PathLike
from pathlib import Path
from typing import Any, cast

from defusedxml.ElementTree import iterparse

from fidelity.catalogue import ENGLISH
from fidelity.errors import Problem, ProblemsFound
from fidelity.model.checklist import Checklist
from fidelity.model.columns import KNOWN_COLUMNS, subject_column
from fidelity.model.form import (
    COPIED,
    COPY,
    HEAD,
    LISTS_SHEET,
    META_SHEET,
    PROTOCOL,
    Entry,
    checksum,
    code_of,
    fields,
    languages,
    options,
)
from fidelity.model.number import written
from fidelity.model.observation import Observation
from fidelity.observe import Found, Reading, reading, tried
from fidelity.observe.files import named_files
from fidelity.observe.match import Matching, columns_of, judge_of, observation, shortened
from fidelity.observe.table import Cell, Odd, Row, Spot, Table, not_a_table
from fidelity.observe.workbook import cell_text, check_archive, opened, readable
from fidelity.place import Place
from fidelity.shield import csv_field

LARGEST_FORM = 8_000_000  # bytes; an empty one has 15,000
MOST_UNPACKED = 32_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 40
ENDINGS = (".xlsx", ".xlsm")
_CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
_INVISIBLE = re.compile("[\u200e\u200f]")

Cells = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class _Form:
    """A form as it was found: its page, what its hidden sheet says about it, and where everything stands."""

    file: str
    sheet: str
    page: Cells
    head: Mapping[str, str]
    entries: tuple[Entry, ...]


def read_forms(paths: Iterable[str | PathLike[str]], checklist: Checklist) -> Reading:
    """The observations in filled forms, or in folders of them; each form gives one, or says what is wrong."""
    files, problems = named_files(map(Path, paths), ENDINGS)
    return reading(chain(problems, *(tried(_found_in(path, checklist), str(path)) for path in files)), files)


def _found_in(path: Path, checklist: Checklist) -> Iterator[Found]:
    form = _form(path)
    _check_origin(form, checklist)
    moved = tuple(_moved(form))
    yield from moved
    if not moved:
        yield from _record(form, checklist)


def _record(form: _Form, checklist: Checklist) -> Iterator[Found]:
    table, row = _table(form, checklist)
    columns, problems = columns_of(table, checklist, ())
    yield from problems
    found = dict(zip(table.headings, row.cells, strict=True))
    about = checklist.about
    matching = Matching(columns, judge_of(checklist), about.language, subject_column(about.unit))
    if not any(found.get(key) for key in checklist.question):
        yield Problem("RB507", Place(form.file), {"blank_form": "blank_form"}, graded="warning")
    yield observation(table, row, matching, _name(form, found))


def _name(form: _Form, found: Mapping[str, Cell]) -> str:
    """What the observation is called: its session and rater, or the site, day and rater, or else the file."""
    session, site, date, rater = (
        str(found.get(key, "")).strip() for key in ("session", "site", "date", "rater")
    )
    named = session or (f"{site}-{date}" if site and date else "")
    return f"{named}-{rater}" if named and rater else Path(form.file).stem


def _table(form: _Form, checklist: Checklist) -> tuple[Table, Row]:
    """The form as a table of one row: labels turned into codes, each cell with its place on the page."""
    labels = _labels(checklist, form.head["language"])
    stated = {"checklist": checklist.id, "version": checklist.about.version}
    cells: list[Cell] = list(stated.values())
    spots = {}
    for index, entry in enumerate(form.entries, len(stated)):
        cell = form.page.get(entry.cell, "")
        offered = labels.get(entry.column, ())
        cells.append(cell if isinstance(cell, Odd) else code_of(offered, cell))
        spots[index] = _spot(form, entry.cell, entry.column)
    headings = (*stated, *(entry.column for entry in form.entries))
    place = Spot(Place(form.file), {})
    row = Row(1, cells, {**spots, 0: place, 1: place})
    return Table(form.file, "workbook", headings, iter(()), form.sheet, complete=False), row


def _labels(checklist: Checklist, language: str) -> Mapping[str, Any]:
    in_english = {each.key: each.options for each in fields(checklist, ENGLISH)}  # as older forms said it
    of_fields = {each.key: (*each.options, *in_english[each.key]) for each in fields(checklist, language)}
    of_items = {each.key: options(checklist, each.scale, language) for each in checklist.questions}
    return {**of_fields, **of_items}


# ---- opening a form: nothing in it is believed before it was looked at


def _form(path: Path) -> _Form:
    file = str(path)
    _check_file(path, file)
    workbook = opened(path, file, read_only=True)
    with closing(workbook):
        names = [sheet.title for sheet in workbook.worksheets]
        pages = [name for name in names if name not in (LISTS_SHEET, META_SHEET)]
        if META_SHEET not in names or not pages:
            raise not_a_table(file, "no_form")
        head, entries = _hidden(_cells(workbook[META_SHEET], file), file)
        with readable(file):
            properties = cast(Any, workbook).custom_doc_props.props  # its types do not know them yet
            copies = {each.name: str(each.value or "") for each in properties}
        _check_hidden(head, entries, copies, file)
        return _Form(file, pages[0], _cells(workbook[pages[0]], file), head, entries)


def _check_file(path: Path, file: str) -> None:
    if path.stat().st_size > LARGEST_FORM:
        raise not_a_table(file, "large", size=f"{LARGEST_FORM // 1_000_000} MB")
    check_archive(path, file, MOST_UNPACKED)
    with readable(file), zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if "vbaproject" in name.casefold() or "macrosheets" in name.casefold():
                raise not_a_table(file, "macros")
            if "externallinks" in name.casefold():
                raise not_a_table(file, "links")
            if name.endswith((".xml", ".rels")):
                _check_xml(archive, name)


def _check_xml(archive: zipfile.ZipFile, name: str) -> None:
    with archive.open(name) as member:
        for _, element in iterparse(member, forbid_dtd=True):
            element.clear()


def _cells(sheet: Any, file: str) -> Cells:
    """Every cell that holds something, by its address."""
    with readable(file):
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS)
        held = (cell for row in rows for cell in row if cell.value is not None)
        return {cell.coordinate: cell_text(cell.value, cell.data_type) for cell in held}


def _hidden(cells: Cells, file: str) -> tuple[Mapping[str, str], tuple[Entry, ...]]:
    """The head of the hidden sheet, and the map below it."""
    lines = [[_text(cells, f"{letter}{number}") for letter in "ABCD"] for number in range(1, MOST_ROWS)]
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
    if head["format"] != PROTOCOL:
        raise not_a_table(file, "later", protocol=shortened(head["format"]))
    for key in COPIED:
        if copies.get(COPY + key, head[key]) != head[key]:
            raise not_a_table(file, "changed", note=key)
    sound = all(_CELL.fullmatch(each.cell) and _CELL.fullmatch(each.label_cell) for each in entries)
    if not entries or not sound or checksum(entries) != head["checksum"]:
        raise not_a_table(file, "changed", note="checksum")


def _check_origin(form: _Form, checklist: Checklist) -> None:
    """RB508 where the form was made from another checklist, another version, or another text of it."""
    head, version = form.head, checklist.about.version
    if head["fingerprint"] == checklist.fingerprint and head["checklist"] == checklist.id:
        if head["language"] in languages(checklist):
            return
        raise not_a_table(form.file, "changed", note="language")
    facts = {"wanted": checklist.id, "version": version, "form_version": head["version"]}
    if head["checklist"] != checklist.id:
        facts["form_of"] = shortened(head["checklist"])
    elif head["version"] == version:
        facts["same_version"] = version
    raise ProblemsFound([Problem("RB508", Place(form.file), facts)])


def _moved(form: _Form) -> Iterator[Problem]:
    """Labels that are not where the map says: then no answer can be trusted to stand beside its question."""
    seen = set()
    for entry in form.entries:
        shown = _plain(_text(form.page, entry.label_cell))
        if shown != _plain(entry.label) and entry.label_cell not in seen:
            seen.add(entry.label_cell)
            spot = _spot(form, entry.label_cell, entry.column)
            facts = {"expected": entry.label, "shown": shortened(shown) or " ", "moved": "moved"}
            yield Problem("RB507", spot.place, {**spot.facts, **facts})


def _plain(text: str) -> str:
    return " ".join(_INVISIBLE.sub("", text).split())


def _spot(form: _Form, address: str, column: str) -> Spot:
    letters = address.rstrip("0123456789")
    row, number = int(address[len(letters) :]), 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    place = Place(form.file, row, number, row, number + 1)
    return Spot(place, {"cell": address, "sheet": form.sheet, "column": column})


# ---- the table that they are imported into


def write_csv(observations: Iterable[Observation], checklist: Checklist) -> str:
    """The wide table: what every table must have, all items, and the other columns that hold something."""
    rows = [_columns(each) for each in observations]
    always = ("observation", "therapist", "date", *checklist.question)
    facts = (f"fact.{each.id}" for each in checklist.facts)
    comments = (f"{each.id}.comment" for each in checklist.items)
    known = (*KNOWN_COLUMNS, *facts, *checklist.question, *comments)
    kept = [name for name in known if name in always or any(row.get(name) for row in rows)]
    lines = [kept, *([row.get(name, "") for name in kept] for row in rows)]
    return "".join(",".join(csv_field(text) for text in line) + "\n" for line in lines)


def _columns(each: Observation) -> dict[str, str]:
    words = {name: getattr(each, name) for name in KNOWN_COLUMNS}
    words["date"] = each.date.isoformat() if each.date else ""
    words["rated_on"] = each.rated_on.isoformat() if each.rated_on else ""
    words["minutes"] = "" if each.minutes is None else written(each.minutes)
    words["selection"] = "" if each.selection == "planned" else each.selection
    facts = {f"fact.{name}": text for name, text in each.facts.items()}
    comments = {f"{name}.comment": text for name, text in each.comments.items()}
    return {**words, **facts, **each.answers, **comments}

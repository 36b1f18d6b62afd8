"""Filled forms -> observations, if made from this checklist; and observations -> one table."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from os import PathLike
from pathlib import Path

from fidelity.errors import Problem
from fidelity.model.checklist import Checklist
from fidelity.model.columns import KNOWN_COLUMNS, subject_column
from fidelity.model.number import written
from fidelity.model.observation import Observation
from fidelity.observe import Found, Reading, reading, tried
from fidelity.observe.blank import is_blank, nothing_filled_in
from fidelity.observe.files import named_files
from fidelity.observe.form_file import FormFile, changed_page, check_origin, form_file
from fidelity.observe.keyed import observations_keyed
from fidelity.observe.labels import coded, labels_in
from fidelity.observe.match import Matching, columns_of, judge_of, observation
from fidelity.observe.other_files import other_kind
from fidelity.observe.saved_form import ENDINGS as SAVED
from fidelity.observe.saved_form import read_saved
from fidelity.observe.table import Cell, Row, Spot, Table, not_a_table
from fidelity.place import Place
from fidelity.shield import csv_field

ENDINGS = (".xlsx", ".xlsm", *SAVED)


def read_forms(paths: Iterable[str | PathLike[str]], checklist: Checklist) -> Reading:
    """The observations in filled forms, or in folders of them; each form gives one, or says what is wrong."""
    files, problems = named_files(map(Path, paths), ENDINGS)
    return reading(chain(problems, *(tried(_found_in(path, checklist), str(path)) for path in files)), files)


def _found_in(path: Path, checklist: Checklist) -> Iterator[Found]:
    other = other_kind(path)
    if other:
        raise not_a_table(str(path), other)
    yield from (read_saved if path.suffix.lower() in SAVED else _in_workbook)(path, checklist)


def _in_workbook(path: Path, checklist: Checklist) -> Iterator[Found]:
    form = form_file(path)
    check_origin(form, checklist)
    changed = tuple(changed_page(form))
    yield from changed
    if not changed:
        yield from observations_keyed(form, checklist) if form.is_keyed else _record(form, checklist)


def _record(form: FormFile, checklist: Checklist) -> Iterator[Found]:
    table, row = _table(form, checklist)
    columns, problems = columns_of(table, checklist, ())
    yield from problems
    found = dict(zip(table.headings, row.cells, strict=True))
    about = checklist.about
    matching = Matching(columns, judge_of(checklist), about.language, subject_column(about.unit))
    if is_blank(found, checklist):
        yield nothing_filled_in(form.file)
        return
    if not any(found.get(key) for key in checklist.question):
        yield Problem("RB507", Place(form.file), {"blank_form": "blank_form"}, graded="warning")
    yield observation(table, row, matching, _name(form, found))


def _name(form: FormFile, found: Mapping[str, Cell]) -> str:
    """What the observation is called: its session and rater, or the site, day and rater, or else the file."""
    session, site, date, rater = (
        str(found.get(key, "")).strip() for key in ("session", "site", "date", "rater")
    )
    named = session or (f"{site}-{date}" if site and date else "")
    return f"{named}-{rater}" if named and rater else Path(form.file).stem


def _table(form: FormFile, checklist: Checklist) -> tuple[Table, Row]:
    """The form as a table of one row: labels turned into codes, each cell with its place on the page."""
    labels = labels_in(checklist, form.languages)
    stated = {"checklist": checklist.id, "version": checklist.about.version}
    cells: list[Cell] = list(stated.values())
    spots = {}
    for index, entry in enumerate(form.entries, len(stated)):
        cells.append(coded(labels, entry.column, form.page.get(entry.cell, "")))
        spots[index] = form.spot(entry.cell, entry.column)
    headings = (*stated, *(entry.column for entry in form.entries))
    place = Spot(Place(form.file), {})
    row = Row(1, cells, {**spots, 0: place, 1: place})
    return Table(form.file, "workbook", headings, iter(()), form.sheet, complete=False), row


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

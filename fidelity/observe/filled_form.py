"""Filled forms -> observations, if made from this checklist; and observations -> one table."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from os import PathLike
from pathlib import Path

from fidelity.errors import Problem
from fidelity.model.checklist import Checklist, Fact
from fidelity.model.columns import KNOWN_COLUMNS, subject_column
from fidelity.model.number import written
from fidelity.model.observation import Observation
from fidelity.observe import Found, Reading, reading, tried
from fidelity.observe.blank import is_blank, nothing_filled_in
from fidelity.observe.files import named_files
from fidelity.observe.form_file import FormFile, changed_page, check_origin, form_file, unread_notes
from fidelity.observe.forms_together import together
from fidelity.observe.keyed import observations_keyed
from fidelity.observe.labels import Labels, coded, in_own_words, is_label, labels_in
from fidelity.observe.match import REPORTED, Matching, columns_of, judge_of, observation
from fidelity.observe.other_files import other_kind
from fidelity.observe.saved_form import ENDINGS as SAVED
from fidelity.observe.saved_form import begins_as_saved, read_saved
from fidelity.observe.table import Cell, Row, Spot, Table, not_a_table
from fidelity.place import Place
from fidelity.shield import csv_field

ENDINGS = (".xlsx", ".xlsm", *SAVED)


def read_forms(paths: Iterable[str | PathLike[str]], checklist: Checklist) -> Reading:
    """The observations in filled forms, or in folders of them; each form gives one, or says what is wrong."""
    files, problems = named_files(map(Path, paths), ENDINGS)
    found = [each for path in files for each in tried(_found_in(path, checklist), str(path))]
    once = together(each for each in found if isinstance(each, Observation))
    told = chain(problems, (each for each in found if isinstance(each, Problem)), once.problems)
    return reading(chain(told, once.observations), files, apart=[once.unlike])


def _found_in(path: Path, checklist: Checklist) -> Iterator[Found]:
    other = other_kind(path)
    if other:
        raise not_a_table(str(path), other)
    if path.suffix.lower() in SAVED and not begins_as_saved(path):
        raise not_a_table(str(path), "not_from_form")
    yield from (read_saved if path.suffix.lower() in SAVED else _in_workbook)(path, checklist)


def _in_workbook(path: Path, checklist: Checklist) -> Iterator[Found]:
    form = form_file(path)
    check_origin(form, checklist)
    changed = tuple(changed_page(form))
    yield from changed
    if not changed:
        yield from unread_notes(form)
        yield from observations_keyed(form, checklist) if form.is_keyed else _record(form, checklist)


def _record(form: FormFile, checklist: Checklist) -> Iterator[Found]:
    labels = labels_in(checklist, form.languages)
    table, row = _table(form, checklist, labels)
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
    yield from _misplaced(form, found, labels, checklist)
    yield in_own_words(observation(table, row, matching, _name(form, found)), labels, checklist)


def _misplaced(
    form: FormFile, found: Mapping[str, Cell], labels: Labels, checklist: Checklist
) -> Iterator[Problem]:
    """A warning for each answer that stands where notes belong, beside a blank."""
    cells = {each.column: each.cell for each in form.entries}
    for key, question in checklist.question.items():
        column = f"{question.item}.comment"
        note = found.get(column, "")
        if column in cells and not found.get(key) and is_label(labels, key, note):
            spot = form.spot(cells[column], column)
            facts = {"misplaced": str(note).strip(), "item": key, "answer_cell": cells[key]}
            yield Problem("RB507", spot.place, {**spot.facts, **facts}, graded="warning")


def _name(form: FormFile, found: Mapping[str, Cell]) -> str:
    """What the observation is called: its session and rater, or the site, day and rater, or else the file."""
    session, site, date, rater = (
        str(found.get(key, "")).strip() for key in ("session", "site", "date", "rater")
    )
    named = session or (f"{site}-{date}" if site and date else "")
    return f"{named}-{rater}" if named and rater else Path(form.file).stem


def _table(form: FormFile, checklist: Checklist, labels: Labels) -> tuple[Table, Row]:
    """The form as a table of one row: labels turned into codes, each cell with its place on the page."""
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


def write_csv(observations: Iterable[Observation], checklist: Checklist, asked: Iterable[Fact] = ()) -> str:
    """The wide table: what every table must have, all items, and the other columns that hold something.

    `asked` are the facts about an observation that only a programme asks for.
    """
    rows = [_columns(each) for each in observations]
    always = ("observation", "therapist", "date", *checklist.question)
    facts = dict.fromkeys(f"fact.{each.id}" for each in (*checklist.facts, *asked))
    comments = (f"{each.id}.comment" for each in checklist.items)
    reported = (f"{REPORTED}{key}" for key in checklist.score)
    return table_csv(rows, always, (*KNOWN_COLUMNS, *facts, *checklist.question, *comments, *reported))


def table_csv(rows: Sequence[Mapping[str, str]], always: Collection[str], known: Iterable[str]) -> str:
    """Rows as CSV: of the columns that are known those that must be there, and those that hold something."""
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
    reported = {f"{REPORTED}{name}": text for name, text in each.reported.items()}
    return {**words, **facts, **each.answers, **comments, **reported}

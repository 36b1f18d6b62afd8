"""A sheet into which forms on paper were typed -> a table with a row for each form, and its observations."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain

from fidelity.errors import Problem
from fidelity.model.checklist import Checklist
from fidelity.model.columns import subject_column
from fidelity.model.form import FORM_NUMBER
from fidelity.model.observation import Observation
from fidelity.observe.blank import nothing_filled_in
from fidelity.observe.form_file import FormFile, row_and_column
from fidelity.observe.labels import Labels, coded, labels_in
from fidelity.observe.match import Matching, columns_of, judge_of, observation
from fidelity.observe.table import Cell, Odd, Row, Table, not_a_table


def keyed_table(form: FormFile) -> Table:
    """The rows of a sheet in which something was typed, below the names of its columns."""
    headings = tuple(each.column for each in form.entries)
    rows: dict[int, list[Cell]] = {}
    for address, cell in form.page.items():
        row, column = row_and_column(address)
        if row > 1 and column <= len(headings):
            rows.setdefault(row, [""] * len(headings))[column - 1] = cell
    there = (Row(number, rows[number]) for number in sorted(rows) if any(map(_is_said, rows[number])))
    return Table(form.file, "workbook", headings, there, form.sheet)


def _is_said(cell: Cell) -> bool:
    return isinstance(cell, Odd) or bool(cell.strip())


def observations_keyed(form: FormFile, checklist: Checklist) -> Iterator[Observation | Problem]:
    """The observations of a sheet that nobody has typed a second time."""
    table = keyed_table(form)
    first = next(table.rows, None)
    if first is None:
        yield nothing_filled_in(form.file)
        return
    there = replace(table, rows=chain([first], table.rows))
    yield from observations_of(there, checklist, labels_in(checklist, form.languages))


def _stated(found: Observation, checklist: Checklist) -> Observation:
    """The observation with the checklist and the version from which its sheet was made."""
    made = {"checklist": checklist.id, "version": checklist.about.version}
    return found.model_copy(update={name: getattr(found, name) or known for name, known in made.items()})


def observations_of(
    table: Table, checklist: Checklist, labels: Labels | None = None
) -> Iterator[Observation | Problem]:
    """One observation a row, named by its session and rater, or else by its place.

    With `labels` it is a sheet of this checklist's, in which labels count as codes.
    """
    columns, problems = columns_of(table, checklist, (FORM_NUMBER,))
    yield from problems
    if problems:
        return
    about = checklist.about
    matching = Matching(columns, judge_of(checklist), about.language, subject_column(about.unit))
    empty = True
    for row in table.rows:
        empty = False
        if isinstance(row, Problem):
            yield row
        elif not labels:
            yield observation(table, row, matching, named(table, row))
        else:
            said = _in_codes(table, row, labels)
            yield _stated(observation(table, said, matching, named(table, said)), checklist)
    if empty:
        raise not_a_table(table.file, "no_rows")


def _in_codes(table: Table, row: Row, labels: Labels) -> Row:
    cells = [coded(labels, name, cell) for name, cell in zip(table.headings, row.cells, strict=True)]
    return replace(row, cells=cells)


def named(table: Table, row: Row) -> str:
    """What the observation of a row is called."""
    said = texts_of(table, row)
    session, rater, date = (said.get(key, "") for key in ("session", "rater", "date"))
    of = session or "-".join(filter(None, (said.get("therapist", "") or said.get("site", ""), date)))
    return "-".join(filter(None, (of, rater))) or str(row.number)


def texts_of(table: Table, row: Row) -> Mapping[str, str]:
    """What a row says, by column."""
    cells = (cell.text if isinstance(cell, Odd) else cell.strip() for cell in row.cells)
    return dict(zip(table.headings, cells, strict=True))

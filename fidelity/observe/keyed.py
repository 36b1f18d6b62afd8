"""A sheet into which forms on paper were typed -> a table with a row for each form, and its observations."""

from collections.abc import Iterator, Mapping

from fidelity.errors import Problem
from fidelity.model.checklist import Checklist
from fidelity.model.columns import subject_column
from fidelity.model.form import FORM_NUMBER
from fidelity.model.observation import Observation
from fidelity.observe.form_file import FormFile, row_and_column
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
    yield from observations_of(keyed_table(form), checklist)


def observations_of(table: Table, checklist: Checklist) -> Iterator[Observation | Problem]:
    """One observation a row, named by its session and rater, or else by its place."""
    columns, problems = columns_of(table, checklist, (FORM_NUMBER,))
    yield from problems
    if problems:
        return
    about = checklist.about
    matching = Matching(columns, judge_of(checklist), about.language, subject_column(about.unit))
    empty = True
    for row in table.rows:
        empty = False
        yield row if isinstance(row, Problem) else observation(table, row, matching, named(table, row))
    if empty:
        raise not_a_table(table.file, "no_rows")


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

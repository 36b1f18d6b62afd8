"""Two files into which two people typed the same forms on paper -> the observations, once the files agree.

Forms are matched by the number on the paper where every row of both files has one, else by session and rater.
A blank is something else than an answer; two ways to write the same answer are the same. Notes are compared
as far as one is there: nobody copies a sentence twice in the same words, and that of the first file is kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fidelity.errors import Problem, ProblemsFound, errors_in
from fidelity.model.answering import understood, understood_fact
from fidelity.model.checklist import Checklist
from fidelity.model.form import FORM_NUMBER, META_SHEET, code_of
from fidelity.model.observation import Observation
from fidelity.model.scale import Misfit
from fidelity.observe import Reading, tried
from fidelity.observe.alike import alike_in, codes_in
from fidelity.observe.files import sha256_of, table_of
from fidelity.observe.form_file import changed_page, check_origin, form_file
from fidelity.observe.keyed import keyed_table, named, observations_of, texts_of
from fidelity.observe.labels import Labels, labels_in
from fidelity.observe.match import shortened
from fidelity.observe.table import WORKBOOKS, Row, Table, column_letters, not_a_table
from fidelity.observe.workbook import check_archive, opened
from fidelity.place import Place

MOST_UNPACKED = 32_000_000
FACT, NOTE = "fact.", ".comment"


@dataclass(frozen=True, slots=True)
class Keyed:
    """One of the two files: its table, its rows, and the labels that may stand there for codes."""

    table: Table
    rows: tuple[Row, ...]
    labels: Labels

    @property
    def file(self) -> str:
        """Its name, without folders."""
        return Path(self.table.file).name


def keyed_twice(first: Path, second: Path, checklist: Checklist) -> Reading:
    """The observations of the first file, or every difference between the two, by the cells of both."""
    problems: list[Problem] = []
    files = [_keyed(path, checklist, problems) for path in (first, second)]
    observations: list[Observation] = []
    for each in files:
        if each is not None:
            found = list(tried(observations_of(_again(each), checklist, each.labels), each.table.file))
            problems += [one for one in found if isinstance(one, Problem)]
            kept = [one for one in found if isinstance(one, Observation)]
            problems += [problem for one in kept for problem in one.refused]
            observations = observations or kept
    one, other = files
    if one is not None and other is not None:
        problems += _differences(one, other, checklist)
    problems += alike_in(codes_in(observations))
    hashed = tuple((str(path), sha256_of(path), 0) for path in (first, second) if path.is_file())
    if not errors_in(problems):
        problems += _copied(hashed)
    return Reading(tuple(observations), tuple(problems), hashed)


def _copied(hashed: Sequence[tuple[str, str, int]]) -> Iterator[Problem]:
    """A warning where the second file is the first, byte for byte: then nobody typed anything twice."""
    if len(hashed) > 1 and hashed[0][1] == hashed[1][1]:
        (first, *_), (second, *_) = hashed
        yield Problem("RB507", Place(second), {"copy_of": Path(first).name}, graded="warning")


# ---- one file


def _keyed(path: Path, checklist: Checklist, problems: list[Problem]) -> Keyed | None:
    try:
        table, labels = _table(path, checklist)
        rows = list(table.rows)
    except ProblemsFound as trouble:
        problems += trouble.problems
        return None
    problems += [each for each in rows if isinstance(each, Problem)]
    return Keyed(table, tuple(each for each in rows if isinstance(each, Row)), labels)


def _table(path: Path, checklist: Checklist) -> tuple[Table, Labels]:
    """A keying sheet, checked like any form; or a plain table with the same columns, which holds codes."""
    if not path.is_file():
        raise not_a_table(str(path), "absent")
    if not _has_notes(path):
        return table_of(path), {}
    form = form_file(path)
    check_origin(form, checklist)
    changed = list(changed_page(form))
    if changed:
        raise ProblemsFound(changed)
    return keyed_table(form), labels_in(checklist, form.languages)


def _has_notes(path: Path) -> bool:
    with path.open("rb") as source:
        if source.read(4) != WORKBOOKS[0]:
            return False
    check_archive(path, str(path), MOST_UNPACKED)
    workbook = opened(path, str(path), read_only=True)
    names = workbook.sheetnames
    workbook.close()
    return META_SHEET in names


def _again(keyed: Keyed) -> Table:
    table = keyed.table
    return Table(table.file, table.origin, table.headings, iter(keyed.rows), table.sheet)


# ---- both beside each other


def _differences(first: Keyed, second: Keyed, checklist: Checklist) -> Iterator[Problem]:
    by_number = all(_number(each, row) for each in (first, second) for row in each.rows)
    one, other = (_by_name(each, by_number=by_number) for each in (first, second))
    yield from _named_twice(first, one)
    yield from _named_twice(second, other)
    for name, (row, *_) in one.items():
        if name in other:
            yield from _unlike((first, row), (second, other[name][0]), name, checklist)
        else:
            yield _only_here(first, row, name, second)
    for name, (row, *_) in other.items():
        if name not in one:
            yield _only_here(second, row, name, first)


def _number(keyed: Keyed, row: Row) -> str:
    return texts_of(keyed.table, row).get(FORM_NUMBER, "")


def _by_name(keyed: Keyed, *, by_number: bool) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in keyed.rows:
        name = f"form {_number(keyed, row)}" if by_number else named(keyed.table, row)
        found.setdefault(name, []).append(row)
    return found


def _named_twice(keyed: Keyed, rows: Mapping[str, list[Row]]) -> Iterator[Problem]:
    for name, same in rows.items():
        for row in same[1:]:
            place = Place(keyed.table.file, row.number, 1, row.number, 2)
            facts = {"observation": name, "row": row.number, "first_row": same[0].number}
            yield Problem("RB506", place, facts)


def _unlike(
    one: tuple[Keyed, Row], other: tuple[Keyed, Row], name: str, checklist: Checklist
) -> Iterator[Problem]:
    """Every column that the two rows say differently; what a file has no column for is blank there."""
    first, second = (texts_of(keyed.table, row) for keyed, row in (one, other))
    for column in dict.fromkeys([*first, *second]):
        said = [texts.get(column, "") for texts in (first, second)]
        codes = [
            code_of(each.labels.get(column, ()), text)
            for (each, _), text in zip((one, other), said, strict=True)
        ]
        if column and _meant(checklist, column, codes[0]) != _meant(checklist, column, codes[1]):
            yield _difference(one, other, column, name, said)


def _meant(checklist: Checklist, column: str, text: str) -> object:
    """What a text says in its column, so that 2 and 2.0 are the same."""
    plain = " ".join(text.split())
    if not plain:
        return ""
    if column.endswith(NOTE) and column.removesuffix(NOTE) in checklist.item:
        return NOTE
    if column in checklist.question and checklist.question[column].scale.kind != "text":
        answer = understood(checklist, checklist.question[column], plain)
    elif column.removeprefix(FACT) in checklist.fact and column.startswith(FACT):
        answer = understood_fact(checklist, checklist.fact[column.removeprefix(FACT)], plain)
    else:
        return plain
    return plain if isinstance(answer, Misfit) else answer


def _difference(
    one: tuple[Keyed, Row], other: tuple[Keyed, Row], column: str, name: str, said: Sequence[str]
) -> Problem:
    (keyed, row), (second, second_row) = one, other
    facts = {
        "keyed": column,
        "record": name,
        "first_cell": _cell(keyed, row, column),
        "here": _shown(said[0]),
        "second_cell": _cell(second, second_row, column),
        "there": _shown(said[1]),
    }
    return Problem("RB506", _place(keyed, row, column), facts)


def _only_here(keyed: Keyed, row: Row, name: str, other: Keyed) -> Problem:
    place = Place(keyed.table.file, row.number, 1, row.number, 2)
    return Problem(
        "RB506",
        place,
        {"only_here": name, "row": row.number, "file_here": keyed.file, "not_in": other.file},
    )


def _place(keyed: Keyed, row: Row, column: str) -> Place:
    headings = keyed.table.headings
    at = headings.index(column) + 1 if column in headings else 1
    return Place(keyed.table.file, row.number, at, row.number, at + 1)


def _cell(keyed: Keyed, row: Row, column: str) -> str:
    """`A.xlsx!F7`; a file without the column has only the row."""
    headings = keyed.table.headings
    if column not in headings:
        return f"{keyed.file} row {row.number}"
    return f"{keyed.file}!{column_letters(headings.index(column))}{row.number}"


def _shown(text: str) -> str:
    return f'"{shortened(text)}"' if text else "blank"

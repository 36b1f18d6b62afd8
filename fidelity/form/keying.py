"""Checklist -> a sheet for typing in forms from paper: a row for each, columns as there, codes or labels."""

from collections.abc import Iterator
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.workbook.protection import WorkbookProtection

from fidelity.form import heading
from fidelity.form.hidden import write_lists, write_meta
from fidelity.form.look import add_styles
from fidelity.form.questions import Asked, chosen_language, may_need_note, questions
from fidelity.form.sheet import Form, Voice
from fidelity.form.validation import explained, rule_for_answer, rule_for_field
from fidelity.model.checklist import Checklist
from fidelity.model.form import FORM_NUMBER, KEYING_PROTOCOL, Field, Option, fields, word
from fidelity.model.spoken import spoken
from fidelity.spreadsheet import put, save_bytes, sheet_name

ROWS = 200
HEAD_HEIGHT = 30
NARROWEST, DAY, BROADEST = 8, 11, 24  # signs
HEAD = "FID Form head"
STYLES = {"day": "FID Answer date", "text": "FID Answer text"}


class Column(NamedTuple):
    """A column of the sheet: what it is called in the data, how it is answered, what it asks."""

    key: str
    kind: str
    asks: str
    codes: tuple[Option, ...] = ()
    labels: tuple[Option, ...] = ()
    field: Field | None = None
    asked: Asked | None = None


def keying_sheet(checklist: Checklist, language: str = "") -> bytes:
    """An empty sheet for forms that were filled in on paper; the same bytes each time."""
    chosen = chosen_language(checklist, language)
    shown = checklist if checklist.shown_in else spoken(checklist, chosen, {})
    form = _new(shown, chosen)
    for number, column in enumerate(_columns(shown, chosen), 1):
        _write(form, number, column)
    form.sheet.row_dimensions[1].height = HEAD_HEIGHT
    form.sheet.freeze_panes = "B2"
    write_lists(form)
    write_meta(form, KEYING_PROTOCOL)
    _protect(form)
    return save_bytes(form.workbook)


def _new(checklist: Checklist, language: str) -> Form:
    workbook = Workbook()
    add_styles(workbook, language)
    sheet = workbook.worksheets[0]
    sheet.title = sheet_name(f"{checklist.id} {checklist.about.version}", [])
    return Form(workbook, sheet, Voice(checklist, language))


def _columns(checklist: Checklist, language: str) -> Iterator[Column]:
    """The number on the paper, what stands above the items, the items."""
    yield Column(FORM_NUMBER, "text", word(language, "form number"))
    for field in fields(checklist, language):
        codes = tuple(Option(each.code, each.code) for each in field.options)
        yield Column(field.key, field.kind, field.label, codes, _told(field.options), field=field)
    for line in questions(checklist, language):
        if isinstance(line, Asked):
            yield from _of_line(line, language)


def _of_line(line: Asked, language: str) -> Iterator[Column]:
    """The answer, and the note that it may need: other notes stay on the paper."""
    if line.question is not None:
        codes = tuple(Option(each.code, each.code) for each in line.offered)
        kind = "text" if line.question.scale.kind == "text" else "answer"
        yield Column(line.question.key, kind, line.wording, codes, _told(line.offered), asked=line)
    if line.comment and may_need_note(line.item):
        label = line.item.comment_label or word(language, "note")
        yield Column(line.comment, "text", f"{label}: {line.wording}")


def _told(offered: tuple[Option, ...]) -> tuple[Option, ...]:
    """The labels that stand on the paper, for those who type these; what is its own code is there already."""
    return tuple(each for each in offered if each.label != each.code)


def _write(form: Form, number: int, column: Column) -> None:
    head = form.cell(1, number)
    put(head, column.key, HEAD)
    form.remember(column.key, form.cell(2, number), head, column.key)
    for row in range(2, ROWS + 2):
        put(form.cell(row, number), None, STYLES.get(column.kind, "FID Answer"))
    _check(form, f"{head.column_letter}2:{head.column_letter}{ROWS + 1}", column)
    form.sheet.column_dimensions[head.column_letter].width = _width(column)


def _width(column: Column) -> float:
    """Room for the heading, the longest answer, a day; for a sentence as much as there may be."""
    if column.kind == "text" and column.field is None and column.key != FORM_NUMBER:
        return BROADEST + 2
    longest = max((len(each.label) for each in (*column.codes, *column.labels)), default=0)
    needed = max(len(column.key) * 1.15, longest, DAY if column.kind == "day" else NARROWEST)
    return min(needed, BROADEST) + 2


def _check(form: Form, cells: str, column: Column) -> None:
    """What may be typed, and what is asked and allowed beside the cell that is being filled in."""
    rule = None
    if column.field is not None:
        rule = rule_for_field(form, column.field, column.codes + column.labels)
    elif column.asked is not None and column.asked.question is not None:
        rule = rule_for_answer(form, column.asked.question.scale, column.codes + column.labels)
    codes = ", ".join(each.code for each in column.codes)
    explained(form, cells, rule, column.key, "\n".join(filter(None, (column.asks, codes))))


def _protect(form: Form) -> None:
    """Locks the headings, without a password: it stops slips, not people."""
    for sheet in form.workbook.worksheets:
        sheet.protection.sheet = True
        sheet.protection.formatColumns = sheet.protection.formatRows = False
    form.workbook.security = WorkbookProtection(lockStructure=True)
    properties = form.workbook.properties
    properties.creator, properties.language = "Fidelity", form.language
    properties.title = heading.subtitle(form.checklist, form.language)
    view = form.sheet.sheet_view
    view.selection[0].activeCell = view.selection[0].sqref = "A2"

"""Checklist -> an Excel scoring form: one page with drop-downs, and hidden notes to find its way back by."""

import math
from collections.abc import Sequence
from typing import Any, cast

from openpyxl import Workbook
from openpyxl.cell.text import InlineFont
from openpyxl.styles.colors import Color
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties

from fidelity.form import heading
from fidelity.form.hidden import write_lists, write_meta
from fidelity.form.live.blank_values import blank_values, with_values
from fidelity.form.look import BESIDE, add_styles, font_of, settings, size_of
from fidelity.form.paging import page_breaks
from fidelity.form.questions import Asked, Part, chosen_language, questions, shared_comment_label
from fidelity.form.sheet import (
    ITEM,
    LETTERS,
    OTHER_WORDING,
    WORDING,
    Form,
    Voice,
    across,
    area,
    height,
    in_turn,
    tall,
)
from fidelity.form.so_far import LOWEST, Reserved, box_beside, show
from fidelity.form.validation import explain, validate_answer, validate_field
from fidelity.model.checklist import Checklist, Question
from fidelity.model.direction import readable, reads_right_to_left
from fidelity.model.form import LANDMARK, LIVE_SHEET, Field, Option, beside, fields, labels_of
from fidelity.model.spoken import spoken
from fidelity.spreadsheet import put, put_with_small, save_bytes, sheet_name

FIRST_SHEET = "xl/worksheets/sheet1.xml"  # what the page is called in the file
BOX_HEIGHT = 60
ADVICE = "FID Form advice"
FIELD_STYLES = {"day": "FID Answer date", "text": "FID Answer text"}


def scoring_form(checklist: Checklist, language: str = "", other: Checklist | None = None) -> bytes:
    """An empty scoring form in one of the checklist's languages; the same bytes each time.

    A checklist that is shown in the language already also says what of it is old (`model.spoken`). `other` is
    the same checklist in a second language, to stand beside the first.
    """
    chosen = chosen_language(checklist, language)
    shown = checklist if checklist.shown_in else spoken(checklist, chosen, {})
    second = None if other is None else Voice(other, other.about.language, BESIDE)
    form = _new(Voice(shown, chosen), second)
    row = _heading(form)
    reserved = _fields(form, row + 2)
    head = reserved.safety + 2
    form.sheet.row_dimensions[head - 1].height = 6
    row = _questions(form, head, reserved)
    row = _ending(form, row + 1)
    _page_setup(form, head, row)
    write_lists(form)
    write_meta(form)
    show(form, reserved)
    _protect(form)
    values = blank_values(form.workbook, form.sheet.title, LIVE_SHEET)
    return save_bytes(form.workbook, with_values(values, FIRST_SHEET))


def _new(voice: Voice, other: Voice | None) -> Form:
    workbook = Workbook()
    for each in (voice, other) if other else (voice,):
        add_styles(workbook, each.language, each.beside)
    sheet = workbook.worksheets[0]
    sheet.title = sheet_name(heading.title(voice.checklist, voice.language), [])
    sheet.sheet_view.rightToLeft = reads_right_to_left(voice.language)
    sheet.sheet_view.showGridLines = False
    form = Form(workbook, sheet, voice, other)
    for number, width in enumerate(_widths(form), 1):
        sheet.column_dimensions[LETTERS[number]].width = width
    return form


def _widths(form: Form) -> tuple[float, ...]:
    """Of all columns: ids and answers take what they need, the others share what is left."""
    wanted = settings()["widths"]
    lines = [each for each in questions(form.checklist, form.language) if isinstance(each, Asked)]
    ids = max((len(each.label) for each in lines), default=0) * size_of("FID Form id") / 11
    labels = max((len(option.label) for each in lines for option in each.offered), default=0)
    item = min(max(ids + 3.5, 7), 16)
    if form.other:
        both = settings()["widths_beside"]
        wording = both["wording"] + (both["item"] - item) / 2
        return (item, wording, wording, both["answer"], both["note"])
    answer = min(max(labels + 5, 18), wanted["answer"])
    spare = wanted["item"] - item + wanted["answer"] - answer
    return (item, wanted["wording"] + spare * 0.6, answer, wanted["note"] + spare * 0.4)


# ---- the page, from top to bottom; each part gives the last row it used


def _heading(form: Form) -> int:
    voices = form.voices
    across(form, 1, tuple(heading.title(*each[:2]) for each in voices), "FID Form title", 30)
    last = in_turn(form, 2, tuple(heading.subtitle(*each[:2]) for each in voices), "FID Form subtitle")
    said = heading.advices([each[:2] for each in voices], "choose")
    return in_turn(form, last + 1, said, ADVICE)


def _fields(form: Form, row: int) -> Reserved:
    asked = [fields(each.checklist, each.language) for each in form.voices]
    for at, each in enumerate(zip(*asked, strict=True), row):
        _field(form, at, each)
    return box_beside(form, row, row + len(asked[0]) - 1)


def _field(form: Form, row: int, asked: Sequence[Field]) -> None:
    field = asked[0]
    offered = tuple(labels_of([each.options for each in asked]))
    listed = beside(*(each.options for each in asked)) if form.other else field.options
    needed = LOWEST
    columns = ((ITEM, WORDING), (OTHER_WORDING, OTHER_WORDING))
    for each, voice, (first, last) in zip(asked, form.voices, columns, strict=False):
        style = "FID Form label" + voice.beside
        area(form, (row, first, row, last), each.label, "FID Form label", voice)
        shown, small = (readable(text, voice.language) for text in (each.label, each.small))
        put_with_small(form.cell(row, first), shown, small, _small_font(voice), style)
        label = height(form, each.label, (first, last), "FID Form label", voice)
        label += height(form, each.small, (first, last), ADVICE, voice) if small else 0
        needed = max(needed, label)
    cell = form.cell(row, form.answer)
    put(cell, listed[0].label if field.only else None, FIELD_STYLES.get(field.kind, "FID Answer"))
    validate_field(form, cell, field, listed)
    form.offered[field.key] = offered
    form.remember(field.key, cell, form.cell(row, ITEM), f"{field.label} {field.small}".rstrip())
    answers = (height(form, each.label, (form.answer, form.answer), "FID Answer") for each in listed)
    form.sheet.row_dimensions[row].height = max(needed, *answers) if form.other and listed else needed


def _questions(form: Form, row: int, reserved: Reserved) -> int:
    _head(form, row)
    lines = [questions(each.checklist, each.language) for each in form.voices]
    groups = iter(form.checklist.groups)
    for each in zip(*lines, strict=True):
        row += 1
        parts = tuple(line for line in each if isinstance(line, Part))
        if parts:
            reserved.parts[next(groups).id] = row
            row = _part(form, row, parts)
        else:
            _asked(form, row, tuple(line for line in each if isinstance(line, Asked)))
    return row


def _head(form: Form, row: int) -> None:
    comment_label = shared_comment_label(form.checklist)
    answers = heading.answers(form.checklist, form.language)
    put(form.cell(row, ITEM), form.say("item"), "FID Form head")
    put(form.cell(row, WORDING), form.say("wording"), "FID Form head")
    if form.other:
        put(form.cell(row, OTHER_WORDING), form.other.say("wording"), "FID Form head" + BESIDE)
    for column, text in ((form.answer, answers), (form.note, comment_label or form.say("note"))):
        put(form.cell(row, column), text, "FID Form head")
        form.remember(LANDMARK, form.cell(row, column), form.cell(row, column), text)
    form.sheet.row_dimensions[row].height = max(21, height(form, "", (ITEM, form.note), "FID Form head"))


def _part(form: Form, row: int, parts: Sequence[Part]) -> int:
    """The title of a part, and at its end room for what comes out of it."""
    form.blocks.append(row)
    columns = ((ITEM, WORDING), (OTHER_WORDING, OTHER_WORDING)) if form.other else ((ITEM, form.answer),)
    needed = 24 * tall(form)
    for part, voice, (first, last) in zip(parts, form.voices, columns, strict=True):
        area(form, (row, first, row, last), part.title, "FID Form part", voice)
        needed = max(needed, height(form, part.title, (first, last), "FID Form part", voice))
    if form.other:
        put(form.cell(row, form.answer), None, "FID Form part")
    put(form.cell(row, form.note), None, "FID Form part result")
    form.sheet.row_dimensions[row].height = needed
    notes = tuple(each.note for each in parts if each.note)
    return in_turn(form, row + 1, notes, ADVICE) if notes else row


def _asked(form: Form, row: int, lines: Sequence[Asked]) -> None:
    asked = lines[0]
    style = "FID Form facet" if asked.is_facet else "FID Form wording"
    put(form.cell(row, ITEM), asked.label, "FID Form id")
    needed = max(20 * math.sqrt(tall(form)), height(form, asked.label, (ITEM, ITEM), "FID Form id"))
    for each, voice, column in zip(lines, form.voices, (WORDING, OTHER_WORDING), strict=False):
        wording, small = (readable(text, voice.language) for text in (each.wording, each.small))
        put_with_small(form.cell(row, column), wording, small, _small_font(voice), style + voice.beside)
        text = height(form, wording, (column, column), style, voice)
        text += height(form, small, (column, column), ADVICE, voice) - 3 if small else 0
        needed = max(needed, text)
    for column in (form.answer, form.note):
        put(form.cell(row, column), None, "FID Form wording")
    if asked.question is not None:
        offered = beside(*(each.offered for each in lines)) if form.other else asked.offered
        form.offered[asked.question.key] = labels_of([each.offered for each in lines])
        _answer(form, row, asked.question, offered)
        at = (form.answer, form.answer)
        needed = max(needed, *(height(form, each.label, at, "FID Answer") for each in offered), 0)
    if asked.comment:
        _comment(form, row, asked)
    form.sheet.row_dimensions[row].height = needed


def _answer(form: Form, row: int, question: Question, offered: tuple[Option, ...]) -> None:
    cell = form.cell(row, form.answer)
    if question.scale.kind == "text":
        area(form, (row, form.answer, row, form.note), "", "FID Answer text")
    else:
        put(cell, None, "FID Answer")
        validate_answer(form, cell, question.scale, offered)
    form.remember(question.key, cell, form.cell(row, ITEM), question.key)


def _comment(form: Form, row: int, asked: Asked) -> None:
    cell, item = form.cell(row, form.note), asked.item
    put(cell, None, "FID Answer text")
    own_label = "" if shared_comment_label(form.checklist) else item.comment_label
    needed = form.say("needs a note") if item.always_comment else ""
    explain(form, cell, " ".join(filter(None, (own_label, needed))))
    form.remember(asked.comment, cell, form.cell(row, ITEM), asked.label)


def _small_font(voice: Voice) -> InlineFont:
    colour = settings()["palette"]["muted"]["text"]
    return InlineFont(rFont=font_of(voice.language), sz=size_of(ADVICE), color=Color(rgb=f"00{colour}"))


def _ending(form: Form, row: int) -> int:
    """The free box, and where the checklist comes from."""
    form.blocks.append(row)
    voices = form.voices
    across(form, row, tuple(heading.box(*each[:2]) for each in voices), "FID Form part", 24)
    across(form, row + 1, tuple(heading.box_stays(*each[:2]) for each in voices), ADVICE)
    last = row + 2  # one high row: of several, some programs forget the lower border
    area(form, (last, ITEM, last, form.note), "", "FID Answer box")
    form.sheet.row_dimensions[last].height = BOX_HEIGHT
    origin = heading.origin(form.checklist, form.language)
    if not origin:
        return last
    form.sheet.row_dimensions[last + 1].height = 8
    return in_turn(form, last + 2, (origin,), ADVICE)


# ---- printing and protection


def _page_setup(form: Form, head: int, last: int) -> None:
    sheet, wanted = form.sheet, settings()["page"]
    sheet.print_area = f"A1:{LETTERS[form.note]}{last}"
    sheet.print_title_rows = f"{head}:{head}"
    sheet.page_setup.paperSize = wanted["paper_size"]
    sheet.page_setup.orientation = "portrait"
    breaks = page_breaks(form, head, last)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0 if breaks else 1
    for row in breaks:
        sheet.row_breaks.append(Break(id=row - 1))
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = wanted["margin_side"]
    margins.top = margins.bottom = wanted["margin_top"]
    margins.header = margins.footer = wanted["footer"]
    _footer(form)


def _footer(form: Form) -> None:
    parts = cast(Any, form.sheet.oddFooter)  # its types know too little
    title = heading.title(form.checklist, form.language)
    texts = (heading.code(form.checklist), title, "&P / &N")
    for part, text in zip((parts.left, parts.center, parts.right), texts, strict=True):
        part.size, part.text = 8, text if part is parts.right else text.replace("&", "&&")


def _protect(form: Form) -> None:
    """Locks all but the answers, without a password: it stops slips, not people."""
    for sheet in form.workbook.worksheets:
        sheet.protection.sheet = True
        sheet.protection.formatColumns = sheet.protection.formatRows = False
    form.workbook.security = WorkbookProtection(lockStructure=True)
    properties = form.workbook.properties
    properties.creator, properties.language = "Fidelity", form.language
    properties.title = f"{form.sheet.title}: {form.checklist.title}"
    first = form.entries[0].cell
    form.sheet.sheet_view.selection[0].activeCell = form.sheet.sheet_view.selection[0].sqref = first

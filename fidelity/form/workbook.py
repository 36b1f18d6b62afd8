"""Checklist -> an Excel scoring form: one page with drop-downs, and hidden notes to find its way back by."""

import math
from typing import Any, cast

from openpyxl import Workbook
from openpyxl.cell.text import InlineFont
from openpyxl.styles.colors import Color
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties

from fidelity.form import heading
from fidelity.form.hidden import write_lists, write_meta
from fidelity.form.look import add_styles, font_of, settings, size_of
from fidelity.form.paging import page_breaks
from fidelity.form.questions import Asked, Part, chosen_language, questions, shared_comment_label
from fidelity.form.sheet import (
    ANSWER,
    ITEM,
    LETTERS,
    NOTE,
    WORDING,
    Form,
    across,
    area,
    height,
    tall,
)
from fidelity.form.validation import explain, validate_answer, validate_field
from fidelity.model.checklist import Checklist, Question
from fidelity.model.direction import readable, reads_right_to_left
from fidelity.model.form import fields
from fidelity.model.spoken import spoken
from fidelity.spreadsheet import put, put_with_small, save_bytes, sheet_name

BOX_HEIGHT = 60
LOWEST = 17.5  # points of a row with a field
ROOMY = 6  # rows below the first, from which the box beside the fields has room to spare
ADVICE = "FID Form advice"
FIELD_STYLES = {"day": "FID Answer date", "text": "FID Answer text"}


def scoring_form(checklist: Checklist, language: str = "") -> bytes:
    """An empty scoring form in one of the checklist's languages; the same bytes each time.

    A checklist that is shown in the language already also says what of it is old (`model.spoken`).
    """
    chosen = chosen_language(checklist, language)
    shown = checklist if checklist.shown_in else spoken(checklist, chosen, {})
    form = _new(shown, chosen)
    row = _heading(form)
    row = _fields(form, row + 2)
    head = row + 2
    row = _questions(form, head)
    row = _ending(form, row + 1)
    _page_setup(form, head, row)
    write_lists(form)
    write_meta(form)
    _protect(form)
    return save_bytes(form.workbook)


def _new(checklist: Checklist, language: str) -> Form:
    workbook = Workbook()
    add_styles(workbook, language)
    sheet = workbook.worksheets[0]
    sheet.title = sheet_name(heading.title(checklist, language), [])
    sheet.sheet_view.rightToLeft = reads_right_to_left(language)
    sheet.sheet_view.showGridLines = False
    form = Form(workbook, sheet, checklist, language)
    for number, width in enumerate(_widths(form), 1):
        sheet.column_dimensions[LETTERS[number]].width = width
    return form


def _widths(form: Form) -> tuple[float, ...]:
    """Of the four columns: ids and answers take what they need, the others share what is left."""
    wanted = settings()["widths"]
    lines = [each for each in questions(form.checklist, form.language) if isinstance(each, Asked)]
    ids = max((len(each.label) for each in lines), default=0) * size_of("FID Form id") / 11
    labels = max((len(option.label) for each in lines for option in each.offered), default=0)
    item = min(max(ids + 3.5, 7), 16)
    answer = min(max(labels + 5, 18), wanted["answer"])
    spare = wanted["item"] - item + wanted["answer"] - answer
    return (item, wanted["wording"] + spare * 0.6, answer, wanted["note"] + spare * 0.4)


# ---- the page, from top to bottom; each part gives the last row it used


def _heading(form: Form) -> int:
    checklist, language = form.checklist, form.language
    across(form, 1, heading.title(checklist, language), "FID Form title", 30)
    across(form, 2, heading.subtitle(checklist, language), "FID Form subtitle")
    across(form, 3, heading.advice(checklist, language, "choose"), ADVICE)
    return 3


def _fields(form: Form, row: int) -> int:
    asked = fields(form.checklist, form.language)
    for at, each in enumerate(asked, row):
        area(form, (at, ITEM, at, WORDING), each.label, "FID Form label")
        shown, small = (readable(text, form.language) for text in (each.label, each.small))
        if small:
            put_with_small(form.cell(at, ITEM), shown, small, _small_font(form), "FID Form label")
        cell = form.cell(at, ANSWER)
        put(cell, each.only.label if each.only else None, FIELD_STYLES.get(each.kind, "FID Answer"))
        validate_field(form, cell, each)
        form.remember(each.key, cell, form.cell(at, ITEM), f"{each.label} {each.small}".rstrip())
        label_height = height(form, each.label, ITEM, WORDING, "FID Form label")
        label_height += height(form, each.small, ITEM, WORDING, ADVICE) if small else 0
        form.sheet.row_dimensions[at].height = max(LOWEST, label_height)
    _counter(form, row, row + len(asked) - 1)
    return row + len(asked) - 1


def _counter(form: Form, first: int, last: int) -> None:
    """The box beside the fields: how much there is to do, and where the file goes."""
    at = first + 1 if last - first >= ROOMY else first  # fewer fields leave no room to spare
    sent = at + 3 if last - first >= ROOMY else at + 2
    for row in range(first, sent):
        put(form.cell(row, NOTE), None, "FID Form caption")
    put(form.cell(at, NOTE), len(form.checklist.questions), "FID Form count")
    put(form.cell(at + 1, NOTE), heading.amount(form.checklist, form.language), "FID Form caption")
    sending = heading.sending(form.checklist, form.language)
    area(form, (sent, NOTE, last, NOTE), sending, "FID Form send")
    _make_room(form, sent, last, height(form, sending, NOTE, NOTE, "FID Form send"))


def _make_room(form: Form, first: int, last: int, needed: float) -> None:
    """Rows as high as a text over all of them needs."""
    heights = [form.sheet.row_dimensions[row].height or LOWEST for row in range(first, last + 1)]
    for row, each in zip(range(first, last + 1), heights, strict=True):
        form.sheet.row_dimensions[row].height = max(each, each * needed / sum(heights))


def _questions(form: Form, row: int) -> int:
    comment_label = shared_comment_label(form.checklist)
    answers = heading.answers(form.checklist, form.language)
    headings = (form.say("item"), form.say("wording"), answers, comment_label or form.say("note"))
    for column, text in enumerate(headings, ITEM):
        put(form.cell(row, column), text, "FID Form head")
    form.sheet.row_dimensions[row].height = max(21, height(form, "", ITEM, NOTE, "FID Form head"))
    for each in questions(form.checklist, form.language):
        row += 1
        if isinstance(each, Part):
            row = _part(form, row, each)
        else:
            _asked(form, row, each)
    return row


def _part(form: Form, row: int, part: Part) -> int:
    form.blocks.append(row)
    across(form, row, part.title, "FID Form part", 24)
    if part.note:
        row += 1
        across(form, row, part.note, ADVICE)
    return row


def _asked(form: Form, row: int, asked: Asked) -> None:
    style = "FID Form facet" if asked.is_facet else "FID Form wording"
    wording, small = (readable(text, form.language) for text in (asked.wording, asked.small))
    put(form.cell(row, ITEM), asked.label, "FID Form id")
    put_with_small(form.cell(row, WORDING), wording, small, _small_font(form), style)
    for column in (ANSWER, NOTE):
        put(form.cell(row, column), None, "FID Form wording")
    if asked.question is not None:
        _answer(form, row, asked, asked.question)
    if asked.comment:
        _comment(form, row, asked)
    form.sheet.row_dimensions[row].height = _row_height(form, asked, wording, small, style)


def _answer(form: Form, row: int, asked: Asked, question: Question) -> None:
    cell = form.cell(row, ANSWER)
    if question.scale.kind == "text":
        area(form, (row, ANSWER, row, NOTE), "", "FID Answer text")
    else:
        put(cell, None, "FID Answer")
        validate_answer(form, cell, question.scale, asked.offered)
    form.remember(question.key, cell, form.cell(row, ITEM), asked.label)


def _comment(form: Form, row: int, asked: Asked) -> None:
    cell, item = form.cell(row, NOTE), asked.item
    put(cell, None, "FID Answer text")
    own_label = "" if shared_comment_label(form.checklist) else item.comment_label
    needed = form.say("needs a note") if item.always_comment else ""
    explain(form, cell, " ".join(filter(None, (own_label, needed))))
    form.remember(asked.comment, cell, form.cell(row, ITEM), asked.label)


def _small_font(form: Form) -> InlineFont:
    colour = settings()["palette"]["muted"]["text"]
    return InlineFont(rFont=font_of(form.language), sz=size_of(ADVICE), color=Color(rgb=f"00{colour}"))


def _row_height(form: Form, asked: Asked, wording: str, small: str, style: str) -> float:
    text = height(form, wording, WORDING, WORDING, style)
    text += height(form, small, WORDING, WORDING, ADVICE) - 3 if small else 0
    label = height(form, asked.label, ITEM, ITEM, "FID Form id")
    answers = (height(form, each.label, ANSWER, ANSWER, "FID Answer") for each in asked.offered)
    return max(20 * math.sqrt(tall(form)), text, label, *answers)


def _ending(form: Form, row: int) -> int:
    """The free box, and where the checklist comes from."""
    form.blocks.append(row)
    across(form, row, heading.box(form.checklist, form.language), "FID Form part", 24)
    across(form, row + 1, heading.box_stays(form.checklist, form.language), ADVICE)
    last = row + 2  # one high row: of several, some programs forget the lower border
    area(form, (last, ITEM, last, NOTE), "", "FID Answer box")
    form.sheet.row_dimensions[last].height = BOX_HEIGHT
    origin = heading.origin(form.checklist, form.language)
    if not origin:
        return last
    form.sheet.row_dimensions[last + 1].height = 8
    across(form, last + 2, origin, ADVICE)
    return last + 2


# ---- printing and protection


def _page_setup(form: Form, head: int, last: int) -> None:
    sheet, wanted = form.sheet, settings()["page"]
    sheet.print_area = f"A1:{LETTERS[NOTE]}{last}"
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

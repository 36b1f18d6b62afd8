"""What may be typed into a cell of the form: one of a list, a number, a day."""

import re

from openpyxl.cell import Cell
from openpyxl.worksheet.datavalidation import DataValidation

from fidelity.form.sheet import Form
from fidelity.model.form import Field, Option, can_list
from fidelity.model.number import written
from fidelity.model.scale import Scale, Span

FIRST_DAY = "32874"  # 1990-01-01 as spreadsheet programs count days
LONGEST_PROMPT = 255


def validate_field(form: Form, cell: Cell, asked: Field) -> None:
    """The rule for something asked before the items."""
    match asked.kind:
        case "choice":
            _validate(form, cell, _from_list(form, asked.options, asked.key, asked.strict))
        case "day":
            _validate(form, cell, _day(form))
        case "number" if asked.span is not None:
            _validate(form, cell, _number(form, asked.span, asked.whole, True))
        case _:
            pass


def validate_answer(form: Form, cell: Cell, scale: Scale, offered: tuple[Option, ...]) -> None:
    """The rule for an answer on a scale; a number beside named answers is not checked here."""
    if can_list(scale):
        _validate(form, cell, _from_list(form, offered, scale.id, True))
    elif scale.span is not None:
        _validate(form, cell, _number(form, scale.span, scale.kind == "count", not scale.choices))


def explain(form: Form, cell: Cell, text: str) -> None:
    """What the program shows beside a cell that is being filled in."""
    if text:
        _validate(form, cell, DataValidation(prompt=text[:LONGEST_PROMPT], showInputMessage=True))


def _validate(form: Form, cell: Cell, rule: DataValidation) -> None:
    form.sheet.add_data_validation(rule)
    rule.add(cell)


def _from_list(form: Form, offered: tuple[Option, ...], name: str, strict: bool) -> DataValidation:
    """A drop-down from a range; a list in the rule itself makes Excel repair the file when it is long."""
    if offered not in form.lists:
        plain = "opt_" + re.sub(r"[^A-Za-z0-9_]", "_", name)
        taken = {each.casefold() for each in form.lists.values()}
        form.lists[offered] = plain if plain.casefold() not in taken else f"{plain}_{len(taken) + 1}"
    return DataValidation(
        type="list",
        formula1=form.lists[offered],
        allow_blank=True,
        showErrorMessage=strict,
        error=form.say("from list"),
    )


def _day(form: Form) -> DataValidation:
    return DataValidation(
        type="date",
        operator="greaterThanOrEqual",
        formula1=FIRST_DAY,
        allow_blank=True,
        showErrorMessage=True,
        error=form.say("day"),
    )


def _number(form: Form, span: Span, whole: bool, strict: bool) -> DataValidation:
    lowest, highest = written(span.lowest), None if span.highest is None else written(span.highest)
    words = form.say("at least" if highest is None else "between", lowest=lowest, highest=highest)
    return DataValidation(
        type="whole" if whole else "decimal",
        operator="greaterThanOrEqual" if highest is None else "between",
        formula1=lowest,
        formula2=highest,
        allow_blank=True,
        showErrorMessage=strict,
        error=form.say("whole" if whole else "number", range=words),
    )

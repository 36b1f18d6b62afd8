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
LONGEST_TITLE = 32


def validate_field(form: Form, cell: Cell, asked: Field, offered: tuple[Option, ...]) -> None:
    """The rule for something asked before the items; `offered` is what a drop-down lists."""
    _add(form, cell.coordinate, rule_for_field(form, asked, offered))


def validate_answer(form: Form, cell: Cell, scale: Scale, offered: tuple[Option, ...]) -> None:
    """The rule for an answer on a scale; a number beside named answers is not checked here."""
    _add(form, cell.coordinate, rule_for_answer(form, scale, offered))


def explain(form: Form, cell: Cell, text: str) -> None:
    """What the program shows beside a cell that is being filled in."""
    if text:
        _add(form, cell.coordinate, DataValidation(prompt=text[:LONGEST_PROMPT], showInputMessage=True))


def explained(form: Form, cells: str, rule: DataValidation | None, title: str, text: str) -> None:
    """The same for many cells, which also have a rule or none."""
    told = rule or DataValidation()
    told.promptTitle, told.prompt = title[:LONGEST_TITLE], text[:LONGEST_PROMPT]
    told.showInputMessage = True
    _add(form, cells, told)


def rule_for_field(form: Form, asked: Field, offered: tuple[Option, ...]) -> DataValidation | None:
    """What may stand in a cell for something asked before the items."""
    match asked.kind:
        case "choice":
            return _from_list(form, offered, asked.key, asked.strict)
        case "day":
            return _day(form)
        case "number" if asked.span is not None:
            return _number(form, asked.span, asked.whole, True)
        case _:
            return None


def rule_for_answer(form: Form, scale: Scale, offered: tuple[Option, ...]) -> DataValidation | None:
    """What may stand in a cell for an answer."""
    if can_list(scale):
        return _from_list(form, offered, scale.id, True)
    if scale.span is not None:
        return _number(form, scale.span, scale.kind == "count", not scale.choices)
    return None


def _add(form: Form, cells: str, rule: DataValidation | None) -> None:
    if rule is not None:
        form.sheet.add_data_validation(rule)
        rule.add(cells)


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

"""What a form holds -> whether anybody filled anything in; a blank one is told and passed over."""

from collections.abc import Mapping
from dataclasses import replace

from fidelity.errors import Facts, Problem
from fidelity.model.checklist import Checklist
from fidelity.model.form import fields
from fidelity.observe.table import Cell
from fidelity.place import Place

BLANK = "nothing_filled_in"
STATED = ("checklist", "version")  # what the form itself says


def is_blank(held: Mapping[str, Cell], checklist: Checklist) -> bool:
    """Whether a form, by the columns of the data, holds nothing but what it was made with."""
    asked = fields(checklist, checklist.about.language)
    made_with = {each.key: each.only.code for each in asked if each.only}
    return not any(cell for key, cell in held.items() if key not in STATED and made_with.get(key) != cell)


def nothing_filled_in(file: str, place: Place | None = None, facts: Facts | None = None) -> Problem:
    """RB507 as a warning: it is no observation."""
    return Problem("RB507", place or Place(file), {**(facts or {}), BLANK: BLANK}, graded="warning")


def if_alone(problem: Problem) -> Problem:
    """The problem where nothing else came in; then a blank form is an error."""
    return replace(problem, graded="error") if BLANK in problem.facts else problem

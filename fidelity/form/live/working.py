"""The hidden sheet on which a form works out its score: one formula a row, each worked out once."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from openpyxl.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from fidelity.spreadsheet import put

LONGEST_FORMULA = 8_000  # signs; Excel takes 8,192
DEEPEST = 50  # brackets in brackets; Excel takes 64 functions
MOST_PARTS = 250  # of one function; Excel takes 255
MOST_ROWS = 20_000
SAID, FOUND = 1, 2  # the columns: what is worked out, and its value
_PLAIN = re.compile(r"-?\d+|\$[A-Z]+\$\d+")


class NoFormula(Exception):
    """A rule that no spreadsheet works out exactly; then the form shows nothing of it."""


@dataclass(slots=True)
class Working:
    """The sheet in the making; numbers and formulas are texts without `=`, and truth is 1 or 0."""

    sheet: Worksheet
    rows: int = 0
    cells: dict[str, str] = field(default_factory=dict)

    def keep(self, formula: str, said: str = "") -> str:
        """The address of the cell that holds the formula; what is a number or a cell already stays."""
        if _PLAIN.fullmatch(formula):
            return formula
        if formula not in self.cells:
            if len(formula) > LONGEST_FORMULA or _depth(formula) > DEEPEST or self.rows >= MOST_ROWS:
                raise NoFormula
            row = self._next_row(said)
            put_formula(self.sheet.cell(row, FOUND), formula)
            self.cells[formula] = f"$B${row}"
        return self.cells[formula]

    def keep_text(self, text: str, said: str = "") -> str:
        """The address of a cell that holds a text: of a checklist, so never part of a formula."""
        row = self._next_row(said)
        put(self.sheet.cell(row, FOUND), text)
        return f"$B${row}"

    def _next_row(self, said: str) -> int:
        self.rows += 1
        if said:
            put(self.sheet.cell(self.rows, SAID), said)
        return self.rows


def _depth(formula: str) -> int:
    """How deep its brackets lie in one another; a text of ours has none that is never closed."""
    depth = deepest = 0
    for sign in formula:
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    return deepest


def put_formula(cell: Cell | MergedCell, formula: str, style: str | None = None) -> None:
    """Writes a formula of our own making; texts of people stand in cells that it names, never in it."""
    if isinstance(cell, MergedCell):
        raise TypeError(f"{cell.coordinate} lies below another cell")
    put(cell, None, style)
    cell.value = f"={formula}"
    cell.data_type = "f"


# ---- truth, and counts of it


def all_of(parts: Iterable[str]) -> str:
    """Whether all are true; true of none at all."""
    told = dict.fromkeys(each for each in parts if each != "1")
    if "0" in told:
        return "0"
    return called("MIN", list(told)) if told else "1"


def any_of(parts: Iterable[str]) -> str:
    """Whether one is true; false of none at all."""
    told = dict.fromkeys(each for each in parts if each != "0")
    if "1" in told:
        return "1"
    return called("MAX", list(told)) if told else "0"


def added(parts: Iterable[str]) -> str:
    """The sum; of none at all 0."""
    known = list(parts)
    whole = sum(int(each) for each in known if "$" not in each)
    told = [each for each in known if "$" in each] + ([str(whole)] if whole else [])
    return called("SUM", told) if told else "0"


def called(function: str, parts: Sequence[str]) -> str:
    """A function over parts, in turns where they are more than one can take; of one part it is that part."""
    if len(parts) == 1:
        return parts[0]
    if len(parts) <= MOST_PARTS:
        return f"{function}({','.join(parts)})"
    turns = [parts[at : at + MOST_PARTS] for at in range(0, len(parts), MOST_PARTS)]
    return called(function, [called(function, each) for each in turns])


def opposite(truth: str) -> str:
    """1 for 0, and 0 for 1."""
    return str(1 - int(truth)) if truth in ("0", "1") else f"1-{truth}"


def when(truth: str, then: str, otherwise: str) -> str:
    """The one or the other."""
    if truth in ("0", "1"):
        return then if truth == "1" else otherwise
    return then if then == otherwise else f"IF({truth}=1,{then},{otherwise})"

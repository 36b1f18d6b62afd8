"""The rows of a long table -> their XML, as openpyxl writes it cell by cell, in a tenth of the time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from openpyxl.cell import Cell
from openpyxl.compat import safe_string
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

from fidelity.report.tables.table import Column, Value
from fidelity.shield import TRIGGERS
from fidelity.spreadsheet import Value as Plain
from fidelity.spreadsheet import put, safe_text

MANY = 500  # rows; up to here they are laid cell by cell
MOST_REMEMBERED = 200_000  # different values of a column

_AFTER_LINKS = ("<printOptions", "<pageMargins", "</worksheet>")


# A value in a column, by its number on the sheet -> what its cell holds, and its style.
Shown = Callable[[int, Column, Value], tuple[Plain, str]]
# The same in such a style -> how high its row has to be, and where it leads to.
Wanted = Callable[[int, Column, Value, str], tuple[float, str]]


@dataclass(frozen=True, slots=True)
class Written:
    """Cells as XML: rows that stand before the last row of the sheet, and what their cells lead to."""

    rows: str
    links: str


@dataclass
class LongRows:
    """Writes rows of a sheet from a column on; how values look is said by others."""

    sheet: Worksheet
    columns: Sequence[Column]
    left: int
    shown: Shown
    wanted: Wanted
    _styles: dict[tuple[str, bool], int] = field(default_factory=dict)

    def written(self, first: int, rows: Sequence[Sequence[Value]], height: float) -> Written:
        """The rows from this one on, at least so high."""
        links: list[str] = []
        cells = [_Cells(self, number, column, {}) for number, column in enumerate(self.columns, self.left)]
        text = [
            self._row(at, [each.of(value) for each, value in zip(cells, row, strict=True)], height, links)
            for at, row in enumerate(rows, first)
        ]
        return Written("".join(text), "".join(links))

    def _row(self, at: int, cells: "Sequence[_Cell]", height: float, links: list[str]) -> str:
        high = max([height, *(each.height for each in cells if each.height)])
        inside = "".join([f'<c r="{each.letters}{at}"{each.rest}' for each in cells])
        links += [
            f'<hyperlink ref="{each.letters}{at}" location={quoteattr(each.leads)} />'
            for each in cells
            if each.leads
        ]
        return f'<row r="{at}" ht="{safe_string(high)}" customHeight="1">{inside}</row>'

    def style(self, name: str, *, quoted: bool) -> int:
        """The number of a named style; of texts that could be taken for a formula it is another one."""
        if (name, quoted) not in self._styles:
            self._styles[name, quoted] = self.cell("=" if quoted else "", name).style_id
        return self._styles[name, quoted]

    def cell(self, value: Plain, style: str) -> Cell:
        """A cell that stands on no sheet."""
        made = Cell(self.sheet, 1, 1)
        put(made, value, style)
        return made


@dataclass(frozen=True, slots=True)
class _Cell:
    letters: str
    rest: str
    height: float
    leads: str


@dataclass(slots=True)
class _Cells:
    """The cells of a column; those alike are made once."""

    of_rows: LongRows
    number: int
    column: Column
    known: dict[Value, _Cell]

    def of(self, value: Value) -> _Cell:
        """The cell of a value; 1 and 1.0, and -0.0 and 0, look the same."""
        found = self.known.get(value)
        if found is None:
            found = self._made(value)
            if len(self.known) < MOST_REMEMBERED:
                self.known[value] = found
        return found

    def _made(self, value: Value) -> _Cell:
        shown, style = self.of_rows.shown(self.number, self.column, value)
        height, leads = self.of_rows.wanted(self.number, self.column, value, style)
        return _Cell(get_column_letter(self.number), self._rest(shown, style), height, leads)

    def _rest(self, shown: Plain, style: str) -> str:
        """All that stands behind the name of the cell."""
        if not isinstance(shown, str):
            cell = self.of_rows.cell(shown, style)
            value = _number(cell.value) if isinstance(cell.value, date) else cell.value
            inside = " />" if value is None else f"><v>{safe_string(value)}</v></c>"
            return f' s="{cell.style_id}" t="n"{inside}'
        text = safe_text(shown)
        number = self.of_rows.style(style, quoted=text.startswith(tuple(TRIGGERS)))
        kept = ' xml:space="preserve"' if text != text.strip() != "" else ""
        inside = f"><is><t{kept}>{escape(text)}</t></is></c>" if text else " />"
        return f' s="{number}" t="inlineStr"{inside}'


def _number(day: date) -> object:
    """The day as spreadsheet programs count it."""
    return to_excel(day)  # type: ignore[no-untyped-call]  # in the library


def with_rows(xml: str, written: Written) -> str:
    """The sheet's XML with the rows before its last one, and with their links."""
    at = xml.rindex("<row ")
    xml = xml[:at] + written.rows + xml[at:]
    if not written.links:
        return xml
    if "</hyperlinks>" in xml:
        at = xml.rindex("</hyperlinks>")
        return xml[:at] + written.links + xml[at:]
    at = next(xml.rindex(each) for each in _AFTER_LINKS if each in xml)
    return f"{xml[:at]}<hyperlinks>{written.links}</hyperlinks>{xml[at:]}"

"""The formulas of a form that nobody has filled in -> what they show, for programs that do not calculate.

It knows the few functions that our own formulas have. Where it meets another, it gives nothing: the cell then
stays empty until a program calculates, as every cell did before.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from math import floor, prod
from operator import add, eq, ge, gt, le, lt, mul, ne, sub
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.utils.cell import cols_from_range

from fidelity.spreadsheet import Edit

Value = float | str | bool | None
Held = Value | list[Value]  # of a cell, or of several

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"]|"")*")|(?P<number>\d+(?:\.\d+)?)
    |(?P<cell>(?:(?:'(?:[^']|'')*'|[A-Za-z_]\w*)!)?\$[A-Z]+\$\d+(?::\$[A-Z]+\$\d+)?)
    |(?P<name>[A-Z]+)(?=\()|(?P<truth>TRUE|FALSE)|(?P<sign><=|>=|<>|[-+*/&=<>(),]))""",
    re.VERBOSE,
)
_FORMULA = re.compile(
    rb'(?P<begin><c r="(?P<cell>[A-Z]+\d+)"[^>]*)(?P<formula>><f>[^<]*</f>)<v(?: ?/>|></v>)</c>'
)
_ABOUT = "docProps/app.xml"
_MADE_BY = re.compile(rb"<Application>[^<]*</Application>")
_BY_RANK: Sequence[tuple[str, ...]] = (("=", "<>", "<", ">", "<=", ">="), ("&",), ("+", "-"), ("*", "/"))
_MOST_DIGITS = 15


class _Wrong(Exception):
    """What a spreadsheet shows as a mistake, such as a division by nothing."""


class _Unknown(Exception):
    """A formula that is not read here, or one that needs such a one."""


@dataclass(slots=True)
class Sheets:
    """The cells of a workbook: what stands in them, and what came of its formulas so far."""

    workbook: Workbook
    known: dict[tuple[str, str], Value] = field(default_factory=dict)
    unknown: set[tuple[str, str]] = field(default_factory=set)

    def held(self, sheet: str, cell: str) -> Value:
        """What a cell shows."""
        where = sheet, cell
        if where in self.known:
            return self.known[where]
        there = self.workbook[sheet][cell]
        if where in self.unknown or there.data_type == "f":
            raise _Unknown
        self.known[where] = there.value
        return self.known[where]


def blank_values(workbook: Workbook, page: str, working: str) -> Mapping[str, float | str]:
    """What the formulas on the page show, by cell; those behind it stand each below what it reads."""
    sheets = Sheets(workbook)
    for name in (working, page):
        for row in workbook[name].iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    _work_out(sheets, name, cell.coordinate, str(cell.value))
    shown = {cell: value for (sheet, cell), value in sheets.known.items() if sheet == page}
    return {
        cell: value
        for cell, value in shown.items()
        if workbook[page][cell].data_type == "f" and isinstance(value, str | int | float)
    }


def with_values(values: Mapping[str, float | str], member: str) -> Edit:
    """Writes them beside the formulas of a sheet, as a program that calculates does when it saves.

    The file says that we made it: of a file that says it is Excel's, LibreOffice believes every value that
    stands there, also those of the blank form beside answers that something else has filled in since.
    """

    def valued(found: re.Match[bytes]) -> bytes:
        value = values.get(found["cell"].decode())
        if value is None:
            return found[0]
        kind, text = (b"", _text(value)) if isinstance(value, int | float) else (b' t="str"', value)
        return found["begin"] + kind + found["formula"] + b"<v>" + escape(text).encode() + b"</v></c>"

    def edited(name: str, content: bytes) -> bytes:
        if name == _ABOUT:
            return _MADE_BY.sub(rb"<Application>Fidelity</Application>", content)
        return _FORMULA.sub(valued, content) if name == member else content

    return edited


def _work_out(sheets: Sheets, sheet: str, cell: str, formula: str) -> None:
    try:
        value = _Formula(sheets, sheet, list(_tokens(formula.removeprefix("=")))).value()
        if isinstance(value, list):
            raise _Unknown
        sheets.known[sheet, cell] = 0 if value is None else value  # what refers to a blank cell shows 0
    except (_Unknown, _Wrong, RecursionError):
        sheets.unknown.add((sheet, cell))


def _tokens(formula: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(formula):
        found = _TOKEN.match(formula, at)
        if found is None or found.lastgroup is None:
            raise _Unknown
        yield found.lastgroup, found[found.lastgroup]
        at = found.end()


@dataclass(slots=True)
class _Formula:
    """A formula in the reading: what is not needed is read and not worked out."""

    sheets: Sheets
    sheet: str
    tokens: list[tuple[str, str]]
    at: int = 0
    skipping: int = 0

    def value(self) -> Held:
        """What it comes to."""
        found = self._ranked(0)
        if self.at < len(self.tokens):
            raise _Unknown
        return found

    def _ranked(self, rank: int) -> Held:
        if rank == len(_BY_RANK):
            return self._one()
        found = self._ranked(rank + 1)
        while self._sees(*_BY_RANK[rank]):
            sign = self._next()
            found = self._joined(sign, found, self._ranked(rank + 1))
        return found

    def _joined(self, sign: str, one: Held, other: Held) -> Held:
        return None if self.skipping else _each(_SIGNS[sign], one, other)

    def _one(self) -> Held:
        if self._sees("-"):
            self._next()
            found = self._one()
            return None if self.skipping else _each(sub, 0, found)
        kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        self.at += 1
        match kind:
            case "text":
                return text[1:-1].replace('""', '"')
            case "number":
                return float(text) if "." in text else int(text)
            case "truth":
                return text == "TRUE"
            case "cell":
                return None if self.skipping else self._cells(text)
            case "name":
                return self._called(text)
            case _:
                return self._bracketed(text)

    def _bracketed(self, sign: str) -> Held:
        if sign != "(":
            raise _Unknown
        found = self._ranked(0)
        self._expect(")")
        return found

    def _cells(self, text: str) -> Held:
        before, _, cells = text.rpartition("!")
        sheet = before.strip("'").replace("''", "'") or self.sheet
        cells = cells.replace("$", "")
        if ":" not in cells:
            return self.sheets.held(sheet, cells)
        return [self.sheets.held(sheet, cell) for column in cols_from_range(cells) for cell in column]

    # ---- functions

    def _called(self, name: str) -> Held:
        self._expect("(")
        match name:
            case "IF":
                return self._if()
            case "IFERROR":
                return self._if_error()
            case "CHOOSE":
                return self._choose()
            case _:
                return self._plain_function(name)

    def _plain_function(self, name: str) -> Held:
        said = self._arguments()
        if self.skipping:
            return None
        if name not in _FUNCTIONS:
            raise _Unknown
        return _FUNCTIONS[name](*said)

    def _if(self) -> Held:
        truth = self._ranked(0)
        is_so = not self.skipping and _truth(truth)
        self._expect(",")
        then = self._passed(not is_so)
        if not self._sees(","):
            raise _Unknown
        self._next()
        otherwise = self._passed(is_so)
        self._expect(")")
        return then if is_so else otherwise

    def _if_error(self) -> Held:
        begin = self.at
        try:
            found, failed = self._ranked(0), False
        except _Wrong:
            self.at = begin
            found, failed = self._passed(skip=True), True
        self._expect(",")
        instead = self._passed(skip=not failed)
        self._expect(")")
        return instead if failed else found

    def _choose(self) -> Held:
        said = self._ranked(0)
        number = 0 if self.skipping else int(_number(said))
        place, found = 0, None
        while self._sees(","):
            self._next()
            place += 1
            each = self._passed(skip=place != number)
            found = each if place == number else found
        self._expect(")")
        if not self.skipping and not 1 <= number <= place:
            raise _Wrong
        return found

    def _arguments(self) -> list[Held]:
        said = [self._ranked(0)]
        while self._sees(","):
            self._next()
            said.append(self._ranked(0))
        self._expect(")")
        return said

    def _passed(self, skip: bool) -> Held:
        self.skipping += skip
        found = self._ranked(0)
        self.skipping -= skip
        return found

    # ---- signs

    def _sees(self, *signs: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at] in {("sign", each) for each in signs}

    def _next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1][1]

    def _expect(self, sign: str) -> None:
        if not self._sees(sign):
            raise _Unknown
        self.at += 1


# ---- values


def _each(joined: Callable[[Value, Value], Value], one: Held, other: Held) -> Held:
    """What comes of two values, or of several one by one."""
    if not isinstance(one, list) and not isinstance(other, list):
        return _plain(joined)(one, other)
    many = [each for each in (one, other) if isinstance(each, list)]
    if len({len(each) for each in many}) > 1:
        raise _Unknown
    size = len(many[0])
    first, second = (each if isinstance(each, list) else [each] * size for each in (one, other))
    return [_plain(joined)(left, right) for left, right in zip(first, second, strict=True)]


def _plain(joined: Callable[..., Value]) -> Callable[[Value, Value], Value]:
    if joined in (add, sub, mul):
        return lambda one, other: joined(_number(one), _number(other))
    return joined


def _number(said: Held) -> float:
    match said:
        case None:
            return 0
        case bool():
            return int(said)
        case int() | float():
            return said
        case str():
            raise _Wrong
        case _:
            raise _Unknown


def _truth(said: Held) -> bool:
    return _number(said) != 0


def _text(said: Held) -> str:
    match said:
        case None:
            return ""
        case bool():
            return str(said).upper()
        case str():
            return said
        case int() | float():
            return str(int(said)) if said == int(said) else f"{said:.{_MOST_DIGITS}g}"
        case _:
            raise _Unknown


def _divided(one: Value, other: Value) -> Value:
    if _number(other) == 0:
        raise _Wrong
    return _number(one) / _number(other)


def _compared(how: Callable[[Any, Any], bool]) -> Callable[[Value, Value], Value]:
    """Numbers come before texts, and a blank is whatever it is compared with."""

    def told(one: Value, other: Value) -> Value:
        ours, theirs = _like(one, other), _like(other, one)
        if isinstance(ours, str) != isinstance(theirs, str):
            return how(isinstance(ours, str), isinstance(theirs, str))
        if isinstance(ours, str) and isinstance(theirs, str):
            return how(ours.casefold(), theirs.casefold())
        return how(ours, theirs)

    return told


def _like(said: Value, other: Value) -> float | str:
    if said is None:
        return "" if isinstance(other, str) else 0
    return said


_SIGNS: Mapping[str, Callable[[Value, Value], Value]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": _divided,
    "&": lambda one, other: _text(one) + _text(other),
    "=": _compared(eq),
    "<>": _compared(ne),
    "<": _compared(lt),
    ">": _compared(gt),
    "<=": _compared(le),
    ">=": _compared(ge),
}


# ---- functions


def _numbers(said: Sequence[Held]) -> list[float]:
    """Of cells only those that hold a number count."""
    found: list[float] = []
    for each in said:
        if isinstance(each, list):
            found += [one for one in each if isinstance(one, int | float) and not isinstance(one, bool)]
        else:
            found.append(_number(each))
    return found


def _rounded(said: Held, places: Held) -> float:
    number, to = Decimal(repr(_number(said))), Decimal(1).scaleb(-int(_number(places)))
    found = number.quantize(to, ROUND_HALF_UP)
    return int(found) if found == int(found) else float(found)


def _fixed(said: Held, places: Held, *_: Held) -> str:
    number = Decimal(repr(_number(said))).quantize(Decimal(1).scaleb(-int(_number(places))), ROUND_HALF_UP)
    return f"{number:f}"


def _matched(wanted: Held, among: Held, how: Held) -> float:
    if not isinstance(among, list) or _number(how) != 0:
        raise _Unknown
    for place, each in enumerate(among, 1):
        if each is not None and _compared(eq)(each, wanted if not isinstance(wanted, list) else None):
            return place
    raise _Wrong


def _indexed(among: Held, place: Held) -> Value:
    if not isinstance(among, list):
        raise _Unknown
    return among[int(_number(place)) - 1]


def _exact(one: Held, other: Held) -> Held:
    return _each(lambda ours, theirs: _text(ours) == _text(theirs), one, other)


def _trimmed(said: Held) -> str:
    return re.sub(" +", " ", _text(said).strip(" "))


def _cut(said: Held, begin: Held, most: Held) -> str:
    first = int(_number(begin)) - 1
    return _text(said)[first : first + int(_number(most))]


_FUNCTIONS: Mapping[str, Callable[..., Held]] = {
    "SUM": lambda *said: sum(_numbers(said)),
    "PRODUCT": lambda *said: prod(_numbers(said)),
    "SUMPRODUCT": lambda *said: sum(_numbers([_each(add, each, 0) for each in said[:1]])),
    "MIN": lambda *said: min(_numbers(said), default=0),
    "MAX": lambda *said: max(_numbers(said), default=0),
    "AND": lambda *said: all(map(_truth, said)),
    "OR": lambda *said: any(map(_truth, said)),
    "ISNUMBER": lambda said: isinstance(said, int | float) and not isinstance(said, bool),
    "ISTEXT": lambda said: isinstance(said, str),
    "TRIM": _trimmed,
    "EXACT": _exact,
    "ROUND": _rounded,
    "FIXED": _fixed,
    "INT": lambda said: floor(_number(said)),
    "MOD": lambda said, by: _number(said) % _number(by),
    "ABS": lambda said: abs(_number(said)),
    "SIGN": lambda said: (_number(said) > 0) - (_number(said) < 0),
    "MID": _cut,
    "INDEX": _indexed,
    "MATCH": _matched,
}

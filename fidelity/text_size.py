"""How much room a text takes: lines in a column, without asking any font; close to Calibri and its kin."""

from functools import cache
from unicodedata import category, east_asian_width

# Widths in digits, as column widths are counted; other scripts are taken as wide as a capital.
_WIDTHS = {
    **dict.fromkeys("ijlI'|", 0.46),
    **dict.fromkeys(" \u00a0.,:;!‘’·", 0.47),
    **dict.fromkeys('ftr()[]-/“”"', 0.66),
    **dict.fromkeys("cksvxyzaeJ", 0.94),
    **dict.fromkeys("bdghnopqu0123456789L–_+−=<>", 1.02),
    **dict.fromkeys("BCEFKPRSTXYZA", 1.13),
    **dict.fromkeys("DGHNOQUV&%", 1.3),
    **dict.fromkeys("mwMW@…■●▲▼◊♦○", 1.65),
}
_OTHER = 1.2
_SQUARE = 2.0  # signs of Chinese, Japanese and Korean
_JOINED = 0.95  # letters of Arabic and Hebrew script
_ABOVE_OR_BELOW = ("Mn", "Cf")  # marks over and under letters, and signs that are not seen
_EDGES = 2.3  # the padding of a cell and one indent
_COUNTED_AT = 11.0  # the font size at which spreadsheet programs count column widths
_SURE = 0.99  # of the room; a line that just fits here is too long in some program


def lines(text: str, width: float, size: float, *, bold: bool = False) -> int:
    """How many lines a text takes in a column of this width, at this font size."""
    room = max(3.0, _SURE * (width - _EDGES) * _COUNTED_AT / size / (1.06 if bold else 1.0))
    return sum(_wrapped(line, room) for line in text.split("\n"))


def narrowest(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a column has to be for the longest word between spaces to stay in one piece."""
    longest = max(map(text_width, text.split(" ")), default=0.0)
    return _EDGES + longest / _SURE * size / _COUNTED_AT * (1.06 if bold else 1.0)


def _wrapped(line: str, room: float) -> int:
    count, used = 1, 0.0
    for word in line.split(" "):
        width = text_width(word)
        if used and used + _WIDTHS[" "] + width > room:
            count, used = count + 1, 0.0
        elif used:
            used += _WIDTHS[" "]
        used += width
        while used > room:  # a word longer than the line is broken
            count, used = count + 1, used - room
    return count


@cache
def text_width(text: str) -> float:
    """The width of a text in digits."""
    return sum(_width(letter) for letter in text)


def _width(letter: str) -> float:
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    if letter > "\u0300" and category(letter) in _ABOVE_OR_BELOW:
        return 0.0
    if east_asian_width(letter) in "WF":
        return _SQUARE
    return _JOINED if "\u0590" <= letter <= "\u08ff" else _OTHER

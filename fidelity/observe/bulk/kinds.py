"""What the columns of a text file are read as: single digits, texts of a short list, or any texts.

It only makes reading faster: a block that holds anything else is read as texts, and is learnt from.
"""

from dataclasses import dataclass, field

import polars as pl

MOST_DIFFERENT = 30  # texts in a column that is read as a list
MOST_MISSED = 3  # blocks in which a column held something new; then it is no list
DIGITS = frozenset(map(str, range(10)))

Kind = type[pl.String | pl.Int8] | pl.Enum


@dataclass
class Kinds:
    """The kinds of so many columns, by their place; nothing is known of them at first."""

    width: int
    known: dict[str, Kind] = field(init=False)
    _missed: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.texts: dict[str, Kind] = {str(at): pl.String for at in range(self.width)}
        self.known = dict(self.texts)

    @property
    def in_quotation(self) -> dict[str, Kind]:
        """The same where cells stand in quotation marks; then a digit by itself cannot be told from 01."""
        digits = pl.Enum(sorted(DIGITS))
        return {name: digits if kind == pl.Int8 else kind for name, kind in self.known.items()}

    def learn(self, cells: pl.DataFrame) -> None:
        """Takes in what columns of texts hold."""
        for name in self.known:
            missed = self._missed.get(name, 0)
            if missed <= MOST_MISSED:
                kind = self._kind(name, cells[name])
                self._missed[name] = (
                    MOST_MISSED + 1 if kind == pl.String else missed + (kind != self.known[name])
                )
                self.known[name] = kind

    def _kind(self, name: str, cells: pl.Series) -> Kind:
        before = self.known[name]
        if cells.n_unique() > MOST_DIFFERENT + 1:
            return pl.String
        found = [each for each in dict.fromkeys(cells) if each is not None]
        if not 0 < len(found) <= MOST_DIFFERENT:
            return pl.String
        if isinstance(before, pl.Enum):
            found = [*dict.fromkeys([*before.categories, *found])]
        elif DIGITS.issuperset(found):
            return pl.Int8
        elif before == pl.Int8:
            found = [*dict.fromkeys([*sorted(DIGITS), *found])]
        return pl.Enum(found) if all(map(_is_plain, found)) else pl.String


def _is_plain(text: str) -> bool:
    """Whether a text means what it says, and more than a blank."""
    return bool(text.strip()) and not text.startswith("'")

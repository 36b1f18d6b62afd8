"""Where something stands in a source or a table, and the excerpt that shows it with a caret."""

from typing import NamedTuple


class Place(NamedTuple):
    """A span in a file; lines and columns count from 1, and the end column is the one after the last sign."""

    file: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1

    def to(self, end: "Place") -> "Place":
        """The span from here to the end of another place of the same file."""
        return Place(self.file, self.line, self.column, end.end_line, end.end_column)


NOWHERE = Place("", 0, 0, 0, 0)

WIDEST_EXCERPT = 110


def excerpt(place: Place, source: str, note: str = "") -> list[str]:
    """The line of the place with a caret line below it; nothing when the source has no such line."""
    lines = source.splitlines()
    if not 1 <= place.line <= len(lines):
        return []
    line = lines[place.line - 1].replace("\t", " ")
    start = min(place.column - 1, len(line))
    end = place.end_column - 1 if place.end_line == place.line else len(line)
    offset = max(0, min(start - 20, len(line) - WIDEST_EXCERPT)) if len(line) > WIDEST_EXCERPT else 0
    shown = line[offset : offset + WIDEST_EXCERPT]
    carets = "^" * max(1, min(end, offset + WIDEST_EXCERPT) - start)
    number = f"{place.line:>4} | "
    below = f"{' ' * (len(number) - 2)}| {' ' * (start - offset)}{carets}"
    return [number + shown, f"{below} {note}".rstrip()]

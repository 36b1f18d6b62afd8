"""Ratings written as a table: a line a unit, a column a rater, a point for no rating."""

from fidelity.summaries.agreement import Coefficients
from fidelity.summaries.agreement.ratings import Level, rated

# Krippendorff 2011, Computing Krippendorff's alpha-reliability, example D: 4 observers, 12 units.
# The same table is cac.raw4raters of Gwet's irrCAC.
FOUR_OBSERVERS = """
    1 1 . 1
    2 2 3 2
    3 3 3 3
    3 3 3 3
    2 2 2 2
    1 2 3 4
    4 4 4 4
    1 1 2 1
    2 2 2 2
    . 5 5 5
    . . 1 1
    . . 3 .
"""

# Shrout and Fleiss 1979, table 2: 6 targets, 4 judges.
SIX_TARGETS = """
    9  2 5 8
    6  1 3 2
    8  4 6 8
    7  1 2 6
    10 5 6 9
    6  2 4 7
"""


def rows_of(table: str) -> list[tuple[str, str, str]]:
    """Unit, rater and value of each rating."""
    lines = [line.split() for line in table.strip().splitlines()]
    return [
        (f"U{unit}", f"R{rater}", value)
        for unit, line in enumerate(lines, start=1)
        for rater, value in enumerate(line, start=1)
        if value != "."
    ]


def agreement(table: str, level: Level, categories: str = "") -> Coefficients:
    """All coefficients of a table."""
    rows = rows_of(table)
    units, raters, values = ([row[at] for row in rows] for at in range(3))
    return Coefficients(rated(units, raters, values, level, categories.split()))


def crossed(*rows: str) -> str:
    """A table of two raters, from how often each pair of answers was given: answers are 0, 1, 2 ..."""
    counts = [[int(each) for each in row.split()] for row in rows]
    return "\n".join(
        f"{first} {second}"
        for first, row in enumerate(counts)
        for second, number in enumerate(row)
        for _ in range(number)
    )


def csv_of(table: str) -> str:
    """The same as a file."""
    return "\n".join(["unit,rater,value", *(",".join(row) for row in rows_of(table)), ""])

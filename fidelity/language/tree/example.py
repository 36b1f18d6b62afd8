"""Examples: the tests inside a file."""

from fidelity.language.tree.condition import Filter, Test
from fidelity.language.tree.node import Node
from fidelity.language.tree.words import Day, Number, Reference, Text, Word


class GivenItems(Node):
    """`every item tagged basic`, after `given`."""

    keyword: Word
    filters: tuple[Filter, ...]


class GivenMissing(Node):
    """`missing`, after `given … is`."""


class Given(Node):
    """`given op_safety is not_done`."""

    target: GivenItems | tuple[Reference, ...]
    value: Word | GivenMissing | Text


class ExpectValue(Node):
    """`expect fidelity is low because essential_steps`."""

    subject: Reference
    test: Test
    because: tuple[Word, ...] | None


class ExpectGate(Node):
    """`expect gate safe_gate fails`."""

    gate: Word
    group: Word | None
    word: Word


class ExpectFlag(Node):
    """`expect flag few`."""

    flag: Word


class ExpectNoFlag(Node):
    """`expect no flag few`."""

    flag: Word


class Nothing(Node):
    """`empty`."""


class ExpectList(Node):
    """`expect list gaps is r3`."""

    list: Word
    names: tuple[Word, ...] | Nothing


class ExpectComment(Node):
    """`expect a comment on r2`."""

    names: tuple[Word, ...]


class Expect(Node):
    """One expectation."""

    what: ExpectValue | ExpectGate | ExpectFlag | ExpectNoFlag | ExpectList | ExpectComment


class Example(Node):
    """One case."""

    title: Text
    givens: tuple[Given, ...]
    expects: tuple[Expect, ...]


class MissingCell(Node):
    """`missing`, in a table."""

    word: Word


class DashCell(Node):
    """`-`, in a table."""

    word: Word


class DayCell(Node):
    """A date, in a table."""

    day: Day


Cell = Reference | Number | MissingCell | DashCell | DayCell


class Row(Node):
    """One line of a table."""

    given: tuple[Cell, ...]
    expected: tuple[Cell, ...]


class Table(Node):
    """`examples "…"`: a heading row and one case a row."""

    title: Text
    givens: tuple[Given, ...]
    head: Row
    rows: tuple[Row, ...]

"""What the checker lets pass (RB410) comes out exactly by all evaluators, however large the numbers are."""

from collections.abc import Mapping

import pytest
import strategies as some
from both_engines import by_columns, by_rows, naively
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import COUNT, NAMES

from fidelity.evaluate.columns.compiled import columns_of
from fidelity.evaluate.columns.number import TooLarge
from fidelity.language.reading import examined
from fidelity.model.checklist import Checklist, Question
from fidelity.model.expression import Arithmetic, Formula, Subject, ValueOf

HEAD = """\
checklist large "Large numbers"
  version 1.0.0
section counts "What was counted" is a count
  item seen "As many as there were"
  item more "And more"
section few "Few" is a count from 0 to 10
  item ten "Ten at most"
section shares "Parts of hours" is a number from 0 to 24
  item hours "Any part of a day"
section halves "In halves" is a number from 0 to 100 by 1/2
  item half "Halves" weight 1/3
"""
LARGEST = {
    "seen": ["0", "1", "999999999", "999999937"],
    "more": ["0", "1", "999999999", "999999929"],
    "ten": ["0", "7", "10"],
    "hours": ["0", "24", "23.999999", "0.000001", "1/2"],
    "half": ["0", "99.5", "100"],
}
numbers = st.sampled_from([*LARGEST, "999999999", "2/3", "0.000001", "7", "(mean of items in few)"])
formulas = st.recursive(
    numbers,
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda each: f"({' '.join(each)})"),
    max_leaves=8,
)
records = st.fixed_dictionaries({name: st.sampled_from([*values, ""]) for name, values in LARGEST.items()})


@settings(max_examples=60)
@given(formulas, st.lists(records, min_size=1, max_size=8))
def test_what_is_not_refused_is_exact(formula: str, rows: list[Mapping[str, str]]) -> None:
    checklist = passed(f'score s "S" is {formula}\nflag f "F" when s is above {LARGEST["seen"][-1]}\n')
    if checklist is not None:
        expected = naively(checklist, rows)
        assert by_rows(checklist, rows) == expected
        assert by_columns(checklist, rows) == expected


def passed(rules: str) -> Checklist | None:
    """The checklist, unless its numbers are too large or of kinds that cannot be joined."""
    checklist, problems = examined(HEAD + rules, "large.rubric")
    assert {each.code for each in problems if each.severity == "error"} <= {"RB410", "RB110", "RB111"}
    return checklist


def test_what_passes_64_bits_where_it_is_written_down_is_refused() -> None:
    for formula in ("seen * more * ten", "(seen / more) + (more / seen) + ten", "seen * more * (2/3 + half)"):
        _, problems = examined(HEAD + f'score s "S" is {formula}\n', "large.rubric")
        assert [each.code for each in problems if each.severity == "error"] == ["RB410"]


def test_what_passes_128_bits_on_the_way_is_worked_out_row_by_row() -> None:
    counts = tuple(Question(name, name, COUNT) for name in NAMES)
    product: Formula = ValueOf(Subject("question", NAMES[0]))
    for name in (*NAMES[1:], *NAMES[:2]):
        product = Arithmetic("*", product, ValueOf(Subject("question", name)))
    checklist = some.checklist([some.score(product)], questions=counts)
    with pytest.raises(TooLarge):
        columns_of(checklist, frozenset(NAMES))
    rows = [dict.fromkeys(NAMES, "7"), {"a": "12", "b": "1", "c": "1000"}]
    assert by_columns(checklist, rows) == naively(checklist, rows)

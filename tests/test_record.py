"""A record is what `@dataclass(frozen=True)` would make of the same fields."""

import pickle
from copy import copy, deepcopy
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace
from functools import cached_property
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.record import Record


class Step(Record):
    """A record like those of the model."""

    id: str
    title: str
    weight: int = 1
    tags: tuple[str, ...] = ()
    found: dict[str, int] = field(default_factory=dict, compare=False)
    place: int = field(default=0, compare=False)

    @cached_property
    def label(self) -> str:
        return f"{self.id} {self.title}"


@dataclass(frozen=True)
class Beside:
    """The same by the standard library."""

    id: str
    title: str
    weight: int = 1
    tags: tuple[str, ...] = ()
    found: dict[str, int] = field(default_factory=dict, compare=False)
    place: int = field(default=0, compare=False)


class Nothing(Record):
    """A record without a field."""


class Other(Record):
    """Another record without a field."""


GIVEN = st.fixed_dictionaries(
    {"id": st.sampled_from("ab"), "title": st.sampled_from("cd")},
    optional={
        "weight": st.integers(0, 1),
        "tags": st.sampled_from([(), ("e",)]),
        "found": st.sampled_from([{}, {"f": 1}]),
        "place": st.integers(0, 1),
    },
)


@given(GIVEN, GIVEN)
def test_it_has_the_values_equality_and_text_of_a_dataclass(one: dict[str, Any], two: dict[str, Any]) -> None:
    assert asdict(Step(**one)) == asdict(Beside(**one))
    assert (Step(**one) == Step(**two)) == (Beside(**one) == Beside(**two))
    assert repr(Step(**one)) == repr(Beside(**one)).replace("Beside", "Step")
    if Step(**one) == Step(**two):
        assert hash(Step(**one)) == hash(Step(**two))


def test_its_fields_are_those_of_a_dataclass() -> None:
    assert [each.name for each in fields(Step)] == [each.name for each in fields(Beside)]
    match Step("a", "b", 3):
        case Step(id, title, weight):
            assert (id, title, weight) == ("a", "b", 3)


def test_a_changed_one_is_another_one() -> None:
    step = Step("a", "b", place=7)
    changed = replace(step, title="c")
    assert (changed.title, changed.place, step.title) == ("c", 7, "b")


def test_nothing_can_be_changed() -> None:
    step = Step("a", "b")
    with pytest.raises(FrozenInstanceError):
        step.title = "c"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del step.title
    assert step.label == "a b"  # what is worked out from it may be kept in it


@pytest.mark.parametrize(
    ("values", "named"),
    [(("a",), {}), (("a", "b", 1, (), {}, 0, "more"), {}), (("a", "b"), {"wieght": 2})],
    ids=["too few", "too many", "misspelt"],
)
def test_fields_that_it_does_not_have_or_lacks_are_refused(
    values: tuple[Any, ...], named: dict[str, Any]
) -> None:
    with pytest.raises(TypeError, match="Step has the fields"):
        Step(*values, **named)


def test_each_gets_a_default_of_its_own_where_one_is_made() -> None:
    assert Step("a", "b").found is not Step("a", "b").found


def test_it_can_be_copied_and_kept() -> None:
    step = Step("a", "b", 2, ("c",), {"d": 1}, 9)
    for again in (copy(step), deepcopy(step), pickle.loads(pickle.dumps(step))):  # noqa: S301 - our own
        assert asdict(again) == asdict(step)


def test_records_of_different_kinds_are_never_equal() -> None:
    assert Nothing() == Nothing()
    assert Nothing() != Other()
    assert len({Nothing(), Nothing(), Other()}) == 2

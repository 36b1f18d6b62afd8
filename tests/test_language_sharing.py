"""Shared scales: `uses` takes over scales and bins, nothing else, and says what is wrong where it is used."""

from pathlib import Path

import pytest

from fidelity.language.reading import examined, load
from fidelity.model.checklist import Checklist

SHARED = """checklist house_scales "Scales of the house"
  version 2.0.0
scale tick "Seen?"
  answer seen "Seen" scores 1
  answer not_seen "Not seen" scores 0
scale unused "Not used below"
  answer yes_sign "Yes"
"""

USER = """checklist visit "A visit"
  version 1.0.0
  uses house_scales version 2.0.0
section first "First" on scale tick
  item hello "Says hello"
score total "Total" is percent of items
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "house_scales.rubric").write_text(SHARED, encoding="utf-8")
    return tmp_path


def visit(house: Path, text: str = USER) -> Checklist:
    return load(text, str(house / "visit.rubric"), libraries=[house])


def codes(house: Path, text: str) -> list[tuple[str, int]]:
    found = examined(text, str(house / "visit.rubric"), libraries=[house])[1]
    return [(each.code, each.place.line) for each in found if each.severity == "error"]


def test_its_answers_can_be_given(house: Path) -> None:
    assert [each.id for each in visit(house).question["hello"].scale.choices] == ["seen", "not_seen"]


def test_what_is_taken_over_and_not_used_is_no_mistake(house: Path) -> None:
    assert examined(USER, str(house / "visit.rubric"), libraries=[house])[1] == ()


def test_a_change_of_the_shared_scale_changes_the_fingerprint(house: Path) -> None:
    before = visit(house).fingerprint
    (house / "house_scales.rubric").write_text(SHARED.replace("scores 1", "scores 2"), encoding="utf-8")
    assert visit(house).fingerprint != before


def test_another_version_no_file_and_a_broken_one_are_told_at_the_line(house: Path) -> None:
    assert codes(house, USER.replace("2.0.0", "3.0.0")) == [("RB303", 3)]
    assert codes(house, USER.replace("house_scales", "no_scales")) == [("RB306", 3)]
    (house / "house_scales.rubric").write_text(SHARED.replace("answer seen", "anser seen"), encoding="utf-8")
    assert codes(house, USER) == [("RB306", 3)]


def test_an_id_that_both_have_is_taken_twice(house: Path) -> None:
    own = USER.replace("section", 'scale tick "Own"\n  answer a "A" scores 1\nsection')
    assert codes(house, own) == [("RB102", 4)]


def test_the_shipped_shared_scales_are_found_by_id() -> None:
    text = USER.replace("house_scales version 2.0.0", "shared_scales version 1.0.0").replace(
        "tick", "delivered"
    )
    assert load(text, "visit.rubric").question["hello"].points

"""What one observation costs is known before any is seen."""

from fidelity.language.reading import load
from fidelity.model.cost import costs

SOURCE = """checklist demo "Demo"
scale tick "Seen?"
  answer seen "Seen" scores 1
  answer not_seen "Not seen" scores 0
section first "First" on scale tick
  item a_1 "A"
  item b_1 "B"
  item c_1 "C" applies when a_1 is seen
score total "Total" is sum of items
score half  "Half"  is total / 2
flag open "Open" when any item is not_seen and total is below 2
"""


def test_members_count_one_each() -> None:
    assert dict(costs(load(SOURCE, "demo.rubric"))) == {
        "item c_1": 1,
        "score total": 4,
        "score half": 3,
        "flag open": 8,
    }

"""Two versions of a checklist: what changed, what can be compared, how far the version must move."""

import pytest

from fidelity.compare.difference import Aloud, Difference
from fidelity.compare.effect import smallest_honest_bump
from fidelity.compare.frame import frame_table
from fidelity.compare.model_difference import comparability_of, differences
from fidelity.compare.score_difference import Moved, moved_results, ways
from fidelity.language.reading import load
from fidelity.report.tables.rules import condition_in_words, formula_in_words

SOURCE = """\
checklist small "Small"
version 1.0.0
scale three "How well" from 0 to 3
  answer 3 "Very well"
section calm "Calm" on scale three
  item calm_1 "Speaks slowly"
    note "Slower than you think."
  item calm_2 "Leaves pauses"
section aside "Aside" on scale three
  item aside_1 "Wears a badge"
flag badge "No badge" when aside_1 is 0
threshold mark "Mark" is 2
score pace "Pace" for each section is mean of its items
score total "Total" is sum of items in calm
result overall "Overall" from total
  level low "Low" below mark
  level high "High" at least mark
gate silent "Silent" caps overall at low when calm_2 is 0
"""


def found(*edits: tuple[str, str]) -> list[Difference]:
    text = SOURCE
    for before, after in edits:
        assert before in text
        text = text.replace(before, after)
    return differences(
        load(SOURCE, "old.rubric"), load(text, "new.rubric"), Aloud(formula_in_words, condition_in_words)
    )


ITEM = '  item calm_2 "Leaves pauses"\n'
MOVES = {
    "nothing": ((), "A", "patch"),
    "wording": ((("Speaks slowly", "Speaks slowly and low"),), "B", "patch"),
    "note": ((("Slower than", "Much slower than"),), "B", "patch"),
    "title of an answer": (((' "Very well"', ' "Excellent"'),), "B", "patch"),
    "new score": ((("score total", 'score half "Half" is total / 2\nscore total'),), "A", "minor"),
    "new text item": ((("flag badge", '  item words "Remarks" is text\nflag badge'),), "A", "minor"),
    "threshold": (((" is 2\n", " is 3\n"),), "D", "major"),
    "band": ((("below mark", "below 3"), ("at least mark", "at least 3")), "D", "major"),
    "gate": ((("when calm_2 is 0", "when calm_1 is 0"),), "D", "major"),
    "flag dropped": ((('flag badge "No badge" when aside_1 is 0\n', ""),), "A", "major"),
    "item added": ((("section aside", '  item calm_3 "Waits"\nsection aside'),), "D", "major"),
    "item dropped": (((ITEM, ""), ("when calm_2 is 0", "when calm_1 is 0")), "D", "major"),
    "item in the place of another": ((('calm_1 "Speaks slowly"', 'calm_3 "Waits"'),), "C", "major"),
    "formula": ((("sum of items in calm", "mean of items in calm"),), "D", "major"),
    "weight": ((('Leaves pauses"', 'Leaves pauses" weight 2'),), "D", "major"),
    "scale": ((("from 0 to 3", "from 0 to 4"),), "D", "major"),
    "treat": ((("version 1.0.0", "version 1.0.0\ntreat missing as 0"),), "D", "major"),
}


@pytest.mark.parametrize(("edits", "letter", "bump"), MOVES.values(), ids=MOVES)
def test_the_class_and_the_smallest_honest_step(
    edits: tuple[tuple[str, str], ...], letter: str, bump: str
) -> None:
    changes, text = found(*edits), SOURCE
    for before, after in edits:
        text = text.replace(before, after)
    effects = [each.effect for each in changes]
    found_letter = comparability_of(load(SOURCE, "old.rubric"), load(text, "new.rubric"), changes)
    assert (found_letter, smallest_honest_bump(effects)) == (letter, bump)


def test_changes_are_told_in_words() -> None:
    changes = found(
        ("Speaks slowly", "Speaks low"), (" is 2\n", " is 3\n"), ("sum of items", "mean of items")
    )
    assert [(each.kind, each.target, each.before, each.after) for each in changes] == [
        ("moved", "threshold mark", "2", "3"),
        ("reworded", "item calm_1", "Speaks slowly", "Speaks low"),
        ("changed", "score total", "sum of the 2 items of “Calm”", "mean of the 2 items of “Calm”"),
    ]


def test_a_family_that_changes_as_a_whole_is_told_once() -> None:
    changes = found(("mean of its items", "lowest of its items"))
    assert [each.target for each in changes] == ["score pace"]


def test_an_item_that_came_does_not_make_its_scores_other_ones() -> None:
    changes = found(("section aside", '  item calm_3 "Waits"\nsection aside'))
    assert [(each.kind, each.target) for each in changes] == [("added", "item calm_3")]


def test_moves_are_counted_with_three_examples() -> None:
    records = [(f"S{n}", {"overall": ("high",)}, {"overall": ("low",)}) for n in range(5)]
    still = [("S9", {"overall": ("high",)}, {"overall": ("high",)})]
    open_ = [("S8", {"overall": ("low", "high")}, {"overall": ("low",)})]
    moved = moved_results([*records, *still, *open_])
    assert moved[-1] == Moved("S8", "overall", "low or high", "low")
    assert [(each.number, each.examples) for each in ways(moved)] == [(5, ("S0", "S1", "S2")), (1, ("S8",))]


def test_the_frame_table_has_a_row_a_change() -> None:
    text = """\
adaptation site "At a site"
  extends upsides_principles version 2.1.1
  site "A site"
  made by "A group" on 2026-01-20
reword item saf_2 to "Calls the manager"
  because "No clinician." planned fidelity inconsistent under deviation manager
deviation manager "The manager helps"
  touches item saf_2
  risk "It may take longer."
  approved by "The lead" on 2026-02-02
  expires on 2027-02-01
"""
    (row,) = frame_table(load(text, "site.rubric"))
    assert row == {
        "adaptation": "site",
        "base": "upsides_principles 2.1.1",
        "site": "A site",
        "made_by": "A group",
        "made_on": "2026-01-20",
        "approved_by": "",
        "approved_on": "",
        "change": "reword",
        "nature": "tailoring",
        "target": "item saf_2",
        "before": "Notices signs of danger and gets help",
        "after": "Calls the manager",
        "reason": "No clinician.",
        "planned": "planned",
        "fidelity": "inconsistent",
        "deviation": "manager",
        "risk": "It may take longer.",
        "deviation_approved_by": "The lead",
        "deviation_approved_on": "2026-02-02",
        "expires_on": "2027-02-01",
    }

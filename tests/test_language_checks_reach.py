"""Which values a score can reach, against trying every record; and what follows for cut-offs."""

from fractions import Fraction
from itertools import product

import pytest

from fidelity.language.checks.reach import Reached, all_answers, reached
from fidelity.language.checks.truth import Trial
from fidelity.language.reading import examined, load
from fidelity.model.checklist import Checklist
from fidelity.model.expression import Subject
from fidelity.model.scale import MISSING, Answer

HEAD = """checklist demo "Demo"
scale done "Done?"
  answer no_step "No" scores 0
  answer part "Partly" scores 1
  answer full "Yes" scores 2
  answer na "Does not apply" means not_applicable
section steps "Steps" on scale done
  item a "A"
  item b "B" weight 3
  item c "C" reversed
"""

SCORES = (
    "percent of items",
    "percent of items needing at least 2/3 answered",
    "mean of items needing at least 1/3 answered",
    "mean of items needing at least 2 answered",
    "sum of items",
    "share of items rated full, part needing at least 2/3 answered",
    "count of items rated full",
    "count of items needing at least 1/3 answered",
    "(mean of items) * 10 - 2 needing at least 2/3 answered",
    "(sum of items) as percent of 10",
    "percent of items rounded down to 0 places",
)


def checklist(score: str, *more: str) -> Checklist:
    return load("\n".join([f"{HEAD}score total is {score}", *more, ""]), "demo.rubric")


def of(made: Checklist) -> Reached:
    found = reached(made, made.scores[0])
    assert found is not None
    return found


def by_trying(made: Checklist) -> set[Fraction]:
    """The score of every record, blanks included."""
    choices: list[list[Answer]] = [[*(all_answers(each) or []), MISSING] for each in made.questions]
    keys = [each.key for each in made.questions]
    records = (dict(zip(keys, answers, strict=True)) for answers in product(*choices))
    values = (Trial(made, record).look(Subject("score", "total")) for record in records)
    return {each for each in values if isinstance(each, Fraction)}


@pytest.mark.parametrize("score", SCORES)
def test_reachable_values_are_those_of_all_records(score: str) -> None:
    made = checklist(score)
    assert set(of(made).values) == by_trying(made)


@pytest.mark.parametrize("score", SCORES)
def test_every_value_has_a_record(score: str) -> None:
    made = checklist(score)
    found = of(made)
    for value, raw in found.values.items():
        assert Trial(made, found.record(raw)).look(Subject("score", "total")) == value


def test_twelve_items_reach_the_values_of_the_design() -> None:
    items = [f'  item x{number} "X"' for number in range(12)]
    lines = [line for line in HEAD.splitlines() if not line.startswith("  item")]
    made = load("\n".join([*lines, *items, "score total is percent of items", ""]), "demo.rubric")
    assert Fraction(650, 11) in of(made).values


def test_two_hundred_items_with_blanks_end_in_time() -> None:
    items = [f'  item x{number} "X"' for number in range(200)]
    lines = [line for line in HEAD.splitlines() if not line.startswith("  item")]
    rule = "score total is percent of items needing at least 2/3 answered"
    made = load("\n".join([*lines, *items, rule, ""]), "demo.rubric")
    assert reached(made, made.scores[0]) is None


TICKS = """checklist demo "Demo"
scale tick "Seen?"
  answer not_seen "Not seen" scores 0
  answer seen "Seen" scores 1
section steps "Steps" on scale tick
  item a "A"
  item b "B"
  item c "C"
"""


def codes(source: str) -> list[str]:
    return [each.code for each in examined(source, "demo.rubric")[1]]


@pytest.mark.parametrize(
    ("mark", "score", "near"),
    [
        ("66.7%", "percent of items", True),
        ("67%", "percent of items", True),
        ("2/3", "percent of items", False),
        ("66.6%", "percent of items", False),
        ("60%", "percent of items", False),
        ("0.67", "mean of items", True),
        ("1/2", "mean of items", False),
        ("1", "mean of items", False),
    ],
)
def test_a_threshold_just_above_a_simple_fraction_is_a_near_miss(mark: str, score: str, near: bool) -> None:
    levels = (
        f'result met from total\n  level no_yet "No" below {mark}\n  level yes_it "Yes" at least {mark}\n'
    )
    assert ("RB216" in codes(f"{TICKS}score total is {score}\n{levels}")) is near


def test_a_near_miss_can_be_allowed() -> None:
    source = (
        f'{TICKS}threshold mark "Mark" is 66.7%\n  allow RB216 because "The manual says 66.7%."\n'
        'score total is percent of items\nresult met from total\n  level no_yet "No" below mark\n'
        '  level yes_it "Yes" at least mark\n'
    )
    found = examined(source, "demo.rubric")[1]
    assert [(each.code, each.severity) for each in found] == [("RB216", "info")]
    assert "The manual says 66.7%." in found[0].help


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("ratio of a to b", ["RB219"]),
        ("a as percent of b", ["RB219"]),
        ("a / b", ["RB213"]),
        ("a / (b + 1)", []),
        ("ratio of a to b only when b is at least 5", []),
        ("a as percent of a + b only when both is at least 5", []),
        ("ratio of a to b only when a is at least 5", ["RB213"]),
        ("a as percent of 50 - c", []),
    ],
)
def test_divisions_are_bounded_away_from_nought(rule: str, found: list[str]) -> None:
    source = (
        'checklist demo "Demo"\nsection counts "Counts" is a count\n  item a "A"\n  item b "B"\n'
        '  item c "C" is a count from 0 to 40\nscore both is a + b\nscore third is sum of items\n'
        f"score total is {rule}\n"
    )
    assert codes(source) == found


@pytest.mark.parametrize(
    ("sizes", "share", "found"),
    [
        ((3, 3), "2/3", []),
        ((3, 4), "2/3", ["RB217"]),
        ((4, 4), "2/3", ["RB217"]),
        ((6, 4), "1/2", []),
        ((10, 12), "80%", []),
        ((10, 3), "80%", ["RB217"]),
    ],
)
def test_shares_of_small_groups(sizes: tuple[int, int], share: str, found: list[str]) -> None:
    groups = [
        f'section g{at} "G" on scale tick\n' + "".join(f'  item g{at}_{n} "X {n}"\n' for n in range(size))
        for at, size in enumerate(sizes)
    ]
    head = TICKS.partition("section")[0]
    rule = f"score part for each section is percent of its items needing at least {share} answered\n"
    assert codes(head + "".join(groups) + rule) == found

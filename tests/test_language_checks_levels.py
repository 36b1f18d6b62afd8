"""Levels by rule, gates, flags and conditions, proved over all that a record can say."""

import pytest

from fidelity.errors import Problem
from fidelity.language.reading import examined

HEAD = """checklist demo "Demo"
fact format "Format" is one of single "Single", group "Group"
scale tick "Seen?"
  answer not_seen "Not seen" scores 0
  answer seen "Seen" scores 1
section first "First" on scale tick
  item a "A" tagged basic
  item b "B" tagged basic
  item c "C" tagged extra
  item d "D" tagged extra
score total is percent of items
flag in_a_group "In a group" when format is group
"""


def found(*lines: str) -> tuple[Problem, ...]:
    return examined(HEAD + "\n".join(lines) + "\n", "demo.rubric")[1]


def codes(*lines: str) -> list[str]:
    """All but the tags that a case leaves unused."""
    return [each.code for each in found(*lines) if each.code != "RB202"]


def levels(*rules: str) -> list[str]:
    return ["result met", *(f'  level l{at} "L{at}" {rule}' for at, rule in enumerate(rules))]


EXACT = (
    ("when any item is not_seen", "when every item is seen"),
    (
        "when any item tagged basic is not_seen",
        "when all items tagged basic are seen and none of items tagged extra are seen",
        "when all items tagged basic are seen and any item tagged extra is seen",
    ),
    ("when at most 1 item is seen", "when exactly 2 items are seen", "when at least 3 items are seen"),
    ("when total is below 50%", "when total is at least 50% and a is seen", "otherwise"),
    ("when total is below 50% or a is not_seen", "when total is at least 50% and a is seen"),
    ("when format is group", "when format is single"),
    ("when total is not scored", "when total is scored and total is below 60%", "when total is at least 60%"),
)


@pytest.mark.parametrize("rules", EXACT)
def test_exactly_one_level_is_proved(rules: tuple[str, ...]) -> None:
    assert "RB207" not in codes(*levels(*rules))


@pytest.mark.parametrize(
    ("rules", "example"),
    [
        (("when a is not_seen", "when any item is seen"), "a not_seen, b seen, c seen, d seen"),
        (
            ("when every item is not_seen", "when every item is seen"),
            "a not_seen, b seen, c not_seen, d not_seen",
        ),
        (("when total is below 50%", "when a is seen"), "total 50%, a not_seen"),
    ],
)
def test_a_doubtful_record_is_shown(rules: tuple[str, ...], example: str) -> None:
    problems = [each for each in found(*levels(*rules)) if each.code == "RB207"]
    assert {each.severity for each in problems} == {"error"}
    assert any(example in each.help for each in problems)


def test_the_record_names_items_and_answers() -> None:
    rules = levels("when all items tagged basic are seen", "when a is seen and c is seen")
    two = next(each for each in found(*rules) if "Two levels" in each.message)
    assert two.place.line == len(HEAD.splitlines()) + 3
    assert "a seen, b seen, c seen" in two.help


def test_a_combination_that_no_record_has_is_no_finding() -> None:
    """With three of four seen, the total cannot be below half."""
    rules = levels("when total is below 50%", "when at least 3 items are seen", "otherwise")
    assert "RB207" not in codes(*rules)


BANDS = (
    "result band from total",
    '  level low "Low" below 50%',
    '  level high "High" at least 50%',
)


@pytest.mark.parametrize(
    ("gate", "expected"),
    [
        ("caps band at low when a is not_seen", []),
        ("caps band at high when a is not_seen", ["RB209"]),
        ("caps band at low when a is seen and a is not_seen", ["RB209"]),
        ("caps band at low when total is below 30%", ["RB209"]),
        ("caps band at low when total is below 60%", []),
    ],
)
def test_gates_that_change_nothing(gate: str, expected: list[str]) -> None:
    assert codes(*BANDS, 'gate stop "Stop"', f"  {gate}") == expected


def test_a_gate_that_repeats_a_level_of_a_family_changes_nothing() -> None:
    """The design's own sample."""
    source = HEAD.replace("section first", "competency first") + "\n".join(
        [
            "result skill for each competency",
            '  level 1 "One" only by gate',
            '  level 2 "Two" when any of its items tagged basic is not_seen',
            '  level 3 "Three" when all of its items tagged basic are seen',
            'gate harm "Harm" for each competency caps skill at 1 when any of its items tagged extra is seen',
            "result ready",
            '  level not_yet "Not yet" when any skill is below 3',
            '  level yes_it "Yes" when every skill is at least 3',
            'gate any_harm "Any harm" caps ready at not_yet when any skill is 1',
            "",
        ]
    )
    problems = examined(source, "demo.rubric")[1]
    assert [each.code for each in problems] == ["RB209"]
    assert problems[0].under == "whenever it applies, ready is already not_yet"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("a is seen", []),
        ("a is seen or a is not_seen", ["RB210"]),
        ("a is seen and a is not_seen", ["RB210"]),
        ("every item is seen and a is seen", ["RB210"]),
        ("any item is seen or a is seen", ["RB210"]),
        ("total is at least 0%", ["RB210"]),
        ("total is scored and total is at least 50%", []),
        ("a is missing or a is not_seen", []),
        ("at least 2 items are seen", []),
        ("band is high and a is not_seen", []),
    ],
)
def test_conditions_that_say_nothing(condition: str, expected: list[str]) -> None:
    assert codes(*BANDS, f'flag look "Look" when {condition}') == expected


def test_a_flag_against_the_gates_of_its_level() -> None:
    lines = [
        *BANDS,
        'gate stop "Stop" caps band at low when a is not_seen',
        'flag odd "Odd" when band is high and a is not_seen',
    ]
    assert codes(*lines) == ["RB211"]
    assert codes(*lines[:-1], 'flag odd "Odd" when band is high and b is not_seen') == []


def test_too_many_combinations_are_said_to_be_unproved() -> None:
    scales = "".join(
        f'scale s{at} "S"\n' + "".join(f'  answer w{at}_{n} "W" scores {n}\n' for n in range(8))
        for at in range(7)
    )
    items = "".join(f'  item i{at} "I" on scale s{at}\n' for at in range(7))
    each = [
        " and ".join(f"(i{at} is w{at}_{n} or i{at} is w{at}_{(n + 1) % 8})" for at in range(7))
        for n in range(0, 8, 1)
    ]
    source = f'checklist demo "Demo"\n{scales}section all_of "All"\n{items}result met\n' + "".join(
        f'  level l{n} "L" when {rule}\n' for n, rule in enumerate(each)
    )
    problems = [each for each in examined(source, "demo.rubric")[1] if each.code == "RB207"]
    assert [each.severity for each in problems] == ["warning"]


@pytest.mark.parametrize(
    ("what", "source"),
    [
        ("items", 'section s "S" is a count\n' + "".join(f'  item i{n} "I"\n' for n in range(2001))),
        ("groups", "".join(f'section s{n} "S" is a count\n  item i{n} "I"\n' for n in range(201))),
        (
            "scores and results",
            "".join(f'section s{n} "S" is a count\n  item i{n} "I"\n' for n in range(100))
            + "".join(f"score r{n} for each section is sum of its items\n" for n in range(11)),
        ),
        (
            "examples",
            'section s "S" is a count\n  item i "I"\nscore total is sum of items\n'
            'examples "Many"\n  | i => total |\n' + "  | 1 => 1 |\n" * 2001,
        ),
    ],
)
def test_a_file_that_defines_too_much_is_refused_at_once(what: str, source: str) -> None:
    problems = examined(f'checklist demo "Demo"\n{source}', "demo.rubric")[1]
    assert [each.code for each in problems] == ["RB005"]
    assert f" {what}, and a checklist may have" in problems[0].message

"""From the tree to the model: what names mean, what kinds values have, what each finding says."""

from fractions import Fraction

import pytest

from fidelity.errors import ProblemsFound
from fidelity.language.reading import examined, load
from fidelity.model.checklist import AsPoints, Checklist, LeftOut
from fidelity.model.expression import And, Compare, Constant, IsOneOf, Quantified, Subject
from fidelity.model.scale import NonAnswer

HEAD = """checklist demo "Demo"
scale tick "Seen?"
  answer not_seen "Not seen" scores 0
  answer seen "Seen" scores 1
scale often "How often?" from 1 to 5
principle warm "Warm" on scale tick
  item smiles "Smiles" tagged basic
  item listens "Listens" tagged basic
principle safe "Safe" on scale tick
  item asks "Asks" tagged basic, essential
"""


def checklist(*lines: str) -> Checklist:
    return load(HEAD + "\n".join(lines) + "\n", "demo.rubric")


def found(*lines: str) -> list[tuple[str, int]]:
    problems = examined(HEAD + "\n".join(lines) + "\n", "demo.rubric")[1]
    return [(each.code, each.place.line) for each in problems if each.severity == "error"]


def test_a_family_has_one_score_for_each_group() -> None:
    made = checklist('score part "Part" for each principle is percent of its items')
    assert [each.key for each in made.scores] == ["part.warm", "part.safe"]
    assert made.score["part.warm"].title == "Part · Warm"
    assert [each.key for each in made.score["part.warm"].formula.over] == ["smiles", "listens"]  # type: ignore[union-attr]


def test_inside_a_family_its_own_member_is_meant() -> None:
    made = checklist(
        "score part for each principle is percent of its items",
        "result met for each principle from part",
        '  level no_yet "No" below 50%',
        '  level yes_it "Yes" at least 50%',
    )
    line = made.result["met.safe"].levels[0].when
    assert isinstance(line, Compare)
    assert line.left.subject == Subject("score", "part.safe")  # type: ignore[union-attr]


def test_a_threshold_of_a_group_is_its_own_mark() -> None:
    made = checklist(
        'threshold mark "Mark" is 50%',
        'threshold mark "Mark" of safe is 100%',
        "score part for each principle is percent of its items",
        "result met for each principle",
        '  level no_yet "No" when part is below mark',
        '  level yes_it "Yes" when part is at least mark',
    )
    marks = {key: made.result[key].levels[0].when for key in made.result}
    assert {key: line.right.value for key, line in marks.items()} == {  # type: ignore[union-attr]
        "met.warm": 50,
        "met.safe": 100,
    }


def test_two_thirds_beside_a_percent_is_two_thirds_of_the_whole() -> None:
    made = checklist(
        "score total is percent of items",
        "result met from total",
        '  level no_yet "No" below 2/3',
        '  level yes_it "Yes" at least 2/3',
    )
    line = made.result["met"].levels[1].when
    assert isinstance(line, Compare)
    assert line.right == Constant(Fraction(200, 3))


def test_a_standard_of_a_percent_written_as_a_fraction_is_a_share() -> None:
    source = checklist("score adherence is percent of items", "threshold standard of adherence is 2/3")
    assert source.standard("adherence") == Fraction(200, 3)


def test_a_quantifier_has_one_condition_for_each_member() -> None:
    made = checklist('flag open "Open" when any item tagged basic except safe is not_seen')
    condition = made.flags[0].when
    assert isinstance(condition, Quantified)
    assert [member.key for member, _ in condition.members] == ["smiles", "listens"]
    assert condition.members[0][1] == IsOneOf(Subject("question", "smiles"), ("not_seen",))


def test_numbers_shorthand_makes_every_step_score_itself() -> None:
    item = '  item warmth "Warmth" on scale often'
    made = checklist('section more "More"', item, "score w is mean of items in more")
    assert made.question["warmth"].points == (Fraction(1), Fraction(5))
    assert (made.score["w"].lowest, made.score["w"].highest) == (Fraction(1), Fraction(5))


def test_conditions_of_group_and_item_are_joined() -> None:
    made = checklist(
        'section more "More" on scale tick applies when asks is seen',
        '  item plans "Plans" applies when listens is seen',
    )
    assert isinstance(made.question["plans"].applies, And)


def test_treatments_and_codes_of_the_head() -> None:
    made = load(
        HEAD.replace(
            "scale tick",
            'treat not_observed as left out\n treat declined as 0\n code "99" means missing\nscale tick',
            1,
        ),
        "demo.rubric",
    )
    assert made.treat == {NonAnswer.NOT_OBSERVED: LeftOut(), NonAnswer.DECLINED: AsPoints(Fraction(0))}
    assert made.codes == {"99": NonAnswer.MISSING}


def test_scores_come_after_what_they_read() -> None:
    made = checklist("score twice is total * 2", "score total is sum of items")
    keys = [key for kind, key in made.order if kind == "score"]
    assert keys == ["total", "twice"]


def test_layout_and_remarks_do_not_change_the_fingerprint_but_words_do() -> None:
    text = HEAD + "score total is sum of items\n"
    same = text.replace("  item", "\titem").replace("scale tick", "# a remark\nscale   tick", 1)
    assert load(text, "a").fingerprint == load(same, "b").fingerprint
    assert load(text, "a").fingerprint != load(text.replace("Smiles", "Laughs"), "a").fingerprint


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["score t is mean of nobody"], [("RB101", 11)]),
        (["score t is percent of items tagged advanced"], [("RB203", 11)]),
        (["score t is percent of items in nowhere"], [("RB101", 11)]),
        (['score t "T" is sum of items needing at least 1/2 answered'], [("RB212", 11)]),
        (["score a is b + 1", "score b is a + 1"], [("RB130", 11)]),
        (["score a is a + 1"], [("RB130", 11)]),
        (['flag f "F" when smiles is sen'], [("RB101", 11)]),
        (['flag f "F" when smiles is hih', "score t is sum of items"], [("RB101", 11)]),
        (['flag f "F" when nobody is seen'], [("RB101", 11)]),
        (
            ["score part for each principle is mean of its items", 'flag f "F" when part is below 1'],
            [("RB110", 12)],
        ),
        (["score t is percent of its items"], [("RB110", 11)]),
        (["result r from nobody", '  level low "Low" below 1'], [("RB101", 11)]),
        (['gate g "G" caps nobody at low when asks is seen'], [("RB101", 11)]),
        (['section s "S"', '  item x "X"'], [("RB110", 12)]),
        (['section s "S" is text', '  item x "X"', "score t is x + 1"], [("RB113", 13)]),
        (['scale bad "Bad" from 5 to 1'], [("RB116", 11)]),
        (['scale bad "Bad" from 0 to 1 by 2/5'], [("RB116", 11)]),
        (['scale bad "Bad"', '  answer unsure "?" means not_observed'], [("RB120", 12)]),
        (['scale bad "Bad"', '  answer a "A" coded "1"', '  answer b "B" coded "1"'], [("RB115", 13)]),
        (['example "E"', "  given smiles is maybe", "  expect nobody is 1"], [("RB101", 12), ("RB101", 13)]),
        (['core gate nothing because "x"'], [("RB101", 11)]),
    ],
)
def test_findings_have_their_code_and_line(lines: list[str], expected: list[tuple[str, int]]) -> None:
    assert found(*lines) == expected


def test_items_of_different_ranges_have_no_mean() -> None:
    problems = found('section more "More" on scale often', '  item warmth "W"', "score t is mean of items")
    assert problems == [("RB111", 13)]


@pytest.mark.parametrize(
    ("low", "high", "codes"),
    [
        ("below 50%", "at least 50%", []),
        ("at most 49%", "at least 50%", ["RB204"]),
        ("at most 50%", "at least 50%", ["RB205"]),
        ("below 50%", "above 50%", ["RB204"]),
        ("from 0% to 50%", "above 50%", []),
        ("from 10% to below 50%", "at least 50%", ["RB204"]),
    ],
)
def test_bands_of_a_percent_must_meet(low: str, high: str, codes: list[str]) -> None:
    levels = [f'  level a "A" {low}', f'  level b "B" {high}']
    lines = ["score t is percent of items", "result r from t", *levels]
    assert [code for code, _ in found(*lines)] == codes


@pytest.mark.parametrize(("score", "codes"), [("sum of items", []), ("mean of items", ["RB204"])])
def test_whole_points_have_no_gap_between_1_and_2(score: str, codes: list[str]) -> None:
    lines = [f"score t is {score}", "result r from t", '  level a "A" at most 0', '  level b "B" at least 1']
    assert [code for code, _ in found(*lines)] == codes


def test_an_allowed_warning_becomes_information_with_its_reason() -> None:
    group = ['section s "S" on scale tick', '  item aside "Aside"']
    lines = [*group, '    allow RB201 because "For the supervisor only."']
    problems = examined(HEAD + "\n".join([*lines, "score t is sum of items except aside"]), "demo.rubric")[1]
    [only] = [each for each in problems if each.code == "RB201"]
    assert only.severity == "info"
    assert "For the supervisor only." in only.help


def test_all_problems_of_a_file_come_at_once_in_order() -> None:
    with pytest.raises(ProblemsFound) as caught:
        checklist("score a is mean of nobody", "score b is mean of someone")
    assert [each.place.line for each in caught.value.problems] == [11, 12]

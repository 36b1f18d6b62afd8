"""Double-scored sessions of a study: items worst first, scores, pairs, experts, AI scorers and rules."""

from fractions import Fraction

import pytest
from summary_sample import SMALL, checklist_of, scored

from fidelity.model.programme import ReliabilityRule, Series
from fidelity.model.summary import (
    Agreement,
    Calibration,
    Confusion,
    Estimate,
    ItemAgreement,
    Reliable,
    ScorerDifference,
)
from fidelity.summaries.agreement.reliability import coefficient
from fidelity.summaries.agreement.study import agreement_of
from fidelity.summaries.agreement.study_json import agreement_as_json
from fidelity.summaries.columns import from_scored

HEAD = "therapist date       session rater role       site arm welcome safety plan homework\n"


def agreement(table: str, *rules: ReliabilityRule, source: str = SMALL) -> Agreement:
    checklist = checklist_of(source)
    rows = scored(checklist, (HEAD + table.strip()).replace(" role ", " rater_role ", 1))
    return agreement_of(from_scored(checklist, rows), checklist, rules)


def two_raters(*answers: str, first: str = "R1", second: str = "R2") -> str:
    """A session a line: what the first rater gave, a bar, what the second gave."""
    lines = []
    for number, each in enumerate(answers, start=1):
        for rater, given in zip((first, second), each.split(" | "), strict=True):
            lines.append(f"Amina 2026-01-05 S{number} {rater} supervisor - - {given}")
    return "\n".join(lines)


def item(found: Agreement, name: str) -> ItemAgreement:
    return next(each for each in found.items if each.item == name)


ALIKE = "done done done done | done done done done"


def test_the_worst_item_stands_first_with_its_own_categories() -> None:
    found = agreement(
        two_raters(
            "done done done partly | done partly not_done partly",
            "done done partly done | done done done done",
            "done not_done not_done done | done not_done partly done",
        )
    )
    assert [each.item for each in found.items] == ["plan", "safety", "welcome", "homework"]
    worst = found.items[0]
    assert (worst.level, worst.sessions, worst.percent.value) == ("ordinal", 3, 0)
    assert worst.gwet_name == "gwet_ac2.quadratic"
    assert worst.kappa_name == "weighted_kappa.quadratic"
    assert worst.confusion == Confusion(
        categories=("not_done", "partly", "done"), counts=((0, 1, 0), (0, 0, 1), (1, 0, 0))
    )


def test_answers_that_never_differ_have_percent_and_ac_and_say_why_no_kappa() -> None:
    welcome = item(agreement(two_raters(ALIKE, ALIKE)), "welcome")
    assert welcome.percent == Estimate(value=1)
    assert welcome.gwet == Estimate(value=1)
    alike = Estimate(reason="all ratings are the same, so chance alone would agree as well")
    assert welcome.kappa == welcome.alpha == alike


def test_two_answers_are_nominal_and_get_ac1() -> None:
    source = SMALL.replace('  answer partly   "Partly done"    scores 1\n', "")
    found = agreement(two_raters(ALIKE, "not_done done done done | done done done done"), source=source)
    welcome = item(found, "welcome")
    assert (welcome.level, welcome.gwet_name, welcome.kappa_name) == ("nominal", "gwet_ac1", "cohen_kappa")


def test_whether_an_item_applies_is_judged_apart() -> None:
    homework = item(
        agreement(
            two_raters("done done done na | done done done na", "done done done na | done done done done")
        ),
        "homework",
    )
    assert homework.sessions == 0
    assert homework.applicability is not None
    assert homework.applicability.value == 0.5
    assert item(agreement(two_raters(ALIKE)), "homework").applicability is None


def test_the_same_two_raters_give_icc_2_1_and_changing_pairs_1_1() -> None:
    table = two_raters(
        "done done done done | done done done done",
        "done not_done done done | done partly done done",
        "not_done not_done done done | not_done not_done done done",
    )
    fixed = agreement(table)
    assert (fixed.double_scored, fixed.same_raters, fixed.totals[0].form) == (3, True, "2,1")
    changing = agreement(table.replace("S3 R2", "S3 R3"))
    assert (changing.same_raters, changing.totals[0].form) == (False, "1,1")
    assert changing.totals[0].icc.value == pytest.approx(0.96)
    assert item(changing, "safety").kappa_name == "fleiss_kappa"


def test_raters_without_a_name_are_different_people() -> None:
    found = agreement(two_raters(ALIKE, ALIKE, first="-", second="-"))
    assert (found.double_scored, found.same_raters, found.raters, found.pairs) == (2, False, (), ())


def test_a_second_look_of_one_rater_is_no_second_rater() -> None:
    assert agreement(two_raters(ALIKE, first="R1", second="R1")).double_scored == 0


def test_a_session_rated_three_times_counts_every_pair() -> None:
    table = two_raters("done done done done | partly done done done")
    three = agreement(f"{table}\nAmina 2026-01-05 S1 R3 supervisor - - done done done done")
    welcome = item(three, "welcome")
    assert welcome.sessions == 1
    assert welcome.percent.value == pytest.approx(1 / 3)
    assert [(each.first, each.second) for each in three.pairs] == [("R1", "R2"), ("R2", "R3"), ("R1", "R3")]


def test_pairs_say_how_often_they_agree_and_who_is_stricter() -> None:
    (pair,) = agreement(
        two_raters(
            "done done done done | done done done partly", "done done done done | done done partly partly"
        )
    ).pairs
    assert (pair.sessions, pair.answers, pair.alike.value) == (2, 8, 0.625)
    assert pair.difference == Estimate(value=18.75)


def test_self_client_and_ai_are_no_second_observer() -> None:
    for role in ("self", "client", "worker", "ai"):
        table = two_raters(ALIKE).replace("R2 supervisor", f"R2 {role}")
        assert agreement(table).double_scored == 0, role


def test_calibration_against_an_expert_is_exact_near_and_signed() -> None:
    table = two_raters(
        "done done done done | done done done partly",
        "done done done done | not_done done done done",
        "done done done done | done done done done",
        second="E1",
    ).replace("E1 supervisor", "E1 expert")
    (row,) = agreement(table).calibration
    assert row == Calibration(
        rater="R1",
        sessions=3,
        answers=12,
        exact=10 / 12,
        within_one_point=11 / 12,
        difference=Estimate(value=12.5, low=row.difference.low, high=row.difference.high),
    )
    assert row.difference.low == pytest.approx(12.5 - 4.302653 * 12.5 / 3**0.5)


def test_an_ai_scorer_is_held_against_people_by_therapist_site_and_arm() -> None:
    (scorer,) = agreement("""
        Amina 2026-01-05 S1 R1 supervisor north new done done done done
        Amina 2026-01-05 S1 A1 ai         north new done done done done
        Binta 2026-01-05 S2 R1 supervisor south -   done done done done
        Binta 2026-01-05 S2 R2 supervisor south -   done done done not_done
        Binta 2026-01-05 S2 A1 ai         south -   done done not_done not_done
    """).scorers
    assert (scorer.scorer, scorer.sessions) == ("A1", 2)
    assert scorer.differences == (
        ScorerDifference(by="all", name="", sessions=2, difference=Estimate(value=-18.75)),
        ScorerDifference(by="therapist", name="Amina", sessions=1, difference=Estimate(value=0)),
        ScorerDifference(by="therapist", name="Binta", sessions=1, difference=Estimate(value=-37.5)),
        ScorerDifference(by="site", name="north", sessions=1, difference=Estimate(value=0)),
        ScorerDifference(by="site", name="south", sessions=1, difference=Estimate(value=-37.5)),
        ScorerDifference(by="arm", name="new", sessions=1, difference=Estimate(value=0)),
    )
    assert scorer.totals[0].score == "adherence"
    assert item(agreement(two_raters(ALIKE)), "plan").sessions == 1


# ---- rules of a programme


def rule(words: str, mark: str, minimum: int | None = 10, **of: tuple[str, ...]) -> ReliabilityRule:
    return ReliabilityRule(
        "agree",
        "Two raters agree",
        Series("adherence", "small", **of),
        tuple(words.split()),
        Fraction(mark),
        minimum,
    )


CLOSE = [
    "done done done done | done done done done",
    "not_done not_done not_done done | not_done not_done not_done partly",
    "done not_done done not_done | done not_done done not_done",
    "partly partly done done | partly partly done done",
]


@pytest.mark.parametrize(
    ("words", "mark", "sessions", "minimum", "verdict"),
    [
        ("icc two_way_random agreement single", "0.60", 12, 10, "meets"),
        ("icc two_way_random agreement single", "0.999", 12, 10, "below"),
        ("icc two_way_random agreement single lower_limit", "0.60", 12, 10, "meets"),
        ("icc two_way_random agreement single lower_limit", "0.99", 12, 10, "cannot_tell"),
        ("icc two_way_random agreement single lower_limit", "0.9999", 12, 10, "below"),
        ("icc two_way_random agreement single", "0.60", 12, 20, "too_few"),
        ("icc two_way_random agreement single", "0.60", 12, None, "too_few"),
        ("icc two_way_random agreement single", "0.60", 8, 2, "too_few"),
        ("krippendorff_alpha", "0.80", 12, 10, "meets"),
    ],
)
def test_a_rule_is_judged_by_its_own_mark(
    words: str, mark: str, sessions: int, minimum: int | None, verdict: Reliable
) -> None:
    table = two_raters(*(CLOSE * 3)[:sessions])
    (found,) = agreement(table, rule(words, mark, minimum)).rules
    assert (found.sessions, found.verdict) == (sessions, verdict)


def test_an_average_shows_the_single_rater_too() -> None:
    (found,) = agreement(two_raters(*CLOSE), rule("icc two_way_random agreement average", "0.6")).rules
    assert found.single is not None
    assert found.single.value is not None
    assert found.found.value is not None
    assert found.found.value > found.single.value


def test_constant_scores_cannot_be_told() -> None:
    (found,) = agreement(two_raters(*[ALIKE] * 12), rule("icc two_way_random agreement single", "0.6")).rules
    assert (found.verdict, found.found.value) == ("cannot_tell", None)
    assert found.found.reason == "all ratings are the same, so chance alone would agree as well"


def test_a_rule_reads_only_the_roles_it_names_and_its_own_checklist() -> None:
    table = two_raters(*CLOSE)
    (found,) = agreement(table, rule("icc one_way_random single", "0.6", raters=("expert",))).rules
    assert found.sessions == 0
    other = rule("icc one_way_random single", "0.6")._replace(of=Series("adherence", "another"))
    assert agreement(table, other).rules == ()


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("icc one_way_random single", "icc.1,1"),
        ("icc two_way_random agreement average", "icc.2,k"),
        ("icc two_way_random consistency single", "icc.3,1"),
        ("icc two_way_mixed agreement single lower_limit", "icc.2,1"),
        ("icc two_way_mixed consistency average", "icc.3,k"),
        ("kappa", "cohen_kappa"),
        ("weighted_kappa", "weighted_kappa.quadratic"),
        ("gwet_ac2 linear", "gwet_ac2.linear"),
        ("alpha", "krippendorff_alpha"),
        ("percent_agreement", "percent_agreement"),
    ],
)
def test_the_words_of_a_rule_name_one_figure(words: str, name: str) -> None:
    assert coefficient(words.split(), 2) == name


# ---- nothing to compare


@pytest.mark.parametrize("table", ["", "Amina 2026-01-05 S1 R1 supervisor - - done done done done"])
def test_without_double_scored_sessions_all_tables_are_empty(table: str) -> None:
    found = agreement_as_json(agreement(table, rule("icc one_way_random single", "0.6")))
    assert (found["double_scored"], found["too_few"], found["items"], found["pairs"]) == (0, True, [], [])
    assert found["rules"][0]["verdict"] == "too_few"
    assert found["rules"][0]["found"]["reason"] == "no unit has two ratings"


def test_the_json_names_weights_and_rounds() -> None:
    found = agreement_as_json(agreement(two_raters(*CLOSE)))
    first = found["items"][0]
    assert (first["item"], first["weights"], first["too_few"]) == ("homework", "quadratic", True)
    assert first["percent_agreement"] == {"value": 0.75, "low": 0.25, "high": 1.0}
    assert set(first) >= {"gwet_ac2", "krippendorff_alpha", "weighted_kappa", "confusion", "applicability"}
    assert found["scores"]["adherence"]["form"] == "2,1"


# ---- kinds of evidence


def of_kinds(*sessions: str) -> Agreement:
    """A session a line: what was rated and what the first rater gave, a bar, the same of the second."""
    checklist = checklist_of(SMALL)
    lines = ["therapist date session rater rater_role evidence welcome safety plan homework"]
    for number, each in enumerate(sessions, start=1):
        for rater, given in zip(("R1", "R2"), each.split(" | "), strict=True):
            lines.append(f"Amina 2026-01-05 S{number} {rater} supervisor {given}")
    rows = scored(checklist, "\n".join(lines))
    return agreement_of(from_scored(checklist, rows), checklist)


DONE = "done done done done"
NOT = "not_done not_done not_done not_done"


def test_a_role_play_is_no_second_look_at_a_live_session() -> None:
    found = of_kinds(f"live {DONE} | role_play {NOT}", f"live {DONE} | video {DONE}")
    assert (found.evidence, found.sessions, found.double_scored, found.others) == ("observed", 2, 1, ())
    assert item(found, "welcome").percent.value == 1


def test_each_kind_of_evidence_agrees_by_itself() -> None:
    found = of_kinds(
        f"live {DONE} | audio {DONE}",
        f"role_play {DONE} | role_play {NOT}",
        f"role_play {DONE} | role_play {DONE}",
    )
    (other,) = found.others
    assert (found.sessions, found.double_scored, item(found, "plan").percent.value) == (1, 1, 1)
    assert (other.evidence, other.double_scored, item(other, "plan").percent.value) == ("role_play", 2, 0.5)
    said = agreement_as_json(found)
    assert (said["evidence"], said["double_scored"]) == ("observed", 1)
    assert [(each["evidence"], each["double_scored"]) for each in said["other_evidence"]] == [
        ("role_play", 2)
    ]


def test_where_there_is_one_kind_only_it_is_the_first() -> None:
    found = of_kinds(f"role_play {DONE} | role_play {DONE}")
    assert (found.evidence, found.double_scored, found.others) == ("role_play", 1, ())


def test_a_rule_is_about_the_kind_to_judge_by_unless_it_names_another() -> None:
    checklist = checklist_of(SMALL)
    lines = ["therapist date session rater rater_role evidence welcome safety plan homework"]
    for number in range(12):
        kind = "live" if number < 5 else "role_play"
        lines += [f"Amina 2026-01-05 S{number} {rater} supervisor {kind} {DONE}" for rater in ("R1", "R2")]
    columns = from_scored(checklist, scored(checklist, "\n".join(lines)))
    plain, named = rule("icc", "0.7"), rule("icc", "0.7", sources=("role_play",))
    found = agreement_of(columns, checklist, (plain, named))
    assert [each.sessions for each in found.rules] == [5, 7]

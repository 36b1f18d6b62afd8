"""Programmes as written become rules; names, kinds and levels are checked where the checklist is found."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import Run

from fidelity.errors import ProblemsFound
from fidelity.language.reading import examined_any, load, load_programme
from fidelity.model.claim import All, Judged, Many, Mark, Word
from fidelity.model.programme import EvidenceRule, FirstScores, Programme, Quota
from fidelity.summaries.programme.histories import run as run_histories

BASES = Path(__file__).parent / "wrong" / "bases"

HEAD = """\
programme way "From training to clients"
  version 1.0.0
  uses helping_skills version 1.2.0
  uses pmplus_s2 version 2.0.1
"""


def programme(rules: str) -> Programme:
    return load_programme(HEAD + rules, "way.rubric")


def codes(rules: str, head: str = HEAD) -> list[str]:
    _, problems = examined_any(head + rules, "way.rubric", libraries=[BASES])
    return [each.code for each in problems]


# ---- what the rules become


def test_a_stage_is_its_evidence_with_every_number_looked_up() -> None:
    rules = programme("""
threshold share_needed "Share" is 70%
stage checked "Checked"
  needs 2 of the last 3 observations of helping_skills from role_play, live by supervisor
    with no skill is 1 and competent is at least share_needed
""")
    (stage,) = rules.stages
    (needs,) = stage.needs
    assert needs[:6] == ("of the last", 2, 3, "helping_skills", ("role_play", "live"), ("supervisor",))
    levels = ("1", "2", "3", "4")
    family, share = needs.claim.parts if isinstance(needs.claim, All) else ()
    assert isinstance(family, Many)
    assert family[:3] == ("no", 0, "skill")
    assert family.test.bound == Word("1", levels) if isinstance(family.test, Judged) else False
    assert isinstance(share, Judged)
    assert share.bound == Mark(Fraction(70), "percent", "share_needed")


def test_amounts_may_be_thresholds_and_shares_say_how_they_are_rounded() -> None:
    rules = programme("""
threshold enough "Enough" is 3
threshold part "Part" is 20%
stage seen "Seen"
  needs enough observations in total of pmplus_s2
sample observed "Observed" of pmplus_s2
  takes the first enough
  takes at least part rounded half even for each client
  takes 1 in 8 of the rest rounded down
  second rater for part rounded up
  seed 5
""")
    assert rules.stages[0].needs == (
        EvidenceRule("in total", 3, 1, "pmplus_s2", (), (), None, rules.stages[0].needs[0].place),
    )
    plan = rules.samples[0]
    assert plan.first[0].number == 3
    assert plan.floors[0] == (Quota(Fraction(1, 5), share=True, rounding="half_even"), "client")
    assert plan.rates[0].quota == Quota(Fraction(1, 8), share=True, rounding="down")
    assert plan.second == Quota(Fraction(1, 5), share=True)
    assert plan.seed == 5


def test_a_drift_rule_keeps_what_is_written_and_the_defaults_of_the_statistics() -> None:
    rules = programme("""
drift falls "Falls" of adherence in pmplus_s2 from live
  baseline the first 3 observations
  method fall_from_baseline with last 2
  act at least 10
drift other "Other" of adherence in pmplus_s2
  act above 4
""")
    falls, other = rules.drifts
    assert falls.baseline == FirstScores(3)
    assert falls.parameters == {"last": 2}
    assert (falls.minimum, falls.watch) == (6, None)
    assert other.method == "cusum"


def test_stages_stand_behind_the_one_they_follow_in_whatever_order_they_are_written() -> None:
    rules = programme("""
stage last "Last" after middle
stage middle "Middle" after first
stage first "First"
  needs 1 observation in total of pmplus_s2
""")
    assert [each.id for each in rules.stages] == ["first", "middle", "last"]


# ---- what is checked


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("competent is at least 70%", None),
        ("competent is at least 2/3", None),
        ("skill of risk is at least 3", None),
        ("any skill is 4", None),
        ("readiness is one of not_yet, ready", None),
        ("gate no_harm of risk passes", None),
        ("lis_b1 is seen", None),
        ("not readiness is scored", None),
        ("competent is at least 70", "RB110"),
        ("skill is 3", "RB110"),
        ("readiness of risk is ready", "RB110"),
        ("readiness is acceptable", "RB101"),
        ("competnt is at least 70%", "RB101"),
        ("skill of rsk is at least 3", "RB101"),
        ("any item tagged harmful is seen", "RB110"),
        ("any readiness is ready", "RB101"),
        ("competent is one of ready, not_yet", "RB110"),
        ("gate no_harms of risk passes", "RB101"),
        ("competent is at least 70% and readiness is ready or readiness is scored", "RB230"),
    ],
)
def test_a_condition_is_checked_against_the_checklist(condition: str, code: str | None) -> None:
    found = codes(f'stage s "S"\n  needs 1 observation in total of helping_skills with {condition}\n')
    assert found == ([code] if code else [])


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("hours is at least 40", None),
        ("format is group", None),
        ("format is grop", "RB101"),
        ("competent is at least 70%", "RB101"),
    ],
)
def test_what_a_therapist_needs_are_facts_of_the_programme(condition: str, code: str | None) -> None:
    facts = 'fact hours "Hours" is a count\nfact format "Format" is one of one_to_one, group\n'
    found = codes(f'{facts}stage s "S"\n  needs therapist with {condition}\n')
    assert found == ([code] if code else [])


def test_without_the_checklist_names_are_taken_as_given() -> None:
    head = HEAD + "  uses counselling_form version 3.0.0\n"
    rules = 'stage s "S"\n  needs 1 observation in total of counselling_form with whatever is at least 4\n'
    assert codes(rules, head) == ["RB614"]


@pytest.mark.parametrize(
    "line",
    [
        "needs 1.5 observations in total of pmplus_s2",
        "needs 80% observations in total of pmplus_s2",
        "needs missing_mark observations in total of pmplus_s2",
    ],
)
def test_observations_are_counted_in_whole_numbers(line: str) -> None:
    (found,) = codes(f'stage s "S"\n  {line}\n')
    assert found in {"RB110", "RB101"}


def test_what_is_meant_is_allowed_with_a_reason() -> None:
    rules = """
stage s "S"
  allow RB608 because "The certificate ends with the year."
  needs 1 observation in total of pmplus_s2
  lasts 1 year
"""
    _, problems = examined_any(HEAD + rules, "way.rubric")
    assert [(each.code, each.severity) for each in problems] == [("RB608", "info")]
    assert "The certificate ends with the year." in problems[0].help


def test_the_default_drift_rule_is_free_of_findings() -> None:
    rules = """
drift down "Down" of adherence in pmplus_s2 from live, audio
  adjusted for raters
  baseline running
  method cusum with k 0.5
  minimum 6 observations
  fall at least 5
  watch above 3
  act above 4
"""
    assert codes(rules) == []


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("| date | checklist | adherence => s |\n  | 2026-03-01 | pmplus_s2 | 80% => reached |", None),
        ("| checklist | adherence => s |\n  | pmplus_s2 | 80% => reached |", "RB110"),
        ("| date | checklist => x |\n  | 2026-03-01 | pmplus_s2 => reached |", "RB101"),
        ("| date | checklist => d |\n  | 2026-03-01 | contact => met |", "RB110"),
        ("| date | checklist => s |\n  | pmplus_s2 | pmplus_s2 => reached |", "RB110"),
        ("| date | checklist => s |\n  | 2026-03-01 | pmplus => reached |", "RB101"),
        ("| date | checklist => s |\n  | 2026-03-01 => reached |", "RB110"),
        ("| date | checklist => s |\n  | 2026-02-30 | pmplus_s2 => reached |", "RB505"),
        ("| date | checklist | fidelity => s |\n  | 2026-03-01 | pmplus_s2 | hgh => reached |", "RB101"),
        ("| date | checklist | s => s |\n  | 2026-03-01 | pmplus_s2 | 1 => reached |", "RB102"),
        ("| date | checklist | adherance => s |\n  | 2026-03-01 | pmplus_s2 | 1 => reached |", "RB101"),
    ],
)
def test_the_table_of_a_history_is_checked(rows: str, code: str | None) -> None:
    rules = f"""
stage s "S"
  needs 1 observation in total of pmplus_s2
dose d "D" is at least 3 contacts within 6 months
history "H"
  {rows}
"""
    assert codes(rules) == ([code] if code else [])


# ---- where checklists are found, and adaptations


def test_a_checklist_beside_the_programme_wins_and_another_version_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "way.rubric"
    text = HEAD.replace("pmplus_s2 version 2.0.1", "own_form version 2.0.0")
    file.write_text(text, encoding="utf-8")
    form = (BASES / "session_form.rubric").read_text(encoding="utf-8").replace("session_form", "own_form")
    (tmp_path / "own.rubric").write_text(form, encoding="utf-8")
    _, problems = examined_any(text, str(file))
    assert [each.code for each in problems] == ["RB612"]
    (tmp_path / "own.rubric").write_text(form.replace("1.0.0", "2.0.0"), encoding="utf-8")
    rules, problems = examined_any(text, str(file))
    assert isinstance(rules, Programme)
    assert problems == ()
    assert [(each.id, each.found) for each in rules.uses] == [("helping_skills", True), ("own_form", True)]


def test_an_adaptation_moves_a_threshold_and_drops_a_stage(tmp_path: Path) -> None:
    base = """\
programme way "Way"
  version 1.0.0
  uses pmplus_s2 version 2.0.1
threshold mark "Mark" is 80%
stage passed "Passed"
  needs 1 observation in total of pmplus_s2 with adherence is at least mark
stage other "Other"
  needs 2 observations in total of pmplus_s2
"""
    adaptation = """\
adaptation small "Small site"
  extends way version 1.0.0
  version 1.0.0
drop stage other
  because "Not used here." planned fidelity consistent
set mark to 70%
  because "Recorded by telephone." planned fidelity inconsistent
history "The lower mark"
  | date       | checklist | adherence => passed  |
  | 2026-03-01 | pmplus_s2 | 69%       => not_yet |
  | 2026-03-02 | pmplus_s2 | 70%       => reached |
"""
    (tmp_path / "base.rubric").write_text(base, encoding="utf-8")
    adapted = load_programme(adaptation, str(tmp_path / "small.rubric"), libraries=[tmp_path])
    assert [each.id for each in adapted.stages] == ["passed"]
    assert run_histories(adapted) == (2, ())


# ---- programmes among the commands


def test_check_and_test_take_programmes(tmp_path: Path, run: Run) -> None:
    rules = """
stage s "S"
  needs 1 observation in total of pmplus_s2 from live with adherence is at least 60%
history "H"
  | date       | checklist | source | adherence => s            |
  | 2026-03-01 | pmplus_s2 | audio  | 90%       => not_assessed |
  | 2026-03-02 | pmplus_s2 | live   | 59%       => reached      |
"""
    (tmp_path / "way.rubric").write_text(HEAD + rules, encoding="utf-8")
    assert json.loads(run("check", "way.rubric", "--format", "json").out) == []
    tested = run("test", "way.rubric", "--format", "json")
    assert tested.status == 1
    assert json.loads(tested.out) == {
        "passed": 1,
        "failed": 1,
        "failures": [
            {"file": "way.rubric", "line": 11, "example": "H", "expected": "s is reached", "got": "not_yet"}
        ],
        "coverage": {"levels": {}, "gates": {}, "boundaries": {}, "missing": {}},
    }


def test_a_programme_is_no_checklist_and_the_other_way_round(run: Run) -> None:
    with pytest.raises(ProblemsFound, match="This is a programme, and a checklist is needed here"):
        load(HEAD + 'stage s "S"\n  needs 1 observation in total of pmplus_s2\n', "way.rubric")
    with pytest.raises(ProblemsFound, match="This is a checklist, and a programme is needed here"):
        load_programme((BASES / "session_form.rubric").read_text(encoding="utf-8"), "form.rubric")
    assert run("score", "programmes/prosper", "data.csv").status == 1


# ---- gates in histories

GATED = """
stage safe "Nothing essential was left out"
  needs 1 observation in total of pmplus_s2 with gate essential_steps passes
history "Left out first"
  | date       | checklist | essential_steps => safe |
"""


def test_a_history_says_what_a_gate_did() -> None:
    rows = """\
  | 2026-01-01 | pmplus_s2 | fails  => not_yet |
  | 2026-01-02 | pmplus_s2 | -      => undecided |
  | 2026-01-03 | pmplus_s2 | passes => reached |
"""
    done = run_histories(programme(GATED + rows))
    assert (done.passed, done.unmet) == (3, ())


def test_a_gate_passes_or_fails_and_nothing_else() -> None:
    assert "RB101" in codes(GATED + "  | 2026-01-01 | pmplus_s2 | passed => not_yet |\n")

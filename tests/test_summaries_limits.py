"""What held results down in the last sessions is read from the trace, and comes before what was missed."""

from pathlib import Path

import pytest

from fidelity.language.reading import load
from fidelity.model.summary import DecidingAnswer, Limit, TherapistSummary
from fidelity.observe import read
from fidelity.report.feedback import Feedback, Practise, feedback_of
from fidelity.report.tables.limits import comes_first, comes_next
from fidelity.report.tables.person import going_well
from fidelity.study.reported import reported
from fidelity.study.summarising import summarise
from fidelity.study.whole import Study
from fidelity.summaries.findings_json import therapist_found

TICKS = """checklist ticks "Helping skills"
  version 1.0.0
scale tick "Seen?"
  answer not_seen "Not seen"
  answer seen "Seen"
competency listening "Listening" on scale tick
  item turns "Turns away" tagged harmful
    note "Put the phone away."
  item faces "Faces the person" tagged basic
  item asks "Asks open questions" tagged basic
    note "Begin with what or how."
  item sums "Sums up" tagged advanced
result skill "Level" for each competency
  level 1 "Harm" only by gate
  level 2 "Some basics missing" when any of its items tagged basic is not_seen
  level 3 "All basics" when all of its items tagged basic are seen
    and none of its items tagged advanced are seen
  level 4 "Advanced" when all of its items tagged basic are seen and any of its items tagged advanced is seen
gate no_harm "Harm decides" for each competency caps skill at 1 when any of its items tagged harmful is seen
score good "Share at level 3" is share of skill rated 3, 4
"""
HEAD = "therapist,date,session,rater,turns,faces,asks,sums\n"


def study(folder: Path, *rows: str, source: str = TICKS, head: str = HEAD) -> Study:
    path = folder / "rated.csv"
    path.write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    checklist = load(source, "ticks.rubric")
    return summarise(checklist, read([path], checklist))


def person(folder: Path, *rows: str) -> TherapistSummary:
    (found,) = study(folder, *rows).summary.therapists
    return found


def deciding(*of: tuple[str, str, int]) -> tuple[DecidingAnswer, ...]:
    return tuple(DecidingAnswer(item=item, answer=answer, sessions=number) for item, answer, number in of)


def test_the_json_of_summarise_has_what_held_results_down_and_up(tmp_path: Path) -> None:
    found = therapist_found(person(tmp_path, "T,2026-01-01,s1,R,not_seen,seen,seen,not_seen"))
    assert found["limits"] == [
        {
            "kind": "level",
            "rule": "skill",
            "sessions": 1,
            "of": 1,
            "answers": [{"item": "sums", "answer": "not_seen", "sessions": 1}],
        }
    ]
    assert [each["item"] for each in found["strengths"]] == ["faces", "asks"]


def test_harm_comes_first_then_what_kept_a_level_down(tmp_path: Path) -> None:
    found = person(
        tmp_path,
        "T,2026-01-01,s1,R,not_seen,seen,not_seen,not_seen",
        "T,2026-01-02,s2,R,seen,seen,not_seen,seen",
        "T,2026-01-03,s3,R,not_seen,seen,seen,not_seen",
    )
    assert found.limits == (
        Limit(kind="gate", rule="no_harm", sessions=1, of=3, answers=deciding(("turns", "seen", 1))),
        Limit(
            kind="level",
            rule="skill",
            sessions=2,  # where the gate decides, nothing else does
            of=3,
            answers=deciding(("asks", "not_seen", 1), ("sums", "not_seen", 1)),
        ),
    )
    first = comes_first(found)
    assert first is not None
    assert first.answer.item == "turns"


def test_only_the_last_five_sessions_count(tmp_path: Path) -> None:
    rows = [f"T,2026-01-0{day},s{day},R,not_seen,seen,seen,seen" for day in range(2, 7)]
    found = person(tmp_path, "T,2026-01-01,s1,R,seen,seen,seen,seen", *rows)
    assert found.gates_failed == {"no_harm.listening": 1}
    assert found.limits == ()
    assert found.strengths == deciding(("faces", "seen", 5), ("asks", "seen", 5), ("sums", "seen", 5))


def test_a_session_counts_once_however_many_raters_saw_it(tmp_path: Path) -> None:
    found = person(
        tmp_path,
        "T,2026-01-01,s1,R1,seen,seen,seen,seen",
        "T,2026-01-01,s1,R2,seen,seen,seen,seen",
    )
    assert found.limits == (
        Limit(kind="gate", rule="no_harm", sessions=1, of=1, answers=deciding(("turns", "seen", 1))),
    )


def test_strengths_of_a_checklist_without_points_are_what_kept_its_levels_up(tmp_path: Path) -> None:
    found = person(
        tmp_path,
        "T,2026-01-01,s1,R,not_seen,seen,seen,not_seen",
        "T,2026-01-02,s2,R,not_seen,seen,seen,seen",
    )
    assert found.doing_well == ()
    assert [(each.item, each.shown, each.rated) for each in going_well(found)] == [
        ("faces", 2, 2),
        ("asks", 2, 2),
    ]
    following = comes_next(found)
    assert following is not None
    assert following.answer == deciding(("sums", "not_seen", 1))[0]


POINTS = """checklist points "Session"
  version 1.0.0
scale done "Done?"
  answer no_it "No" scores 0
  answer yes_it "Yes" scores 1
scale tick "Seen?"
  answer not_seen "Not seen"
  answer seen "Seen"
section steps "Steps" on scale done
  item hello "Says hello"
  item safe "Asks about safety"
section not_to_do "Not to do" on scale tick
  item advice "Tells them what to do"
score adherence "Adherence" is percent of items in steps
result level_of "Level" from adherence
  level low "Low" below 60%
  level high "High" at least 60%
gate limits "Something was seen that should not be" caps level_of at low when advice is seen
gate poor "Half of it was left out" caps level_of at low when adherence is below 55%
"""
POINTS_HEAD = "therapist,date,session,rater,hello,safe,advice\n"


def test_what_no_score_reads_is_named_when_its_gate_fails(tmp_path: Path) -> None:
    found = study(
        tmp_path, "T,2026-01-01,s1,R,yes_it,yes_it,seen", source=POINTS, head=POINTS_HEAD
    ).summary.therapists[0]
    assert found.limits == (
        Limit(kind="gate", rule="limits", sessions=1, of=1, answers=deciding(("advice", "seen", 1))),
    )


def test_a_gate_on_a_score_names_no_single_item(tmp_path: Path) -> None:
    found = study(
        tmp_path, "T,2026-01-01,s1,R,yes_it,no_it,not_seen", source=POINTS, head=POINTS_HEAD
    ).summary.therapists[0]
    assert found.limits == (Limit(kind="gate", rule="poor", sessions=1, of=1, answers=()),)
    assert comes_first(found) is None


@pytest.mark.parametrize("rated", ["no_it,yes_it,not_seen", "yes_it,yes_it,not_seen"])
def test_a_score_below_its_top_is_no_limit_by_itself(tmp_path: Path, rated: str) -> None:
    source = POINTS.replace("gate poor", "flag poor").replace(
        "caps level_of at low when adherence", "when adherence"
    )
    (found,) = study(
        tmp_path, f"T,2026-01-01,s1,R,{rated}", source=source, head=POINTS_HEAD
    ).summary.therapists
    assert found.limits == ()


def test_a_feedback_sheet_never_says_that_nothing_was_missed_when_a_gate_failed(tmp_path: Path) -> None:
    told = feedback(study(tmp_path, "T,2026-01-01,s1,R,yes_it,yes_it,seen", source=POINTS, head=POINTS_HEAD))
    assert told.practise == Practise(
        "Tells them what to do",
        "Rated “Seen” in 1 of 1 sessions lately",
        "Please begin here. Look at the wording of the step together.",
    )
    assert told.well[0] == ("Says hello", "1 of 1")


def test_a_gate_on_a_score_is_named_when_no_step_was_missed(tmp_path: Path) -> None:
    source = POINTS.replace(
        "caps level_of at low when adherence", "caps level_of at low when hello is yes_it and adherence"
    )
    source = source.replace("below 55%", "above 55%")
    told = feedback(
        study(tmp_path, "T,2026-01-01,s1,R,yes_it,yes_it,not_seen", source=source, head=POINTS_HEAD)
    )
    assert told.practise is not None
    assert told.practise.note == "Please begin here. Look at the wording of the step together."


def test_ticks_of_harm_are_the_one_thing_to_practise_after_the_strengths(tmp_path: Path) -> None:
    told = feedback(
        study(tmp_path, "T,2026-01-01,s1,R,not_seen,seen,seen,seen", "T,2026-01-02,s2,R,seen,seen,seen,seen")
    )
    assert told.practise == Practise(
        "Turns away",
        "Rated “Seen” in 1 of 2 sessions lately",
        "Please begin here. Try this: Put the phone away.",
    )


def feedback(study: Study) -> Feedback:
    told = reported(study)
    ((person, score),) = told.people
    return feedback_of(told, person, score)

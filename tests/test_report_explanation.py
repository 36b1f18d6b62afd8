"""The explanation names what happened in the session, in plain sentences, and never what to rate instead."""

import json
import re
from pathlib import Path

import pytest
from conftest import Run

from fidelity.evaluate.changes import changing
from fidelity.evaluate.evaluator import compile
from fidelity.language.reading import load
from fidelity.model.checklist import Checklist
from fidelity.model.observation import Observation
from fidelity.model.trace import Node, trace
from fidelity.report.explanation import Detail, explained, explained_as_json, sentences
from fidelity.study.loading import load_checklist

ROOT = Path(__file__).parent.parent
SOURCE = """checklist demo "A first meeting"
version 1.0.0
scale delivery "How well?"
  answer not_done "Not done" scores 0
  answer done "Done" scores 2
  answer na "Does not apply" means not_applicable
section start "Start" on scale delivery
  item welcome "Says who they are"
  item privacy "Says what stays private" tagged essential
  item worries "Asks what worries the person most"
score delivered "Delivered" is percent of items needing at least 2/3 answered
result quality "The start" from delivered
  level weak "Practise once more" below 70%
  level good "A good start" at least 70%
gate private "Privacy was not explained" caps quality at weak when any item tagged essential is not_done
flag silent "Worries were not asked about" when worries is not_done
"""

DEMO = load(SOURCE, "demo.rubric")
EVALUATE = compile(DEMO)
DONE = {"welcome": "done", "privacy": "done", "worries": "done"}


def told(**answers: str) -> list[str]:
    return sentences(DEMO, EVALUATE({**DONE, **answers}), "quality")


def text(model: Checklist, answers: dict[str, str], detail: Detail = "full") -> str:
    given = {key: code for key, code in answers.items() if code}
    facts = {"danger": "none_seen"} if "danger" in model.fact else {}
    observation = Observation(observation="o1", answers=given, facts=facts)
    scored = compile(model).score(observation)
    return explained(model, observation, scored, changing(model)(observation, scored), detail)


# ---- why


def test_a_gate_names_the_behaviour_the_rule_and_what_the_score_alone_would_have_been() -> None:
    assert told(privacy="not_done") == [
        "The start: Practise once more.",
        "Because “Says what stays private” was rated Not done.",
        "Privacy was not explained: this limits the result to Practise once more (line 15).",
        "Before that, Delivered is 66.7% (4 of 6 points).",
        "By itself that would have been Practise once more as well.",
    ]


def test_a_band_says_how_far_the_score_is_from_where_its_level_begins() -> None:
    assert told(welcome="na") == [
        "The start: A good start.",
        "Because Delivered is 100% (4 of 4 points).",
        "A good start begins at 70%; this is 30 percentage points more (line 14).",
    ]


def test_a_band_says_how_far_the_score_is_from_the_next_level() -> None:
    assert told(worries="not_done")[2:] == [
        "A good start needs 70%; this is 3.3 percentage points less (line 14)."
    ]


def test_a_score_with_a_blank_says_between_what_it_would_lie() -> None:
    assert told(welcome="") == [
        "The start: A good start.",
        "Because Delivered is 100% (2 of 3 answered, 4 of 4 points).",
        "Had everything been rated, it would lie between 66.7% and 100%.",
        "A good start begins at 70%; this is 30 percentage points more (line 14).",
    ]


def test_blanks_leave_it_open_and_are_named_with_what_they_could_change() -> None:
    assert told(welcome="", worries="") == [
        "The start: not decided; still possible: Practise once more or A good start.",
        (
            "Delivered was not scored: too few items were answered (1 of 3). "
            "With the blanks filled it would lie between 33.3% and 100%."
        ),
        "Left blank: “Says who they are” and “Asks what worries the person most”.",
    ]


RULES = """checklist skills "Skills"
version 1.0.0
scale tick "Seen?"
  answer not_seen "Not seen"
  answer seen "Seen"
section talk "Talk" on scale tick
  item eyes "Faces the person" tagged basic
  item voice "Speaks calmly" tagged basic
  item open "Asks open questions" tagged basic
  item sums "Sums up" tagged basic
  item more "Asks for more" tagged advanced
result skill "Skill"
  level 2 "Level 2" when not all items tagged basic are seen
  level 3 "Level 3" when all items tagged basic are seen and no items tagged advanced are seen
  level 4 "Level 4" when all items tagged basic are seen and any items tagged advanced is seen
"""
SKILLS = load(RULES, "skills.rubric")
SEEN = dict.fromkeys(("eyes", "voice", "open", "sums", "more"), "seen")


def skill(**answers: str) -> list[str]:
    return sentences(SKILLS, compile(SKILLS)({**SEEN, **answers}), "skill")


def test_a_level_by_rule_names_what_it_rests_on_and_what_kept_it_from_the_next() -> None:
    assert skill(more="not_seen") == [
        "Skill: Level 3.",
        "Because “Faces the person”, “Speaks calmly”, “Asks open questions” and “Sums up” were rated Seen.",
        "And “Asks for more” was rated Not seen.",
        "What kept it from Level 4: “Asks for more” was rated Not seen.",
    ]


def test_where_one_fact_would_do_three_are_named_at_most() -> None:
    assert skill(eyes="not_seen", voice="not_seen", open="not_seen", sums="not_seen")[1:3] == [
        "Because “Faces the person”, “Speaks calmly” and “Asks open questions” were rated Not seen.",
        "And 1 more.",
    ]


# ---- the whole text


def test_the_whole_text_says_what_was_not_counted_and_what_to_look_at() -> None:
    scored = EVALUATE({**DONE, "welcome": "na", "worries": "not_done"})
    whole = explained(DEMO, Observation(observation="o1", rater="R7"), scored)
    assert whole.startswith("A first meeting, version 1.0.0 · observation o1 · rater R7\n")
    assert "To look at: Worries were not asked about." in whole
    assert whole.endswith("Not counted, because it did not apply: Says who they are.")


PM_PLUS = "pm_plus/individual/session_2"


def pm_plus(**answers: str) -> tuple[Checklist, dict[str, str]]:
    """PM+ session 2, everything done well but for these."""
    model = load_checklist(PM_PLUS)
    best = {"delivery": "done", "often": "most", "tick": "not_seen"}
    whole = {
        each.key: best[each.scale.id] for each in model.questions if each.item not in {"rk_follow", "rk_help"}
    }
    return model, {**whole, **answers}


def test_one_missed_step_for_safety_in_an_otherwise_complete_session() -> None:
    assert text(*pm_plus(op_safety="not_done")).splitlines()[2:11] == [
        "Session fidelity: Low: supervise the next session in person.",
        "  Because “Checks how the client has been, including thoughts of suicide” was rated Not done.",
        "  A safety step was left out: this limits the result to Low (line 126).",
        "  Before that, Adherence is 92.3% (24 of 26 points).",
        "  By itself that would have been High.",
        "  What would have led to another level:",
        (
            "    High, had “Checks how the client has been, including thoughts of suicide” "
            "been Partly done or Done."
        ),
        "    No other step alone would have led to a higher level.",
        "",
    ]


SHORT_OF = dict.fromkeys(
    ("op_welcome", "mp_define", "mp_options", "mp_select", "cl_tasks", "cl_next"), "not_done"
)


def test_some_points_short_any_of_these_steps_would_have_done() -> None:
    lines = text(*pm_plus(**SHORT_OF, mp_list="not_done")).splitlines()
    at = lines.index("  What would have led to another level:")
    assert lines[at + 1 : at + 4] == [
        "    Points short of Acceptable: 4 (12 of 26 reached, 16 needed).",
        (
            "    Acceptable, had any 2 of these 7 been Done: “Welcomes the client and says what today will "
            "cover”, “Lists the client's practical problems with them”, “Puts the problem in specific "
            "words”, “Brings out several possible solutions before judging any”, “Helps the client choose "
            "solutions that are likely to work”, “Agrees what the client will practise until next time” "
            "and 1 more."
        ),
        "    No single step alone would have changed it.",
    ]


def test_an_open_result_names_the_fewest_blanks_that_would_settle_it() -> None:
    lines = text(*pm_plus(op_safety="", cl_tasks="")).splitlines()
    at = lines.index("  What would decide it:")
    item = "“Checks how the client has been, including thoughts of suicide”"
    assert lines[at + 1 : at + 4] == [
        f"    Knowing what was seen there would settle it: {item}.",
        f"    Low, if {item} was Not done.",
        f"    High, if {item} was Partly done or Done.",
    ]


def test_where_all_ways_of_filling_the_blanks_lead_to_one_level_it_says_so() -> None:
    source = SOURCE.replace("at least 2/3", "all").replace("70%", "60%")
    lines = text(load(source, "demo.rubric"), {**DONE, "welcome": ""}).splitlines()
    assert "The start: not decided; still possible: Practise once more or A good start." in lines
    assert "    However the blanks are filled, it would be A good start (all 2 ways were tried)." in lines


# ---- levels of detail


def test_one_line_says_the_result_and_its_first_reason() -> None:
    assert text(*pm_plus(op_safety="not_done"), "line") == (
        "Session fidelity: Low, because “Checks how the client has been, including thoughts of suicide” "
        "was rated Not done."
    )


def test_one_line_of_a_band_has_the_score() -> None:
    assert text(DEMO, DONE, "line") == "The start: A good start, because Delivered is 100% (6 of 6 points)."


def test_short_has_the_reasons_and_the_first_change_only() -> None:
    assert text(DEMO, {**DONE, "privacy": "not_done"}, "short").splitlines() == [
        "A first meeting, version 1.0.0 · observation o1",
        "",
        "The start: Practise once more.",
        "  Because “Says what stays private” was rated Not done.",
        "  Privacy was not explained: this limits the result to Practise once more (line 15).",
        "  What would have led to another level:",
        "    A good start, had “Says what stays private” been Done.",
    ]


def test_the_auditors_table_has_node_value_source_and_kind() -> None:
    lines = text(DEMO, {**DONE, "privacy": "not_done"}, "table").splitlines()[2:9]
    assert [tuple(re.split("  +", line)) for line in lines] == [
        ("Reason", "What", "Came out as", "Written in", "Kind of reason"),
        ("quality", "The start", "Practise once more", "demo.rubric:12", "level"),
        (
            "quality/private",
            "Privacy was not explained",
            "caps the level",
            "demo.rubric:15",
            "rule that caps",
        ),
        ("quality/private/privacy", "Says what stays private", "Not done", "demo.rubric:9", "answer"),
        ("quality/level:weak", "Practise once more", "true", "demo.rubric:13", "line of a level"),
        ("quality/level:weak/delivered", "Delivered", "66.7%", "demo.rubric:11", "score"),
        ("quality/level:weak/delivered/welcome", "Says who they are", "Done", "demo.rubric:8", "answer"),
    ]


@pytest.mark.parametrize("detail", ["line", "short", "full", "table"])
def test_explain_gives_each_detail(run: Run, detail: str) -> None:
    data = str(ROOT / "checklists/programmes/example_study")
    asked = ("programmes/example_study/session", data, "--observation", "O030", "--detail", detail)
    ran = run("explain", *asked)
    assert ran.status == 0
    assert "Asks about safety, including thoughts of suicide" in ran.out


# ---- the tree


def tree(source: str, **answers: str) -> Node:
    model = load(source, "demo.rubric")
    return trace(model, compile(model)({**DONE, **answers}).results["quality"].reason)


def test_a_node_is_named_for_the_rule_it_stands_for() -> None:
    ids = [each.id for each in tree(SOURCE, privacy="not_done").walk()]
    assert ids[:5] == [
        "quality",
        "quality/private",
        "quality/private/privacy",
        "quality/level:weak",
        "quality/level:weak/delivered",
    ]
    assert len(set(ids)) == len(ids)


def test_ids_stay_the_same_when_an_unrelated_line_is_added() -> None:
    own = SOURCE.replace("percent of items", "percent of items in start")
    more = own.replace(
        "score delivered",
        'section after "After" on scale delivery\n  item bye "Says goodbye"\n'
        'score closed "Closed" is sum of items in after\nscore delivered',
    )
    before, after = tree(own, privacy="not_done"), tree(more, privacy="not_done")
    assert [each.id for each in before.walk()] == [each.id for each in after.walk()]
    assert [each.source for each in before.walk()] != [each.source for each in after.walk()]


def test_every_node_says_where_its_rule_is_written() -> None:
    assert all(each.source.startswith("demo.rubric:") for each in tree(SOURCE, privacy="not_done").walk())


def test_the_json_has_sentences_changes_search_bounds_and_tree() -> None:
    observation = Observation(observation="o1", answers={**DONE, "privacy": "not_done", "welcome": ""})
    scored = EVALUATE.score(observation)
    found = explained_as_json(DEMO, observation, scored, changing(DEMO)(observation, scored))
    assert json.loads(json.dumps(found)) == found
    assert found["trace_version"] == "2"
    assert found["bounds"] == {"delivered": {"low": "100/3", "high": "200/3"}}
    quality = found["results"]["quality"]
    assert quality["changes"] == [{"items": {"privacy": "done"}, "then": "good"}]
    assert quality["search"] == {"complete": True, "evaluations": 1, "largest": 1, "found": 1, "untried": []}
    assert quality["tree"]["id"] == "quality"
    assert quality["tree"]["source"] == "demo.rubric:12"

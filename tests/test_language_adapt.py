"""An adaptation is its base with a closed list of changes made, and what is core stays as it is."""

import time
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from fidelity.evaluate.evaluator import compile
from fidelity.evaluate.examples import run
from fidelity.language.reading import examined, load
from fidelity.model.checklist import Checklist
from fidelity.moved_examples import moved_examples

BASE = """\
checklist base "A base"
  version 2.0.0
  source "A manual"
  made by "The base's authors" on 2020-01-01
  status validated
scale three "How well" from 0 to 3
principle calm "Calm" on scale three
  item calm_1 "Speaks slowly"
  item calm_2 "Leaves pauses"
principle safe "Safe" on scale three
  item safe_1 "Asks about harm"
  item safe_2 "Makes a plan"
threshold mark "Mark" is 2
score average "Average" for each principle is mean of its items
result overall "Overall"
  level low "Low" when any average is below mark
  level high "High" when every average is at least mark
gate plan "A plan" caps overall at low when safe_2 is 0
core item safe_1 because "Nobody may be harmed."
example "Twos are enough"
  given every item is 2
  expect average of calm is 2
  expect overall is high
translation sw "Kiswahili"
  text item calm_1 "Huongea polepole"
  text item calm_2 "Huacha nafasi"
"""
HEAD = """\
adaptation site "At a site"
  extends base version 2.0.0
  version 1.1.0
  site "A site"
  made by "A group" on 2026-01-20
"""
REASON = '  because "So it is." planned fidelity consistent\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.rubric").write_text(BASE, encoding="utf-8")
    return tmp_path


def written(folder: Path, changes: str, name: str = "site.rubric", head: str = HEAD) -> tuple[str, str]:
    path = folder / name
    path.write_text(head + changes, encoding="utf-8")
    return path.read_text(encoding="utf-8"), str(path)


def adapted(folder: Path, changes: str) -> Checklist:
    return load(*written(folder, changes))


def codes(folder: Path, changes: str, on: date | None = None) -> list[str]:
    return [each.code for each in examined(*written(folder, changes), on=on)[1] if each.code != "RB310"]


def test_it_bears_its_own_name_and_says_where_it_comes_from(folder: Path) -> None:
    site = adapted(folder, "")
    assert (site.id, site.title, site.about.version) == ("site", "At a site", "1.1.0")
    assert site.about.made == ("A group", date(2026, 1, 20))
    assert site.about.source == ("A manual",)
    assert site.origin is not None
    base = load(BASE, "base.rubric")
    assert (site.origin.base.id, site.origin.fingerprint) == ("base", base.fingerprint)
    assert len({site.fingerprint, site.origin.own_fingerprint, base.fingerprint}) == 3


def test_what_was_validated_is_adapted_from_now_on(folder: Path) -> None:
    assert adapted(folder, "").about.status == "adapted"


def test_titles_items_and_thresholds_change_whatever_the_order_of_the_lines(folder: Path) -> None:
    lines = [
        f'rename principle calm to "Quiet"\n{REASON}',
        f'reword item calm_1 to "Speaks slowly and low"\n{REASON}',
        f'add item calm_3 "Waits" to calm after calm_1 on scale three\n{REASON}',
        f'add item calm_4 "Waits longer" to calm after calm_3 on scale three\n{REASON}',
        f"set mark to 1.5\n{REASON}",
    ]
    one, other = adapted(folder, "".join(lines)), adapted(folder, "".join(reversed(lines)))
    assert one.group["calm"].title == "Quiet"
    assert one.group["calm"].items == ("calm_1", "calm_3", "calm_4", "calm_2")
    assert one.item["calm_1"].title == "Speaks slowly and low"
    assert [each.value for each in one.thresholds] == [Fraction(3, 2)]
    assert (other.groups, other.items, other.thresholds) == (one.groups, one.items, one.thresholds)


def test_added_items_count_and_dropped_ones_do_not(folder: Path) -> None:
    site = adapted(
        folder, f'drop item calm_2\n{REASON}add item calm_3 "Waits" to calm on scale three\n{REASON}'
    )
    scored = compile(site)({"calm_1": 3, "calm_3": 0, "safe_1": 3, "safe_2": 3})
    assert scored.scores["average.calm"].exact == Fraction(3, 2)
    assert "calm_2" not in site.question


def test_new_scores_results_flags_and_examples_join(folder: Path) -> None:
    site = adapted(
        folder,
        """\
score both "Both" is sum of items in calm
result pace "Pace" from both
  level fast "Fast" below 3
  level slow "Slow" at least 3
gate rush "Rush" caps pace at fast when calm_2 is 0
flag hurried "Hurried" when calm_1 is 0
example "A slow one"
  given every item is 2
  expect pace is slow
""",
    )
    assert run(site).passed == 1
    assert [each.title for each in site.examples] == ["A slow one"]
    assert site.origin is not None
    assert [each.title for each in site.origin.examples] == ["Twos are enough"]


def test_examples_of_the_base_count_for_what_is_reached(folder: Path) -> None:
    assert run(adapted(folder, "")).coverage["levels"]["overall.high"]


def test_texts_of_reworded_items_are_out_of_date_and_own_texts_join(folder: Path) -> None:
    own = 'translation sw "Kiswahili"\n  text item safe_1 "Huuliza"\n'
    site = adapted(folder, f'reword item calm_1 to "Speaks low"\n{REASON}{own}')
    texts = {key[1]: text for each in site.translations for key, text in each.texts.items()}
    assert texts == {"calm_2": "Huacha nafasi", "safe_1": "Huuliza"}
    assert site.origin is not None
    assert site.origin.stale == (("sw", "item calm_1"),)
    assert left_behind(folder, f'reword item calm_1 to "Speaks low"\n{REASON}{own}') == [
        ("info", "The base has a draft of item calm_1 in Kiswahili, and that is older than this change.")
    ]
    (folder / "base.rubric").write_text(REVIEWED, encoding="utf-8")
    assert left_behind(folder, f'reword item calm_1 to "Speaks low"\n{REASON}{own}') == [
        ("warning", "The base has item calm_1 in Kiswahili too, and that text is older than this change.")
    ]


REVIEWED = BASE.replace(
    '"Kiswahili"\n',
    '"Kiswahili"\n  translated by "Two translators" on 2026-02-11\n  text principle safe "Salama"\n',
)
LUGANDA = 'translation lg "Luganda"\n  translated by "Draft, not reviewed" on 2026-02-11\n'
OLDER = "that are older than the changes here; the first is item calm_1."
TWO_REWORDED = f'reword item calm_1 to "Speaks low"\n{REASON}rename principle safe to "Safety"\n{REASON}'


def left_behind(folder: Path, changes: str, head: str = HEAD) -> list[tuple[str, str]]:
    problems = examined(*written(folder, changes, head=head))[1]
    return [
        (each.severity, each.message)
        for each in problems
        if each.code == "RB310" and not each.message.startswith("Not yet")
    ]


def test_each_language_is_told_once_a_draft_as_information(folder: Path) -> None:
    drafted = LUGANDA + '  text item calm_1 "Ayogera mpola"\n  text principle safe "Obukuumi"\n'
    (folder / "base.rubric").write_text(REVIEWED + drafted, encoding="utf-8")
    assert left_behind(folder, TWO_REWORDED) == [
        (
            "warning",
            f"The base has 2 texts in Kiswahili {OLDER}",
        ),
        (
            "info",
            f"The base has drafts of 2 texts in Luganda {OLDER}",
        ),
    ]


def test_languages_with_the_same_drafts_are_told_together(folder: Path) -> None:
    drafted = LUGANDA + '  text item calm_1 "Ayogera mpola"\n'
    base = (folder / "base.rubric").read_text(encoding="utf-8")
    (folder / "base.rubric").write_text(base + drafted, encoding="utf-8")
    said = "The base has drafts of item calm_1 in 2 languages (Kiswahili, Luganda)"
    own = f'reword item calm_1 to "Speaks low"\n{REASON}'
    assert left_behind(folder, own) == [("info", f"{said}, and they are older than this change.")]


def test_the_help_names_a_text_as_a_translation_writes_it(folder: Path) -> None:
    (folder / "base.rubric").write_text(REVIEWED, encoding="utf-8")
    change = f'rename principle safe to "Safety"\n{REASON}'
    told = [each for each in examined(*written(folder, change))[1] if each.severity == "warning"]
    assert [each.help.splitlines()[1] for each in told] == [
        'Write below translation sw "Kiswahili": text principle safe "…"'
    ]
    own = 'translation sw "Kiswahili"\n  text principle safe "Usalama"\n'
    assert left_behind(folder, change + own) == []


def test_the_head_allows_it_for_every_change_even_where_the_file_has_no_blocks(folder: Path) -> None:
    (folder / "base.rubric").write_text(REVIEWED, encoding="utf-8")
    head = HEAD + '  allow RB310 because "We rate in English."\n'
    problems = examined(*written(folder, TWO_REWORDED, head=head))[1]
    found = [(each.severity, each.help) for each in problems if each.facts.get("reworded")]
    assert found == [("info", "Meant by the author: We rate in English.")]


def test_what_is_allowed_below_one_change_does_not_cover_the_others(folder: Path) -> None:
    (folder / "base.rubric").write_text(REVIEWED, encoding="utf-8")
    allowed = '  allow RB310 because "Nobody here reads Kiswahili."\n'
    first, second = TWO_REWORDED.split("rename")
    assert left_behind(folder, f"{first}{allowed}rename{second}") == [
        ("info", "The base has item calm_1 in Kiswahili too, and that text is older than this change."),
        ("warning", "The base has principle safe in Kiswahili too, and that text is older than this change."),
    ]


def test_a_reworded_text_that_is_translated_anew_is_not_old(folder: Path) -> None:
    own = 'translation sw "Kiswahili"\n  text item calm_1 "Husema polepole"\n'
    change = f'reword item calm_1 to "Speaks low"\n{REASON}'
    site = adapted(folder, change + own)
    texts = {key[1]: text for each in site.translations for key, text in each.texts.items()}
    assert texts == {"calm_1": "Husema polepole", "calm_2": "Huacha nafasi"}
    assert site.origin is not None
    assert site.origin.stale == ()
    problems = examined(*written(folder, change + own))[1]
    assert [each.severity for each in problems if each.code == "RB310"] == ["info"]


def test_a_translation_that_is_meant_to_stay_out_is_allowed_below_the_change(folder: Path) -> None:
    allowed = '  allow RB310 because "Nobody here reads Kiswahili."\n'
    (folder / "base.rubric").write_text(REVIEWED, encoding="utf-8")
    problems = examined(*written(folder, f'reword item calm_1 to "Speaks low"\n{REASON}{allowed}'))[1]
    assert [each.severity for each in problems if each.code == "RB310"] == ["info"]


DEVIATION = """\
deviation lighter "A lighter question"
  touches item safe_1
  risk "Harm may be missed."
  approved by "The steering group" on 2026-02-02
  expires on 2026-08-01
"""
UNDER = f'reword item safe_1 to "Asks how things are"\n{REASON.rstrip()} under deviation lighter\n'


def test_what_is_core_changes_only_under_a_deviation_that_touches_it(folder: Path) -> None:
    assert codes(folder, f"drop item safe_1\n{REASON}") == ["RB301"]
    assert codes(folder, UNDER + DEVIATION) == []
    assert codes(folder, UNDER + DEVIATION.replace("item safe_1", "item safe_2")) == ["RB301"]
    assert codes(folder, UNDER + DEVIATION.replace('  risk "Harm may be missed."\n', "")) == ["RB301"]


def test_a_refused_change_is_not_made_and_says_nothing_twice(folder: Path) -> None:
    assert codes(folder, f'drop item safe_1\n{REASON}flag odd "Odd" when safe_1 is 0\n') == ["RB301"]


def test_changes_are_kept_with_their_reasons(folder: Path) -> None:
    origin = adapted(folder, UNDER + DEVIATION).origin
    assert origin is not None
    (change,) = origin.changes
    assert (change.kind, change.target) == ("reword", "item safe_1")
    assert (change.before, change.after) == ("Asks about harm", "Asks how things are")
    assert (change.because, change.planned, change.fidelity) == ("So it is.", "planned", "consistent")
    (deviation,) = origin.active
    assert (deviation.id, deviation.touches, deviation.expires) == (
        "lighter",
        ("item safe_1",),
        date(2026, 8, 1),
    )


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (date(2026, 5, 1), []),
        (date(2026, 6, 2), [("RB304", "warning")]),
        (date(2026, 8, 1), [("RB304", "warning")]),
        (date(2026, 8, 2), [("RB304", "error")]),
    ],
)
def test_expiry_is_judged_on_the_day_that_is_given(
    folder: Path, on: date, found: list[tuple[str, str]]
) -> None:
    problems = examined(*written(folder, UNDER + DEVIATION), on=on)[1]
    assert [(each.code, each.severity) for each in problems if each.code != "RB310"] == found


def test_the_core_reaches_what_its_gates_and_scores_read(folder: Path) -> None:
    core = BASE + 'gate mean_gate "Mean" caps overall at low when average of calm is below mark\n'
    core += 'core gate mean_gate because "Calm comes first."\n'
    (folder / "base.rubric").write_text(core, encoding="utf-8")
    assert codes(folder, f"set mark to 1.5\n{REASON}") == ["RB301"]
    assert codes(folder, f'reword item calm_2 to "Is silent"\n{REASON}') == ["RB301"]
    assert codes(folder, f'reword item safe_2 to "Writes a plan"\n{REASON}') == []
    assert codes(folder, f'add item calm_3 "Waits" to calm on scale three\n{REASON}') == ["RB301"]
    assert codes(folder, f'add item safe_3 "Waits" to safe on scale three\n{REASON}') == []


def test_an_adaptation_of_an_adaptation(folder: Path) -> None:
    written(folder, f"set mark to 1.5\n{REASON}")
    head = HEAD.replace("adaptation site", "adaptation ward").replace(
        "base version 2.0.0", "site version 1.1.0"
    )
    ward = load(*written(folder, f'rename principle calm to "Quiet"\n{REASON}', "ward.rubric", head))
    assert [each.value for each in ward.thresholds] == [Fraction(3, 2)]
    assert ward.group["calm"].title == "Quiet"
    assert ward.origin is not None
    assert ward.origin.base.id == "site"


def test_the_fingerprint_of_the_base_is_held_against_its_text(folder: Path) -> None:
    good = load(BASE, "base.rubric").fingerprint
    line = "version 2.0.0\n"
    for fingerprint, found in [(good, []), ("sha256:00", ["RB303"])]:
        head = HEAD.replace(line, f'version 2.0.0 fingerprint "{fingerprint}"\n', 1)
        problems = examined(*written(folder, "", head=head))[1]
        assert [each.code for each in problems if each.code != "RB310"] == found


def test_each_group_may_have_its_number_moved(folder: Path) -> None:
    (folder / "base.rubric").write_text(BASE + "threshold mark of safe is 3\n", encoding="utf-8")
    site = adapted(folder, f"set mark to 1\n{REASON}set mark of safe to 2.5\n{REASON}")
    assert {each.of: each.value for each in site.thresholds} == {"": 1, "safe": Fraction(5, 2)}
    assert codes(folder, f"set mark of calm to 1\n{REASON}") == ["RB101"]
    assert codes(folder, f"set mark to 1\n{REASON}set mark to 2\n{REASON}") == ["RB302"]


def test_a_selection_need_not_leave_out_what_is_dropped(folder: Path) -> None:
    score = 'score rest "Rest" is mean of items except calm_2\n'
    score += 'score some "Some" is mean of items except calm_2, safe_1\n'
    (folder / "base.rubric").write_text(BASE + score, encoding="utf-8")
    site = adapted(folder, f"drop item calm_2\n{REASON}")
    scored = compile(site)({"calm_1": 3, "safe_1": 0, "safe_2": 0})
    assert (scored.scores["rest"].exact, scored.scores["some"].exact) == (Fraction(1), Fraction(3, 2))


def test_answers_and_levels_have_titles_that_change(folder: Path) -> None:
    site = adapted(folder, f'rename level low of overall to "Not yet"\n{REASON}')
    assert [each.title for each in site.results[0].levels] == ["Not yet", "High"]


def test_two_that_extend_each_other_end_in_a_message(folder: Path) -> None:
    head = HEAD.replace("extends base version 2.0.0", "extends ward version 1.1.0")
    ward = HEAD.replace("adaptation site", "adaptation ward").replace(
        "base version 2.0.0", "site version 1.1.0"
    )
    written(folder, "", "ward.rubric", ward)
    assert [each.code for each in examined(*written(folder, "", head=head))[1]] == ["RB005"]


def test_many_changes_take_no_time_to_speak_of(folder: Path) -> None:
    items = "".join(f'  item i_{n} "Item {n}"\n' for n in range(1500))
    many = BASE.replace("threshold mark", f'section many "Many" on scale three\n{items}threshold mark', 1)
    many = many.replace("result overall", 'score all_of_it "All" is mean of items in many\nresult overall')
    (folder / "base.rubric").write_text(many, encoding="utf-8")
    changes = "".join(f'reword item i_{n} to "Item no. {n}"\n{REASON}' for n in range(1500))
    text, file = written(folder, changes)
    begin = time.process_time()
    assert examined(text, file)[0] is not None
    assert time.process_time() - begin < 20


# ---- the base's examples


def moved(folder: Path, changes: str) -> list[tuple[str, str, int]]:
    text, file = written(folder, changes)
    checklist = load(text, file)
    return [
        (each.severity, str(each.facts["got"]), each.place.line) for each in moved_examples(checklist, text)
    ]


def test_an_example_that_comes_out_differently_is_told_at_the_change_that_moves_it(folder: Path) -> None:
    changes = f'rename principle calm to "Quiet"\n{REASON}set mark to 2.5\n{REASON}'
    assert moved(folder, changes) == [("warning", "low because calm, safe", 8)]


def test_an_example_of_the_same_title_acknowledges_it(folder: Path) -> None:
    own = 'example "Twos are enough"\n  given every item is 2\n  expect overall is low\n'
    assert moved(folder, f"set mark to 2.5\n{REASON}{own}") == []


def test_it_may_be_allowed_below_the_change(folder: Path) -> None:
    allow = '  allow RB305 because "Two is not enough here."\n'
    assert [each[0] for each in moved(folder, f"set mark to 2.5\n{REASON}{allow}")] == ["info"]


def test_what_does_not_move_is_not_told(folder: Path) -> None:
    assert moved(folder, f"set mark to 1.5\n{REASON}") == []


NOTED = """\
checklist base "A base"
  version 2.0.0
scale three "How well" from 0 to 3
section safe "Safe" on scale three
  item safe_1 "Asks about harm"
    note "Ask plainly."
    note "Ask calmly."
    anchor 0 "Does not ask"
    anchor 3 "Asks and waits"
    evidence "The recording"
score average "Average" is mean of items
translation sw "Kiswahili"
  text item safe_1 "Anauliza kuhusu madhara"
  text note of safe_1 "Uliza wazi."
  text note 2 of safe_1 "Uliza kwa utulivu."
  text anchor 0 of safe_1 "Hauulizi"
  text anchor 3 of safe_1 "Anauliza na kusubiri"
  text evidence of safe_1 "Rekodi"
"""


@pytest.fixture
def noted(tmp_path: Path) -> Path:
    (tmp_path / "base.rubric").write_text(NOTED, encoding="utf-8")
    return tmp_path


LAID = (
    'reword item safe_1 to "Asks about harm"\n  because "The manual, page 3." planned fidelity consistent\n'
    '  note "Use the words of the manual."\n  anchor 3 "Asks, waits and listens"\n'
    '  anchor 1 "Asks in a roundabout way"\n'
)


def test_notes_and_anchors_below_a_change_take_the_place_of_those_of_the_base(noted: Path) -> None:
    item = adapted(noted, LAID).item["safe_1"]
    assert item.title == "Asks about harm"
    assert item.note == "Use the words of the manual."
    assert dict(item.anchors) == {
        "0": "Does not ask",
        "3": "Asks, waits and listens",
        "1": "Asks in a roundabout way",
    }


def test_each_text_laid_over_is_a_change_of_its_own_with_the_same_reason(noted: Path) -> None:
    origin = adapted(noted, LAID).origin
    assert origin is not None
    assert [(each.kind, each.target, each.before, each.after) for each in origin.changes] == [
        ("reword", "note of safe_1", "Ask plainly.", "Use the words of the manual."),
        ("reword", "note 2 of safe_1", "Ask calmly.", ""),
        ("reword", "anchor 3 of safe_1", "Asks and waits", "Asks, waits and listens"),
        ("reword", "anchor 1 of safe_1", "", "Asks in a roundabout way"),
    ]
    assert {each.because for each in origin.changes} == {"The manual, page 3."}


def test_translations_of_texts_laid_over_are_out_of_date_and_the_others_stay(noted: Path) -> None:
    model = adapted(noted, LAID)
    assert model.origin is not None
    assert model.origin.stale == (("sw", "note of safe_1"), ("sw", "anchor 3 of safe_1"))
    assert sorted(key for key in model.translations[0].texts) == [
        ("anchor", "0", "safe_1"),
        ("evidence", "", "safe_1"),
        ("item", "safe_1", ""),
    ]


def test_a_note_laid_over_and_translated_anew_is_not_old(noted: Path) -> None:
    model = adapted(noted, LAID + 'translation sw "Kiswahili"\n  text note of safe_1 "Tumia maneno."\n')
    assert model.translations[0].texts["note", "", "safe_1"] == "Tumia maneno."
    assert model.origin is not None
    assert model.origin.stale == (("sw", "anchor 3 of safe_1"),)


def test_a_note_may_be_laid_over_that_of_an_adaptation(noted: Path) -> None:
    written(noted, LAID)
    head = HEAD.replace("adaptation site", "adaptation ward").replace(
        "base version 2.0.0", "site version 1.1.0"
    )
    change = f'reword item safe_1 to "Asks"\n{REASON}  note "Whisper."\n'
    assert load(*written(noted, change, "ward.rubric", head)).item["safe_1"].note == "Whisper."

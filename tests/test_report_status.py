"""Statuses in words: every one has a word, a glyph, a sentence; the suggestions fit."""

import re
from fractions import Fraction
from typing import get_args

import pytest
from report_sample import small_study

from fidelity.model.summary import Chance, Drift, DriftStatus, HeldBack, ScoreSummary, Standard
from fidelity.report.measure import PERCENT
from fidelity.report.status import (
    next_step,
    standard_sentence,
    standard_status,
    trend_sentence,
    trend_status,
)
from fidelity.report.words import Words, words_for


@pytest.fixture
def words() -> Words:
    return words_for(small_study({"A": [3]}).checklist)


def score(status: DriftStatus, standard: Standard | None = None, **more: object) -> ScoreSummary:
    chance = Chance(12, 7.4, 2.6, 51)
    drift = Drift(status=status, since="S7", size=-14.0, low=-21.0, high=-7.0, observed=12, chance=chance)
    return ScoreSummary(
        n=12,
        mean=78.4,
        low=72.0,
        high=84.6,
        estimate=78.0,
        standard=standard,
        more_needed=4,
        drift=drift.model_copy(update=more),
        sessions=(),
    )


@pytest.mark.parametrize("status", get_args(DriftStatus))
@pytest.mark.parametrize("voice", ["supervisor", "you"])
def test_every_trend_has_a_word_with_a_glyph_and_a_sentence(
    status: DriftStatus, voice: str, words: Words
) -> None:
    shown = trend_status(words, score(status))
    assert len(shown.glyph) == 1
    assert shown.word
    said = trend_sentence(words, score(status), PERCENT, 10.0, "you" if voice == "you" else "supervisor")
    assert said.endswith((".", "?"))
    assert "{" not in said


@pytest.mark.parametrize("standard", get_args(Standard))
def test_every_standard_has_a_word_with_a_glyph_and_a_sentence(standard: Standard, words: Words) -> None:
    shown = standard_status(words, score("none", standard))
    assert shown is not None
    assert len(shown.glyph) == 1
    for voice in ("supervisor", "you"):
        said = standard_sentence(
            words, score("none", standard), PERCENT, Fraction(75), "you" if voice == "you" else "supervisor"
        )
        assert "75%" in said


def test_a_word_that_the_shown_range_does_not_bear_out_says_by_which_range_it_goes(words: Words) -> None:
    met = score("none", "meets")
    crossed, clear = (standard_sentence(words, met, PERCENT, Fraction(at)) for at in (75, 70))
    assert crossed == (
        "The average of 78% in 12 sessions (likely range 72% to 85%) meets the standard of 75%. "
        "The word goes by the 80% range, which is narrower and does not cross the standard."
    )
    assert clear.endswith("meets the standard of 70%.")


def test_a_mean_that_raters_moved_is_told_beside_the_adjusted_one(words: Words) -> None:
    moved = score("none", "meets").model_copy(update={"adjusted": 81.2})
    said = standard_sentence(words, moved, PERCENT, Fraction(75))
    assert said.endswith(
        "Range and standard are about 81%: the average without how strict or mild the raters are."
    )
    close = score("none", "meets").model_copy(update={"adjusted": 79.0})
    assert "strict" not in standard_sentence(words, close, PERCENT, Fraction(75))


@pytest.mark.parametrize("reason", [each for each in get_args(HeldBack) if each])
def test_every_reason_to_hold_back_is_told(reason: HeldBack, words: Words) -> None:
    said = words.say(f"supervisor.reason.{reason}", n=3, needed=6, mean="78%")
    assert said.endswith(".")
    assert words.say(f"drift.reason_{reason}", n=3, needed=6)


def test_an_act_says_since_when_how_much_and_how_often_by_chance(words: Words) -> None:
    said = trend_sentence(words, score("act"), PERCENT, 10.0)
    assert said == (
        "Scores have dropped since S7 by about 14 points (likely range 7 to 21). About 3 in 100 steady "
        "helpers would get this message within 12 sessions."
    )


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("few_observations", "After 6 sessions we can say whether your scores are changing."),
        ("few_differences", "It is too early in the programme to say whether scores are changing."),
        ("no_dates", "The sessions have no dates, so we cannot say whether your scores are changing."),
    ],
)
def test_a_therapist_is_told_why_change_is_not_judged_yet(reason: HeldBack, said: str, words: Words) -> None:
    assert trend_sentence(words, score("not_enough", reason=reason), PERCENT, None, "you").startswith(said)


def test_no_sign_of_change_says_what_would_have_been_seen(words: Words) -> None:
    said = trend_sentence(words, score("none"), PERCENT, 10.0)
    assert "A drop of 15 points would have been noticed in about 5 of 10 cases" in said


def test_a_watch_that_was_held_back_says_why(words: Words) -> None:
    assert trend_sentence(words, score("watch", reason="small_fall"), PERCENT, 4.0).endswith(
        "The fall is small, so it is shown as a possible change only."
    )


@pytest.mark.parametrize(
    ("trend", "standard", "capped", "step"),
    [
        ("act", "below", 0, "Review recordings together; agree one skill to practise"),
        (
            "act",
            "below",
            1,
            "Review recordings together; begin with what capped the level",
        ),
        ("none", "below", 0, "Plan a joint session or role-play before the next visit"),
        (
            "none",
            "below",
            2,
            "Before the next visit plan a joint session or role-play; begin with what capped the level",
        ),
        ("watch", "meets", 0, "Observe two more sessions"),
        ("watch", "meets", 1, "Talk about what capped the level in 1 of the last 5 sessions"),
        ("rater_first", "meets", 0, "Score two sessions twice before talking"),
        ("improving", "cannot_tell", 0, "Say what went well; keep the current support"),
        ("none", "cannot_tell", 0, "Observe more sessions (about 4)"),
        ("not_enough", "too_few", 0, "Book the next observations"),
        ("not_enough", None, 0, "Book the next observations"),
        ("none", None, 0, "Continue routine observation"),
        ("none", None, 2, "Talk about what capped the level in 2 of the last 5 sessions"),
        ("none", "meets", 0, "Continue routine observation"),
    ],
)
def test_the_next_step_fits_both_statuses_and_what_capped_the_level(
    trend: DriftStatus, standard: Standard | None, capped: int, step: str, words: Words
) -> None:
    assert next_step(words, score(trend, standard), capped) == step


def test_without_a_known_chance_no_chance_is_named(words: Words) -> None:
    said = trend_sentence(words, score("act", chance=None, since=None), PERCENT, None)
    assert said == "Scores have dropped lately. A few steady helpers would get this message too."


def test_raters_who_became_stricter_are_named_first(words: Words) -> None:
    assert trend_sentence(words, score("rater_first", raters=("R2",)), PERCENT, 10.0) == (
        "Scores look lower since S7, and in the same time R2 gave lower scores to others too. "
        "Double-score two sessions before talking to the helper."
    )


def test_a_fall_of_everyone_is_told_with_its_size(words: Words) -> None:
    assert trend_sentence(words, score("everyone_moved"), PERCENT, 10.0) == (
        "Scores of all colleagues together fell by about 14 points since S7; this helper is in line with "
        "them."
    )


def test_no_wording_judges(words: Words) -> None:
    unkind = re.compile(
        r"\b(fail\w*|poor\w*|bad|worst|significan\w*|prove[dns]?|proof|rank\w*)\b", re.IGNORECASE
    )
    code = re.compile(r"“\w+”")  # a word of the data, named as it stands there
    told = [text for text in all_texts(words.wordings) if unkind.search(code.sub("", text))]
    assert told == []


def all_texts(wordings: object) -> list[str]:
    if isinstance(wordings, str):
        return [wordings]
    if isinstance(wordings, bool):
        return []
    inner = wordings.values() if isinstance(wordings, dict) else wordings
    return [text for each in inner for text in all_texts(each)]  # type: ignore[attr-defined]

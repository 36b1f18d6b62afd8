"""Statuses in words: from what the statistics found to a word with its glyph, a sentence, a next step."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from fidelity.model.summary import Drift, ScoreSummary
from fidelity.report.measure import WORTH_A_WORD, Measure, plain
from fidelity.report.words import Fact, Words

Voice = Literal["supervisor", "you"]
UNDECLARED = "undeclared"

# A drop of one and a half ordinary ups and downs is what the chances below are about (15 points at 10).
NOTICEABLE = 1.5
# Of the width of the likely range: an adjusted mean that lies closer to the plain one is not told.
WORTH_TELLING = 0.1


@dataclass(frozen=True, slots=True)
class Status:
    """A word with a glyph, and the look that repeats what they say."""

    word: str
    glyph: str
    look: str

    @property
    def text(self) -> str:
        """Glyph and word, so that nothing is said by colour alone."""
        return f"{self.glyph} {self.word}"


def status(words: Words, kind: str, key: str, **facts: str) -> Status:
    """The word, glyph and look of `standard`, `trend` or `change`."""
    entry: Mapping[str, Any] = words.wordings["status"][kind][key]
    return Status(entry["word"].format_map({**words.person, **facts}), entry["glyph"], entry["look"])


def standard_status(words: Words, score: ScoreSummary) -> Status | None:
    """Whether the average is good enough; nothing where no standard is declared."""
    return None if score.standard is None else status(words, "standard", score.standard)


def trend_status(words: Words, score: ScoreSummary) -> Status:
    """Whether the scores are changing."""
    return status(words, "trend", score.drift.status)


def change_status(words: Words, first: float | None, last: float | None) -> Status:
    """How a part moved, in words; a small difference is about the same."""
    if first is None or last is None:
        return status(words, "change", "unknown")
    if abs(last - first) < WORTH_A_WORD:
        return status(words, "change", "same")
    return status(words, "change", "higher" if last > first else "lower", size=plain(abs(last - first), 0))


def next_step(words: Words, score: ScoreSummary, capped: int) -> str:
    """The first suggestion that fits both statuses and levels capped lately, and whose facts are known."""
    known = {**words.person, "more": score.more_needed, "capped": capped}
    for entry in words.wordings["next_step"]:
        text: str = entry["text"]
        if _fits(entry, score, capped) and ("{more}" not in text or score.more_needed):
            return text.format_map(known)
    return ""


def _fits(entry: Mapping[str, Any], score: ScoreSummary, capped: int) -> bool:
    trend, standard = score.drift.status, score.standard or UNDECLARED
    of_status = trend in entry.get("trend", [trend]) and standard in entry.get("standard", [standard])
    return of_status and (capped > 0 or not entry.get("capped"))


def standard_sentence(
    words: Words,
    score: ScoreSummary,
    measure: Measure,
    standard: Fraction | None,
    voice: Voice = "supervisor",
) -> str:
    """Where the average lies, against the standard if there is one."""
    facts: dict[str, Fact] = {
        "n": score.n,
        "mean": measure.text(score.mean),
        "low": None if score.low is None else measure.text(score.low),
        "high": None if score.high is None else measure.text(score.high),
        "standard": None if standard is None else measure.text(float(standard)),
        "more": score.more_needed,
    }
    key = score.standard or UNDECLARED
    if key not in (UNDECLARED, "too_few") and score.low is None:
        key = UNDECLARED
    said = words.say(f"{voice}.standard.{key}", **facts)
    if voice != "supervisor":
        return said
    beside = (_narrower(words, score, key, standard), _adjusted(words, score, measure))
    return " ".join(text for text in (said, *beside) if text)


def _narrower(words: Words, score: ScoreSummary, key: str, standard: Fraction | None) -> str:
    """Why a word is claimed although the likely range crosses the standard: it goes by a narrower one."""
    if key not in ("meets", "below") or standard is None or score.low is None or score.high is None:
        return ""
    return words.say("supervisor.standard.narrower") if score.low < standard < score.high else ""


def _adjusted(words: Words, score: ScoreSummary, measure: Measure) -> str:
    """The mean that range and standard are about, where strict or mild raters make it another one."""
    if score.adjusted is None or score.mean is None or score.low is None or score.high is None:
        return ""
    if abs(score.adjusted - score.mean) < WORTH_TELLING * (score.high - score.low):
        return ""
    return words.say("supervisor.standard.adjusted", adjusted=measure.text(score.adjusted))


def trend_sentence(
    words: Words, score: ScoreSummary, measure: Measure, sigma: float | None, voice: Voice = "supervisor"
) -> str:
    """What the scores do over time, with the chance of such a message and what held a claim back."""
    drift = score.drift
    facts = _trend_facts(words, score, measure, sigma)
    if drift.status == "not_enough":
        key = _not_enough(drift, voice)
        return words.say(key, **facts)
    said = words.say(f"{voice}.trend.{drift.status}", **facts)
    held_back = (
        words.say(f"supervisor.reason.{drift.reason}") if drift.status == "watch" and drift.reason else ""
    )
    return f"{said} {held_back}".strip() if voice == "supervisor" else said


def _not_enough(drift: Drift, voice: Voice) -> str:
    if voice == "supervisor":
        return f"supervisor.reason.{drift.reason or 'few_observations'}"
    return "you.trend." + {"few_observations": "not_enough", "no_dates": "no_dates"}.get(
        drift.reason, "too_early"
    )


def _trend_facts(words: Words, score: ScoreSummary, measure: Measure, sigma: float | None) -> dict[str, Fact]:
    drift, chance = score.drift, score.drift.chance
    low, high = _apart(drift)
    return {
        "n": drift.observed if drift.breaks else score.n,
        "needed": drift.needed,
        "mean": measure.text(score.mean),
        "since": words.day(drift.since_date) or drift.since,
        "size": measure.size(drift.size),
        "low": None if low is None else plain(low, measure.places),
        "high": None if high is None else plain(high, measure.places),
        "chance": in_hundred(chance.watch if drift.status == "watch" else chance.act) if chance else None,
        "drop": None if sigma is None else plain(NOTICEABLE * sigma, measure.places),
        "times": plain(chance.found / 10, 0) if chance else None,
        "raters": words.names(drift.raters) if drift.raters else None,
    }


def _apart(drift: Drift) -> tuple[float | None, float | None]:
    """The likely range of a change's size, in its own direction, the smaller end first."""
    if drift.low is None or drift.high is None or drift.size is None:
        return None, None
    return (drift.low, drift.high) if drift.size > 0 else (-drift.high, -drift.low)


def in_hundred(chance: float) -> str:
    """A chance as a whole number of people in a hundred, at least one."""
    return plain(max(1.0, chance), 0)

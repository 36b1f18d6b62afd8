"""What the Drift sheet and the method say about the rule: how it works, how often it errs, what it sees."""

from fidelity.report.measure import plain
from fidelity.report.reported import ReportedStudy
from fidelity.report.status import NOTICEABLE

LAG_WORTH_A_WORD = 0.05


def drift_notes(study: ReportedStudy) -> dict[str, str]:
    """The notes by topic, in reading order; only those that have something to say."""
    notes = {
        "rule": _rule(study),
        "spread": _spread(study),
        "false_flags": _false_flags(study),
        "power": _power(study),
        "lag": _lag(study),
        "raters": study.words.say("drift.raters"),
    }
    return {key: text for key, text in notes.items() if text}


def _word(study: ReportedStudy, trend: str) -> str:
    return str(study.words.wordings["status"]["trend"][trend]["word"])


def _needed(study: ReportedStudy) -> int:
    return max((score.drift.needed for _, score in study.people), default=6)


def _rule(study: ReportedStudy) -> str:
    words = study.words
    limits = [(score.drift.watch, score.drift.act) for _, score in study.people]
    low, high = max(limits, default=(3.0, 4.0)), min(limits, default=(3.0, 4.0))
    differs = words.say("drift.limits_differ") if low != high else ""
    said = words.say(
        "drift.rule",
        watch=_word(study, "watch"),
        act=_word(study, "act"),
        needed=_needed(study),
        watch_limit=f"{high[0]:g}",
        act_limit=f"{high[1]:g}",
    )
    return f"{said} {differs}".strip()


def _spread(study: ReportedStudy) -> str:
    spread = study.summary.spread
    if spread is None or spread.sigma is None:
        return study.words.say("drift.no_spread", differences=spread.differences if spread else 0)
    sigma = plain(spread.sigma, max(1, study.measure.places))
    return study.words.say("drift.spread", sigma=sigma, differences=spread.differences)


def _false_flags(study: ReportedStudy) -> str:
    spread = study.summary.spread
    if spread is None or spread.expected_false_act is None or spread.expected_false_watch is None:
        return ""
    return study.words.say(
        "drift.false_flags",
        judged=spread.judged,
        watch=plain(spread.expected_false_watch, 1),
        act=plain(spread.expected_false_act, 1),
        watch_word=_word(study, "watch"),
        act_word=_word(study, "act"),
    )


def _power(study: ReportedStudy) -> str:
    if study.sigma is None:
        return ""
    return study.words.say("drift.power", drop=plain(NOTICEABLE * study.sigma, study.measure.places))


def _lag(study: ReportedStudy) -> str:
    spread = study.summary.spread
    if spread is None or spread.lag1 is None or spread.lag1 < LAG_WORTH_A_WORD:
        return ""
    return study.words.say("drift.lag", lag=plain(spread.lag1, 2), act_word=_word(study, "act"))

"""What the Drift sheet and the method say about the rule: how it works, how often it errs, what it can see."""

from fidelity.report.measure import plain
from fidelity.report.status import NOTICEABLE
from fidelity.report.study import Study

LAG_WORTH_A_WORD = 0.05


def drift_notes(study: Study) -> dict[str, str]:
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


def _word(study: Study, trend: str) -> str:
    return str(study.words.wordings["status"]["trend"][trend]["word"])


def _needed(study: Study) -> int:
    return max((score.drift.needed for _, score in study.people), default=6)


def _rule(study: Study) -> str:
    return study.words.say(
        "drift.rule", watch=_word(study, "watch"), act=_word(study, "act"), needed=_needed(study)
    )


def _spread(study: Study) -> str:
    spread = study.summary.spread
    if spread is None or spread.sigma is None:
        return study.words.say("drift.no_spread", differences=spread.differences if spread else 0)
    sigma = plain(spread.sigma, max(1, study.measure.places))
    return study.words.say("drift.spread", sigma=sigma, differences=spread.differences)


def _false_flags(study: Study) -> str:
    spread = study.summary.spread
    if spread is None or spread.expected_false_act is None or spread.expected_false_watch is None:
        return ""
    judged = sum(score.drift.status != "not_enough" for _, score in study.people)
    return study.words.say(
        "drift.false_flags",
        judged=judged,
        watch=plain(spread.expected_false_watch, 1),
        act=plain(spread.expected_false_act, 1),
        watch_word=_word(study, "watch"),
        act_word=_word(study, "act"),
    )


def _power(study: Study) -> str:
    if study.sigma is None:
        return ""
    return study.words.say("drift.power", drop=plain(NOTICEABLE * study.sigma, study.measure.places))


def _lag(study: Study) -> str:
    spread = study.summary.spread
    if spread is None or spread.lag1 is None or spread.lag1 < LAG_WORTH_A_WORD:
        return ""
    return study.words.say("drift.lag", lag=plain(spread.lag1, 2), act_word=_word(study, "act"))

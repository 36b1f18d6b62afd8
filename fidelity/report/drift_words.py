"""What the Drift sheet and the method say about the rule: how it works, how often it errs, what it sees."""

from fidelity.model.summary import Everyone, RaterSummary
from fidelity.report.measure import plain
from fidelity.report.reported import ReportedStudy
from fidelity.report.status import NOTICEABLE, in_hundred

LAG_WORTH_A_WORD = 0.05
ORDINARY_YEAR = 12
MOST_NAMED = 6


def drift_notes(study: ReportedStudy) -> dict[str, str]:
    """The notes by topic, in reading order; only those that have something to say."""
    notes = {
        "rule": change_rule(study),
        "spread": _spread(study),
        "false_flags": _false_flags(study),
        "many": _many(study),
        "power": _power(study),
        "lag": _lag(study),
        "unused": _unused(study),
        "raters": _raters(study),
        "everyone": _everyone(study),
    }
    return {key: text for key, text in notes.items() if text}


def _word(study: ReportedStudy, trend: str) -> str:
    return str(study.words.wordings["status"]["trend"][trend]["word"])


def _needed(study: ReportedStudy) -> int:
    return max((score.drift.needed for _, score in study.people), default=6)


def change_rule(study: ReportedStudy) -> str:
    """How the running sum C works, and from where on it says something."""
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


def _unused(study: ReportedStudy) -> str:
    """The programme's rules that nothing is judged by."""
    titles = study.summary.spread.unused if study.summary.spread else ()
    return study.words.say("drift.unused", names=study.words.quoted(titles)) if titles else ""


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


def _many(study: ReportedStudy) -> str:
    spread = study.summary.spread
    if spread is None or spread.by_chance is None:
        return ""
    listed = sum(bool(score.drift.listed) for _, score in study.people)
    return study.words.say("drift.many", number=listed, share=plain(10 * spread.by_chance, 0))


def _power(study: ReportedStudy) -> str:
    """What the rule can see, by the most sessions that anybody has, but 12 if it can be."""
    chances = [score.drift.chance for _, score in study.people if score.drift.chance]
    if study.sigma is None or not chances:
        return ""
    nearest = min(chances, key=lambda each: abs(each.sessions - ORDINARY_YEAR))
    return study.words.say(
        "drift.power",
        sessions=nearest.sessions,
        times=plain(nearest.found / 10, 0),
        drop=plain(NOTICEABLE * study.sigma, study.measure.places),
    )


def _lag(study: ReportedStudy) -> str:
    spread = study.summary.spread
    if spread is None or spread.lag1 is None or spread.lag1 < LAG_WORTH_A_WORD:
        return ""
    false = None if spread.false_act_at_lag is None else in_hundred(spread.false_act_at_lag)
    return study.words.say("drift.lag", lag=plain(spread.lag1, 2), false=false, act_word=_word(study, "act"))


def _raters(study: ReportedStudy) -> str:
    """What is known of raters, asked before anybody looks at one therapist."""
    words, summary = study.words, study.summary
    said = [_rater(study, each) for each in summary.raters if each.flagged == "stricter"]
    if not summary.raters:
        said.append(words.say("drift.raters_unnamed"))
    else:
        said.append(words.say("drift.raters_adjusted" if summary.adjusted else "drift.raters"))
    if summary.linked > 1:
        said.append(words.say("drift.raters_apart", groups=summary.linked))
    if summary.mostly_one:
        # Two raters who rated all sessions twice both rated most of them: the therapist counts once.
        whom = dict.fromkeys(each.therapist for each in summary.mostly_one)
        said.append(words.say("drift.mostly_one", number=len(whom), names=words.names(whom, MOST_NAMED)))
    return " ".join(said)


def _rater(study: ReportedStudy, rater: RaterSummary) -> str:
    size = None if rater.change is None else plain(abs(rater.change), study.measure.places)
    return study.words.say(
        "drift.rater_flagged_fixed" if rater.fixed else "drift.rater_flagged", rater=rater.rater, size=size
    )


def _everyone(study: ReportedStudy) -> str:
    told = (each for each in study.summary.everyone if each.status in ("moved", "watch"))
    return " ".join(movement_sentence(study, each) for each in told)


def movement_sentence(study: ReportedStudy, moved: Everyone) -> str:
    """How the whole programme, or a site, moved."""
    words, places = study.words, study.measure.places
    low, high = (None if each is None else plain(-each, places) for each in (moved.high, moved.low))
    return words.say(
        "drift.everyone" if moved.status == "moved" else "drift.everyone_watch",
        where=words.say("drift.site", site=moved.site) if moved.site else words.say("drift.whole_programme"),
        since=words.day(moved.since),
        size=None if moved.size is None else plain(-moved.size, places),
        low=low,
        high=high,
        shared=moved.shared,
        compared=moved.compared,
    )

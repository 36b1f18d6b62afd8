"""What raters, everyone and each therapist did -> what is said of each therapist, in this order."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from fidelity.model.summary import Drift, Everyone
from fidelity.summaries.score_series import Series

FEWEST_RATERS = 2


@dataclass(frozen=True, slots=True)
class Beside:
    """What is asked before a therapist: raters who became stricter, and what moved.

    `moved` is the fall of the programme (no site) or of sites; `beside` has each therapist's drift beside
    colleagues: of scores less what theirs did. Without rater names nothing is asked about raters.
    """

    stricter: Collection[str]
    named: bool
    moved: Mapping[str, Everyone]
    beside: Mapping[str, Drift]


def in_order(found: Mapping[str, Drift], series: Series, first: Beside) -> dict[str, Drift]:
    """Every therapist's drift, once the questions that come first are answered."""
    moved = dict(zip(series.sessions.names, _moved(series, first.moved), strict=True))
    return {name: _settled(name, each, series, first, moved[name]) for name, each in found.items()}


def _settled(name: str, own: Drift, series: Series, first: Beside, moved: Everyone | None) -> Drift:
    if own.status == "not_enough":
        return own.model_copy(update={"asked": first.named})
    drift = _among_others(own, first.beside[name], moved) if moved else own
    fell = [each for each in (drift, own) if each.status in ("watch", "act")]
    if fell:
        window = _last_stretch(series.sessions.spans[name], own)
        raters = series.raters_in(_since(drift, series, window)) & set(first.stricter)
        if raters:
            return fell[0].model_copy(
                update={"status": "rater_first", "raters": tuple(sorted(raters)), "asked": first.named}
            )
        if drift.status == "act" and first.named and not _seen_by_several(series, window):
            drift = drift.model_copy(update={"status": "watch", "reason": "one_rater"})
    return drift.model_copy(update={"asked": first.named})


def _moved(series: Series, moved: Mapping[str, Everyone]) -> list[Everyone | None]:
    """For each therapist the fall of the programme, or else of the therapist's own site."""
    return [moved.get("") or moved.get(site) for site in series.sessions.latest(series.site)]


def _among_others(own: Drift, beside: Drift, moved: Everyone) -> Drift:
    """Judged beside colleagues: who fell more than they did is to be looked at, others are in line."""
    if beside.status in ("watch", "act"):
        return beside
    if own.status == "improving" or (own.status == "none" and beside.status == "improving"):
        return own
    return own.model_copy(
        update={
            "status": "everyone_moved",
            "reason": "",
            "since": None,
            "since_date": moved.since,
            "size": moved.size,
            "low": moved.low,
            "high": moved.high,
        }
    )


def _last_stretch(span: slice, drift: Drift) -> slice:
    return slice(span.start + drift.breaks[-1].at, span.stop) if drift.breaks else span


def _since(drift: Drift, series: Series, window: slice) -> slice:
    """The sessions since the change; all of them where no session is named."""
    names = series.session.said(window)
    at = names.index(drift.since) if drift.since in names else 0
    return slice(window.start + at, window.stop)


def _seen_by_several(series: Series, window: slice) -> bool:
    """Whether two raters saw the course that is judged, or a session of it was scored twice."""
    return len(series.raters_in(window)) >= FEWEST_RATERS or series.some_twice(window)

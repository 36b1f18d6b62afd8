"""What raters, everyone and each therapist did -> what is said of each therapist, in this order."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from fidelity.model.summary import Drift, Everyone, SessionScore

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


def in_order(
    found: Mapping[str, Drift], series: Mapping[str, Sequence[SessionScore]], first: Beside
) -> dict[str, Drift]:
    """Every therapist's drift, once the questions that come first are answered."""
    return {name: _settled(name, each, series[name], first) for name, each in found.items()}


def _settled(name: str, own: Drift, sessions: Sequence[SessionScore], first: Beside) -> Drift:
    if own.status == "not_enough":
        return own.model_copy(update={"asked": first.named})
    moved = _moved(sessions, first.moved)
    drift = _among_others(own, first.beside[name], moved) if moved else own
    window = sessions[own.breaks[-1].at :] if own.breaks else sessions
    raters = sorted(
        {rater for each in _since(drift, window) for rater, _ in each.by_rater} & set(first.stricter)
    )
    fell = drift.status in ("watch", "act") or own.status in ("watch", "act")
    if fell and raters:
        shown = drift if drift.status in ("watch", "act") else own
        return shown.model_copy(
            update={"status": "rater_first", "raters": tuple(raters), "asked": first.named}
        )
    if drift.status == "act" and first.named and not _seen_by_several(window):
        drift = drift.model_copy(update={"status": "watch", "reason": "one_rater"})
    return drift.model_copy(update={"asked": first.named})


def _moved(sessions: Sequence[SessionScore], moved: Mapping[str, Everyone]) -> Everyone | None:
    """The fall of the programme, or else of the therapist's own site."""
    return moved.get("") or moved.get(site_of(sessions))


def site_of(sessions: Sequence[SessionScore]) -> str:
    """Where the therapist works, by the latest session that says so."""
    return next((each.site for each in reversed(sessions) if each.site), "")


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


def _since(drift: Drift, sessions: Sequence[SessionScore]) -> Sequence[SessionScore]:
    """The sessions since the change; all of them where no session is named."""
    at = next((at for at, each in enumerate(sessions) if each.session == drift.since), 0)
    return sessions[at:]


def _seen_by_several(sessions: Sequence[SessionScore]) -> bool:
    """Whether two raters saw the course that is judged, or a session of it was scored twice."""
    raters = {rater for each in sessions for rater, _ in each.by_rater if rater}
    return len(raters) >= FEWEST_RATERS or any(len(each.by_rater) > 1 for each in sessions)

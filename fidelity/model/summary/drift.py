"""The course of one therapist's scores: what the drift rule found, and since when."""

from datetime import date
from typing import Literal, NamedTuple

from fidelity.model.summary.row import Row

DriftStatus = Literal["not_enough", "none", "watch", "act", "improving", "rater_first", "everyone_moved"]
HeldBack = Literal[
    "", "few_observations", "few_differences", "no_dates", "small_fall", "no_range", "one_rater"
]
WhyBroken = Literal["version", "modality", "restart"]


class Chance(NamedTuple):
    """Of 100 steady people with so many sessions, those who get a message; of 100 real drops, those found.

    The drop is one and a half ordinary ups and downs, after half of the sessions.
    """

    sessions: int
    watch: float
    act: float
    found: float


class Break(NamedTuple):
    """Where a course starts anew: the number of the first session after it, its day, and why."""

    at: int
    day: date | None
    why: WhyBroken


class Drift(Row):
    """The self-starting CUSUM of one therapist; `cusum` has one value a session, the first is 0.

    `since` is the first session of the change, `size` mean since minus mean before with its 95 % limits;
    `rising` is the mirrored sum; `observed` of `needed` sessions; `reason` says what held a claim back.
    `watch` and `act` are the limits that the sums were held against. `cusum` is empty, and `since` and the
    sizes are None, where nothing could be worked out or nothing was seen.

    After a break all of this counts from the break on; `before` is the status that stood then. `chance` is
    what the rule finds in so many sessions. `raters` are those whose own trend comes first. Without rater
    names the questions about raters are not `asked`. For 200 therapists and more `p` is the chance of such a
    sum in a steady course, and `listed` says whether it is among those to look at first.
    """

    status: DriftStatus
    since: str | None = None
    since_date: date | None = None
    size: float | None = None
    low: float | None = None
    high: float | None = None
    cusum: tuple[float, ...] = ()
    rising: tuple[float, ...] = ()
    observed: int = 0
    needed: int = 6
    watch: float = 3.0
    act: float = 4.0
    reason: HeldBack = ""
    breaks: tuple[Break, ...] = ()
    before: DriftStatus | None = None
    chance: Chance | None = None
    raters: tuple[str, ...] = ()
    asked: bool = True
    p: float | None = None
    listed: bool | None = None

"""Summaries: what many scored observations say about therapists, items, raters and sites.

All scores here are floats in the score's own unit (percents in percent): estimates that award no level.
"""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

DriftStatus = Literal["not_enough", "none", "watch", "act", "improving", "rater_first", "everyone_moved"]
Standard = Literal["meets", "below", "cannot_tell", "too_few"]
HeldBack = Literal["", "few_observations", "few_differences", "no_dates", "small_fall", "no_range"]
ReasonAside = Literal["refused", "for_cause", "no_therapist", "no_date"]


class Row(BaseModel):
    """A frozen record of a summary."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SessionScore(Row):
    """One session of a therapist: the mean over its raters, and the raters' own scores."""

    session: str
    date: date | None
    score: float
    by_rater: tuple[tuple[str, float], ...]
    level: str | None
    modality: str
    observations: tuple[str, ...]


class Drift(Row):
    """The self-starting CUSUM of one therapist; `cusum` has one value a session, the first is 0.

    `since` is the first session of the change, `size` mean since minus mean before with its 95 % limits;
    `rising` is the mirrored sum; `observed` of `needed` sessions; `reason` says what held a claim back.
    `watch` and `act` are the limits that the sums were held against. `cusum` is empty, and `since` and the
    sizes are None, where nothing could be worked out or nothing was seen.
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


class ScoreSummary(Row):
    """One score of one therapist: n sessions, plain mean, 95 % pooled-sd limits, shrunken estimate.

    None means: no mean without a session, no limits below 3 sessions, no estimate below 4 therapists, no
    standard where the checklist declares none; `more_needed` is known only where it cannot be told yet, and
    where fewer than 100 more observations would tell.
    """

    n: int
    mean: float | None
    low: float | None
    high: float | None
    estimate: float | None
    standard: Standard | None
    more_needed: int | None
    drift: Drift
    sessions: tuple[SessionScore, ...]


class ItemCount(Row):
    """An item in the last sessions: how often it was missed and how often fully shown, of the times rated."""

    item: str
    missed: int
    rated: int
    shown: int = 0


class PartSummary(Row):
    """A group of items: mean percent of its points over all sessions, the first three and the last three.

    `first` and `last` are None below six sessions, where the two would share some.
    """

    group: str
    mean: float | None
    first: float | None
    last: float | None


class TherapistSummary(Row):
    """All that a report says about one therapist.

    `n`, `levels` and `gates_failed` count dated sessions; a session's level is the lowest that a rater's
    answers gave. `items` has every item rated in the last five sessions, most missed first.
    """

    therapist: str
    site: str
    modality: str
    n: int
    scores: dict[str, ScoreSummary]
    levels: dict[str, dict[str, int]]
    items: tuple[ItemCount, ...]
    doing_well: tuple[ItemCount, ...]
    parts: tuple[PartSummary, ...]
    gates_failed: dict[str, int]
    first_date: date | None
    last_date: date | None
    raters: tuple[str, ...]


class RaterSummary(Row):
    """A rater: observations, mean of the headline score."""

    rater: str
    n: int
    mean: float | None


class SiteSummary(Row):
    """A site: therapists, sessions, mean of the headline score over sessions."""

    site: str
    therapists: int
    n: int
    mean: float | None


class Spread(Row):
    """What the drift rule measured for the whole programme: sigma, the differences behind it, expectations.

    Sigma is in the headline score's own unit and None where too few differences are known; `lag1` is the
    lag-1 correlation of the steady therapists; `judged` therapists had enough sessions for a status.
    """

    sigma: float | None
    differences: int
    lag1: float | None
    expected_false_act: float | None
    expected_false_watch: float | None
    judged: int = 0


class Provenance(Row):
    """What was read: files with their SHA-256, counts, what was left out."""

    data_sha256: str
    files: tuple[tuple[str, str, int], ...]
    observations: int
    sessions: int
    refused: int
    software: str


class SetAside(Row):
    """Observations that no therapist's row counts; each stands under the first reason that fits."""

    reason: ReasonAside
    observations: tuple[str, ...]


class Summary(Row):
    """Everything a report is made from, beside the checklist and the scored observations."""

    headline: str | None
    therapists: tuple[TherapistSummary, ...]
    raters: tuple[RaterSummary, ...]
    sites: tuple[SiteSummary, ...]
    spread: Spread | None
    provenance: Provenance
    first_date: date | None
    last_date: date | None
    set_aside: tuple[SetAside, ...] = ()

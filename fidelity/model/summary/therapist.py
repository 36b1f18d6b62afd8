"""What is said about one therapist: scores, items, parts, and what held results down."""

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from pydantic import SkipValidation

from fidelity.model.summary.drift import Drift
from fidelity.model.summary.row import EvidenceClass, Row, Share

Standard = Literal["meets", "below", "cannot_tell", "too_few"]


class SessionScore(NamedTuple):
    """One session of a therapist: the mean over its raters, and the raters' own scores.

    `adjusted` is the mean without how strict each rater is; None where that was not worked out.
    """

    session: str
    date: date | None
    score: float
    by_rater: tuple[tuple[str, float], ...]
    level: str | None
    modality: str
    observations: tuple[str, ...]
    site: str = ""
    version: str = ""
    adjusted: float | None = None

    @property
    def judged(self) -> float:
        """What competence and change are judged by: the adjusted score, where there is one."""
        return self.score if self.adjusted is None else self.adjusted


class EvidenceScore(Row):
    """One score of one therapist by one kind of evidence: n sessions, plain mean, 95 % limits from 3 on."""

    evidence: EvidenceClass
    n: int
    mean: float
    low: float | None
    high: float | None


class ScoreSummary(Row):
    """One score of one therapist: n sessions, plain mean, 95 % pooled-sd limits, shrunken estimate.

    None means: no mean without a session, no limits below 3 sessions, no estimate below 4 therapists, no
    standard where the checklist declares none; `more_needed` is known only where it cannot be told yet,
    and where fewer than 100 more observations would tell. `adjusted` is the mean that limits, estimate
    and standard are about: without how strict each rater is, None where that was not worked out.
    `at_standard` counts the sessions at or above the standard. `by_evidence` has the kinds of evidence
    apart, where there are several.
    """

    n: int
    mean: float | None
    low: float | None
    high: float | None
    estimate: float | None
    standard: Standard | None
    more_needed: int | None
    drift: Drift
    sessions: SkipValidation[Sequence[SessionScore]]
    adjusted: float | None = None
    at_standard: Share | None = None
    by_evidence: tuple[EvidenceScore, ...] = ()


class Discrepancy(Row):
    """What two kinds of evidence say of one therapist: mean of the one less mean of the other."""

    therapist: str
    score: str
    one: EvidenceClass
    other: EvidenceClass
    n_one: int
    n_other: int
    difference: float


class FallenItem(Row):
    """An item that fell from the first half of its ratings to the last: percents of its points."""

    item: str
    first: float
    last: float
    n_first: int
    n_last: int
    p: float


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


class DecidingAnswer(Row):
    """An answer that decided a result, and in how many of the last sessions; `item` is its question's key."""

    item: str
    answer: str
    sessions: int


class Limit(Row):
    """A gate that failed, or a result by rule below its top level, in `sessions` of the last five or less.

    `rule` is the name of the gate or result, of a family for all its groups; `answers` are those that decided
    it, most often first.
    """

    kind: Literal["gate", "level"]
    rule: str
    sessions: int
    of: int
    answers: tuple[DecidingAnswer, ...]


class TherapistSummary(Row):
    """All that a report says about one therapist.

    `n`, `levels` and `gates_failed` count dated sessions; a session's level is the lowest that a rater's
    answers gave. `items` has every item rated in the last five sessions, most missed first. `limits` are what
    held results down in these, gates first, and `strengths` what kept a result by rule up in each of them.
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
    fallen: tuple[FallenItem, ...] = ()
    limits: tuple[Limit, ...] = ()
    strengths: tuple[DecidingAnswer, ...] = ()

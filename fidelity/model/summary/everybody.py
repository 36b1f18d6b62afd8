"""What is said about raters, sites and everybody, and what was read for it."""

from datetime import date
from typing import Literal

from fidelity.model.summary.row import EvidenceClass, Row
from fidelity.model.summary.therapist import Discrepancy, TherapistSummary

ReasonAside = Literal["refused", "for_cause", "no_therapist", "no_date", "other_evidence"]


class RaterSummary(Row):
    """A rater: observations, mean of the headline score, how much above or below the others they score.

    `change` is what the rater's scores did over the whole time beside everybody else's, `z` its size in
    standard errors; `twice` sessions were scored beside another rater, and `twice_z` is the same from
    these alone. All are None where too little is known. `fixed` says that no other rater rated any of the
    same therapists: then the rater cannot be told from the caseload. Raters of one `group` are
    comparable.
    """

    rater: str
    n: int
    mean: float | None
    severity: float | None = None
    change: float | None = None
    z: float | None = None
    twice: int = 0
    twice_z: float | None = None
    fixed: bool = False
    flagged: Literal["", "stricter", "milder"] = ""
    group: int = 1


class MostlyOne(Row):
    """One rater scored more than 70 % of a therapist's sessions."""

    therapist: str
    rater: str
    share: float


class Everyone(Row):
    """Whether a programme (no site is named) or a site moved as a whole, by means over `unit`s.

    `shared` of the `compared` therapists, seen before and since, lie on the side of the change.
    """

    site: str
    status: Literal["not_enough", "none", "watch", "moved", "improving"]
    unit: Literal["month", "week", "day"]
    periods: int
    since: date | None = None
    size: float | None = None
    low: float | None = None
    high: float | None = None
    compared: int = 0
    shared: int = 0


class CohortPeriod(Row):
    """A period: all sessions, and the change since the period before among the same people."""

    start: date
    sessions: int
    therapists: int
    mean: float
    same: int
    change: float | None
    joined: int
    left: int


class SiteSummary(Row):
    """A site: therapists, sessions, mean of the headline score over sessions."""

    site: str
    therapists: int
    n: int
    mean: float | None


class Spread(Row):
    """What the drift rule measured for the whole programme: sigma, its differences, expectations.

    Sigma is in the headline score's own unit and None where too few differences are known; `lag1` is the
    lag-1 correlation of the steady therapists, and `false_act_at_lag` of 100 steady ones get "act" with
    it; sigma is `corrected` for it where the programme asks. `judged` therapists had enough sessions for
    a status. `rule` names the programme's rule, `method` the way it adds up; `by_chance` is the share
    that is expected to be chance of those listed where 200 therapists or more are judged. `unused` are the
    titles of the programme's rules that nothing is judged by.
    """

    sigma: float | None
    differences: int
    lag1: float | None
    expected_false_act: float | None
    expected_false_watch: float | None
    judged: int = 0
    false_act_at_lag: float | None = None
    corrected: bool = False
    rule: str = ""
    method: Literal["cusum", "slope"] = "cusum"
    by_chance: float | None = None
    unused: tuple[str, ...] = ()


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
    """Everything a report is made from, beside the checklist and the scored observations.

    All but `discrepancies` is about one kind of `evidence`. `adjusted` says whether the headline score
    could be adjusted for raters; named raters fall into so many `linked` groups, 1 where all are
    comparable.
    """

    headline: str | None
    therapists: tuple[TherapistSummary, ...]
    raters: tuple[RaterSummary, ...]
    sites: tuple[SiteSummary, ...]
    spread: Spread | None
    provenance: Provenance
    first_date: date | None
    last_date: date | None
    set_aside: tuple[SetAside, ...] = ()
    evidence: EvidenceClass = "observed"
    adjusted: bool = False
    linked: int = 0
    mostly_one: tuple[MostlyOne, ...] = ()
    everyone: tuple[Everyone, ...] = ()
    cohort: tuple[CohortPeriod, ...] = ()
    discrepancies: tuple[Discrepancy, ...] = ()

"""How far raters of the same sessions agree."""

from typing import Literal, NamedTuple

from pydantic import SkipValidation

from fidelity.model.summary.row import EvidenceClass, Row


class Estimate(Row):
    """A number with its 95 % limits; without a value the reason says why, in plain words.

    A value may be without limits where too little was seen, or where nothing differed.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str = ""


Reliable = Literal["meets", "below", "cannot_tell", "too_few"]


class Confusion(Row):
    """How often two answers met: rows are the answers of the rater named first in the data."""

    categories: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


class ItemAgreement(Row):
    """One question: sessions with two answers or more, and how far the answers agree.

    `gwet` is AC1, or for ordered answers AC2 with quadratic weights; `kappa` is Cohen's (quadratic weights
    for ordered answers) where two raters did all, else Fleiss'. `applicability` is the share of rater pairs
    who agree on whether the item applies; None where nobody said that it does not.
    """

    item: str
    level: str
    sessions: int
    percent: Estimate
    gwet: Estimate
    gwet_name: str
    alpha: Estimate
    kappa: Estimate
    kappa_name: str
    confusion: Confusion | None
    applicability: Estimate | None


class TotalAgreement(Row):
    """The intraclass correlation of a score: `form` is 2,1 where the same raters did all, else 1,1."""

    score: str
    form: str
    sessions: int
    dropped: int
    icc: Estimate


class PairAgreement(Row):
    """Two raters: sessions both rated, share of their answers alike, first minus second headline score."""

    first: str
    second: str
    sessions: int
    answers: int
    alike: Estimate
    difference: Estimate


class Calibration(Row):
    """A rater against an expert's ratings of the same sessions; `difference` is rater minus expert."""

    rater: str
    sessions: int
    answers: int
    exact: float | None
    within_one_point: float | None
    difference: Estimate


class ScorerDifference(Row):
    """An AI scorer minus people, in the headline score; `by` is all, therapist, site or arm."""

    by: Literal["all", "therapist", "site", "arm"]
    name: str
    sessions: int
    difference: Estimate


class ScorerAgreement(Row):
    """An AI scorer against people: items and score, and where it is harsher or milder than they are."""

    scorer: str
    sessions: int
    items: tuple[ItemAgreement, ...]
    totals: tuple[TotalAgreement, ...]
    differences: tuple[ScorerDifference, ...]


class ReliabilityFinding(Row):
    """A programme's reliability rule, judged; `single` is the one-rater value where the rule averages."""

    rule: str
    title: str
    words: tuple[str, ...]
    mark: float
    sessions: int
    minimum: int
    found: Estimate
    single: Estimate | None
    verdict: Reliable


class TwoScores(NamedTuple):
    """A session that two raters scored: the middle of the two, and the first minus the second."""

    session: str
    therapist: str
    first: str
    second: str
    middle: float
    difference: float


class ScoreDifferences(Row):
    """How far apart two raters lie in a score: 95 of 100 differences are expected from `low` to `high`.

    Where the same two named raters did all, `first` and `second` name them and `mean` is first minus second.
    Otherwise the sign tells nothing: no mean, and the range lies about zero. No range below 3 sessions.
    """

    score: str
    first: str
    second: str
    pairs: SkipValidation[tuple[TwoScores, ...]]
    mean: float | None
    low: float | None
    high: float | None


class Agreement(Row):
    """How far raters of the same sessions agree; items stand worst first, the headline score first.

    Ratings by AI, client, worker and the therapist's own are no second observer and stand apart;
    `same_raters` says whether the same named raters did all double-scored sessions. Limits that are drawn
    come from so many `draws` of sessions, with this `seed`. All of it is about one kind of `evidence`;
    `others` are the other kinds in which anything can be compared, each by itself.
    """

    sessions: int
    double_scored: int
    raters: tuple[str, ...]
    same_raters: bool
    items: tuple[ItemAgreement, ...]
    totals: tuple[TotalAgreement, ...]
    pairs: tuple[PairAgreement, ...]
    calibration: tuple[Calibration, ...]
    scorers: tuple[ScorerAgreement, ...]
    rules: tuple[ReliabilityFinding, ...]
    differences: tuple[ScoreDifferences, ...] = ()
    draws: int = 0
    seed: int = 0
    evidence: EvidenceClass = "observed"
    others: tuple["Agreement", ...] = ()

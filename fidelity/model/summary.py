"""Summaries: what many scored observations say about therapists, items, raters and sites.

All scores here are floats in the score's own unit (percents in percent): estimates that award no level.
"""

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, SkipValidation

DriftStatus = Literal["not_enough", "none", "watch", "act", "improving", "rater_first", "everyone_moved"]
Standard = Literal["meets", "below", "cannot_tell", "too_few"]
HeldBack = Literal[
    "", "few_observations", "few_differences", "no_dates", "small_fall", "no_range", "one_rater"
]
ReasonAside = Literal["refused", "for_cause", "no_therapist", "no_date", "other_evidence"]
WhyBroken = Literal["version", "modality", "restart"]
EvidenceClass = Literal["observed", "role_play", "self", "client"]


class Row(BaseModel):
    """A frozen record of a summary."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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
    at_standard: "Share | None" = None
    by_evidence: tuple["EvidenceScore", ...] = ()


class Share(Row):
    """So many of all, in percent with its 95 % limits (Wilson)."""

    number: int
    of: int
    percent: float
    low: float
    high: float


class EvidenceScore(Row):
    """One score of one therapist by one kind of evidence: n sessions, plain mean, 95 % limits from 3 on."""

    evidence: EvidenceClass
    n: int
    mean: float
    low: float | None
    high: float | None


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


# ---- agreement between raters


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


class AnsweredItem(Row):
    """One question over all ratings: what was answered how often, and how it goes with the other items.

    `missed` got the lowest and `shown` the highest answer, None where its answers have no points or no score
    reads it. `apart` counts what is no rating by its kind (missing, not_applicable ...). `rest` is the
    correlation with the share of points of the other items of the headline over `rest_sessions` sessions;
    None below 30 sessions, fewer than three other items, or answers that hardly differ.
    """

    item: str
    ratings: int
    rated: int
    missed: int | None
    shown: int | None
    apart: dict[str, int]
    answers: dict[str, int]
    rest: float | None = None
    rest_sessions: int = 0


class SampledCount(Row):
    """One therapist's sessions against the plan, or everybody's (then without a name).

    Of the `selected`, some were `observed`, some `replaced` or `refused` (a reason is given and nothing
    stands for them), and the others are `open`. `replacements` and `not_selected` were observed without being
    selected; `for_cause` were observed because somebody was worried. Of the `double_planned` sessions
    `double_scored` have two raters, and `double_besides` more were rated twice without being planned.
    `lost` is the share replaced or refused; `warning` says that it is above a fifth.
    """

    therapist: str
    eligible: int
    selected: int
    observed: int
    replaced: int
    refused: int
    open: int
    replacements: int
    not_selected: int
    for_cause: int
    reasons: dict[str, int]
    double_planned: int
    double_scored: int
    double_besides: int
    lost: float | None
    warning: bool


class SampleAchieved(Row):
    """One sampling plan, drawn again from the programme, and what came of it.

    `out_of_order` are replacements that were not next in their cell; `not_listed` are sessions that were
    observed and stand in no row of the table of sessions.
    """

    sample: str
    title: str
    checklist: str
    seed: int
    spread: tuple[str, ...]
    therapists: tuple[SampledCount, ...]
    total: SampledCount
    out_of_order: tuple[str, ...]
    not_listed: tuple[str, ...]


class Sampling(Row):
    """Planned against achieved, for every sample of the programme."""

    samples: tuple[SampleAchieved, ...]


ShareMethod = Literal["strict", "half", "any"]
ShareOver = Literal["all answers", "mean of observations"]
Crossed = Literal["exact", "rounded_up", "rounded_down", "differs", "not_scored"]


class AuditGroup(Row):
    """The headline in a group of sessions: weighted mean with 95 % limits, therapists as clusters.

    No limits below two therapists. `plain` and `sd` are mean and standard deviation of the sessions, each
    counted once; `observed` sessions were rated, with or without a value of the headline; `at_standard` and
    `levels` count sessions, without weights.
    """

    group: str
    therapists: int
    sessions: int
    mean: float | None
    low: float | None
    high: float | None
    plain: float | None = None
    sd: float | None = None
    observed: int = 0
    at_standard: "AuditShare | None" = None
    levels: tuple["AuditShare", ...] = ()


class ArmDifference(Row):
    """Mean of one arm minus mean of another, with 95 % limits, therapists as clusters."""

    arm: str
    other: str
    difference: float
    low: float | None
    high: float | None


class AuditShare(Row):
    """So many sessions of all that could be judged, with 95 % Wilson limits."""

    what: str
    sessions: int
    of: int
    share: float | None
    low: float | None
    high: float | None


class ContaminationItem(Row):
    """What should not happen, in one arm: sessions in which a rater saw it, and how often each answer."""

    item: str
    tags: tuple[str, ...]
    arm: str
    seen: int
    sessions: int
    answers: dict[str, int]


class UnratedItem(Row):
    """How often an item of the headline was left blank or did not apply, of all ratings."""

    item: str
    missing: int
    not_applicable: int
    ratings: int
    share: float


class LeftOut(Row):
    """The headline with and without the items that more than 30 % of the ratings leave open.

    None where it cannot be worked out from the answers alone, or where no such item is.
    """

    items: tuple[str, ...]
    with_them: float | None
    without_them: float | None
    change: float | None
    ratings: int


class CountedShare(Row):
    """One way of counting the answers: the percent, and as it would be printed, cut off or rounded.

    `strict`: only full answers count; `half`: those in between count half; `any`: all above the lowest count.
    """

    method: ShareMethod
    over: ShareOver
    percent: float
    floor: int
    nearest: int


class ReportedTotal(Row):
    """A total that somebody wrote, beside ours."""

    file: str
    row: int
    observation: str
    score: str
    reported: str
    ours: str
    found: Crossed


class CrossFoot(Row):
    """The totals written in the data, worked out again: how many agree, and those that do not."""

    compared: int
    counts: dict[str, int]
    disagreements: tuple[ReportedTotal, ...]


class FidelityPlanned(Row):
    """TIDieR item 11: how delivery was to be assessed, by whom, and how much of it. None is not known."""

    eligible: int | None
    selected: int | None
    double_planned: int | None
    standard: float | None
    raters: dict[str, int]
    evidence: dict[str, int]


class FidelityActual(Row):
    """TIDieR item 12: how far delivery was as planned, in the sessions that were assessed."""

    scored: int
    replaced: int | None
    for_cause: int
    double_scored: int
    headline: AuditGroup
    at_standard: AuditShare | None


class Audit(Row):
    """What a trial reports about delivery; percents in percent, shares from 0 to 1.

    `weighted` says whether every session stands for so many of its cell; sessions that are in no table of
    sessions (`not_listed`) stand for themselves, and sessions without a therapist (`nameless`) are left out.
    """

    headline: str | None
    weighted: bool
    planned: FidelityPlanned
    actual: FidelityActual
    arms: tuple[AuditGroup, ...]
    sites: tuple[AuditGroup, ...]
    session_numbers: tuple[AuditGroup, ...]
    modalities: tuple[AuditGroup, ...]
    arm_differences: tuple[ArmDifference, ...]
    levels: tuple[AuditShare, ...]
    contamination: tuple[ContaminationItem, ...]
    unrated: tuple[UnratedItem, ...]
    left_out: LeftOut
    shares: tuple[CountedShare, ...]
    cross_foot: CrossFoot
    not_listed: tuple[str, ...]
    nameless: int

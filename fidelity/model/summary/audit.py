"""What a trial reports about delivery, and how each question was answered."""

from typing import Literal

from fidelity.model.summary.row import Row

ShareMethod = Literal["strict", "half", "any"]
ShareOver = Literal["all answers", "mean of observations"]
Crossed = Literal["exact", "rounded_up", "rounded_down", "differs", "not_scored"]


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


class AuditShare(Row):
    """So many sessions of all that could be judged, with 95 % Wilson limits."""

    what: str
    sessions: int
    of: int
    share: float | None
    low: float | None
    high: float | None


class AuditGroup(Row):
    """The headline in a group of sessions: weighted mean with 95 % limits, therapists as clusters.

    No limits below two therapists. `plain` and `sd` are mean and standard deviation of the sessions, each
    counted once; `observed` sessions were rated, with or without a value of the headline, `double_scored` of
    them by two observers; `at_standard` and `levels` count sessions, without weights. `delivered` is told of
    arms where the table of sessions names an arm for each session.
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
    double_scored: int = 0
    delivered: int | None = None
    at_standard: AuditShare | None = None
    levels: tuple[AuditShare, ...] = ()


class ArmDifference(Row):
    """Mean of one arm minus mean of another, with 95 % limits, therapists as clusters."""

    arm: str
    other: str
    difference: float
    low: float | None
    high: float | None


class ContaminationItem(Row):
    """What should not happen, in one arm: sessions in which a rater saw it, and how often each answer.

    `seen` is null where neither points nor a gate or flag say which answer means that it happened.
    """

    item: str
    tags: tuple[str, ...]
    arm: str
    seen: int | None
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

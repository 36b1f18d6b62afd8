"""A checked programme: rules across the observations of one therapist, and the histories that test them."""

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Literal, NamedTuple

from fidelity.model.adaptation import Change, Deviation
from fidelity.model.checklist import (
    About,
    Allowed,
    Core,
    Coverage,
    Fact,
    SmallText,
    Threshold,
    Translation,
)
from fidelity.model.claim import Claim, Values
from fidelity.model.expression import Formula
from fidelity.model.number import RoundingMode
from fidelity.model.period import Period
from fidelity.model.scale import Band
from fidelity.place import NOWHERE, Place

CONTACT = "contact"  # the checklist of a row that is a contact with a client, and no observation

# The drift methods that can be worked out by hand (decision 33).
FALL, RUNS = BY_HAND = ("fall_from_baseline", "runs_below_baseline")
MINIMUM = 6  # observations before a drift rule says anything, where none is written


class Row(NamedTuple):
    """One dated row about a therapist: an observation, a contact, or only a day to look at (no checklist).

    `id` names the session, or else the observation, for the draw, `observation` the observation; `evidence`
    is false for a row that its own checklist does not accept; one observed for a cause never enters drifts,
    figures or samples.
    """

    day: dt.date
    checklist: str
    source: str = ""
    rater: str = ""
    client: str = ""
    id: str = ""
    values: Values = MappingProxyType({})
    for_cause: bool = False
    evidence: bool = True
    observation: str = ""


# ---- stages


EvidenceKind = Literal["in total", "in a row", "of the last", "the latest"]


class EvidenceRule(NamedTuple):
    """`2 of the last 3 observations of pmplus_s2 from live with adherence is below 60%`."""

    kind: EvidenceKind
    number: int
    last: int
    checklist: str
    sources: tuple[str, ...]
    raters: tuple[str, ...]
    claim: Claim | None
    place: Place = NOWHERE


class Stage(NamedTuple):
    """A stage of a therapist's way; all `needs` must hold, one `renewed` or `lost` is enough."""

    id: str
    title: str
    after: str
    therapist: tuple[Claim, ...]
    needs: tuple[EvidenceRule, ...]
    renewed: tuple[EvidenceRule, ...]
    lost: tuple[EvidenceRule, ...]
    lasts: Period | None
    place: Place = NOWHERE


# ---- samples


class Quota(NamedTuple):
    """A number of sessions, or a share of them with the way it is rounded."""

    number: Fraction
    share: bool
    rounding: RoundingMode = "up"


class First(NamedTuple):
    """`takes the first 3 with visit is follow_up when the first 5 have none`."""

    number: int
    claim: Claim | None
    none_in: int | None
    each: str


class Drawn(NamedTuple):
    """`takes 1 in 10 of the rest`, or `takes at least 2`: how much is drawn, in each stratum."""

    quota: Quota
    each: str


class SamplingPlan(NamedTuple):
    """Which sessions are observed: the union of its lines (decision 26)."""

    id: str
    title: str
    checklist: str
    during: str
    first: tuple[First, ...]
    rates: tuple[Drawn, ...]
    floors: tuple[Drawn, ...]
    spread: tuple[str, ...]
    second: Quota | None
    seed: int
    place: Place = NOWHERE


# ---- drift, agreement, dose, figures


class FirstScores(NamedTuple):
    """`baseline the first 3 observations`."""

    number: int


class FixedBaseline(NamedTuple):
    """`baseline mean 92 spread 4`."""

    mean: Fraction
    spread: Fraction


class RunningBaseline(NamedTuple):
    """`baseline running`: the earlier scores of the same therapist."""


Baseline = FirstScores | FixedBaseline | RunningBaseline


class Series(NamedTuple):
    """A score over a therapist's observations: `adherence in pmplus_s2 from live, audio`."""

    score: str
    checklist: str
    sources: tuple[str, ...] = ()
    raters: tuple[str, ...] = ()


class DriftRule(NamedTuple):
    """When a change is worth a talk; `each` names what it is judged for, the therapist where nothing is."""

    id: str
    title: str
    of: Series
    each: str
    adjusted: tuple[str, ...]
    baseline: Baseline
    method: str
    parameters: Mapping[str, Fraction]
    minimum: int
    fall: Fraction | None
    watch: Band | None
    act: Band | None
    place: Place = NOWHERE


class ReliabilityRule(NamedTuple):
    """How well two raters must agree: `icc two_way_random agreement single at least 0.60`."""

    id: str
    title: str
    of: Series
    words: tuple[str, ...]
    mark: Fraction
    minimum: int | None
    place: Place = NOWHERE


class Dose(NamedTuple):
    """`at least 3 contacts within 6 months`: two findings for each client (decision 25)."""

    id: str
    title: str
    contacts: int
    within: Period
    place: Place = NOWHERE


class Figure(NamedTuple):
    """`summary`: one figure over the observations of a therapist; `parts` are what a pooled ratio sums up."""

    id: str
    title: str
    how: str
    of: Series
    needing: int
    parts: tuple[Formula, Formula] | None = None
    percent: bool = False
    place: Place = NOWHERE


# ---- histories


class Expected(NamedTuple):
    """One cell right of `=>`, or one `expect` line below a history."""

    kind: Literal["stage", "contacts", "duration", "drift", "figure", "sample", "planned"]
    name: str
    wanted: str
    place: Place = NOWHERE


class HistoryRow(NamedTuple):
    """One row, and what must hold after it."""

    row: Row
    expected: tuple[Expected, ...]


class History(NamedTuple):
    """One therapist's rows in order of their dates, with the facts about the therapist."""

    title: str
    facts: Values
    rows: tuple[HistoryRow, ...]
    expected: tuple[Expected, ...]
    place: Place = NOWHERE


# ---- the whole


class Used(NamedTuple):
    """A checklist that the programme reads; `found` says whether its names could be looked up."""

    id: str
    version: str
    found: bool
    place: Place = NOWHERE


class Programme(NamedTuple):
    """Everything a programme says, checked, in source order; each stage stands behind the one it follows."""

    id: str
    title: str
    about: About
    fingerprint: str
    file: str
    uses: tuple[Used, ...]
    facts: tuple[Fact, ...]
    thresholds: tuple[Threshold, ...]
    stages: tuple[Stage, ...]
    samples: tuple[SamplingPlan, ...]
    drifts: tuple[DriftRule, ...]
    reliabilities: tuple[ReliabilityRule, ...]
    doses: tuple[Dose, ...]
    figures: tuple[Figure, ...]
    core: tuple[Core, ...]
    allowed: tuple[Allowed, ...]
    histories: tuple[History, ...]
    origin: "ProgrammeOrigin | None" = None
    translations: tuple[Translation, ...] = ()
    small_texts: tuple[SmallText, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    shown_in: Coverage | None = None


class ProgrammeOrigin(NamedTuple):
    """Where an adapted programme comes from; `histories` are the base's, read with the changes."""

    base: Programme
    changes: tuple[Change, ...]
    deviations: tuple[Deviation, ...]
    histories: tuple[History, ...]

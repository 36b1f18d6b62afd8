"""How therapists stand in a programme on one day: stages with what decided them, doses, figures, drift."""

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from fidelity.model.claim import Claim, Values
from fidelity.model.programme import Dose, EvidenceRule, Programme, Row, Stage

Standing = Literal["reached", "not_yet", "undecided", "not_assessed", "expired", "lost"]
Contacts = Literal["met", "not_met", "not_assessed"]
Duration = Literal["within", "exceeded", "not_assessed"]
DriftState = Literal["too_few", "steady", "watch", "act"]


class Person(NamedTuple):
    """What is known of one therapist: the facts that the programme asks for, the dated rows, retraining."""

    therapist: str
    site: str
    facts: Values
    rows: Sequence[Row]
    retrained: tuple[dt.date, ...] = ()


MissingKind = Literal[
    "stage",  # an earlier stage has not been reached; `stage` is its title
    "stage_again",  # lost, and reached again only with the stage before it
    "fact",  # a fact about the therapist is not as the stage needs it, or not known
    "needs",  # observations that the stage needs
    "renewal",  # observations that would renew it; one such rule is enough
    "no_renewal",  # it ran out, and nothing renews it
]


class Missing(NamedTuple):
    """What a stage still needs: a stage, a fact with the `value` known, or observations of a rule.

    `met` and `undecided` count those that may still help: of a rule "in a row" the run at the end, of one
    about the last ones those among them.
    """

    kind: MissingKind
    stage: str = ""
    claim: Claim | None = None
    value: str = ""
    rule: EvidenceRule | None = None
    seen: int = 0
    met: int = 0
    undecided: int = 0


class Evidence(NamedTuple):
    """One observation that bears on a stage: whether it holds what is asked, and the values asked for.

    One by which a stage was lost does not hold.
    """

    observation: str
    day: dt.date
    checklist: str
    source: str
    holds: bool | None
    showed: tuple[tuple[str, str], ...]


class StageStanding(NamedTuple):
    """One stage of one therapist; `until` is the last day on which it stands, or stood.

    `since` is the day of the present standing, where it has one; `facts` are those that the stage asks for.
    """

    stage: Stage
    standing: Standing
    since: dt.date | None
    until: dt.date | None
    decided_by: tuple[Evidence, ...]
    facts: tuple[tuple[str, str], ...]
    missing: tuple[Missing, ...]


class DoseStanding(NamedTuple):
    """The contacts with one client, and two findings about them, never one verdict (decision 25)."""

    dose: Dose
    client: str
    contacts: Contacts
    duration: Duration
    number: int
    first: dt.date | None
    last: dt.date | None

    @property
    def key(self) -> str:
        """`NAME.CLIENT`, or the dose's name where no client is named."""
        return f"{self.dose.id}.{self.client}" if self.client else self.dose.id


class TherapistStanding(NamedTuple):
    """Where one therapist stands; `stage` is the highest one that stands with all before it (decision 30).

    `restarts` are the days on which a course starts anew: of retraining, and of meeting a lost stage again.
    """

    therapist: str
    site: str
    observed: int
    stage: StageStanding | None
    stages: tuple[StageStanding, ...]
    doses: tuple[DoseStanding, ...]
    figures: Mapping[str, Fraction | None]
    drifts: Mapping[str, DriftState]
    restarts: tuple[dt.date, ...] = ()

    @property
    def due(self) -> dt.date | None:
        """The first day on which a stage that stands will have to be renewed by, if one runs out."""
        return min(
            (each.until for each in self.stages if each.standing == "reached" and each.until), default=None
        )

    @property
    def lapsed(self) -> tuple[StageStanding, ...]:
        """The stages that stood once: run out, or to be met again."""
        return tuple(each for each in self.stages if each.standing in ("expired", "lost"))

    @property
    def next(self) -> StageStanding | None:
        """The first stage that does not stand."""
        return next((each for each in self.stages if each.standing != "reached"), None)


class Standings(NamedTuple):
    """All therapists on one day; `asked` says that somebody named the day. No day: the data have no dates."""

    programme: Programme
    day: dt.date | None
    asked: bool
    therapists: tuple[TherapistStanding, ...]

    @property
    def by_name(self) -> Mapping[str, TherapistStanding]:
        """Each therapist's standing by name."""
        return {each.therapist: each for each in self.therapists}

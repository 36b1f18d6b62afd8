"""Which sessions were to be observed, and which were."""

from fidelity.model.summary.row import Row


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

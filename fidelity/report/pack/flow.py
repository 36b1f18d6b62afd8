"""The audit and the sampling of a study -> the flow of sessions: eligible, selected, scored, replaced."""

from collections.abc import Iterator, Sequence

from fidelity.model.summary import Audit, SampleAchieved
from fidelity.report.reported import ReportedStudy
from fidelity.report.tables.audit import Figure, Number, PartOf, TrialLine


def plans_of(study: ReportedStudy) -> list[SampleAchieved]:
    """The sampling plans of the first checklist."""
    sampling = study.beside.sampling
    return [each for each in sampling.samples if each.checklist == study.checklist.id] if sampling else []


def flow_lines(study: ReportedStudy, audit: Audit, *, reasons: bool) -> list[TrialLine]:
    """One line a step: every plan from the eligible sessions on, then what was scored."""
    plans = plans_of(study)
    drawn = [line for plan in plans for line in _plan_lines(study, plan, reasons=reasons)]
    if not plans:
        drawn = [_line(study, "eligible", _number(study, audit.planned.eligible))]
    return [*drawn, *_scored_lines(study, audit)]


def _line(study: ReportedStudy, key: str, figure: Figure, topic: str = "", **facts: str) -> TrialLine:
    return TrialLine(topic, study.words.say(f"pack.flow.{key}", **facts), (), figure)


def _number(study: ReportedStudy, number: int | None) -> Figure:
    return study.words.say("audit.not_known") if number is None else Number(number)


def _plan_lines(study: ReportedStudy, plan: SampleAchieved, *, reasons: bool) -> Iterator[TrialLine]:
    """What came of a plan; neighbours that count parts of one whole come to it."""
    total, title = plan.total, plan.title or plan.sample
    steps: Sequence[tuple[str, Figure]] = (
        ("eligible", Number(total.eligible)),
        ("not_drawn", PartOf(total.eligible - total.selected, total.eligible)),
        ("selected", PartOf(total.selected, total.eligible)),
        ("observed", PartOf(total.observed, total.selected)),
        ("replaced", PartOf(total.replaced, total.selected)),
        ("refused", PartOf(total.refused, total.selected)),
        ("open", PartOf(total.open, total.selected)),
        ("replacements", Number(total.replacements)),
        ("unplanned", Number(total.not_selected)),
        ("double_planned", PartOf(total.double_planned, total.selected)),
    )
    for key, figure in steps:
        yield _line(study, key, figure, title)
    for reason, number in sorted(total.reasons.items()) if reasons else ():
        said = study.words.say(f"sampling.reason.{reason}") or reason.replace("_", " ")
        yield _line(study, "reason", Number(number), title, reason=said)


def _scored_lines(study: ReportedStudy, audit: Audit) -> Iterator[TrialLine]:
    observed = audit.actual.headline.observed
    yield _line(study, "rated", Number(observed))
    if audit.headline is not None:
        yield _line(study, "scored", PartOf(audit.actual.scored, observed))
    yield _line(study, "double_scored", PartOf(audit.actual.double_scored, observed))
    yield _line(study, "for_cause", Number(audit.actual.for_cause))

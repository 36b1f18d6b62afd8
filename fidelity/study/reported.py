"""A study -> the same as reports are made from it, with all that is known beside its summary."""

from fidelity.evaluate.changes import Changing as Searching
from fidelity.evaluate.changes import changing
from fidelity.model.change import Changes
from fidelity.model.checklist import Checklist
from fidelity.model.observation import Observation
from fidelity.model.score import ScoredObservation
from fidelity.report.reported import Beside, Changing, ReportedStudy, study_of
from fidelity.study.asked import agreement_in, audit_in, sampling_in
from fidelity.study.whole import Study
from fidelity.summaries.item_analysis import item_analysis

TRIED_FOR_A_PAGE = 1_000  # sets of answers; one record by itself is searched twenty times as far


def reported(study: Study) -> ReportedStudy:
    """The study as reports are made from it, with all that is known beside its summary."""
    sampling = sampling_in(study)
    beside = Beside(
        standings=study.standings,
        checklists=tuple(each.checklist for each in study.others),
        agreement=agreement_in(study),
        sampling=sampling,
        audit=audit_in(study, sampling),
        items=item_analysis(study.columns, study.checklist),
        scored=tuple(each.scored for each in study.others),
        changes=_changing(),
        refused=study.refused,
        told=study.told,
    )
    return study_of(study.checklist, study.scored, study.summary, beside)


def _changing() -> Changing:
    """Tries what would have changed a result, made ready once for each checklist that is asked about."""
    searches: dict[str, Searching] = {}

    def changes(checklist: Checklist, each: ScoredObservation[Observation]) -> Changes:
        if checklist.id not in searches:
            searches[checklist.id] = changing(checklist, TRIED_FOR_A_PAGE)
        return {} if each.scored is None else searches[checklist.id](each.observation, each.scored)

    return changes

"""What is worked out of a study only where somebody asks: agreement, sampling, the audit of delivery."""

from fidelity.model.programme import ReliabilityRule
from fidelity.model.summary import Agreement, Audit, ReliabilityFinding, Sampling
from fidelity.study.whole import Study
from fidelity.summaries.agreement.study import agreement_of, rules_judged
from fidelity.summaries.audit import audit_of
from fidelity.summaries.audit.cross_foot import cross_foot
from fidelity.summaries.sampling.achieved import sampling_of


def agreement_in(study: Study) -> Agreement:
    """How far the raters of the first checklist agree, by the programme's rules too, where there are some."""
    return agreement_of(study.columns, study.checklist, _own_rules(study))


def rules_in(study: Study) -> tuple[ReliabilityFinding, ...]:
    """The programme's rules about agreement on the first checklist, judged."""
    own = _own_rules(study)
    return rules_judged(study.columns, study.checklist, own) if own else ()


def _own_rules(study: Study) -> list[ReliabilityRule]:
    rules = study.programme.reliabilities if study.programme else ()
    return [rule for rule in rules if rule.of.checklist == study.checklist.id]


def sampling_in(study: Study) -> Sampling | None:
    """What was planned to be observed, and what came of it; nothing without a plan or a table of sessions."""
    if study.programme is None or not study.delivered:
        return None
    scored = (*study.scored, *(each for part in study.others for each in part.scored))
    return sampling_of(study.programme, study.delivered, [each.observation for each in scored])


def audit_in(study: Study, sampling: Sampling | None) -> Audit:
    """What a trial has to report about the delivery of the first checklist."""
    totals = study.scored if study.with_totals is None else study.with_totals
    crossed = cross_foot(study.checklist, totals)
    return audit_of(study.checklist, study.columns, crossed, study.delivered or None, sampling)

"""A programme, all sessions and the observations -> what was planned, and what came of it.

The plan is drawn again from the programme and the table of sessions: a list that was written once could have
been changed since.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from fidelity.model.observation import Observation
from fidelity.model.programme import Programme, SamplingPlan
from fidelity.model.session import REASONS, Delivered
from fidelity.model.summary import SampleAchieved, SampledCount, Sampling
from fidelity.summaries.sampling.plan import Sample, own_cell, reserves, sample_of

MOST_LOST = 0.2  # of the selected; above it those that were observed may differ from those that were not

Watched = Mapping[str, Sequence[Observation]]


class _Found(NamedTuple):
    """The ids of one therapist's sessions, by what became of them."""

    eligible: frozenset[str]
    selected: frozenset[str]
    observed: frozenset[str]
    replacements: frozenset[str]
    not_selected: frozenset[str]
    for_cause: frozenset[str]
    reasons: Mapping[str, str]
    twice_planned: frozenset[str]
    twice: frozenset[str]


def sampling_of(
    programme: Programme, sessions: Sequence[Delivered], observations: Iterable[Observation]
) -> Sampling:
    """Every sample of the programme; without one there is nothing to compare."""
    known = list(observations)
    return Sampling(samples=tuple(_achieved(plan, sessions, known) for plan in programme.samples))


def _achieved(
    plan: SamplingPlan, sessions: Sequence[Delivered], observations: Sequence[Observation]
) -> SampleAchieved:
    sample = sample_of(plan, sessions)
    watched = _watched(plan, observations)
    whole = _found(sample, sessions, watched)
    names = sorted({each.therapist for each in sample.pool.values()})
    own: dict[str, set[str]] = {name: set() for name in names}
    for each in sample.pool.values():
        own[each.therapist].add(each.id)
    counts = tuple(_count(name, _of(whole, own[name])) for name in names)
    return SampleAchieved(
        sample=plan.id,
        title=plan.title,
        checklist=plan.checklist,
        seed=plan.seed,
        spread=plan.spread,
        therapists=counts,
        total=_total(counts),
        out_of_order=tuple(sorted(whole.replacements - _next_in_their_cells(sample, whole))),
        not_listed=tuple(sorted(set(watched) - {each.session for each in sessions})),
    )


def _watched(plan: SamplingPlan, observations: Iterable[Observation]) -> Watched:
    found: dict[str, list[Observation]] = {}
    for each in observations:
        if each.checklist in ("", plan.checklist):
            found.setdefault(each.occasion, []).append(each)
    return found


def _found(sample: Sample, sessions: Iterable[Delivered], watched: Watched) -> _Found:
    selected, pool = sample.planned.taken, sample.planned.pool
    drawn = {name for name, of in watched.items() if any(each.selection != "for_cause" for each in of)} & pool
    replacing = {name for name in drawn if any(each.selection == "replacement" for each in watched[name])}
    return _Found(
        eligible=pool,
        selected=selected,
        observed=selected & drawn,
        replacements=frozenset(replacing - selected),
        not_selected=frozenset(drawn - selected - replacing),
        for_cause=frozenset((pool & set(watched)) - drawn),
        reasons={
            each.session: each.unavailable
            for each in sessions
            if each.unavailable and each.session in selected and each.session not in drawn
        },
        twice_planned=frozenset(sample.second),
        twice=frozenset(name for name in drawn if rated_twice(watched[name])),
    )


def rated_twice(of: Iterable[Observation]) -> bool:
    """Whether two raters saw it; where one is not named, whether there are two observations."""
    raters = [each.rater for each in of if each.selection != "for_cause"]
    return len(set(raters) if all(raters) else raters) > 1


def _of(whole: _Found, own: set[str]) -> _Found:
    return _Found(
        eligible=whole.eligible & own,
        selected=whole.selected & own,
        observed=whole.observed & own,
        replacements=whole.replacements & own,
        not_selected=whole.not_selected & own,
        for_cause=whole.for_cause & own,
        reasons={session: whole.reasons[session] for session in whole.reasons.keys() & own},
        twice_planned=whole.twice_planned & own,
        twice=whole.twice & own,
    )


def _count(name: str, found: _Found) -> SampledCount:
    absent = len(found.selected) - len(found.observed)
    replaced = min(absent, len(found.replacements))
    refused = max(len(found.reasons) - replaced, 0)
    reasons = Counter(found.reasons.values())
    lost = (replaced + refused) / len(found.selected) if found.selected else None
    return SampledCount(
        therapist=name,
        eligible=len(found.eligible),
        selected=len(found.selected),
        observed=len(found.observed),
        replaced=replaced,
        refused=refused,
        open=absent - replaced - refused,
        replacements=len(found.replacements),
        not_selected=len(found.not_selected),
        for_cause=len(found.for_cause),
        reasons={reason: reasons[reason] for reason in REASONS if reasons[reason]},
        double_planned=len(found.twice_planned),
        double_scored=len(found.twice & found.twice_planned),
        double_besides=len(found.twice - found.twice_planned),
        lost=lost,
        warning=lost is not None and lost > MOST_LOST,
    )


def _total(counts: Sequence[SampledCount]) -> SampledCount:
    """Everybody's, added up: what was replaced for one therapist stands for nobody else's."""
    numbers = [name for name, field in SampledCount.model_fields.items() if field.annotation is int]
    sums = {name: sum(getattr(each, name) for each in counts) for name in numbers}
    reasons = sum((Counter(each.reasons) for each in counts), Counter[str]())
    lost = (sums["replaced"] + sums["refused"]) / sums["selected"] if sums["selected"] else None
    return SampledCount(
        therapist="",
        **sums,
        reasons={reason: reasons[reason] for reason in REASONS if reasons[reason]},
        lost=lost,
        warning=lost is not None and lost > MOST_LOST,
    )


def _next_in_their_cells(sample: Sample, whole: _Found) -> set[str]:
    """As many reserves of each cell, in their order, as sessions selected there were not observed."""
    absent = Counter(own_cell(sample.plan, sample.pool[each]) for each in whole.selected - whole.observed)
    waiting = reserves(sample.plan, sample.pool, sample.planned.taken)
    return {session for cell, number in absent.items() for session in waiting[cell][:number]}

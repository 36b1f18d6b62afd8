"""Scored observations, all sessions and the plan -> what a trial has to report about delivery."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import combinations
from statistics import mean, stdev
from typing import NamedTuple

from fidelity.model.checklist import Checklist
from fidelity.model.observation import Observation
from fidelity.model.score import ScoredObservation
from fidelity.model.session import Delivered
from fidelity.model.summary import (
    ArmDifference,
    Audit,
    AuditGroup,
    AuditShare,
    FidelityActual,
    FidelityPlanned,
    SampledCount,
    Sampling,
)
from fidelity.summaries.audit.counting import counted_shares
from fidelity.summaries.audit.cross_foot import cross_foot
from fidelity.summaries.audit.estimates import Weighted, clustered_difference, clustered_mean, share
from fidelity.summaries.audit.items import Rescored, contamination, left_out, unrated
from fidelity.summaries.audit.weights import CELLS, weights_of
from fidelity.summaries.sampling.achieved import rated_twice
from fidelity.summaries.sampling.plan import of_checklist
from fidelity.summaries.series import Session, level_of, scores_given, sessions_of, usable

NUMBER = "session_number"


class _Seen(NamedTuple):
    """An observed session, what the table of sessions says of it, and its headline with its weight."""

    session: Session
    listed: Delivered | None
    value: Weighted | None


def audit_of(
    checklist: Checklist,
    scored: Sequence[ScoredObservation[Observation]],
    sessions: Sequence[Delivered] | None,
    sampling: Sampling | None,
    rescored: Rescored | None = None,
) -> Audit:
    """The whole audit; sessions observed for a cause count in no total (decision 27).

    `rescored` works out the headline of an observation without some items, where the caller has an evaluator.
    """
    delivered = None if sessions is None else of_checklist(checklist.id, sessions)
    headline, ratings = checklist.headline, usable(scored)
    observed = sessions_of(ratings)
    seen = _seen(checklist, observed, delivered, sampling)
    arms = _grouped(seen, _arm)
    grouped = partial(_groups, checklist)
    open_items = unrated(checklist, headline, ratings)
    return Audit(
        headline=headline.key if headline else None,
        weighted=delivered is not None,
        planned=_planned(checklist, observed, delivered, sampling),
        actual=_actual(checklist, scored, seen, sampling),
        arms=grouped(arms),
        sites=grouped(_grouped(seen, _site)),
        session_numbers=grouped(_grouped(seen, _number)),
        modalities=grouped(_grouped(seen, _modality)),
        arm_differences=_differences(arms),
        levels=_levels(checklist, [each.session for each in seen]),
        contamination=contamination(
            checklist, {arm: [each.session for each in own] for arm, own in arms.items()}
        ),
        unrated=open_items,
        left_out=left_out(checklist, headline, ratings, open_items, rescored),
        shares=counted_shares(checklist, headline, ratings),
        cross_foot=cross_foot(checklist, scored),
        not_listed=_not_listed(seen, delivered),
        nameless=len(observed) - len(seen),
    )


# ---- the sessions


def _seen(
    checklist: Checklist,
    observed: Sequence[Session],
    delivered: Sequence[Delivered] | None,
    sampling: Sampling | None,
) -> list[_Seen]:
    """The sessions that name their therapist; those with a headline share the weight of their cell."""
    listed = {each.session: each for each in delivered or ()}
    named = [(each, _mean_headline(checklist, each)) for each in observed if each.therapist]
    with_value = {each.session for each, value in named if value is not None}
    weights = weights_of(with_value, delivered or (), _spread(checklist, sampling))
    return [
        _Seen(
            each,
            listed.get(each.session),
            None if value is None else Weighted(each.therapist, value, weights.get(each.session, 1.0)),
        )
        for each, value in named
    ]


def _mean_headline(checklist: Checklist, session: Session) -> float | None:
    given = scores_given(session, checklist.headline) if checklist.headline else ()
    return float(mean(value for _, value in given)) if given else None


def _spread(checklist: Checklist, sampling: Sampling | None) -> Sequence[str]:
    plans = sampling.samples if sampling else ()
    return next((each.spread for each in plans if each.checklist == checklist.id), CELLS)


def _arm(seen: _Seen) -> str:
    own = (each.observation.arm for each in seen.session.ratings)
    return next(filter(None, own), "") or _word(seen, "arm")


def _site(seen: _Seen) -> str:
    return seen.session.site or _word(seen, "site")


def _modality(seen: _Seen) -> str:
    return seen.session.modality or _word(seen, "modality")


def _number(seen: _Seen) -> str:
    own = (each.observation.facts.get(NUMBER, "") for each in seen.session.ratings)
    return next(filter(None, own), "") or _word(seen, NUMBER)


def _word(seen: _Seen, name: str) -> str:
    return seen.listed.words.get(name, "") if seen.listed else ""


# ---- means and shares


Groups = Mapping[str, Sequence[_Seen]]


def _grouped(seen: Sequence[_Seen], word: Callable[[_Seen], str]) -> Groups:
    """The sessions by a word about them, in order of the words; numbers by their size."""
    found: dict[str, list[_Seen]] = {}
    for each in seen:
        found.setdefault(word(each), []).append(each)
    return {name: found[name] for name in sorted(found, key=_by_size)}


def _by_size(name: str) -> tuple[int, str]:
    return (len(name) if name.isdigit() else 0, name)


def _groups(checklist: Checklist, groups: Groups) -> tuple[AuditGroup, ...]:
    """One row a group; none at all where no session says which it belongs to."""
    return tuple(_group(checklist, name, own) for name, own in groups.items()) if any(groups) else ()


def _group(checklist: Checklist, name: str, seen: Sequence[_Seen]) -> AuditGroup:
    values = [each.value for each in seen if each.value]
    found = clustered_mean(values)
    plain = [each.value for each in values]
    return AuditGroup(
        group=name,
        therapists=len({each.therapist for each in values}),
        sessions=len(values),
        mean=found.value if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
        plain=mean(plain) if plain else None,
        sd=stdev(plain) if len(plain) > 1 else None,
        observed=len(seen),
        at_standard=_at_standard(checklist, values),
        levels=_levels(checklist, [each.session for each in seen]),
    )


def _at_standard(checklist: Checklist, values: Sequence[Weighted]) -> AuditShare | None:
    standard = _standard(checklist)
    if standard is None:
        return None
    return _share("at the standard", sum(each.value >= standard for each in values), len(values))


def _differences(arms: Groups) -> tuple[ArmDifference, ...]:
    rows = []
    for one, other in combinations([name for name in arms if name], 2):
        values = [[each.value for each in arms[name] if each.value] for name in (one, other)]
        if found := clustered_difference(*values):
            rows.append(
                ArmDifference(arm=one, other=other, difference=found.value, low=found.low, high=found.high)
            )
    return tuple(rows)


def _levels(checklist: Checklist, sessions: Sequence[Session]) -> tuple[AuditShare, ...]:
    """At or above each level of the first result with bands, but the lowest, which all are."""
    result = next((each for each in checklist.results if each.of), None)
    if result is None:
        return ()
    order = [level.id for level in result.levels]
    given = [order.index(level) for each in sessions if (level := level_of(each, result)) is not None]
    return tuple(
        _share(f"{result.key} at least {level}", sum(each >= place for each in given), len(given))
        for place, level in enumerate(order)
        if place
    )


def _share(what: str, sessions: int, of: int) -> AuditShare:
    found = share(sessions, of)
    return AuditShare(
        what=what,
        sessions=sessions,
        of=of,
        share=found.value if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
    )


# ---- TIDieR items 11 and 12


def _planned(
    checklist: Checklist,
    observed: Sequence[Session],
    delivered: Sequence[Delivered] | None,
    sampling: Sampling | None,
) -> FidelityPlanned:
    counts = _counts(checklist, sampling)
    who = [each.observation for session in observed for each in session.ratings]
    return FidelityPlanned(
        eligible=sum(each.eligible for each in counts) if counts else _number_of(delivered),
        selected=sum(each.selected for each in counts) if counts else None,
        double_planned=sum(each.double_planned for each in counts) if counts else None,
        standard=_standard(checklist),
        raters=dict(sorted(Counter(each.rater_role for each in who).items())),
        evidence=dict(sorted(Counter(each.evidence for each in who).items())),
    )


def _actual(
    checklist: Checklist,
    scored: Sequence[ScoredObservation[Observation]],
    seen: Sequence[_Seen],
    sampling: Sampling | None,
) -> FidelityActual:
    counts = _counts(checklist, sampling)
    values = [each.value for each in seen if each.value]
    worried = {each.observation.occasion for each in scored if each.observation.selection == "for_cause"}
    return FidelityActual(
        scored=len(values),
        replaced=sum(each.replaced for each in counts) if counts else None,
        for_cause=len(worried),
        double_scored=sum(rated_twice([one.observation for one in each.session.ratings]) for each in seen),
        headline=_group(checklist, "", seen),
        at_standard=_at_standard(checklist, values),
    )


def _counts(checklist: Checklist, sampling: Sampling | None) -> list[SampledCount]:
    plans = sampling.samples if sampling else ()
    return [each.total for each in plans if each.checklist == checklist.id]


def _number_of(delivered: Sequence[Delivered] | None) -> int | None:
    return None if delivered is None else len(delivered)


def _standard(checklist: Checklist) -> float | None:
    found = checklist.standard(checklist.headline.key) if checklist.headline else None
    return None if found is None else float(found)


def _not_listed(seen: Sequence[_Seen], delivered: Sequence[Delivered] | None) -> tuple[str, ...]:
    return () if delivered is None else tuple(each.session.session for each in seen if each.listed is None)

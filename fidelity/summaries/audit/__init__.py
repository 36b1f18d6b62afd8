"""Ratings in columns, all sessions and the plan -> what a trial has to report about delivery."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import combinations
from statistics import mean, stdev
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from fidelity.model.checklist import Checklist
from fidelity.model.session import Delivered
from fidelity.model.summary import (
    ArmDifference,
    Audit,
    AuditGroup,
    AuditShare,
    CrossFoot,
    FidelityActual,
    FidelityPlanned,
    SampledCount,
    Sampling,
)
from fidelity.summaries.agreement.seen import NO_OBSERVERS
from fidelity.summaries.audit.counting import counted_shares
from fidelity.summaries.audit.estimates import Weighted, clustered_difference, clustered_mean, share
from fidelity.summaries.audit.items import Rescored, contamination, left_out, unrated
from fidelity.summaries.audit.weights import CELLS, weights_of
from fidelity.summaries.columns import ARM, SESSION_NUMBER, ScoredColumns, Words
from fidelity.summaries.courses import Sessions, lowest_levels, sessions_as_met
from fidelity.summaries.exact import Flags, Places, means
from fidelity.summaries.sampling.plan import of_checklist


class _Seen(NamedTuple):
    """The observed sessions that name their therapist, side by side.

    Of each the headline with its weight, where it has one, what the table of sessions says of it, and the
    number of its level.
    """

    sessions: Sessions
    names: Sequence[str]
    values: Sequence[Weighted | None]
    listed: Sequence[Delivered | None]
    level: Places
    twice: Flags


def audit_of(
    checklist: Checklist,
    columns: ScoredColumns,
    crossed: CrossFoot,
    sessions: Sequence[Delivered] | None = None,
    sampling: Sampling | None = None,
    rescored: Rescored | None = None,
) -> Audit:
    """The whole audit; sessions observed for a cause count in no total (decision 27).

    `crossed` are the totals that somebody wrote beside ours. `rescored` works out the headline of an
    observation without some items, where the caller has an evaluator.
    """
    delivered = None if sessions is None else of_checklist(checklist.id, sessions)
    headline, observed = checklist.headline, sessions_as_met(columns)
    seen = _seen(checklist, columns, observed, delivered, sampling)
    arms = _grouped(seen, columns.others[ARM], ARM)
    grouped = partial(_groups, checklist, seen)
    open_items = unrated(checklist, headline, columns)
    return Audit(
        headline=headline.key if headline else None,
        weighted=delivered is not None,
        planned=_planned(checklist, columns, delivered, sampling),
        actual=_actual(checklist, columns, seen, sampling),
        arms=grouped(arms, delivered=_by_arm(delivered)),
        sites=grouped(_grouped(seen, columns.site, "site")),
        session_numbers=grouped(_grouped(seen, columns.others[SESSION_NUMBER], SESSION_NUMBER)),
        modalities=grouped(_grouped(seen, columns.modality, "modality")),
        arm_differences=_differences(seen, arms),
        levels=_levels(checklist, seen.level),
        contamination=contamination(checklist, columns, seen.sessions, arms),
        unrated=open_items,
        left_out=left_out(checklist, headline, columns, open_items, rescored),
        shares=counted_shares(checklist, headline, columns),
        cross_foot=crossed,
        not_listed=_not_listed(seen, delivered),
        nameless=len(observed.sizes) - len(seen.names),
    )


# ---- the sessions


def _seen(
    checklist: Checklist,
    columns: ScoredColumns,
    observed: Sessions,
    delivered: Sequence[Delivered] | None,
    sampling: Sampling | None,
) -> _Seen:
    """The sessions that name their therapist; those with a headline share the weight of their cell."""
    sessions = observed.only(observed.therapist >= 0)
    listed = {each.session: each for each in delivered or ()}
    names = sessions.first(columns.session).said(slice(None))
    who = sessions.therapist.tolist()
    given = _mean_headlines(checklist, columns, sessions)
    with_value = {name for name, value in zip(names, given, strict=True) if value is not None}
    weights = weights_of(with_value, delivered or (), _spread(checklist, sampling))
    values = [
        None if value is None else Weighted(sessions.names[place], value, weights.get(name, 1.0))
        for name, place, value in zip(names, who, given, strict=True)
    ]
    listing = [listed.get(name) for name in names] if listed else [None] * len(names)
    level, twice = _level_of(checklist, columns, sessions), _rated_twice(columns, sessions)
    return _Seen(sessions, names, values, listing, level, twice)


def _mean_headlines(
    checklist: Checklist, columns: ScoredColumns, sessions: Sessions
) -> Sequence[float | None]:
    if checklist.headline is None:
        return [None] * len(sessions.sizes)
    return means(columns.scores[checklist.headline.key].at(sessions.rows), sessions.sizes).listed


def _spread(checklist: Checklist, sampling: Sampling | None) -> Sequence[str]:
    plans = sampling.samples if sampling else ()
    return next((each.spread for each in plans if each.checklist == checklist.id), CELLS)


def _level_of(checklist: Checklist, columns: ScoredColumns, sessions: Sessions) -> Places:
    """The number of each session's level in the first result with bands, -1 without one."""
    result = next((each for each in checklist.results if each.of), None)
    if result is None:
        return np.full(len(sessions.sizes), -1, dtype=np.intp)
    return lowest_levels(columns, sessions, result).places


# ---- means and shares


Groups = Mapping[str, Places]
NOTHING_KNOWN: Mapping[str, int] = MappingProxyType({})


def _grouped(seen: _Seen, column: Words, name: str) -> Groups:
    """The sessions by a word about them, in order of the words; numbers by their size.

    It is the word of the first rater who says so, or else that of the table of sessions.
    """
    own = seen.sessions.first(column).said(slice(None))
    said = [
        word or (listed.words.get(name, "") if listed else "")
        for word, listed in zip(own, seen.listed, strict=True)
    ]
    found: dict[str, list[int]] = {}
    for place, word in enumerate(said):
        found.setdefault(word, []).append(place)
    return {word: np.array(found[word], dtype=np.intp) for word in sorted(found, key=_by_size)}


def _by_size(name: str) -> tuple[int, str]:
    return (len(name) if name.isdigit() else 0, name)


def _by_arm(delivered: Sequence[Delivered] | None) -> Mapping[str, int]:
    """How many sessions were delivered in each arm; nothing unless each of them names its arm."""
    said = Counter(each.words.get(ARM, "") for each in delivered or ())
    return {} if "" in said else said


def _groups(
    checklist: Checklist, seen: _Seen, groups: Groups, delivered: Mapping[str, int] = NOTHING_KNOWN
) -> tuple[AuditGroup, ...]:
    """One row a group; none at all where no session says which it belongs to."""
    if not any(groups):
        return ()
    return tuple(_group(checklist, name, seen, own, delivered.get(name)) for name, own in groups.items())


def _group(
    checklist: Checklist, name: str, seen: _Seen, own: Places, delivered: int | None = None
) -> AuditGroup:
    values = _values(seen, own)
    found = clustered_mean(values)
    plain = [each.value for each in values]
    return AuditGroup(
        group=name,
        therapists=len({each.therapist for each in values}),
        sessions=len(values),
        mean=found.value if found else None,
        low=_in_range(checklist, found.low) if found else None,
        high=_in_range(checklist, found.high) if found else None,
        plain=mean(plain) if plain else None,
        sd=stdev(plain) if len(plain) > 1 else None,
        observed=len(own),
        double_scored=int(seen.twice[own].sum()),
        delivered=delivered,
        at_standard=_at_standard(checklist, values),
        levels=_levels(checklist, seen.level[own]),
    )


def _in_range(checklist: Checklist, limit: float | None) -> float | None:
    """A limit of the mean, never past the ends of the score: nobody delivers more than all of it."""
    score = checklist.headline
    if limit is None or score is None:
        return limit
    limit = limit if score.lowest is None else max(limit, float(score.lowest))
    return limit if score.highest is None else min(limit, float(score.highest))


def _values(seen: _Seen, own: Places) -> list[Weighted]:
    return [value for place in own.tolist() if (value := seen.values[place]) is not None]


def _at_standard(checklist: Checklist, values: Sequence[Weighted]) -> AuditShare | None:
    standard = _standard(checklist)
    if standard is None:
        return None
    return _share("at the standard", sum(each.value >= standard for each in values), len(values))


def _differences(seen: _Seen, arms: Groups) -> tuple[ArmDifference, ...]:
    rows = []
    for one, other in combinations([name for name in arms if name], 2):
        if found := clustered_difference(_values(seen, arms[one]), _values(seen, arms[other])):
            rows.append(
                ArmDifference(arm=one, other=other, difference=found.value, low=found.low, high=found.high)
            )
    return tuple(rows)


def _levels(checklist: Checklist, level: Places) -> tuple[AuditShare, ...]:
    """At or above each level of the first result with bands, but the lowest, which all are."""
    result = next((each for each in checklist.results if each.of), None)
    if result is None:
        return ()
    given = level[level >= 0]
    return tuple(
        _share(f"{result.key} at least {each.id}", int((given >= place).sum()), len(given))
        for place, each in enumerate(result.levels)
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
    columns: ScoredColumns,
    delivered: Sequence[Delivered] | None,
    sampling: Sampling | None,
) -> FidelityPlanned:
    counts = _counts(checklist, sampling)
    return FidelityPlanned(
        eligible=sum(each.eligible for each in counts) if counts else _number_of(delivered),
        selected=sum(each.selected for each in counts) if counts else None,
        double_planned=sum(each.double_planned for each in counts) if counts else None,
        standard=_standard(checklist),
        raters=_counted(columns.rater_role),
        evidence=_counted(columns.evidence),
    )


def _counted(column: Words) -> dict[str, int]:
    """How many ratings have each of the words that are used, a blank among them."""
    names, counts = (each.tolist() for each in np.unique(column.places, return_counts=True))
    return dict(sorted((column.of(name), number) for name, number in zip(names, counts, strict=True)))


def _actual(
    checklist: Checklist, columns: ScoredColumns, seen: _Seen, sampling: Sampling | None
) -> FidelityActual:
    counts = _counts(checklist, sampling)
    values = [each for each in seen.values if each]
    return FidelityActual(
        scored=len(values),
        replaced=sum(each.replaced for each in counts) if counts else None,
        for_cause=len(columns.worried),
        double_scored=int(seen.twice.sum()),
        headline=_group(checklist, "", seen, np.arange(len(seen.names))),
        at_standard=_at_standard(checklist, values),
    )


def _rated_twice(columns: ScoredColumns, sessions: Sessions) -> Flags:
    """Whether two observers saw it; where one of them is not named, whether there are two observations."""
    roles = columns.rater_role
    others = [place for place, role in enumerate(roles.words) if role in NO_OBSERVERS]
    by_observers = ~np.isin(roles.places[sessions.rows], others)
    of_row, raters = sessions.of_row[by_observers], columns.rater.places[sessions.rows][by_observers]
    number = partial(np.bincount, minlength=len(sessions.sizes))
    _, first = np.unique(of_row * (len(columns.rater.words) + 1) + raters + 1, return_index=True)
    some_nameless = number(of_row[raters < 0]) > 0
    return np.asarray(np.where(some_nameless, number(of_row), number(of_row[first])) > 1, dtype=np.bool_)


def _counts(checklist: Checklist, sampling: Sampling | None) -> list[SampledCount]:
    plans = sampling.samples if sampling else ()
    return [each.total for each in plans if each.checklist == checklist.id]


def _number_of(delivered: Sequence[Delivered] | None) -> int | None:
    return None if delivered is None else len(delivered)


def _standard(checklist: Checklist) -> float | None:
    found = checklist.standard(checklist.headline.key) if checklist.headline else None
    return None if found is None else float(found)


def _not_listed(seen: _Seen, delivered: Sequence[Delivered] | None) -> tuple[str, ...]:
    if delivered is None:
        return ()
    return tuple(name for name, listed in zip(seen.names, seen.listed, strict=True) if listed is None)

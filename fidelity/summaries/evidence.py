"""Ratings -> kinds of evidence, which are never pooled: what was seen, played, or told by those concerned."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from statistics import mean
from typing import get_args

from fidelity.model.checklist import Checklist, Score
from fidelity.model.observation import Observation
from fidelity.model.summary import Discrepancy, EvidenceClass, EvidenceScore, SessionScore
from fidelity.summaries.competence import interval, pooled_spread
from fidelity.summaries.series import Rating, courses_of, scores_of, sessions_of

CLASSES: tuple[EvidenceClass, ...] = get_args(EvidenceClass)
CONCERNED: Mapping[str, EvidenceClass] = {"self": "self", "client": "client", "worker": "client"}
TOLD: Mapping[str, EvidenceClass] = {
    "role_play": "role_play",
    "self_report": "self",
    "questionnaire": "client",
    "interview": "client",
}

Kinds = Mapping[EvidenceClass, Sequence[Rating]]
OfKinds = Mapping[EvidenceClass, Mapping[str, Sequence[SessionScore]]]


def class_of(observation: Observation) -> EvidenceClass:
    """What kind of evidence it is: who rated comes first, then what was rated; anything else was observed."""
    return CONCERNED.get(observation.rater_role) or TOLD.get(observation.evidence, "observed")


def by_class(ratings: Iterable[Rating]) -> dict[EvidenceClass, list[Rating]]:
    """The ratings of each kind that there is, the kind to judge by first."""
    found: dict[EvidenceClass, list[Rating]] = {each: [] for each in CLASSES}
    for rating in ratings:
        found[class_of(rating.observation)].append(rating)
    return {kind: of for kind, of in found.items() if of}


def main_of(kinds: Kinds) -> EvidenceClass:
    """The kind to judge by."""
    return next(iter(kinds), "observed")


def scores_by_class(kinds: Kinds, score: Score, checklist: Checklist) -> OfKinds:
    """One score over each therapist's course by each kind; nothing where there is only one kind."""
    courses = {kind: courses_of(sessions_of(of)) for kind, of in kinds.items()} if len(kinds) > 1 else {}
    return {
        kind: {name: scores_of(course, score, checklist) for name, course in of.items()}
        for kind, of in courses.items()
    }


def evidence_scores(kinds: OfKinds, score: Score) -> dict[str, tuple[EvidenceScore, ...]]:
    """What each kind of evidence says of each therapist."""
    found: dict[str, list[EvidenceScore]] = {}
    for kind, series in kinds.items():
        scores = {name: [each.score for each in sessions] for name, sessions in series.items() if sessions}
        pooled = pooled_spread(scores.values())
        for name, given in scores.items():
            low, high = interval(mean(given), len(given), pooled, score)
            row = EvidenceScore(evidence=kind, n=len(given), mean=mean(given), low=low, high=high)
            found.setdefault(name, []).append(row)
    return {name: tuple(rows) for name, rows in found.items()}


def discrepancies(rows: Mapping[str, Sequence[EvidenceScore]], score: Score) -> Iterator[Discrepancy]:
    """For each therapist every two kinds of evidence, side by side."""
    for name in sorted(rows):
        for one, other in combinations(rows[name], 2):
            yield Discrepancy(
                therapist=name,
                score=score.key,
                one=one.evidence,
                other=other.evidence,
                n_one=one.n,
                n_other=other.n,
                difference=one.mean - other.mean,
            )

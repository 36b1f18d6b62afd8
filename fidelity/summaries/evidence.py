"""Ratings -> kinds of evidence, which are never pooled: what was seen, played, or told by those concerned."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import get_args

import numpy as np

from fidelity.model.checklist import Score
from fidelity.model.summary import Discrepancy, EvidenceClass, EvidenceScore
from fidelity.summaries.columns import ScoredColumns, Words
from fidelity.summaries.competence import interval, pooled_spread
from fidelity.summaries.courses import Sessions, courses_in, sessions_of
from fidelity.summaries.exact import Places, means
from fidelity.summaries.score_series import series_of

CLASSES: tuple[EvidenceClass, ...] = get_args(EvidenceClass)
CONCERNED: Mapping[str, EvidenceClass] = {"self": "self", "client": "client", "worker": "client"}
TOLD: Mapping[str, EvidenceClass] = {
    "role_play": "role_play",
    "self_report": "self",
    "questionnaire": "client",
    "interview": "client",
}

# The sessions by each kind of evidence that there is, the kind to judge by first.
Kinds = Mapping[EvidenceClass, Sessions]


def by_class(columns: ScoredColumns) -> dict[EvidenceClass, Sessions]:
    """The sessions of each kind that there is; where there is none, none of the first."""
    kind, names = classes_of(columns), columns.therapist.in_order
    found = {
        each: sessions_of(columns, names, kind == number)
        for number, each in enumerate(CLASSES)
        if (kind == number).any()
    }
    return found or {CLASSES[0]: sessions_of(columns, names, kind == 0)}


def main_of(kinds: Kinds) -> EvidenceClass:
    """The kind to judge by."""
    return next(iter(kinds))


def classes_of(columns: ScoredColumns) -> Places:
    """The number of each rating's kind: who rated comes first, then what was rated; else it was observed."""
    said = _numbers(columns.rater_role, CONCERNED)
    told = _numbers(columns.evidence, TOLD)
    return np.where(said >= 0, said, np.where(told >= 0, told, CLASSES.index("observed")))


def _numbers(column: Words, kinds: Mapping[str, EvidenceClass]) -> Places:
    numbers = [CLASSES.index(kinds[word]) if word in kinds else -1 for word in column.words]
    # The last one is that of a blank, which -1 finds.
    return np.array([*numbers, -1], dtype=np.intp)[column.places]


def evidence_scores(
    columns: ScoredColumns, kinds: Kinds, score: Score
) -> dict[str, tuple[EvidenceScore, ...]]:
    """What each kind of evidence says of each therapist; nothing where there is only one kind."""
    found: dict[str, list[EvidenceScore]] = {}
    for kind, sessions in kinds.items() if len(kinds) > 1 else ():
        series = series_of(columns, courses_in(sessions), score.key, None)
        scores = series.by_name(series.scores)
        pooled = pooled_spread(scores.values())
        middles = means(series.means, series.sessions.several).floats.tolist()
        for (name, given), middle in zip(scores.items(), middles, strict=True):
            if given:
                low, high = interval(middle, len(given), pooled, score)
                row = EvidenceScore(evidence=kind, n=len(given), mean=middle, low=low, high=high)
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

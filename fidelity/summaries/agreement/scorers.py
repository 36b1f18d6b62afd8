"""Sessions that an AI scorer and people rated -> how far it agrees with them, and where it is harsher."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import mean
from typing import Literal, NamedTuple

from fidelity.model.checklist import Checklist, Score
from fidelity.model.summary import ScorerAgreement, ScorerDifference
from fidelity.summaries.agreement.differences import mean_difference
from fidelity.summaries.agreement.items import items_agreement
from fidelity.summaries.agreement.one_by_one import one_by_one
from fidelity.summaries.agreement.seen import SCORER, Rated, Session, observers_of, of_role, seen
from fidelity.summaries.agreement.totals import total_agreement
from fidelity.summaries.columns import ARM

By = Literal["all", "therapist", "site", "arm"]


class Beside(NamedTuple):
    """A session that a scorer and people rated."""

    session: Session
    scorer: int
    people: tuple[int, ...]


def scorers_agreement(rated: Rated, checklist: Checklist) -> tuple[ScorerAgreement, ...]:
    """Each scorer against the first person who rated the session, its bias against all of them."""
    gathered: dict[str, list[Beside]] = {}
    for each in _beside_people(rated):
        gathered.setdefault(rated.rater(each.scorer) or SCORER, []).append(each)
    return tuple(_scorer(rated, name, of, checklist) for name, of in sorted(gathered.items()))


def _beside_people(rated: Rated) -> Iterator[Beside]:
    for session in rated.several:
        people = observers_of(rated, session)
        for _, rating in seen(rated, session, of_role(rated, session, SCORER)).by if people else ():
            yield Beside(session, rating, people)


def _scorer(rated: Rated, name: str, beside: Sequence[Beside], checklist: Checklist) -> ScorerAgreement:
    compared = one_by_one(
        rated, [seen(rated, each.session, (each.scorer, each.people[0])) for each in beside]
    )
    return ScorerAgreement(
        scorer=name,
        sessions=len(beside),
        items=items_agreement(compared, checklist),
        totals=tuple(total_agreement(compared, score) for score in headline_first(checklist)),
        differences=tuple(_differences(rated, beside, checklist.headline)),
    )


def headline_first(checklist: Checklist) -> list[Score]:
    """The scores, the headline in front."""
    return sorted(checklist.scores, key=lambda score: score is not checklist.headline)


def _differences(rated: Rated, beside: Sequence[Beside], score: Score | None) -> Iterator[ScorerDifference]:
    columns = rated.columns
    sites, arms = (
        [rated.first(each.session, column) for each in beside]
        for column in (columns.site, columns.others[ARM])
    )
    ways: Mapping[By, Mapping[str, list[Beside]]] = {
        "all": {"": list(beside)},
        "therapist": _grouped(beside, [each.session.therapist for each in beside]),
        "site": _grouped(beside, sites),
        "arm": _grouped(beside, arms),
    }
    for by, groups in ways.items():
        for name, of in groups.items():
            values = [value for each in of if (value := _apart(rated, each, score)) is not None]
            yield ScorerDifference(by=by, name=name, sessions=len(values), difference=mean_difference(values))


def _grouped(beside: Sequence[Beside], names: Sequence[str]) -> dict[str, list[Beside]]:
    found: dict[str, list[Beside]] = {name: [] for name in sorted(set(names) - {""})}
    for each, name in zip(beside, names, strict=True):
        if name:
            found[name].append(each)
    return found


def _apart(rated: Rated, beside: Beside, score: Score | None) -> float | None:
    """The scorer's value minus the mean of what people gave."""
    own = rated.value(beside.scorer, score)
    people = [value for each in beside.people if (value := rated.value(each, score)) is not None]
    return None if own is None or not people else own - mean(people)

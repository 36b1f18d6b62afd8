"""Sessions that an AI scorer and people rated -> how far it agrees with them, and where it is harsher."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import mean
from typing import Literal, NamedTuple

from fidelity.model.checklist import Checklist, Score
from fidelity.model.summary import ScorerAgreement, ScorerDifference
from fidelity.summaries.agreement.differences import mean_difference, value_of
from fidelity.summaries.agreement.items import items_agreement
from fidelity.summaries.agreement.one_by_one import one_by_one
from fidelity.summaries.agreement.seen import SCORER, observers_of, of_role, seen
from fidelity.summaries.agreement.totals import total_agreement
from fidelity.summaries.series import Rating, Session

By = Literal["all", "therapist", "site", "arm"]


class Beside(NamedTuple):
    """A session that a scorer and people rated."""

    session: Session
    scorer: Rating
    people: tuple[Rating, ...]


def scorers_agreement(sessions: Iterable[Session], checklist: Checklist) -> tuple[ScorerAgreement, ...]:
    """Each scorer against the first person who rated the session, its bias against all of them."""
    gathered: dict[str, list[Beside]] = {}
    for each in _beside_people(sessions):
        gathered.setdefault(each.scorer.observation.rater or SCORER, []).append(each)
    return tuple(_scorer(name, of, checklist) for name, of in sorted(gathered.items()))


def _beside_people(sessions: Iterable[Session]) -> Iterator[Beside]:
    for session in sessions:
        people = observers_of(session)
        for _, rating in seen(session, of_role(session, SCORER)).by if people else ():
            yield Beside(session, rating, people)


def _scorer(name: str, beside: Sequence[Beside], checklist: Checklist) -> ScorerAgreement:
    compared = one_by_one([seen(each.session, (each.scorer, each.people[0])) for each in beside])
    return ScorerAgreement(
        scorer=name,
        sessions=len(beside),
        items=items_agreement(compared, checklist),
        totals=tuple(total_agreement(compared, score) for score in headline_first(checklist)),
        differences=tuple(_differences(beside, checklist.headline)),
    )


def headline_first(checklist: Checklist) -> list[Score]:
    """The scores, the headline in front."""
    return sorted(checklist.scores, key=lambda score: score is not checklist.headline)


def _differences(beside: Sequence[Beside], score: Score | None) -> Iterator[ScorerDifference]:
    ways: Mapping[By, Mapping[str, list[Beside]]] = {
        "all": {"": list(beside)},
        "therapist": _grouped(beside, [each.session.therapist for each in beside]),
        "site": _grouped(beside, [each.session.site for each in beside]),
        "arm": _grouped(beside, [_arm(each) for each in beside]),
    }
    for by, groups in ways.items():
        for name, of in groups.items():
            values = [value for each in of if (value := _apart(each, score)) is not None]
            yield ScorerDifference(by=by, name=name, sessions=len(values), difference=mean_difference(values))


def _grouped(beside: Sequence[Beside], names: Sequence[str]) -> dict[str, list[Beside]]:
    return {
        name: [each for each, own in zip(beside, names, strict=True) if own == name]
        for name in sorted(set(names) - {""})
    }


def _arm(beside: Beside) -> str:
    return next((each.observation.arm for each in beside.session.ratings if each.observation.arm), "")


def _apart(beside: Beside, score: Score | None) -> float | None:
    """The scorer's value minus the mean of what people gave."""
    own = value_of(beside.scorer, score)
    people = [value for each in beside.people if (value := value_of(each, score)) is not None]
    return None if own is None or not people else own - mean(people)

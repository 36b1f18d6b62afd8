"""A study -> its sessions: what was observed when and by whom, whichever checklist it was rated with."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from fidelity.model.checklist import Checklist
from fidelity.model.observation import Observation
from fidelity.model.score import Scored, ScoredObservation
from fidelity.report.reported import RECENT, ReportedStudy, fails

Record = ScoredObservation[Observation]
Key = tuple[str, str]

LOOKED_AT = frozenset({"act", "watch", "rater_first"})


class Occasion(NamedTuple):
    """One session of one therapist, and every observation of it with the checklist it was rated by."""

    therapist: str
    session: str
    records: tuple[tuple[Checklist, Record], ...]

    @property
    def key(self) -> Key:
        """What tells it from the others."""
        return self.therapist, self.session

    @property
    def first(self) -> Observation:
        """The observation that stands first in the data."""
        return self.records[0][1].observation


def occasions(study: ReportedStudy) -> tuple[Occasion, ...]:
    """All sessions by therapist and date; those without a date stand last, in the order of the data."""
    found: dict[Key, list[tuple[Checklist, Record]]] = defaultdict(list)
    for checklist, records in _with_checklists(study):
        for each in records:
            found[each.observation.therapist, each.observation.occasion].append((checklist, each))
    made = [Occasion(*key, tuple(records)) for key, records in found.items()]
    return tuple(sorted(made, key=_when))


def _with_checklists(study: ReportedStudy) -> list[tuple[Checklist, Sequence[Record]]]:
    others = zip(study.beside.checklists, study.beside.scored, strict=False)
    return [(study.checklist, study.scored), *others]


def _when(occasion: Occasion) -> tuple[str, bool, str]:
    day = occasion.first.date
    return occasion.therapist, day is None, day.isoformat() if day else ""


def worth_a_look(study: ReportedStudy, every: Sequence[Occasion]) -> list[Occasion]:
    """The sessions that somebody may want explained.

    A rule capped something or left it open, a flag went up, raters differ in the level, or they are the
    latest sessions of somebody to talk to.
    """
    recent = _recent_of_concern(study, every)
    return [each for each in every if each.key in recent or _unusual(each)]


def _recent_of_concern(study: ReportedStudy, every: Sequence[Occasion]) -> set[Key]:
    concern = {
        person.therapist
        for person, score in study.people
        if score.drift.status in LOOKED_AT or score.standard == "below"
    }
    by_person: dict[str, list[Key]] = defaultdict(list)
    for each in every:
        if each.therapist in concern and each.first.date:
            by_person[each.therapist].append(each.key)
    return {key for keys in by_person.values() for key in keys[-RECENT:]}


def _unusual(occasion: Occasion) -> bool:
    scored = [each.scored for _, each in occasion.records]
    levels = {(key, value.level) for each in scored if each for key, value in each.results.items()}
    differ = len(levels) > len({key for key, _ in levels})
    return differ or any(_needs_a_word(each) for each in scored)


def _needs_a_word(scored: Scored | None) -> bool:
    if scored is None:
        return True
    undecided = any(value.level is None and value.possible for value in scored.results.values())
    return fails(scored) or undecided or any(scored.flags.values())

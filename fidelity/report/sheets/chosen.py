"""Which therapists get a sheet in the workbook, and which a small workbook of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fidelity.model.summary import ScoreSummary, TherapistSummary
from fidelity.report.reported import CAPPED_OFTEN, ReportedStudy

Asked = Literal["attention", "all", "none"]
Person = tuple[TherapistSummary, ScoreSummary]

MANY = 60  # therapists; a workbook with more tabs is of no use to people
NEED_A_TALK = ("act", "rater_first", "watch")


@dataclass(frozen=True)
class ChosenSheets:
    """Those with a sheet in the workbook, and those with a workbook of their own."""

    inside: Sequence[Person]
    apart: Sequence[Person]


def chosen_sheets(study: ReportedStudy, asked: Asked | None = None) -> ChosenSheets:
    """Everybody inside up to 60 therapists; beyond that those who need attention, the others apart."""
    people = study.people
    match asked or ("all" if len(people) <= MANY else "attention"):
        case "all":
            return ChosenSheets(people, ())
        case "none":
            return ChosenSheets((), ())
        case _:
            inside = [each for each in people if _needs_attention(study, *each)][:MANY]
            names = {person.therapist for person, _ in inside}
            return ChosenSheets(inside, [each for each in people if each[0].therapist not in names])


def _needs_attention(study: ReportedStudy, person: TherapistSummary, score: ScoreSummary) -> bool:
    return (
        score.drift.status in NEED_A_TALK
        or score.standard == "below"
        or study.capped_lately(person.therapist) >= CAPPED_OFTEN
    )

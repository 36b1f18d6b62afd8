"""Totals that somebody wrote, and ours -> which agree, as far as they are printed, and which do not."""

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import get_args

from fidelity.model.checklist import Checklist
from fidelity.model.number import plain_digits, read_number
from fidelity.model.observation import Observation
from fidelity.model.score import ScoredObservation, shown_score
from fidelity.model.summary import Crossed, CrossFoot, ReportedTotal

AGREE = ("exact", "rounded_up", "rounded_down")


def cross_foot(checklist: Checklist, scored: Iterable[ScoredObservation[Observation]]) -> CrossFoot:
    """Every column `reported.SCORE` against the score as the checklist works it out."""
    found = [total for each in scored for total in _totals(checklist, each)]
    counts = Counter(each.found for each in found)
    return CrossFoot(
        compared=len(found),
        counts={name: counts[name] for name in get_args(Crossed)},
        disagreements=tuple(each for each in found if each.found not in AGREE),
    )


def compared(reported: str, ours: Fraction | None, language: str = "en") -> Crossed:
    """A printed number beside an exact one: half a unit of its last place may be lost in printing."""
    written = plain_digits(reported.strip().removesuffix("%").strip())
    number = read_number(written, language)
    if ours is None or number is None:
        return "not_scored"
    if number == ours:
        return "exact"
    # A fraction is exact, so nothing was lost in printing it.
    if "/" in written or abs(number - ours) > Fraction(1, 2 * 10 ** _places(written)):
        return "differs"
    return "rounded_up" if number > ours else "rounded_down"


def _places(written: str) -> int:
    return len(written.replace(",", ".").partition(".")[2])


def _totals(checklist: Checklist, each: ScoredObservation[Observation]) -> Iterator[ReportedTotal]:
    who = each.observation
    for key, reported in who.reported.items():
        score = checklist.score[key]
        ours = None if each.scored is None else each.scored.scores[key].exact
        yield ReportedTotal(
            file=who.place.file,
            row=who.place.line,
            observation=who.observation,
            score=key,
            reported=reported.strip(),
            ours="not scored" if ours is None else shown_score(score, ours),
            found=compared(reported, ours, checklist.about.language),
        )

"""What was worked out before: values, levels and gates that follow from little are looked up by it.

What is looked up by stands in a record: its answers as they were handed in, one for each question, and after
them the sums that were added up side by side. Nothing else may decide over what is remembered here.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from fractions import Fraction
from operator import getitem

from fidelity.evaluate.findings import Entered, Findings, Worth
from fidelity.evaluate.packed import MOST_SUMS, picking
from fidelity.evaluate.ratio import reduced
from fidelity.evaluate.side_by_side import SideBySide
from fidelity.model.checklist import Checklist
from fidelity.model.expression import Condition, Subject, reads

FEW = 4  # from more things than so many the same hardly ever follows twice

Values = dict[str, Fraction | None]  # of the scores, in source order


class Decision:
    """What follows from scores and answers: results and gates.

    `because` holds what decided a result, once somebody has asked. Where decisions are looked up, there is
    one for all records in which they follow from the same.
    """

    __slots__ = ("because", "gates", "levels", "results")

    def __init__(self, findings: Findings) -> None:
        self.results, self.gates = findings.results, findings.gates
        self.levels = {key: each.level for key, each in findings.results.items()}
        self.because: dict[str, tuple[str, ...]] = {}


def because(entered: Entered, decision: Decision, result: str) -> tuple[str, ...]:
    """What decided a result, by name."""
    findings = entered.findings
    names, always = findings.rules.deciding[result](findings)
    if always:
        decision.because[result] = names
    return names


Outcomes = Callable[[Entered], tuple[Values, Decision]]


def outcomes(checklist: Checklist, places: Sequence[int] | None) -> Outcomes:
    """The closure that gives the outcomes of a record, remembered if some places decide over them."""
    keys = list(checklist.score)

    def worked_out(entered: Entered) -> tuple[Values, Decision]:
        findings = entered.findings
        scores = findings.scores
        return {key: _value(scores[key]) for key in keys}, Decision(findings)

    return worked_out if places is None else _remembering(places, keys, worked_out)


def _value(worth: Worth) -> Fraction | None:
    return reduced(worth.exact) if worth.value is None else worth.value


def _remembering(places: Sequence[int], scores: Sequence[str], work_out: Outcomes) -> Outcomes:
    values: list[dict[int, tuple[str, Fraction | None]]] = [{} for _ in scores]
    decisions: dict[Hashable, Decision] = {}
    pick = picking(places)

    def remembered(entered: Entered) -> tuple[Values, Decision]:
        sums = entered.sums
        decided_by = pick(entered.answers + sums)
        try:
            return dict(map(getitem, values, sums)), decisions[decided_by]
        except KeyError:  # what is there for the first time
            found, decision = work_out(entered)
            for table, total, value in zip(values, sums, found.items(), strict=True):
                if len(table) < MOST_SUMS:
                    table[total] = value
            if len(decisions) < MOST_SUMS:
                decisions.setdefault(decided_by, decision)
            return found, decision

    return remembered


# ---- what follows from what


def follows_from_little(checklist: Checklist, sums: SideBySide) -> list[int] | None:
    """Where in a record everything stands that decides over gates and results; None if that is too much.

    Each score has to follow from its own sum, and nothing may be left out because of something else.
    """
    own_sums = sums.scores == list(checklist.score) and all(
        each.only_when is None for each in checklist.scores
    )
    grouped = any(each.group for each in checklist.scores) or any(each.group for each in checklist.results)
    asked = any(each.applies is not None for each in checklist.questions)
    if checklist.applies is not None or asked or grouped or not own_sums:
        return None
    read = {subject for each in _conditions(checklist) for subject in reads(each)}
    places = [_place(checklist, each) for each in read if each.kind not in {"gate", "result"}]
    known = [each for each in places if each is not None]
    return sorted(known) if len(known) == len(places) <= FEW else None


def _conditions(checklist: Checklist) -> Iterator[Condition]:
    """Of gates and results, which read each other, but nothing that does not stand in one of them."""
    yield from (each.when for each in checklist.gates)
    yield from (each.when for result in checklist.results for each in result.levels if each.when is not None)


def _place(checklist: Checklist, subject: Subject) -> int | None:
    match subject.kind:
        case "question" if checklist.question[subject.key].scale.kind != "text":
            return checklist.number[subject.key]
        case "score":
            return len(checklist.questions) + list(checklist.score).index(subject.key)
        case _:
            return None

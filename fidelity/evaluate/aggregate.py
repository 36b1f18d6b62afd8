"""A function of the language over its members -> closures that give its value, its bounds and its reasons."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from fidelity.evaluate.findings import ABSENT, UNBOUNDED, Bounds, Findings, Reasons, Worth
from fidelity.evaluate.functions import FUNCTIONS, Part
from fidelity.evaluate.interval import Interval
from fidelity.evaluate.member import Member, member, weight_and_top
from fidelity.evaluate.packed import NOTHING_APPLIED, Enough, enough, summed
from fidelity.evaluate.reckoning import Reckoning
from fidelity.model.checklist import Checklist, Treatments
from fidelity.model.expression import Aggregate, Needing


def aggregate(checklist: Checklist, node: Aggregate, needing: Needing, treat: Treatments) -> Reckoning:
    """The closures of a function that needs so many answers, and treats non-answers so."""
    needs = enough(node.needing or needing)
    members = [member(checklist, node, subject, treat) for subject in node.over]
    measures = [weight_and_top(checklist, subject) for subject in node.over]
    worth = summed(checklist, node, needs, treat) or _listed(node, needs, members, measures)
    return Reckoning(worth, _bounds(node, worth, members, measures), _reasons(worth, members))


# ---- over anything: one by one


def _listed(
    node: Aggregate, needs: Enough, members: Sequence[Member], measures: Sequence[tuple[Fraction, Fraction]]
) -> Callable[[Findings], Worth]:
    function = FUNCTIONS[node.function]

    def worth(findings: Findings) -> Worth:
        values = [each.value(findings) for each in members]
        parts = [
            Part(value, weight, top)
            for value, (weight, top) in zip(values, measures, strict=True)
            if isinstance(value, Fraction)
        ]
        applicable = len(values) - values.count(ABSENT)
        if not applicable:
            return NOTHING_APPLIED
        if not needs.is_reached(len(parts), applicable):
            return Worth(None, len(parts), applicable, "too_few_answered")
        exact = function(parts)
        if exact is None:
            return Worth(None, len(parts), applicable, "nothing_to_divide_by")
        return Worth(exact.as_integer_ratio(), len(parts), applicable)

    return worth


# ---- asked for


def _bounds(
    node: Aggregate,
    worth: Callable[[Findings], Worth],
    members: Sequence[Member],
    measures: Sequence[tuple[Fraction, Fraction]],
) -> Callable[[Findings], Bounds]:
    """All blanks at worst, all blanks at best: every function grows with each of its members."""
    function = FUNCTIONS[node.function]

    def bounds(findings: Findings) -> Bounds:
        worked_out = worth(findings)
        if worked_out.why in {"nothing_applied", "nothing_to_divide_by"}:
            return UNBOUNDED
        present = [
            (each.bounds(findings), measure)
            for each, measure in zip(members, measures, strict=True)
            if each.value(findings) is not ABSENT
        ]
        if worked_out.exact is not None and all(found.settled for found, _ in present):
            value = Fraction(*worked_out.exact)
            return Bounds(Interval(value, value), settled=True)
        lows, highs = zip(*(found.ends for found, _ in present), strict=True)
        of_each = [measure for _, measure in present]
        return Bounds(Interval(_at(function, lows, of_each), _at(function, highs, of_each)))

    return bounds


def _at(
    function: Callable[[Sequence[Part]], Fraction | None],
    values: Sequence[Fraction | None],
    measures: Sequence[tuple[Fraction, Fraction]],
) -> Fraction | None:
    parts = [
        Part(value, *measure) for value, measure in zip(values, measures, strict=True) if value is not None
    ]
    return function(parts) if len(parts) == len(values) else None


def _reasons(worth: Callable[[Findings], Worth], members: Sequence[Member]) -> Callable[[Findings], Reasons]:
    """What was answered; of a score that has no value the blanks, or else what does not apply."""

    def reasons(findings: Findings) -> Reasons:
        why = worth(findings).why
        if why == "nothing_applied":
            return tuple([each.reason(findings) for each in members])
        blank = why == "too_few_answered"
        values = [each.value(findings) for each in members]
        return tuple(
            [
                each.reason(findings)
                for each, value in zip(members, values, strict=True)
                if value is not ABSENT and (value is None) is blank
            ]
        )

    return reasons

"""Samples as written -> sampling plans."""

from collections.abc import Iterator
from fractions import Fraction

from fidelity.language import protocol, tree
from fidelity.language.claims import About, claim_of
from fidelity.language.setting import Setting
from fidelity.model.number import RoundingMode
from fidelity.model.programme import Drawn, First, Quota, SamplingPlan
from fidelity.place import Place

# What sessions can be told apart by, besides the facts of the programme.
STRATA = ("therapist", "client", "session", "rater", "source", "site", "arm", "modality", "language")

MODES: dict[str, RoundingMode] = {"up": "up", "down": "down"}


def plan_of(node: protocol.Sample, setting: Setting) -> SamplingPlan:
    """One plan; RB602 for a share that does not say how it is rounded, RB603 for a draw without a seed."""
    about = About(setting.checklist(node.checklist))
    during = node.during.id if node.during and setting.known(node.during, protocol.Stage) else ""
    rates, floors = [], []
    first: list[First] = []
    second: Quota | None = None
    spread: list[str] = []
    seed: int | None = None
    for line in node.lines:
        match line:
            case protocol.TakesFirst():
                first.append(_first(line, about, setting))
            case protocol.TakesRate():
                rates.append(_rate(line, setting))
            case protocol.TakesLeast(amount, rounding, each):
                floors.append(Drawn(_quota(amount, rounding, line.place, setting), _each(each, setting)))
            case protocol.SecondRater(amount, rounding):
                second = _quota(amount, rounding, line.place, setting)
            case protocol.SpreadOver(names):
                spread.extend(_stratum(name, setting) for name in names)
            case protocol.Seed(number):
                seed = int(number.value)
    drawn = next(_drawn_lines(node), None)
    if seed is None and drawn is not None:
        setting.scope.problem("RB603", drawn, sample=node.id.id)
    return SamplingPlan(
        node.id.id,
        node.title.content,
        node.checklist.id,
        during,
        tuple(first),
        tuple(rates),
        tuple(floors),
        tuple(spread),
        second,
        seed or 0,
        node.place,
    )


def _drawn_lines(node: protocol.Sample) -> Iterator[Place]:
    kinds = (protocol.TakesRate, protocol.TakesLeast, protocol.SecondRater)
    return (line.place for line in node.lines if isinstance(line, kinds))


def _first(line: protocol.TakesFirst, about: About, setting: Setting) -> First:
    claim = claim_of(line.condition.condition, about, setting) if line.condition else None
    none_in = setting.whole(line.when_none.amount) if line.when_none else None
    return First(setting.whole(line.amount), claim, none_in, _each(line.each, setting))


def _rate(line: protocol.TakesRate, setting: Setting) -> Drawn:
    part, among = setting.whole(line.amount), setting.whole(line.among)
    if not 0 < part <= among:
        setting.scope.problem("RB110", line.place, part=part, among=among)
    if line.rounding is None:
        setting.scope.problem("RB602", line.place, share=f"{part} in {among}")
    return Drawn(Quota(Fraction(part, max(among, 1)), True, _mode(line.rounding)), _each(line.each, setting))


def _quota(
    amount: protocol.Amount, rounding: protocol.RoundedTo | None, place: Place, setting: Setting
) -> Quota:
    number = setting.amount(amount)
    if number is None:
        return Quota(Fraction(0), False)
    if not (number.percent or number.fraction):
        return Quota(Fraction(setting.whole(amount)), False)
    if rounding is None:
        setting.scope.problem("RB602", place, share=number.written)
    share = number.value / 100 if number.percent else number.value
    if share > 1:
        setting.scope.problem("RB110", amount.place, above_all=number.written)
    return Quota(share, True, _mode(rounding))


def _mode(rounding: protocol.RoundedTo | None) -> RoundingMode:
    return MODES.get(rounding.mode.id, "half_even") if rounding else "up"


def _each(each: protocol.ForEachOf | None, setting: Setting) -> str:
    return _stratum(each.name, setting) if each else ""


def _stratum(name: tree.Word, setting: Setting) -> str:
    if name.id not in STRATA and name.id not in setting.facts:
        setting.scope.unknown(name, "fact", [*setting.facts, *STRATA])
    return name.id

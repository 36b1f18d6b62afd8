"""Stages as written -> what each needs, in an order in which every stage follows the one before it."""

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from fidelity.errors import Problem, Related
from fidelity.language import protocol, tree
from fidelity.language.claims import About, claim_of
from fidelity.language.setting import Setting
from fidelity.model.period import Period
from fidelity.model.programme import EvidenceKind, EvidenceRule, Stage
from fidelity.place import Place

HOW: dict[type, EvidenceKind] = {
    protocol.InTotal: "in total",
    protocol.InARow: "in a row",
    protocol.OfTheLast: "of the last",
    protocol.TheLatest: "the latest",
}


def stages_of(nodes: Iterable[protocol.Stage], setting: Setting) -> tuple[Stage, ...]:
    """All stages; RB101 where one follows a stage that is none, RB130 where they follow each other."""
    stages = {node.id.id: _stage(node, setting) for node in nodes if setting.meaning[node.id.id] is node}
    after = {each.id: {each.after} if each.after in stages else set() for each in stages.values()}
    try:
        return tuple(stages[id] for id in TopologicalSorter(after).static_order())
    except CycleError as circle:
        setting.scope.found.append(_circle(circle.args[1], setting))
        return ()


def _circle(circle: Iterable[str], setting: Setting) -> Problem:
    around = list(dict.fromkeys(circle))
    first = min(around, key=lambda name: setting.meaning[name].id.place)
    start = around.index(first)
    path = [*around[start:], *around[:start], first]
    related = tuple(Related(setting.meaning[name].id.place, "it goes on here") for name in path[1:-1])
    return Problem(
        "RB130", setting.meaning[first].id.place, {"path": " -> ".join(path), "name": first}, related
    )


def _stage(node: protocol.Stage, setting: Setting) -> Stage:
    after = _after(node, setting)
    lines = node.lines
    about = About(therapist=True)
    claims = [
        claim_of(each.condition, about, setting)
        for each in lines
        if isinstance(each, protocol.NeedsTherapist)
    ]
    return Stage(
        id=node.id.id,
        title=node.title.content,
        after=after,
        therapist=tuple(each for each in claims if each is not None),
        needs=_rules(lines, protocol.Needs, setting),
        renewed=_rules(lines, protocol.Renewed, setting),
        lost=_rules(lines, protocol.Lost, setting),
        lasts=next(
            (period_of(each.number, each.period) for each in lines if isinstance(each, protocol.Lasts)), None
        ),
        place=node.place,
    )


def _after(node: protocol.Stage, setting: Setting) -> str:
    if node.after is None:
        return ""
    others = [id for id in setting.of_kind(protocol.Stage) if id != node.id.id]
    if not isinstance(setting.meaning.get(node.after.id), protocol.Stage):
        setting.scope.unknown(node.after, "stage", others)
        return ""
    return node.after.id


def period_of(number: tree.Number, unit: tree.Word) -> Period:
    """`180 days`."""
    return Period(int(number.value), unit.id.removesuffix("s"))


Line = protocol.Needs | protocol.Renewed | protocol.Lost


def _rules(lines: Iterable[object], kind: type[Line], setting: Setting) -> tuple[EvidenceRule, ...]:
    return tuple(_evidence(each.rule, each.place, setting) for each in lines if isinstance(each, kind))


def _evidence(rule: protocol.EvidenceRule, place: Place, setting: Setting) -> EvidenceRule:
    evidence = rule.evidence
    checklist = setting.checklist(evidence.checklist)
    condition = evidence.condition.condition if evidence.condition else None
    claim = claim_of(condition, About(checklist), setting) if condition is not None else None
    sources, raters = filters_of(evidence.filters)
    number = setting.whole(rule.amount) if not isinstance(rule, protocol.TheLatest) else 1
    last = setting.whole(rule.last) if isinstance(rule, protocol.OfTheLast) else 1
    if isinstance(rule, protocol.OfTheLast) and number > last:
        setting.scope.problem("RB607", rule.place, number=number, last=last)
    kind = HOW[type(rule)]
    return EvidenceRule(kind, number, last, evidence.checklist.id, sources, raters, claim, place)


def filters_of(filters: protocol.EvidenceFilters) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The kinds of evidence and the raters that are admitted; none means all."""
    sources = [name.id for each in filters if isinstance(each, protocol.FromSources) for name in each.names]
    raters = [name.id for each in filters if isinstance(each, protocol.ByRaters) for name in each.names]
    return tuple(sources), tuple(raters)

"""Rules of a programme that contradict themselves or each other, or read more than they say."""

from collections.abc import Callable, Iterable, Iterator

from fidelity.errors import Problem, Related
from fidelity.language import protocol, tree
from fidelity.language.checks.second import second_head_lines
from fidelity.language.checks.signs import deceiving_texts, look_alikes
from fidelity.language.setting import Setting
from fidelity.model.programme import BY_HAND, FALL, DriftRule, FirstScores, Programme, SamplingPlan
from fidelity.model.scale import Band
from fidelity.place import Place

Check = Callable[[protocol.Programme, Programme, Setting], Iterable[Problem]]


def unfit_checklists(source: protocol.Programme, _model: Programme, setting: Setting) -> Iterator[Problem]:
    """RB601 where a stage, drift or summary reads a checklist that rates no therapist."""
    for _, word, _ in _readers(source):
        checklist = setting.checklists.get(word.id)
        if checklist is not None and checklist.about.unit in ("site", "report"):
            yield Problem("RB601", word.place, {"name": word.id, "unit": checklist.about.unit})


def pooled_evidence(source: protocol.Programme, _model: Programme, setting: Setting) -> Iterator[Problem]:
    """RB604 where several raters or kinds of evidence are allowed and a rule does not choose."""
    for rule, word, filters in _readers(source):
        checklist = setting.checklists.get(word.id)
        if checklist is None:
            continue
        said = {type(each) for each in filters}
        raters = () if protocol.ByRaters in said else checklist.about.raters
        sources = () if protocol.FromSources in said else checklist.about.evidence
        open_ones = [(by, names) for by, names in (("by", raters), ("from", sources)) if len(names) > 1]
        if open_ones:
            what = " and ".join("raters" if word == "by" else "kinds of evidence" for word, _ in open_ones)
            own = ", ".join(name for _, names in open_ones for name in names)
            one = " ".join(f"{word} {names[0]}" for word, names in open_ones)
            yield Problem("RB604", rule, {"name": word.id, "what": what, "own": own, "one": one})


def _readers(
    source: protocol.Programme,
) -> Iterator[tuple[Place, tree.Word, protocol.EvidenceFilters]]:
    for node in source.rules:
        match node:
            case protocol.Stage(lines=lines):
                for line in lines:
                    if isinstance(line, protocol.Needs | protocol.Renewed | protocol.Lost):
                        evidence = line.rule.evidence
                        yield line.place, evidence.checklist, evidence.filters
            case protocol.Drift() | protocol.Summary():
                yield node.place, node.checklist, node.filters
            case _:
                pass


def never_renewed(_: protocol.Programme, programme: Programme, setting: Setting) -> Iterator[Problem]:
    """RB608 where a stage runs out and nothing brings it back."""
    for stage in programme.stages:
        if stage.lasts is not None and not stage.renewed:
            place = setting.meaning[stage.id].id.place
            length = f"{stage.lasts.number} {stage.lasts.unit}{'' if stage.lasts.number == 1 else 's'}"
            yield Problem("RB608", place, {"stage": stage.id, "length": length})


def small_minimum(_: protocol.Programme, programme: Programme, setting: Setting) -> Iterator[Problem]:
    """RB609 where a drift rule may speak before there is anything to compare."""
    for rule in programme.drifts:
        needed = _needed(rule)
        if rule.minimum >= needed:
            continue
        facts: dict[str, object] = {"minimum": rule.minimum, "needed": needed, "drift": rule.id}
        if isinstance(rule.baseline, FirstScores):
            facts["baseline"] = rule.baseline.number
        yield Problem("RB609", setting.meaning[rule.id].id.place, facts)


def _needed(rule: DriftRule) -> int:
    """The observations of the baseline, and one later at least; for a fall as many as it looks at."""
    baseline = rule.baseline.number if isinstance(rule.baseline, FirstScores) else 0
    later = int(rule.parameters.get("last", 1)) if rule.method == FALL else 1
    return baseline + later if baseline or rule.method in BY_HAND else 2


def unreachable_minimum(_: protocol.Programme, programme: Programme, setting: Setting) -> Iterator[Problem]:
    """RB610 where plans of fixed numbers take fewer sessions of each therapist than a drift rule needs."""
    for rule in programme.drifts:
        plans = [each for each in programme.samples if each.checklist == rule.of.checklist]
        most = [_most(each) for each in plans]
        known = [each for each in most if each is not None]
        if plans and len(known) == len(most) and sum(known) < rule.minimum:
            place = setting.meaning[rule.id].id.place
            related = tuple(Related(setting.meaning[each.id].id.place, "this plan is here") for each in plans)
            facts = {"drift": rule.id, "minimum": rule.minimum, "most": sum(known)}
            yield Problem("RB610", place, facts, related)


def _most(plan: SamplingPlan) -> int | None:
    """The most sessions of one therapist that a plan takes; None where this grows with their number."""
    strata = {each.each for each in plan.first} | {each.each for each in plan.floors}
    if plan.rates or any(each.quota.share for each in plan.floors) or strata - {"", "therapist"}:
        return None
    floors = [int(each.quota.number) for each in plan.floors]
    return max([sum(each.number for each in plan.first), *floors])


def strict_watch(source: protocol.Programme, programme: Programme, _: Setting) -> Iterator[Problem]:
    """RB611 where watch begins no earlier than act, or ends inside it."""
    places = {
        node.id.id: next((line.place for line in node.lines if isinstance(line, protocol.Watch)), node.place)
        for node in source.rules
        if isinstance(node, protocol.Drift)
    }
    for rule in programme.drifts:
        if rule.watch is None or rule.act is None or rule.watch.lowest is None or rule.act.lowest is None:
            continue
        if not _earlier(rule.watch, rule.act):
            yield Problem("RB611", places[rule.id], {"drift": rule.id, "stricter": "watch"})
        elif _ends_inside(rule.watch, rule.act):
            yield Problem("RB611", places[rule.id], {"drift": rule.id, "overlap": "watch"})


def _earlier(watch: Band, act: Band) -> bool:
    if watch.lowest is None or act.lowest is None:
        return True
    return watch.lowest < act.lowest or (
        watch.lowest == act.lowest and watch.with_lowest and not act.with_lowest
    )


def _ends_inside(watch: Band, act: Band) -> bool:
    """An open end is no overlap: act is looked at before watch."""
    if watch.highest is None or act.lowest is None:
        return False
    return watch.highest > act.lowest or (
        watch.highest == act.lowest and watch.with_highest and act.with_lowest
    )


def second_lines(source: protocol.Programme, _: Programme, _setting: Setting) -> Iterator[Problem]:
    """RB003 where the head or a rule says twice what can hold only once."""
    yield from second_head_lines(source.metas)
    for node in source.rules:
        seen: dict[str, tree.Node] = {}
        for line in getattr(node, "lines", ()):
            word = ONCE.get(type(line))
            first = seen.setdefault(word, line) if word else line
            if first is not line:
                related = (Related(first.place, "the first one is here"),)
                yield Problem("RB003", line.place, {"once": word}, related)


ONCE: dict[type, str] = {
    protocol.Lasts: "lasts",
    protocol.SecondRater: "second rater",
    protocol.Seed: "seed",
    protocol.BaselineFirst: "baseline",
    protocol.BaselineFixed: "baseline",
    protocol.BaselineRunning: "baseline",
    protocol.Method: "method",
    protocol.Minimum: "minimum",
    protocol.Fall: "fall",
    protocol.Watch: "watch",
    protocol.Act: "act",
    protocol.Coefficient: "coefficient",
}


def unused_thresholds(source: protocol.Programme, _: Programme, setting: Setting) -> Iterator[Problem]:
    """RB202 for a threshold that nothing names."""
    words = [node.id for node in tree.walked(source.rules) if isinstance(node, tree.Word)]
    for (id, _owner), node in setting.thresholds.items():
        if id != "standard" and words.count(id) < 2:
            yield Problem("RB202", node.id.place, {"kind": "threshold", "name": id})


def deceiving_signs(source: protocol.Programme, _: Programme, setting: Setting) -> Iterator[Problem]:
    """RB241 in ids and in texts."""
    yield from look_alikes(each.id for each in setting.meaning.values())
    yield from deceiving_texts(source)


CHECKS: tuple[Check, ...] = (
    unfit_checklists,
    pooled_evidence,
    never_renewed,
    small_minimum,
    unreachable_minimum,
    strict_watch,
    second_lines,
    unused_thresholds,
    deceiving_signs,
)

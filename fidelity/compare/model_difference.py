"""Two versions of a checklist -> what changed in meaning, each change with what it can do to results."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeVar

from fidelity.compare.effect import Effect
from fidelity.compare.shape import shape, thresholds_in
from fidelity.model.checklist import (
    AsMissing,
    AsPoints,
    Checklist,
    Gate,
    Item,
    LeftOut,
    Question,
    Result,
    Score,
    Threshold,
    Treatment,
)
from fidelity.model.expression import Condition, Formula, Subject, reads
from fidelity.model.number import written
from fidelity.model.scale import Choice, Scale

Kind = Literal["added", "dropped", "reworded", "moved", "changed"]
Ruled = TypeVar("Ruled", Score, Result, Gate)


class Difference(NamedTuple):
    """One change in people's words; `reason` is what the adaptation says about it."""

    kind: Kind
    target: str
    before: str
    after: str
    effect: Effect
    reason: str = ""

    def as_json(self) -> dict[str, str]:
        """The shape of contract.md section 4, `diff`."""
        return {
            "kind": self.kind,
            "target": self.target,
            "before": self.before,
            "after": self.after,
            "reason": self.reason,
        }


class Aloud(NamedTuple):
    """How formulas and conditions are read aloud; the caller knows."""

    formula: Callable[[Checklist, Formula], str]
    condition: Callable[[Checklist, Condition], str]


def differences(old: Checklist, new: Checklist, aloud: Aloud) -> list[Difference]:
    """Every change in meaning or wording, in the order in which a checklist is written."""
    two = _Two(old, new, aloud)
    found = [
        *_head(two),
        *_facts(two),
        *_scales(two),
        *_thresholds(two),
        *_groups(two),
        *_items(two),
        *_scores(two),
        *_results(two),
        *_gates(two),
        *_flags_and_lists(two),
        *_beside(two),
    ]
    reasons = {each.target: each.because for each in new.origin.changes} if new.origin else {}
    together = _families_together(found, [*old.scores, *old.results, *old.gates])
    return [each._replace(reason=reasons.get(each.target, "")) for each in together]


def _families_together(
    found: Iterable[Difference], ruled: Iterable[Score | Result | Gate]
) -> list[Difference]:
    """The changes, with what happens to every member of a family told once."""
    members = Counter(each.name for each in ruled if each.group)
    of_family: dict[tuple[str, str], list[Difference]] = {}
    for each in found:
        name, _, member = each.target.rpartition(" of ")
        whole = name if member and name.split()[-1] in members else each.target
        of_family.setdefault((each.kind, whole), []).append(each)
    together: list[Difference] = []
    for (_, whole), several in of_family.items():
        all_of_them = len(several) > 1 and len(several) == members[whole.split()[-1]]
        together += [several[0]._replace(target=whole)] if all_of_them else several
    return together


class _Two:
    """Both versions, and what their rules read."""

    def __init__(self, old: Checklist, new: Checklist, aloud: Aloud) -> None:
        self.old, self.new, self.aloud = old, new, aloud
        self.common = set(_subjects(old)) & set(_subjects(new))
        self.scored = {each for model in (old, new) for each in _read_by(_scoring_nodes(model))}
        self.judged = {each for model in (old, new) for each in _read_by(_judging_nodes(model))}
        self.judged |= {
            Subject("question", key) for model in (old, new) for each in model.lists for key in each.questions
        }

    def effect(self, keys: Iterable[str], inside: Effect) -> Effect:
        """What a change to questions can do: `inside` where a score reads one."""
        subjects = {Subject("question", key) for key in keys}
        if subjects & self.scored:
            return inside
        return Effect.LEVELS if subjects & self.judged else Effect.BESIDE


def _subjects(model: Checklist) -> Iterator[Subject]:
    yield from (Subject("question", each.key) for each in model.questions)
    yield from (Subject("score", each.key) for each in model.scores)
    yield from (Subject("result", each.key) for each in model.results)
    yield from (Subject("fact", each.id) for each in model.facts)


def _scoring_nodes(model: Checklist) -> Iterator[Formula | Condition | None]:
    for each in model.scores:
        yield each.formula
        yield each.only_when


def _judging_nodes(model: Checklist) -> Iterator[Formula | Condition | None]:
    yield from (level.when for each in model.results for level in each.levels)
    yield from (each.when for each in model.gates)
    yield from (each.when for each in model.flags)
    yield from (each.applies for each in model.questions)


def _read_by(nodes: Iterable[Formula | Condition | None]) -> Iterator[Subject]:
    for node in nodes:
        if node is not None:
            yield from reads(node)


# ---- pieces that every part uses


def _reworded(target: str, before: str, after: str) -> Iterator[Difference]:
    if before != after:
        yield Difference("reworded", target, before, after, Effect.WORDING)


def _by(nodes: Iterable[Any], field: str = "id") -> dict[str, Any]:
    return {getattr(each, field): each for each in nodes}


def _came_and_went(
    kind: str, old: Mapping[str, Any], new: Mapping[str, Any], came: Effect, went: Effect
) -> Iterator[Difference]:
    for id, each in old.items():
        if id not in new:
            yield Difference("dropped", f"{kind} {id}", each.title, "", went)
    for id, each in new.items():
        if id not in old:
            yield Difference("added", f"{kind} {id}", "", each.title, came)


def _both(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    return ((each, new[id]) for id, each in old.items() if id in new)


# ---- the head, facts and scales


def _head(two: _Two) -> Iterator[Difference]:
    old, new = two.old, two.new
    yield from _reworded("title", old.title, new.title)
    for name in ("about", "source"):
        yield from _reworded(name, " ".join(getattr(old.about, name)), " ".join(getattr(new.about, name)))
    for name in ("language", "licence", "status", "site"):
        yield from _reworded(name, getattr(old.about, name), getattr(new.about, name))
    yield from _reworded("therapist", ", ".join(old.about.therapist), ", ".join(new.about.therapist))
    for name in ("raters", "evidence"):
        before, after = (", ".join(getattr(each.about, name)) for each in (old, new))
        if before != after:
            yield Difference("changed", name, before, after, Effect.BESIDE)
    if old.about.unit != new.about.unit:
        yield Difference("changed", "unit", old.about.unit, new.about.unit, Effect.SCORING)
    if old.treat != new.treat:
        yield Difference("changed", "treat", _treated(old), _treated(new), Effect.SCORING)
    if shape(old.applies, two.common) != shape(new.applies, two.common):
        before, after = (
            two.aloud.condition(each, each.applies) if each.applies else "" for each in (old, new)
        )
        yield Difference("changed", "applies when", before, after, Effect.SCORING)


def _treated(model: Checklist) -> str:
    return ", ".join(f"{state.value} as {_treatment(how)}" for state, how in model.treat.items())


def _treatment(how: Treatment) -> str:
    match how:
        case LeftOut():
            return "left out"
        case AsMissing():
            return "missing"
        case AsPoints(points=points):
            return written(points)


def _facts(two: _Two) -> Iterator[Difference]:
    old, new = _by(two.old.facts), _by(two.new.facts)
    yield from _came_and_went("fact", old, new, Effect.BESIDE, Effect.LEVELS)
    for before, after in _both(old, new):
        yield from _reworded(f"fact {before.id}", before.title, after.title)
        yield from _scale(f"fact {before.id}", before.scale, after.scale, Effect.LEVELS)


def _scales(two: _Two) -> Iterator[Difference]:
    old, new = _by(two.old.scales), _by(two.new.scales)
    yield from _came_and_went("scale", old, new, Effect.BESIDE, Effect.BESIDE)
    for before, after in _both(old, new):
        on_it = [
            each.key for model in (two.old, two.new) for each in model.questions if each.scale.id == before.id
        ]
        yield from _reworded(f"scale {before.id}", before.title, after.title)
        yield from _scale(f"scale {before.id}", before, after, two.effect(on_it, Effect.SCORING), before.id)


def _scale(target: str, old: Scale, new: Scale, effect: Effect, owner: str = "") -> Iterator[Difference]:
    """What changed in the answers; those of a named scale are targets of their own."""
    if (old.kind, old.span) != (new.kind, new.span):
        yield Difference("changed", target, _range(old), _range(new), effect)
    before, after = _by(old.choices), _by(new.choices)
    of = f"of {owner or target}"
    for id in dict.fromkeys([*before, *after]):
        name = f"answer {id} {of}"
        if id not in after:
            yield Difference("dropped", name, before[id].title, "", effect)
        elif id not in before:
            yield Difference("added", name, "", after[id].title, effect)
        else:
            yield from _reworded(name, before[id].title, after[id].title)
            if _worth(before[id]) != _worth(after[id]):
                yield Difference("changed", name, _worth(before[id]), _worth(after[id]), effect)
            if before[id].needs_comment != after[id].needs_comment:
                told = {True: "needs a comment", False: "needs no comment"}
                said = (told[before[id].needs_comment], told[after[id].needs_comment])
                yield Difference("changed", name, *said, Effect.BESIDE)


def _range(scale: Scale) -> str:
    if scale.span is None:
        return scale.kind
    top = written(scale.span.highest) if scale.span.highest is not None else "any number"
    step = f" by {written(scale.span.step)}" if scale.span.step is not None else ""
    return f"{written(scale.span.lowest)} to {top}{step}"


def _worth(choice: Choice) -> str:
    told = f"scores {written(choice.points)}" if choice.points is not None else ""
    means = f"means {choice.means.value}" if choice.means is not None else ""
    codes = f"coded {', '.join(choice.codes)}" if choice.codes else ""
    return ", ".join(each for each in (told, means, codes) if each) or "no points"


# ---- thresholds, groups and items


def _thresholds(two: _Two) -> Iterator[Difference]:
    old = {(each.id, each.of): each for each in two.old.thresholds}
    new = {(each.id, each.of): each for each in two.new.thresholds}
    in_scores = set(thresholds_in([*_scoring_nodes(two.old), *_scoring_nodes(two.new)]))
    read = {*in_scores, *thresholds_in([*_judging_nodes(two.old), *_judging_nodes(two.new)]), "standard"}
    for key in dict.fromkeys([*old, *new]):
        target = " of ".join(part for part in (f"threshold {key[0]}", key[1]) if part)
        used = Effect.LEVELS if key[0] in read else Effect.BESIDE
        effect = Effect.SCORING if key[0] in in_scores else used
        before, after = (_number(each.get(key)) for each in (old, new))
        if key not in new:
            yield Difference("dropped", target, before, "", effect)
        elif key not in old:
            yield Difference("added", target, "", after, effect)
        else:
            yield from _reworded(target, old[key].title, new[key].title)
            if before != after:
                yield Difference("moved", target, before, after, effect)


def _number(threshold: Threshold | None) -> str:
    if threshold is None:
        return ""
    return f"{written(threshold.value)}{'%' if threshold.percent else ''}"


def _groups(two: _Two) -> Iterator[Difference]:
    old, new = _by(two.old.groups), _by(two.new.groups)
    for each in two.old.groups:
        if each.id not in new:
            yield Difference("dropped", f"{each.kind} {each.id}", each.title, "", Effect.BESIDE)
    for each in two.new.groups:
        if each.id not in old:
            yield Difference("added", f"{each.kind} {each.id}", "", each.title, Effect.BESIDE)
    for before, after in _both(old, new):
        target = f"{after.kind} {after.id}"
        yield from _reworded(target, before.title, after.title)
        yield from _reworded(target, before.note, after.note)


def _items(two: _Two) -> Iterator[Difference]:
    old, new = _by(two.old.items), _by(two.new.items)
    for each in two.old.items:
        if each.id not in new:
            effect = two.effect(_keys(two.old, each), Effect.ITEMS)
            yield Difference("dropped", f"item {each.id}", each.title, "", effect)
    for each in two.new.items:
        if each.id not in old:
            effect = two.effect(_keys(two.new, each), Effect.ITEMS)
            yield Difference("added", f"item {each.id}", "", each.title, effect)
    for before, after in _both(old, new):
        yield from _item(before, after, two)
    for one, other in _both(two.old.question, two.new.question):
        yield from _question(one, other, two)


def _keys(model: Checklist, item: Item) -> list[str]:
    return [each.key for each in model.questions if each.item == item.id]


def _item(old: Item, new: Item, two: _Two) -> Iterator[Difference]:
    target = f"item {old.id}"
    yield from _reworded(target, old.title, new.title)
    yield from _reworded(target, old.note, new.note)
    yield from _reworded(target, old.comment_label, new.comment_label)
    anchors = [", ".join(f"{code}: {text}" for code, text in each.anchors) for each in (old, new)]
    yield from _reworded(target, anchors[0], anchors[1])
    if old.group != new.group:
        effect = two.effect(_keys(two.old, old), Effect.SCORING)
        yield Difference("moved", target, f"in {old.group}", f"in {new.group}", effect)
    comments = [
        (each.always_comment, shape(each.comment_when, two.common), each.optional) for each in (old, new)
    ]
    if comments[0] != comments[1]:
        yield Difference("changed", target, "", "when a comment or an answer is needed", Effect.BESIDE)


def _question(old: Question, new: Question, two: _Two) -> Iterator[Difference]:
    target = f"item {old.key}"
    effect = two.effect([old.key], Effect.SCORING)
    if old.scale.id != new.scale.id:
        yield Difference("changed", target, f"on scale {old.scale.id}", f"on scale {new.scale.id}", effect)
    elif old.scale.id not in _by(two.old.scales):
        yield from _scale(target, old.scale, new.scale, effect)
    if old.weight != new.weight:
        yield Difference(
            "changed", target, f"weight {written(old.weight)}", f"weight {written(new.weight)}", effect
        )
    if old.reversed != new.reversed:
        told = {True: "reversed", False: "not reversed"}
        yield Difference("changed", target, told[old.reversed], told[new.reversed], effect)
    if (old.bins and old.bins.bins) != (new.bins and new.bins.bins):
        names = [each.bins.id if each.bins else "no bins" for each in (old, new)]
        yield Difference("changed", target, f"binned by {names[0]}", f"binned by {names[1]}", effect)
    if shape(old.applies, two.common) != shape(new.applies, two.common):
        yield _said("changed", target, two, (old.applies, new.applies), effect)


# ---- scores, results, gates, flags


def _scores(two: _Two) -> Iterator[Difference]:
    yield from _families("score", two.old.scores, two.new.scores, Effect.SCORING)
    for old, new, target in _pairs("score", two.old.scores, two.new.scores):
        yield from _reworded(target, old.title, new.title)
        rules = [
            (
                shape(each.formula, two.common),
                shape(each.only_when, two.common),
                each.rounding,
                each.needing,
                each.counting,
            )
            for each in (old, new)
        ]
        if rules[0] != rules[1]:
            yield Difference(
                "changed", target, _score(two.old, old, two), _score(two.new, new, two), Effect.SCORING
            )


def _score(model: Checklist, score: Score, two: _Two) -> str:
    parts = [two.aloud.formula(model, score.formula)]
    if score.only_when is not None:
        parts.append(f"only when {two.aloud.condition(model, score.only_when)}")
    share, number = score.needing.share, score.needing.number
    if number is not None:
        parts.append(f"needing at least {number} answered")
    elif share is not None and share != 1:
        parts.append(f"needing at least {share} answered")
    if score.rounding is not None:
        parts.append(f"rounded to {score.rounding.places} places")
    return ", ".join(parts)


def _results(two: _Two) -> Iterator[Difference]:
    yield from _families("result", two.old.results, two.new.results, Effect.LEVELS)
    for old, new, target in _pairs("result", two.old.results, two.new.results):
        yield from _reworded(target, old.title, new.title)
        before, after = _by(old.levels), _by(new.levels)
        if list(before) != list(after):
            yield Difference("changed", target, ", ".join(before), ", ".join(after), Effect.LEVELS)
        name = target.removeprefix("result ")
        for one, other in _both(before, after):
            level = f"level {one.id} of {name}"
            yield from _reworded(level, one.title, other.title)
            yield from _rule(level, one.when, other.when, two)


def _gates(two: _Two) -> Iterator[Difference]:
    for each in _families("gate", two.old.gates, two.new.gates, Effect.LEVELS):
        capped = {gate.name: gate.result for gate in two.new.gates}.get(each.target.removeprefix("gate "), "")
        yield each._replace(effect=Effect.LEVELS) if capped in two.old.result else each
    for old, new, target in _pairs("gate", two.old.gates, two.new.gates):
        yield from _reworded(target, old.title, new.title)
        if (old.result, old.cap) != (new.result, new.cap):
            caps = [f"caps {each.result} at {each.cap}" for each in (old, new)]
            yield Difference("changed", target, caps[0], caps[1], Effect.LEVELS)
        yield from _rule(target, old.when, new.when, two)


def _flags_and_lists(two: _Two) -> Iterator[Difference]:
    old, new = _by(two.old.flags), _by(two.new.flags)
    yield from _came_and_went("flag", old, new, Effect.BESIDE, Effect.LEVELS)
    for before, after in _both(old, new):
        yield from _reworded(f"flag {before.id}", before.title, after.title)
        yield from _rule(f"flag {before.id}", before.when, after.when, two)
    old, new = _by(two.old.lists), _by(two.new.lists)
    yield from _came_and_went("list", old, new, Effect.BESIDE, Effect.LEVELS)
    for before, after in _both(old, new):
        yield from _reworded(f"list {before.id}", before.title, after.title)
        if before.rated != after.rated:
            rated = (", ".join(before.rated), ", ".join(after.rated))
            yield Difference("changed", f"list {before.id}", *rated, Effect.LEVELS)


def _rule(target: str, old: Condition | None, new: Condition | None, two: _Two) -> Iterator[Difference]:
    """A condition that works otherwise; one in which only a number differs has moved."""
    if shape(old, two.common) == shape(new, two.common):
        return
    alike = shape(old, two.common, numbers=False) == shape(new, two.common, numbers=False)
    yield _said("moved" if alike else "changed", target, two, (old, new), Effect.LEVELS)


def _said(
    kind: Kind, target: str, two: _Two, nodes: tuple[Condition | None, Condition | None], effect: Effect
) -> Difference:
    before = two.aloud.condition(two.old, nodes[0]) if nodes[0] is not None else ""
    after = two.aloud.condition(two.new, nodes[1]) if nodes[1] is not None else ""
    return Difference(kind, target, before, after, effect)


def _families(kind: str, old: Sequence[Ruled], new: Sequence[Ruled], went: Effect) -> Iterator[Difference]:
    """What came and went, a family as one thing."""
    before, after = ({each.name: each for each in nodes} for nodes in (old, new))
    yield from _came_and_went(kind, before, after, Effect.BESIDE, went)


def _pairs(kind: str, old: Sequence[Ruled], new: Sequence[Ruled]) -> Iterator[tuple[Ruled, Ruled, str]]:
    """The same score, result or gate in both; a family stands as one where its members are alike."""
    before, after = ({each.key: each for each in nodes} for nodes in (old, new))
    for key, each in before.items():
        if key in after:
            yield each, after[key], f"{kind} {' of '.join(key.split('.'))}"


# ---- what no result depends on


def _beside(two: _Two) -> Iterator[Difference]:
    titles = [dict.fromkeys(each.title for each in model.examples) for model in (two.old, two.new)]
    if two.new.origin is None or two.new.origin.base.id != two.old.id:
        for title in titles[0]:
            if title not in titles[1]:
                yield Difference("dropped", "example", title, "", Effect.WORDING)
    for title in titles[1]:
        if title not in titles[0]:
            yield Difference("added", "example", "", title, Effect.WORDING)
    old, new = ({each.language: each for each in model.translations} for model in (two.old, two.new))
    for code in dict.fromkeys([*old, *new]):
        before, after = (each[code].texts if code in each else {} for each in (old, new))
        if before != after:
            told = [f"{len(texts)} texts" if texts else "" for texts in (before, after)]
            kind: Kind = "changed" if before and after else "added" if after else "dropped"
            yield Difference(kind, f"translation {code}", told[0], told[1], Effect.WORDING)

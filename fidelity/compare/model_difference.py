"""Two versions of a checklist -> what changed in meaning, each change with what it can do to results."""

from collections import Counter
from collections.abc import Iterable, Iterator

from fidelity.compare.difference import (
    Aloud,
    Difference,
    Kind,
    Two,
    by_key,
    came_and_went,
    in_both,
    reworded,
)
from fidelity.compare.effect import Comparability, Effect, comparability
from fidelity.compare.item_difference import (
    groups_changed,
    items_changed,
    scale_changed,
    scales_changed,
    substituted,
)
from fidelity.compare.rule_difference import (
    flags_and_lists_changed,
    gates_changed,
    results_changed,
    scores_changed,
    thresholds_changed,
)
from fidelity.compare.shape import shape
from fidelity.model.checklist import (
    AsMissing,
    AsPoints,
    Checklist,
    Gate,
    LeftOut,
    Result,
    Score,
    Treatment,
)
from fidelity.model.number import written


def comparability_of(old: Checklist, new: Checklist, changes: Iterable[Difference]) -> Comparability:
    """The class of two versions, from all that changed between them."""
    silent = Aloud(lambda *_: "", lambda *_: "")
    effects = [each.effect for each in changes if not each.target.startswith(BESIDE_THE_SCORES)]
    return comparability(effects, substituted=substituted(Two(old, new, silent)))


# A flag or list is something to look at; no score or level depends on it.
BESIDE_THE_SCORES = ("flag ", "list ")


def differences(old: Checklist, new: Checklist, aloud: Aloud) -> list[Difference]:
    """Every change in meaning or wording, in the order in which a checklist is written."""
    two = Two(old, new, aloud)
    found = [
        *head_changed(two),
        *facts_changed(two),
        *scales_changed(two),
        *thresholds_changed(two),
        *groups_changed(two),
        *items_changed(two),
        *scores_changed(two),
        *results_changed(two),
        *gates_changed(two),
        *flags_and_lists_changed(two),
        *beside_changed(two),
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
        name, of, _ = each.target.rpartition(" of ")
        whole = name if of and name.split()[-1] in members else each.target
        of_family.setdefault((each.kind, whole), []).append(each)
    together: list[Difference] = []
    for (_, whole), several in of_family.items():
        all_of_them = len(several) > 1 and len(several) == members[whole.split()[-1]]
        together += [several[0]._replace(target=whole)] if all_of_them else several
    return together


def head_changed(two: Two) -> Iterator[Difference]:
    """What the head of the file says."""
    old, new = two.old, two.new
    yield from reworded("title", old.title, new.title)
    for name in ("about", "source"):
        yield from reworded(name, " ".join(getattr(old.about, name)), " ".join(getattr(new.about, name)))
    for name in ("language", "licence", "status", "site"):
        yield from reworded(name, getattr(old.about, name), getattr(new.about, name))
    yield from reworded("therapist", ", ".join(old.about.therapist), ", ".join(new.about.therapist))
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


def facts_changed(two: Two) -> Iterator[Difference]:
    """Facts about the session."""
    old, new = by_key(two.old.facts), by_key(two.new.facts)
    yield from came_and_went("fact", old, new, Effect.BESIDE, Effect.LEVELS)
    for before, after in in_both(old, new):
        yield from reworded(f"fact {before.id}", before.title, after.title)
        yield from scale_changed(f"fact {before.id}", before.scale, after.scale, Effect.LEVELS)


def beside_changed(two: Two) -> Iterator[Difference]:
    """Examples and translations."""
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

"""Changes and deviations -> the changes that may be made; RB301 where what is core has no record for it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from fidelity.errors import Problem, Related
from fidelity.language import changes, protocol, tree
from fidelity.language.aims import Aimed, Told, unknown
from fidelity.language.merging import with_items
from fidelity.language.protection import Protection, protections
from fidelity.language.targets import (
    Key,
    Standing,
    in_words,
    key_of,
    meant,
    same,
    targets_in,
    word_of,
)
from fidelity.model.adaptation import Deviation

SOON = timedelta(days=60)


def deviations_in(
    own: changes.Adaptation, known: Iterable[Key], found: list[Problem]
) -> dict[str, changes.Deviation]:
    """The deviations by id; what they touch must exist."""
    keys = list(known)
    deviations: dict[str, changes.Deviation] = {}
    for each in own.changes:
        if not isinstance(each, changes.Deviation):
            continue
        first = deviations.setdefault(each.id.id, each)
        if first is not each:
            facts = {"kind": "deviation", "name": each.id.id, "line": first.id.place.line}
            related = Related(first.id.place, "the first one is here")
            found.append(Problem("RB102", each.id.place, facts, (related,)))
        for line in each.lines:
            if isinstance(line, changes.Touches):
                found.extend(_nothing_to_touch(line.target, keys))
    return deviations


def _nothing_to_touch(target: tree.Target, keys: Sequence[Key]) -> Iterator[Problem]:
    key = key_of(target)
    if key != ("file",) and not any(same(key, each) for each in keys):
        yield unknown(word_of(target), key[0], (each[1] for each in keys if each[0] == key[0]))


def permitted(
    aimed: Iterable[Aimed],
    deviations: Mapping[str, changes.Deviation],
    base: Standing,
    found: list[Problem],
) -> Iterator[Aimed]:
    """The changes without those to what is protected and under no deviation that lets them be made."""
    aimed = list(aimed)
    # A new item is protected where what is core would read it.
    new = [each.change for each in aimed if isinstance(each.change, changes.AddItem)]
    larger = with_items(base, new)
    protected: dict[Key, list[Protection]] = {}
    for protection in protections(larger):
        protected.setdefault(protection.key[:2], []).append(protection)
    known = targets_in(larger)
    for each in aimed:
        options = each.change.reason.options
        name = next((o.deviation for o in options if isinstance(o, changes.UnderDeviation)), None)
        deviation = deviations.get(name.id) if name else None
        if name is not None and deviation is None:
            found.append(unknown(name, "deviation", deviations))
            continue
        touched = [
            protection
            for key in _touched(each, known)
            for protection in protected.get(key[:2], ())
            if _covers(protection, key, each.change)
        ]
        refused = _refusal(each, deviation) if touched else None
        if refused is None:
            yield each
        else:
            found.append(_protected(each, touched[0], meant(known, each.key), base, refused))


def _covers(protection: Protection, key: Key, change: Told) -> bool:
    """Whether a protection is one of this target; a number that is read is that of one group only."""
    if isinstance(change, changes.Set) and protection.through:
        return protection.key == key
    return same(protection.key, key)


def _touched(each: Aimed, known: Mapping[Key, tree.Node]) -> Iterator[Key]:
    """What a change changes: its target, what that belongs to, and with a drop what is inside."""
    yield each.key
    if each.key[0] in ("answer", "level"):
        yield ("scale" if each.key[0] == "answer" else "result", each.key[2])
    node = known.get(each.key)
    if isinstance(each.change, changes.Drop) and isinstance(node, tree.Group):
        yield from (("item", item.id.id) for item in node.items)


def _refusal(each: Aimed, deviation: changes.Deviation | None) -> dict[str, object] | None:
    """Why the deviation does not let this change be made; nothing when it does."""
    if deviation is None:
        return {"no_deviation": "none"}
    wanted = [
        each.key,
        *([("group", each.change.group.id)] if isinstance(each.change, changes.AddItem) else []),
    ]
    touches = [key_of(line.target) for line in deviation.lines if isinstance(line, changes.Touches)]
    if not any(same(target, key) for target in touches for key in wanted):
        return {"deviation": deviation.id.id}
    parts: Mapping[str, type] = {
        "risk": changes.Risk,
        "approved by": changes.DeviationApproved,
        "expires on": changes.Expires,
    }
    said = [
        line for line in deviation.lines if not (isinstance(line, changes.Expires) and line.on.day is None)
    ]
    absent = [part for part, kind in parts.items() if not any(isinstance(line, kind) for line in said)]
    return {"deviation_without": deviation.id.id, "lacks": ", ".join(absent)} if absent else None


def _protected(
    each: Aimed,
    protection: Protection,
    node: tree.Node | None,
    base: Standing,
    refused: Mapping[str, object],
) -> Problem:
    title = getattr(node, "title", None)
    facts = {
        "file": "programme" if isinstance(base, protocol.Programme) else "checklist",
        "title": title.content if isinstance(title, tree.Text) else in_words(each.key),
        "target": in_words(each.key, node),
        "base": f"{base.id.id} {_version(base)}".strip(),
        "through": protection.through,
        **refused,
    }
    where = f"protected in {facts['base']}, line {protection.core.place.line}"
    related = Related(protection.core.place, f'{where}: "{protection.core.reason.content}"')
    return Problem("RB301", each.word.place, facts, (related,))


def _version(source: Standing) -> str:
    return next((meta.number.id for meta in source.metas if isinstance(meta, tree.Version)), "")


def record(node: changes.Deviation, known: Mapping[Key, tree.Node]) -> Deviation:
    """What the model keeps of a deviation."""
    touches = [key_of(line.target) for line in node.lines if isinstance(line, changes.Touches)]
    approved = next((line for line in node.lines if isinstance(line, changes.DeviationApproved)), None)
    expires = next((line for line in node.lines if isinstance(line, changes.Expires)), None)
    return Deviation(
        id=node.id.id,
        title=node.title.content,
        touches=tuple(in_words(key, meant(known, key)) for key in touches),
        risk=next((line.text.content for line in node.lines if isinstance(line, changes.Risk)), ""),
        approved=(approved.by.content, approved.on.day) if approved and approved.on.day else None,
        expires=expires.on.day if expires else None,
        place=expires.place if expires else node.place,
    )


def expiring(deviations: Iterable[Deviation], on: date) -> Iterator[Problem]:
    """RB304 for each deviation that has expired by this day, or will within 60 days."""
    for each in deviations:
        if each.expires is None or each.expires > on + SOON:
            continue
        facts = {"deviation": each.id, "date": each.expires.isoformat(), "on": on.isoformat()}
        if each.expired(on):
            yield Problem("RB304", each.place, {**facts, "expired": "expired"}, graded="error")
        else:
            yield Problem("RB304", each.place, {**facts, "days": (each.expires - on).days})

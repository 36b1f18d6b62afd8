"""An adaptation and its base, both as written -> the adapted file as if written so, and what was refused.

The changes are a closed list, and their order in the file means nothing: deviations come first, then drops,
rewordings, additions and thresholds. A change that is refused is not made.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from fidelity.errors import Problem, Related
from fidelity.language import changes, protocol, tree
from fidelity.language.aims import (
    Aimed,
    Told,
    aim,
    at_most_one,
    exists,
    is_definition,
    taken_already,
)
from fidelity.language.deviations import deviations_in, permitted, record
from fidelity.language.laid import in_words_of, nowhere_to_lay, relaid
from fidelity.language.merging import SAYING, Making, Stale, told_titles
from fidelity.language.targets import (
    KINDS,
    Key,
    Standing,
    blocks_of,
    in_words,
    meant,
    named,
    targets_in,
)
from fidelity.model.adaptation import Change, ChangeKind, Deviation
from fidelity.place import Place


class Adapted(NamedTuple):
    """The adapted file, what was changed and under which deviations, and what is wrong.

    `gone` are the ids that were dropped, each with the place of its drop; `stale` the translations left out.
    """

    source: Standing
    changes: tuple[Change, ...]
    deviations: tuple[Deviation, ...]
    found: tuple[Problem, ...]
    gone: Mapping[str, Place]
    stale: tuple[tuple[str, str], ...]


def adapted(own: changes.Adaptation, base: Standing, only: Place | None = None) -> Adapted:
    """The base with the changes made; with `only`, nothing but the change at that place."""
    known = targets_in(base)
    found: list[Problem] = []
    told = [each for each in own.changes if isinstance(each, Told)]
    new = [each for each in told if isinstance(each, changes.AddItem)]
    aimed = [Aimed(each, *aim(each)) for each in told if only is None or each.place == only]
    aimed = [each for each in aimed if exists(each, known, new, base, found)]
    aimed = list(at_most_one(aimed, base, found))
    found += _heads(own)
    deviations = deviations_in(own, {*known, *(("item", each.id.id) for each in new)}, found)
    found += [problem for each in aimed for problem in nowhere_to_lay(each, known)]
    aimed = list(permitted(aimed, deviations, base, found))
    added = [] if only else list(_additions(own, base, known, found))
    making = Making(base, known, aimed)
    merged = making.merged(own, added)
    records = tuple(record(each, known) for each in own.changes if isinstance(each, changes.Deviation))
    if only is None:
        found += _examples_about_dropped(own, base, making)
        found += _texts_left_behind(making.stale, own)
    made = tuple(change for each in aimed for change in _changes(each, known))
    stale = tuple((each.language, each.words) for each in making.stale)
    return Adapted(merged, made, records, tuple(found), making.gone, stale)


# ---- what is new


Additive = (
    tree.Scale,
    tree.Bins,
    tree.Fact,
    tree.Threshold,
    tree.Score,
    tree.Result,
    tree.Gate,
    tree.Flag,
    tree.Listing,
    tree.Core,
    tree.Example,
    tree.Table,
    tree.Translation,
)


def _additions(
    own: changes.Adaptation, base: Standing, known: Mapping[Key, tree.Node], found: list[Problem]
) -> Iterator[tree.Block | protocol.Rule]:
    """The new blocks, without those that an adaptation may not have, or whose id the base has."""
    taken = {key[1]: node for key, node in known.items() if is_definition(node)}
    results = {each.id.id for each in own.changes if isinstance(each, tree.Result)}
    programme = isinstance(base, protocol.Programme)
    for each in own.changes:
        if isinstance(each, Told | changes.Deviation):
            continue
        first = taken.get(named(each).id) if is_definition(each) else None
        if first is not None:
            found.append(taken_already(named(each), KINDS.get(type(each), "threshold"), first, base))
        elif not programme and (
            not isinstance(each, Additive) or (isinstance(each, tree.Gate) and each.result.id not in results)
        ):
            what = f"gate on {each.result.id}" if isinstance(each, tree.Gate) else _called(each)
            found.append(Problem("RB003", each.place, {"not_in_adaptation": what}))
        else:
            yield each


def _called(node: tree.Node) -> str:
    if isinstance(node, tree.Group):
        return node.kind.id
    return KINDS.get(type(node), type(node).__name__.lower())


def _heads(own: changes.Adaptation) -> Iterator[Problem]:
    for meta in own.metas:
        if not isinstance(meta, SAYING):
            yield Problem("RB003", meta.place, {"not_in_adaptation": _first_word(meta)})


def _first_word(meta: tree.Node) -> str:
    words = {tree.AcceptedEvidence: "evidence", tree.Observed: "time", tree.RatedWithin: "time"}
    return words.get(type(meta), type(meta).__name__.lower())


# ---- examples of the base that name what was dropped


def _examples_about_dropped(own: changes.Adaptation, base: Standing, making: Making) -> Iterator[Problem]:
    """RB305 for each example of the base that names what was dropped, unless this file tells it anew."""
    told = told_titles(own)
    for block in blocks_of(base):
        if not isinstance(block, tree.Example | tree.Table | protocol.History):
            continue
        place = making.names_dropped(block)
        if place is not None and block.title.content not in told:
            facts = {
                "example": block.title.content,
                "names_dropped": _dropped_at(place, making.gone),
                "base": base.id.id,
            }
            yield Problem(
                "RB305",
                place,
                facts,
                (Related(block.place, f"the example stands in {block.place.file}, line {block.place.line}"),),
            )


def _texts_left_behind(stale: Sequence[Stale], own: changes.Adaptation) -> Iterator[Problem]:
    """RB310 once a language, at the first change of a text that only the base has translated.

    A change that allows it below tells so itself, so that its reason does not cover the others. Languages in
    which the same texts are drafts are told together: a site uses few of those that its base has.
    """
    told: dict[tuple[str, Place | None], list[Stale]] = {}
    for each in sorted(stale, key=lambda one: one.place):
        told.setdefault((each.language, _change_that_allows(each.place, own)), []).append(each)
    alike: dict[tuple[Place, int, bool, str], list[list[Stale]]] = {}
    for several in told.values():
        first = several[0]
        by_itself = "" if first.draft else first.language
        alike.setdefault((first.place, len(several), first.draft, by_itself), []).append(several)
    for languages in alike.values():
        yield _left_behind(languages[0]) if len(languages) == 1 else _drafts_left_behind(languages)


def _drafts_left_behind(languages: Sequence[Sequence[Stale]]) -> Problem:
    titles = ", ".join(several[0].title for several in languages)
    first, *others = languages[0]
    facts: dict[str, object] = {"language": titles, "languages": len(languages), "reworded": first.words}
    facts |= {"such_as": f'translation {first.language} "{first.title}"'}
    facts |= {"texts_left": str(len(others) + 1)} if others else {}
    return Problem("RB310", first.place, facts, graded="info")


def _left_behind(several: Sequence[Stale]) -> Problem:
    first, *others = several
    facts: dict[str, object] = {"language": first.title, "code": first.language, "reworded": first.words}
    facts |= {"texts_left": str(len(several))} if others else {}
    facts |= {"drafted": "a draft"} if first.draft else {}
    return Problem("RB310", first.place, facts, graded="info" if first.draft else None)


def _change_that_allows(place: Place, own: changes.Adaptation) -> Place | None:
    for each in own.changes:
        if each.place.line <= place.line <= each.place.end_line and isinstance(each, Told):
            details = each.reason.details
            allows = any(isinstance(one, tree.Allow) and one.code.id == "RB310" for one in details)
            return each.place if allows else None
    return None


def _dropped_at(place: Place, gone: Mapping[str, Place]) -> str:
    return next(id for id, dropped in gone.items() if dropped == place)


# ---- what is told about the changes


def _changes(each: Aimed, known: Mapping[Key, tree.Node]) -> Iterator[Change]:
    """The change, and one row more for each text laid over; a text that stays as it was is no change."""
    told, texts = _change(each, known), relaid(each, known)
    if not texts or told.before != told.after:
        yield told
    for one in texts:
        yield told._replace(kind="reword", target=in_words_of(one.key), before=one.before, after=one.after)


def _change(each: Aimed, known: Mapping[Key, tree.Node]) -> Change:
    options = each.change.reason.options
    node = meant(known, each.key)
    before = _shown(node) if node is not None else ""
    return Change(
        kind=KIND[type(each.change)],
        target=in_words(each.key, node),
        before=before,
        after=_after(each.change),
        because=each.change.reason.text.content,
        planned=_option(options, changes.Planning),
        fidelity=_option(options, changes.Keeping),
        deviation=next((o.deviation.id for o in options if isinstance(o, changes.UnderDeviation)), ""),
        place=each.change.place,
    )


KIND: Mapping[type[tree.Node], ChangeKind] = {
    changes.Rename: "rename",
    changes.Reword: "reword",
    changes.AddItem: "add",
    changes.Drop: "drop",
    changes.Set: "set",
}


def _after(change: Told) -> str:
    match change:
        case changes.Rename(text=text) | changes.Reword(text=text):
            return text.content
        case changes.AddItem(title=title):
            return title.content
        case changes.Drop():
            return ""
        case changes.Set(number=number):
            return number.written


def _shown(node: tree.Node) -> str:
    if isinstance(node, tree.Threshold):
        return node.number.written
    title = getattr(node, "title", None)
    return title.content if isinstance(title, tree.Text) else named(node).id


def _option(options: Sequence[tree.Node], kind: type[changes.Planning | changes.Keeping]) -> str:
    return next((each.word.id for each in options if isinstance(each, kind)), "")

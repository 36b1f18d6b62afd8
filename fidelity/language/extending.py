"""A source as written -> what stands for it: itself or, for an adaptation, its base with the changes made."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fidelity.errors import Problem, ProblemsFound, errors_in
from fidelity.language import changes, tree
from fidelity.language.fingerprint import fingerprint
from fidelity.language.library import Unresolved, by_id
from fidelity.language.limits import MOST_BYTES
from fidelity.language.parse import Source, parse
from fidelity.language.sharing import with_shared
from fidelity.language.targets import Standing, blocks_of
from fidelity.model.checklist import Allowed
from fidelity.place import Place

if TYPE_CHECKING:
    from fidelity.language.adapt import Adapted

LONGEST_CHAIN = 5

# A checklist's or programme's tree and fingerprint -> its model, or None, and every finding.
Checking = Callable[[Standing, str], tuple[Any | None, list[Problem]]]


class Looking(NamedTuple):
    """Where bases are looked for, the day on which expiry is judged, and the only change to make, if any."""

    near: Path | str | None = None
    libraries: tuple[str | Path, ...] = ()
    on: date | None = None
    only: Place | None = None


class Stood(NamedTuple):
    """What stands for a source: a tree and its fingerprint. The rest is empty where it is no adaptation.

    `base` is the base's checked model; the fingerprints are the base's and that of the text alone. `own` are
    the changes, `found` what is wrong with them, `allowed` the warnings that the adaptation allows, `known`
    what was found in the base already.
    """

    source: Standing
    fingerprint: str
    base: Any = None
    base_fingerprint: str = ""
    own_fingerprint: str = ""
    own: "Adapted | None" = None
    found: tuple[Problem, ...] = ()
    allowed: tuple[Allowed, ...] = ()
    known: tuple[Problem, ...] = ()


def stands_for(source: Source, text: str, looking: Looking, check: Checking) -> Stood:
    """What stands for a source that was read; raises ProblemsFound where the base cannot be had."""
    try:
        return _stands_for(source, text, looking, check, LONGEST_CHAIN)
    except _TooLong:
        assert isinstance(source, changes.Adaptation)  # noqa: S101 - only adaptations have a chain
        raise ProblemsFound([Problem("RB005", source.extends.place, {"chain": LONGEST_CHAIN})]) from None


class _TooLong(Exception):
    pass


def _stands_for(source: Source, text: str, looking: Looking, check: Checking, left: int) -> Stood:
    if isinstance(source, tree.Checklist):
        return Stood(*with_shared(source, text, looking.near, looking.libraries))
    if not isinstance(source, changes.Adaptation):
        return Stood(source, fingerprint(text))
    if left == 0:
        raise _TooLong
    # Most files are no adaptations, and start without what makes one.
    from fidelity.language.adapt import adapted  # noqa: PLC0415
    from fidelity.language.deviations import expiring  # noqa: PLC0415

    base, base_text, base_file = _base(source.extends, looking)
    there = looking._replace(near=base_file, only=None)
    try:
        below = _stands_for(base, base_text, there, check, left - 1)
        model, found = check(below.source, below.fingerprint)
    except ProblemsFound as unread:
        raise _refused(source.extends, unread.problems) from None
    known = (*below.found, *found)
    if model is None or errors_in(known):
        raise _refused(source.extends, errors_in(known))
    _same_fingerprint(source.extends, below.fingerprint)
    own = adapted(source, below.source, looking.only)
    findings = [*own.found, *(expiring(own.deviations, looking.on) if looking.on else ())]
    mine = fingerprint(text)
    return Stood(
        source=own.source,
        fingerprint="sha256:" + hashlib.sha256(f"{below.fingerprint}\n{mine}".encode()).hexdigest(),
        base=model,
        base_fingerprint=below.fingerprint,
        own_fingerprint=mine,
        own=own,
        found=tuple(findings),
        allowed=tuple(_allowed(source, _files(own.source))),
        known=known,
    )


def _files(source: Standing) -> set[str]:
    """Where the lines of an adapted file stand: in its own, with blocks or without, and in the bases'."""
    return {source.place.file, *(block.place.file for block in blocks_of(source))}


def _base(extends: changes.Extends, looking: Looking) -> tuple[Source, str, str]:
    id, version = extends.id.id, extends.version.id
    try:
        resolved = by_id(id, version, looking.near, looking.libraries)
        if not isinstance(resolved, Unresolved):
            return parse(resolved.text, resolved.file), resolved.text, resolved.file
    except ProblemsFound as unread:
        raise _refused(extends, unread.problems) from None
    facts: dict[str, object] = {"base": id, "version": version}
    if resolved.versions:
        versions = " and ".join(resolved.versions)
        raise ProblemsFound([Problem("RB303", extends.version.place, {**facts, "versions": versions})])
    why = {"twice": resolved.claimed_by} if resolved.twice else {"nowhere": "nowhere"}
    raise ProblemsFound([Problem("RB306", extends.id.place, {**facts, **why})])


def _refused(extends: changes.Extends, problems: Iterable[Problem]) -> ProblemsFound:
    """RB306: the base has errors; they belong to it, so only the first is told."""
    several = list(problems)
    first = several[0]
    facts = {
        "refused": extends.id.id,
        "version": extends.version.id,
        "base_file": first.place.file,
        "first": f"{first.code}, line {first.place.line}: {first.message}",
    }
    return ProblemsFound([Problem("RB306", extends.id.place, facts)])


def _same_fingerprint(extends: changes.Extends, found: str) -> None:
    wanted = extends.fingerprint
    if wanted is not None and wanted.content != found:
        facts = {"base": extends.id.id, "version": extends.version.id, "fingerprint": found}
        raise ProblemsFound([Problem("RB303", wanted.place, facts)])


def _allowed(source: changes.Adaptation, files: Iterable[str]) -> Iterable[Allowed]:
    """The warnings that the changes and the head allow, the head those about lines of the base as well.

    New blocks tell theirs themselves.
    """
    for meta in source.metas:
        if isinstance(meta, tree.Allow):
            for file in files:
                yield Allowed(meta.code.id, meta.reason.content, Place(file, 1, 1, MOST_BYTES, 1))
    for each in source.changes:
        reason = getattr(each, "reason", None)
        if isinstance(reason, changes.Reason):
            for detail in reason.details:
                if isinstance(detail, tree.Allow):
                    yield Allowed(detail.code.id, detail.reason.content, each.place)


def told(stood: Stood, found: Iterable[Problem], file: str) -> list[Problem]:
    """What to say of an adaptation: nothing that its base says already; at a drop what it left open."""
    if stood.own is None:
        return list(found)
    if errors_in(stood.found):
        # A change that was refused was not made, so what looks doubtful without it may be right with it.
        found = errors_in(found)
    said = {(each.code, each.place, each.message) for each in stood.known}
    behind = [str(each.facts["language"]).split(", ") for each in stood.found if each.code == "RB310"]
    left = set(chain.from_iterable(behind))
    new = [
        each
        for each in found
        if (each.code, each.place, each.message) not in said
        # What is missing in a language is counted once no change left a text of it behind.
        and not (each.code == "RB310" and each.facts.get("language") in left)
    ]
    return [_at_the_drop(each, stood.own.gone, file) for each in new]


def _at_the_drop(problem: Problem, gone: Mapping[str, Place], file: str) -> Problem:
    """RB101 in a line of the base that names what was dropped becomes a message about the drop."""
    name = str(problem.facts.get("name"))
    if problem.code != "RB101" or name not in gone or problem.place.file == file:
        return problem
    facts = {"still_named": name, "reader": f"{problem.place.file}, line {problem.place.line}"}
    return Problem("RB101", gone[name], facts)

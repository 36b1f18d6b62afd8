"""Shared scales: the scales and bins of the files that a checklist `uses`, put in front of its own blocks."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from fidelity.errors import Problem, ProblemsFound
from fidelity.language import tree
from fidelity.language.fingerprint import fingerprint
from fidelity.language.library import Resolved, by_id
from fidelity.language.parse import parse


def with_shared(
    source: tree.Checklist, text: str, near: Path | str | None, libraries: Iterable[str | Path]
) -> tuple[tree.Checklist, str]:
    """The checklist with the scales it uses, and a fingerprint over all the texts; raises ProblemsFound.

    Nothing else is taken over: items and rules stay in the file that says them.
    """
    uses = [each for each in source.metas if isinstance(each, tree.Uses)]
    if not uses:
        return source, fingerprint(text)
    problems: list[Problem] = []
    shared: list[tree.Block] = []
    prints = [fingerprint(text)]
    for each in uses:
        try:
            found = _used(each, near, libraries)
            shared += [
                block for block in _scales_of(each, found) if isinstance(block, tree.Scale | tree.Bins)
            ]
            prints.append(fingerprint(found.text))
        except ProblemsFound as unread:
            problems += unread.problems
    if problems:
        raise ProblemsFound(problems)
    blocks = (*shared, *source.blocks)
    whole = tree.Checklist(source.id, source.title, source.applies, source.metas, blocks, place=source.place)
    return whole, "sha256:" + hashlib.sha256("\n".join(prints).encode()).hexdigest()


def _used(uses: tree.Uses, near: Path | str | None, libraries: Iterable[str | Path]) -> Resolved:
    id, version = uses.id.id, uses.version.id
    found = by_id(id, version, near, libraries)
    if isinstance(found, Resolved):
        return found
    facts: dict[str, object] = {"base": id, "version": version}
    if found.versions:
        versions = " and ".join(found.versions)
        raise ProblemsFound([Problem("RB303", uses.version.place, {**facts, "versions": versions})])
    if found.twice:
        raise ProblemsFound([Problem("RB306", uses.id.place, {**facts, "twice": found.claimed_by})])
    raise ProblemsFound([Problem("RB306", uses.id.place, {"shared": id, "version": version, "nowhere": id})])


def _scales_of(uses: tree.Uses, found: Resolved) -> tuple[tree.Block, ...]:
    """The blocks of a used file; its own mistakes are told where it is used, the first of them only."""
    facts: dict[str, object] = {"used": uses.id.id, "base_file": found.file}
    try:
        source = parse(found.text, found.file)
    except ProblemsFound as unread:
        first = unread.problems[0]
        told = f"{first.code}, line {first.place.line}: {first.message}"
        raise ProblemsFound([Problem("RB306", uses.id.place, {**facts, "first": told})]) from None
    if not isinstance(source, tree.Checklist):
        raise ProblemsFound([Problem("RB306", uses.id.place, {"no_checklist": uses.id.id})])
    return source.blocks

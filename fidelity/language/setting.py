"""What the names of a programme mean: its own ids, and the checklists it lists under `uses`."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from fidelity.errors import Problem, ProblemsFound, Related
from fidelity.language import protocol, tree
from fidelity.language.check import checked
from fidelity.language.extending import Looking, stands_for
from fidelity.language.library import Unresolved, by_id
from fidelity.language.names import Names, nearest, reserved
from fidelity.language.parse import parse
from fidelity.language.rated import fact_of
from fidelity.language.scope import Scope
from fidelity.language.targets import Standing
from fidelity.model.checklist import Checklist, Fact
from fidelity.model.programme import CONTACT, Used

KINDS: Mapping[type, str] = {
    tree.Fact: "fact",
    tree.Threshold: "threshold",
    protocol.Stage: "stage",
    protocol.Sample: "sample",
    protocol.Drift: "drift",
    protocol.Reliability: "reliability",
    protocol.Dose: "dose",
    protocol.Summary: "summary",
}

Defining = (
    tree.Fact
    | tree.Threshold
    | protocol.Stage
    | protocol.Sample
    | protocol.Drift
    | protocol.Reliability
    | protocol.Dose
    | protocol.Summary
)


class Setting(NamedTuple):
    """What each id of the programme stands for; `checklists` holds the used ones, None where not found."""

    scope: Scope
    meaning: Mapping[str, Defining]
    thresholds: Mapping[tuple[str, str], tree.Threshold]
    facts: Mapping[str, Fact]
    checklists: Mapping[str, Checklist | None]
    uses: tuple[Used, ...]

    def of_kind(self, kind: type) -> list[str]:
        """The ids of all definitions of one kind."""
        return [id for id, each in self.meaning.items() if isinstance(each, kind)]

    def threshold(self, reference: tree.Reference) -> tree.Threshold | None:
        """The threshold that a reference names."""
        return self.thresholds.get((reference.name.id, reference.owner.id if reference.owner else ""))

    def amount(self, amount: protocol.Amount) -> tree.Number | None:
        """The number that stands there, or that its threshold holds; RB101 where there is none."""
        if isinstance(amount.value, tree.Number):
            return amount.value
        threshold = self.thresholds.get((amount.value.id, ""))
        if threshold is None:
            self.scope.unknown(amount.value, "threshold", [id for id, _ in self.thresholds])
            return None
        return threshold.number

    def whole(self, amount: protocol.Amount) -> int:
        """An amount that counts observations, contacts or sessions."""
        number = self.amount(amount)
        if number is not None and (number.percent or number.value.denominator != 1):
            self.scope.problem("RB110", amount.place, counted=number.written)
        return int(number.value) if number is not None else 1

    def known(self, word: tree.Word, kind: type) -> bool:
        """Whether the word names something of this kind; RB101 where it does not."""
        if isinstance(self.meaning.get(word.id), kind):
            return True
        self.scope.unknown(word, KINDS[kind], self.of_kind(kind))
        return False

    def checklist(self, word: tree.Word) -> Checklist | None:
        """The checklist of this id where it was found; RB101 where it is not listed under `uses`."""
        if word.id not in self.checklists:
            among = [id for id in self.checklists if id != CONTACT]
            self.scope.problem("RB101", word.place, unlisted=word.id, suggestion=nearest(word.id, among))
        return self.checklists.get(word.id)


def setting_of(
    source: protocol.Programme,
    found: list[Problem],
    near: Path | str | None,
    libraries: Iterable[str | Path],
) -> Setting:
    """The names of a programme; doubled and reserved ids and checklists that are not found are told."""
    scope = Scope(Names({}, {}, {}, {}), found)
    meaning: dict[str, Defining] = {}
    thresholds: dict[tuple[str, str], tree.Threshold] = {}
    for each in source.rules:
        if isinstance(each, Defining):
            found.extend(_named(each, meaning, thresholds))
    facts = {id: fact_of(each, scope) for id, each in meaning.items() if isinstance(each, tree.Fact)}
    uses, checklists = _used(source, scope, Looking(near or source.place.file, tuple(libraries)))
    return Setting(scope, meaning, thresholds, facts, checklists, uses)


def _named(
    each: Defining, meaning: dict[str, Defining], thresholds: dict[tuple[str, str], tree.Threshold]
) -> Iterator[Problem]:
    yield from reserved(each.id, KINDS[type(each)])
    if isinstance(each, tree.Threshold):
        first = thresholds.setdefault((each.id.id, each.of.id if each.of else ""), each)
        if first is each and isinstance(meaning.get(each.id.id), tree.Threshold):
            return
    first_of_name = meaning.setdefault(each.id.id, each)
    if first_of_name is not each:
        facts = {"kind": KINDS[type(each)], "name": each.id.id, "line": first_of_name.id.place.line}
        related = (Related(first_of_name.id.place, "the first one is here"),)
        yield Problem("RB102", each.id.place, facts, related)


# ---- the checklists


def _used(
    source: protocol.Programme, scope: Scope, looking: Looking
) -> tuple[tuple[Used, ...], dict[str, Checklist | None]]:
    uses: list[Used] = []
    checklists: dict[str, Checklist | None] = {}
    for meta in source.metas:
        if isinstance(meta, tree.Uses):
            checklists[meta.id.id] = _looked_up(meta, looking, scope)
            found = checklists[meta.id.id] is not None
            uses.append(Used(meta.id.id, meta.version.id, found, meta.place))
    return tuple(uses), checklists


def _looked_up(meta: tree.Uses, looking: Looking, scope: Scope) -> Checklist | None:
    """The checklist; RB612 where its id is there in other versions only, RB614 where it is not there."""
    try:
        found = by_id(meta.id.id, meta.version.id, looking.near, looking.libraries)
        if isinstance(found, Unresolved):
            _tell(meta, found, scope)
            return None
        there = looking._replace(near=found.file)
        stood = stands_for(parse(found.text, found.file), found.text, there, _checklist)
        checklist, _ = _checklist(stood.source, stood.fingerprint)
    except ProblemsFound:
        checklist = None
    if checklist is None:
        scope.problem("RB614", meta.place, broken=meta.id.id)
    return checklist


def _checklist(source: Standing, fingerprint: str) -> tuple[Checklist | None, list[Problem]]:
    return checked(source, fingerprint) if isinstance(source, tree.Checklist) else (None, [])


def _tell(meta: tree.Uses, missing: Unresolved, scope: Scope) -> None:
    name, version = meta.id.id, meta.version.id
    if missing.twice:
        scope.problem("RB612", meta.place, name=name, version=version, twice=missing.claimed_by)
    elif missing.versions:
        there = ", ".join(missing.versions)
        scope.problem(
            "RB612", meta.place, name=name, version=version, there=there, latest=missing.versions[-1]
        )
    else:
        scope.problem("RB614", meta.place, missing=name, version=version)

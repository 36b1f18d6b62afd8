"""The tree of a programme -> the checked programme, and everything that is wrong or doubtful in it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from fidelity.errors import Problem, errors_in
from fidelity.language import head, protocol, tree
from fidelity.language.check import graded
from fidelity.language.checks.literals import impossible_numbers
from fidelity.language.checks.programmes import CHECKS
from fidelity.language.checks.translations import missing_or_lost
from fidelity.language.extending import Stood
from fidelity.language.histories import example_of, history_of
from fidelity.language.measures import dose_of, drift_of, figure_of, reliability_of
from fidelity.language.names import Names
from fidelity.language.plans import plan_of
from fidelity.language.setting import KINDS, Defining, Setting, setting_of
from fidelity.language.small_texts import small_texts_in
from fidelity.language.stages import stages_of
from fidelity.language.texts import translations_in, written
from fidelity.language.thresholds import threshold_of
from fidelity.model.checklist import Allowed, Core, SmallText, Threshold, Translation
from fidelity.model.programme import History, Programme, ProgrammeOrigin

# Blocks of a checklist that a programme has no use for, and the word that begins them.
FOREIGN: dict[type, str] = {
    tree.Scale: "scale",
    tree.Bins: "bins",
    tree.Score: "score",
    tree.Result: "result",
    tree.Gate: "gate",
    tree.Flag: "flag",
    tree.Listing: "list",
    tree.Table: "examples",
}


def checked_programme(
    source: protocol.Programme,
    fingerprint: str,
    near: Path | str | None = None,
    libraries: Iterable[str | Path] = (),
) -> tuple[Programme | None, list[Problem]]:
    """The model, or None where there are errors; and every finding, what is allowed graded as information."""
    found: list[Problem] = [*impossible_numbers(source), *_foreign(source)]
    setting = setting_of(source, found, near, libraries)
    programme = _assembled(source, fingerprint, setting)
    for check in CHECKS:
        found.extend(check(source, programme, setting))
    found.extend(missing_or_lost(source.rules, programme, source.id.place))
    problems = graded(found, programme.allowed)
    if errors_in(problems):
        # What a mistake left unread looks unused, and is not.
        problems = [each for each in problems if each.code not in {"RB202", "RB310"}]
    return (None if errors_in(problems) else programme), problems


def _foreign(source: protocol.Programme) -> Iterator[Problem]:
    for each in source.rules:
        word = each.kind.id if isinstance(each, tree.Group) else FOREIGN.get(type(each), "")
        if word:
            first = each.kind.place if isinstance(each, tree.Group) else each.place
            yield Problem("RB003", first, {"first": word, "elsewhere": "a checklist"})


def _assembled(source: protocol.Programme, fingerprint: str, setting: Setting) -> Programme:
    own = [each for each in source.rules if not _is_double(each, setting)]
    stages = stages_of([each for each in own if isinstance(each, protocol.Stage)], setting)
    small = tuple(small_texts_in(own))
    return Programme(
        id=source.id.id,
        title=source.title.content,
        about=head.about(source.metas, setting.scope),
        fingerprint=fingerprint,
        file=source.place.file,
        uses=setting.uses,
        facts=tuple(setting.facts.values()),
        thresholds=tuple(_threshold(each, setting) for each in own if isinstance(each, tree.Threshold)),
        stages=stages,
        samples=tuple(plan_of(each, setting) for each in own if isinstance(each, protocol.Sample)),
        drifts=tuple(drift_of(each, setting) for each in own if isinstance(each, protocol.Drift)),
        reliabilities=tuple(
            reliability_of(each, setting) for each in own if isinstance(each, protocol.Reliability)
        ),
        doses=tuple(dose_of(each, setting) for each in own if isinstance(each, protocol.Dose)),
        figures=tuple(figure_of(each, setting) for each in own if isinstance(each, protocol.Summary)),
        core=tuple(core for each in own if isinstance(each, tree.Core) for core in _core(each, setting)),
        allowed=tuple(_allowed(source)),
        histories=tuple(_histories(own, setting)),
        translations=_translations(source, small, setting),
        small_texts=small,
    )


def _is_double(each: tree.Block | protocol.Rule, setting: Setting) -> bool:
    """Whether the id is taken, so that one mistake stays one message."""
    return (
        isinstance(each, Defining)
        and not isinstance(each, tree.Threshold)
        and setting.meaning[each.id.id] is not each
    )


def _threshold(node: tree.Threshold, setting: Setting) -> Threshold:
    """A threshold; one `of` a score belongs to a score of a checklist that the programme uses."""
    owner = node.of.id if node.of else ""
    known = [each for each in setting.checklists.values() if each is not None]
    names = {name for each in known for name in (*each.score, *each.group)}
    if node.of is not None and names and len(known) == len(setting.checklists) and owner not in names:
        setting.scope.unknown(node.of, "group or score", names)
    return threshold_of(node, [score for each in known for score in each.scores], setting.scope)


def _core(node: tree.Core, setting: Setting) -> Iterator[Core]:
    match node.target:
        case tree.NamedTarget(kind, id):
            meaning = setting.meaning.get(id.id)
            if meaning is not None and KINDS[type(meaning)] == kind.id:
                yield Core(kind.id, id.id, node.reason.content, node.place)
            else:
                among = [name for name, each in setting.meaning.items() if KINDS[type(each)] == kind.id]
                setting.scope.unknown(id, kind.id, among)
        case tree.FileTarget():
            yield Core("programme", "", node.reason.content, node.place)
        case tree.ItemTarget(_, word) | tree.GroupTarget(_, word):
            setting.scope.unknown(word, "stage, sample or other rule", setting.meaning)
        case tree.AnswerTarget(word, _) | tree.LevelTarget(word, _):
            setting.scope.unknown(word, "stage, sample or other rule", setting.meaning)


def _translations(
    source: protocol.Programme, small: tuple[SmallText, ...], setting: Setting
) -> tuple[Translation, ...]:
    # A translation only asks of what kind a name is, so names of another kind of file will do.
    names = Names(cast(Mapping[str, Any], setting.meaning), setting.thresholds, {}, {})
    scope = replace(setting.scope, names=names)
    return translations_in(source.rules, scope, written(source.metas, small, "programme"))


def _histories(own: Iterable[tree.Block | protocol.Rule], setting: Setting) -> Iterator[History]:
    for each in own:
        if isinstance(each, protocol.History):
            history = history_of(each, setting)
            if history is not None:
                yield history
        elif isinstance(each, tree.Example):
            yield example_of(each, setting)


def _allowed(source: protocol.Programme) -> Iterator[Allowed]:
    for meta in source.metas:
        if isinstance(meta, tree.Allow):
            yield Allowed(meta.code.id, meta.reason.content, source.place)
    for rule in source.rules:
        for detail in getattr(rule, "details", ()):
            if isinstance(detail, tree.Allow):
                yield Allowed(detail.code.id, detail.reason.content, rule.place)


def with_origin(programme: Programme, stood: Stood) -> Programme:
    """The adapted programme with what it comes from; the base's histories are no longer its own."""
    if stood.own is None:
        return programme
    own = tuple(each for each in programme.histories if each.place.file == programme.file)
    others = tuple(each for each in programme.histories if each.place.file != programme.file)
    origin = ProgrammeOrigin(stood.base, stood.own.changes, stood.own.deviations, others)
    return programme._replace(histories=own, origin=origin, allowed=(*programme.allowed, *stood.allowed))

"""What names mean at one place of a file, and the subjects that references and selections stand for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from fractions import Fraction

from fidelity.errors import Problem, Related
from fidelity.language import tree
from fidelity.language.names import KIND_NAMES, Names, nearest
from fidelity.model.checklist import Fact, Question
from fidelity.model.expression import Constant, Subject, ValueKind
from fidelity.place import Place
from fidelity.record import Record


class Measure(Record):
    """The kind of a value and the ends of its range, where it has any; `step` where it moves in steps."""

    kind: ValueKind
    lowest: Fraction | None
    highest: Fraction | None
    step: Fraction | None = None


class Scope(Record):
    """The names of the file, and where we stand: in a family's group, or in a scale's condition for an item.

    `found` collects problems; `measures` and `measuring` remember what each score measures.
    """

    names: Names
    found: list[Problem]
    questions: Mapping[str, tuple[Question, ...]] = field(default_factory=dict)
    tags: Mapping[str, frozenset[str]] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    measures: dict[str, Measure | None] = field(default_factory=dict)
    measuring: Callable[["Scope", tree.Score], Measure | None] | None = None
    group: str = ""
    item: str = ""

    def inside(self, group: str) -> "Scope":
        """The same file, seen from inside one group of a family."""
        return replace(self, group=group)

    def at_item(self, item: str) -> "Scope":
        """The same file, seen from one item."""
        return replace(self, item=item)

    def problem(self, code: str, place: Place, *related: Related, **facts: object) -> None:
        """Notes a problem."""
        self.found.append(Problem(code, place, facts, related))

    def unknown(self, word: tree.Word, kind: str, among: Iterable[str]) -> None:
        """RB101: there is no such thing; names the nearest one."""
        self.problem("RB101", word.place, kind=kind, name=word.id, suggestion=nearest(word.id, among))


# ---- references


def subject_of(reference: tree.Reference, scope: Scope) -> Subject | None:
    """The one item, score, result or fact that a reference names; a problem when it names none or many."""
    if reference.owner is not None:
        return _owned(reference.name, reference.owner, scope)
    meaning = scope.names.meaning.get(reference.name.id)
    match meaning:
        case tree.Item():
            return _question_of_item(reference.name, scope)
        case tree.Scale() if scope.item:
            return _facet(reference.name, tree.Word(scope.item, place=reference.place), scope)
        case tree.Fact():
            return Subject("fact", reference.name.id)
        case tree.Score() | tree.Result():
            return _member(reference, meaning, scope)
        case None:
            scope.unknown(reference.name, "item, score or result", _readable(scope))
        case _:
            scope.problem("RB110", reference.place, name=reference.name.id, is_a=KIND_NAMES[type(meaning)])
    return None


def _readable(scope: Scope) -> list[str]:
    kinds = (tree.Item, tree.Score, tree.Result, tree.Fact, tree.Threshold)
    return [id for id, each in scope.names.meaning.items() if isinstance(each, kinds)]


def _owned(name: tree.Word, owner: tree.Word, scope: Scope) -> Subject | None:
    meaning = scope.names.meaning.get(name.id)
    match meaning:
        case tree.Scale():
            return _facet(name, owner, scope)
        case tree.Score(each=tree.ForEach() as each) | tree.Result(each=tree.ForEach() as each):
            if owner.id not in scope.names.family(each.kind.id):
                scope.unknown(owner, each.kind.id, scope.names.family(each.kind.id))
                return None
            return Subject("score" if isinstance(meaning, tree.Score) else "result", f"{name.id}.{owner.id}")
        case tree.Score() | tree.Result():
            scope.problem("RB110", owner.place, name=name.id, single=KIND_NAMES[type(meaning)])
        case None:
            scope.unknown(name, "score or result", _readable(scope))
        case _:
            scope.problem("RB110", name.place, name=name.id, is_a=KIND_NAMES[type(meaning)])
    return None


def _facet(scale: tree.Word, item: tree.Word, scope: Scope) -> Subject | None:
    if item.id not in scope.questions:
        scope.unknown(item, "item", scope.questions)
        return None
    key = next((each.key for each in scope.questions[item.id] if each.scale.id == scale.id), None)
    if key is None and _asked_by_scale(scale.place, scope):
        if not any(each.code == "RB118" and each.place == scale.place for each in scope.found):
            scope.problem("RB118", scale.place, item=item.id, scale=scale.id)
        return None
    if key is None:
        scope.problem("RB110", scale.place, item=item.id, scale=scale.id)
        return None
    return Subject("question", key)


def _asked_by_scale(place: Place, scope: Scope) -> bool:
    """Whether we stand in the condition of a scale, which holds for every item on it."""
    scales = [each for each in scope.names.meaning.values() if isinstance(each, tree.Scale)]
    wheres = [each.applies.place for each in scales if each.applies is not None]
    return any(each.file == place.file and each.line <= place.line <= each.end_line for each in wheres)


def _question_of_item(name: tree.Word, scope: Scope) -> Subject | None:
    questions = scope.questions.get(name.id, ())
    if len(questions) > 1:
        scales = [each.scale.id for each in questions]
        scope.problem("RB112", name.place, item=name.id, scale=scales[0], scales=" and ".join(scales))
        return None
    return Subject("question", questions[0].key) if questions else None


def _member(reference: tree.Reference, meaning: tree.Score | tree.Result, scope: Scope) -> Subject | None:
    kind = "score" if isinstance(meaning, tree.Score) else "result"
    name = reference.name.id
    if meaning.each is None:
        return Subject("score" if kind == "score" else "result", name)
    family = scope.names.family(meaning.each.kind.id)
    if scope.group in family:
        return Subject("score" if kind == "score" else "result", f"{name}.{scope.group}")
    scope.problem(
        "RB110", reference.place, name=name, each=meaning.each.kind.id, member=next(iter(family), "")
    )
    return None


# ---- selections


def subjects_of(selection: tree.Selection, scope: Scope) -> tuple[Subject, ...] | None:
    """All that a selection stands for, in source order: questions of items, or the members of a family."""
    match selection:
        case tree.Reference(owner=None):
            return _family(selection, scope)
        case tree.Reference():
            only = subject_of(selection, scope)
            return None if only is None else (only,)
        case tree.ItsSelection() if not scope.group:
            scope.problem("RB110", selection.place, its="its")
            return None
        case tree.ItsSelection():
            chosen = [item for item in scope.questions if scope.names.group_of[item] == scope.group]
            return _filtered(selection, chosen, scope)
        case tree.ItemSelection():
            return _filtered(selection, list(scope.questions), scope)


def _family(reference: tree.Reference, scope: Scope) -> tuple[Subject, ...] | None:
    meaning = scope.names.meaning.get(reference.name.id)
    if isinstance(meaning, tree.Score | tree.Result) and meaning.each is not None:
        kind = "score" if isinstance(meaning, tree.Score) else "result"
        groups = scope.names.family(meaning.each.kind.id)
        return tuple(
            Subject("score" if kind == "score" else "result", f"{reference.name.id}.{group}")
            for group in groups
        )
    if meaning is None:
        families = [id for id, each in scope.names.meaning.items() if getattr(each, "each", None)]
        families += ["items", "its items"]
        scope.unknown(reference.name, "score or result", families)
    else:
        scope.problem("RB110", reference.place, name=reference.name.id, no_family=KIND_NAMES[type(meaning)])
    return None


def _filtered(
    selection: tree.ItemSelection | tree.ItsSelection, items: list[str], scope: Scope
) -> tuple[Subject, ...] | None:
    chosen: list[str] = items
    scale = ""
    for each in selection.filters:
        match each:
            case tree.InGroups(names):
                if not _all_known(names, scope.names.groups, "group", scope):
                    return None
                chosen = [item for item in chosen if scope.names.group_of[item] in {n.id for n in names}]
            case tree.WithTags(names):
                wanted = {name.id for name in names}
                scope.names.used_tags.update(wanted)
                chosen = [item for item in chosen if wanted & scope.tags[item]]
            case tree.ExceptNames(names):
                if not _all_known(names, {**scope.names.groups, **scope.questions}, "item or group", scope):
                    return None
                left_out = {name.id for name in names}
                chosen = [item for item in chosen if not {item, scope.names.group_of[item]} & left_out]
            case tree.OnOneScale(word):
                if not _all_known((word,), scope.names.of_kind(tree.Scale), "scale", scope):
                    return None
                scale = word.id
    return _questions(selection, chosen, scale, scope)


def _all_known(names: tuple[tree.Word, ...], known: Iterable[str], kind: str, scope: Scope) -> bool:
    among = list(known)
    strangers = [name for name in names if name.id not in among]
    for name in strangers:
        scope.unknown(name, kind, among)
    return not strangers


def _questions(
    selection: tree.ItemSelection | tree.ItsSelection, items: list[str], scale: str, scope: Scope
) -> tuple[Subject, ...] | None:
    chosen: list[Subject] = []
    for item in items:
        questions = [each for each in scope.questions[item] if each.scale.kind != "text"]
        if scale:
            questions = [each for each in questions if each.scale.id == scale]
        if len(questions) > 1:
            scales = [each.scale.id for each in questions]
            scope.problem("RB112", selection.place, item=item, scale=scales[0], scales=" and ".join(scales))
            return None
        chosen.extend(Subject("question", each.key) for each in questions)
    if not chosen and all(scope.questions[item] for item in items):
        tags = [
            name.id for each in selection.filters if isinstance(each, tree.WithTags) for name in each.names
        ]
        all_tags = sorted(set().union(*scope.tags.values())) if scope.tags else []
        near = next((nearest(tag, all_tags) for tag in tags if tag not in all_tags), "")
        scope.problem("RB203", selection.place, tags=", ".join(tags), suggestion=near)
    return tuple(chosen) or None


# ---- numbers


def literal(number: tree.Number, percent: bool) -> Fraction | None:
    """The number in the kind it stands beside; None when it is of the other kind. 2/3 fits both."""
    if number.fraction:
        return number.value * 100 if percent else number.value
    return number.value if number.percent == percent else None


def threshold_named(reference: tree.Reference, scope: Scope) -> tree.Threshold | None:
    """The threshold that a reference means here: the group's own one where there is one."""
    owner = reference.owner.id if reference.owner else scope.group
    own = scope.names.thresholds.get((reference.name.id, owner))
    return own or (None if reference.owner else scope.names.thresholds.get((reference.name.id, "")))


def bound_of(bound: tree.Bound, percent: bool, scope: Scope) -> Constant | None:
    """A number or threshold as a constant of the wanted kind; None (and no problem) when it is neither."""
    if isinstance(bound, tree.Number):
        value = literal(bound, percent)
        return None if value is None else Constant(value, place=bound.place)
    threshold = threshold_named(bound, scope)
    value = None if threshold is None else literal(threshold.number, percent)
    return None if value is None else Constant(value, bound.name.id, bound.place)

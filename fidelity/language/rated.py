"""Scales, bins, facts, groups and items as written -> the questions a rater answers."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from fidelity.errors import Related
from fidelity.language import tree
from fidelity.language.conditions import condition_of
from fidelity.language.head import band_of, state_of
from fidelity.language.scope import Scope
from fidelity.model.checklist import Fact, Group, GroupKind, Item, Question
from fidelity.model.expression import And, Condition
from fidelity.model.scale import Bins, Choice, Scale, ScaleKind, Span
from fidelity.record import Record


class Rated(Record):
    """All that can be answered in a file."""

    scales: tuple[Scale, ...]
    facts: tuple[Fact, ...]
    groups: tuple[Group, ...]
    items: tuple[Item, ...]
    questions: tuple[Question, ...]


def rated(checklist: tree.Checklist, scope: Scope) -> Rated:
    """Everything that is rated or known before, conditions left open until all names can be read."""
    scales = {each.id.id: scale_of(each, scope) for each in checklist.blocks if isinstance(each, tree.Scale)}
    bins = {each.id.id: bins_of(each, scope) for each in checklist.blocks if isinstance(each, tree.Bins)}
    facts = tuple(fact_of(each, scope) for each in checklist.blocks if isinstance(each, tree.Fact))
    groups = [each for each in checklist.blocks if isinstance(each, tree.Group)]
    items: list[Item] = []
    questions: list[Question] = []
    for group in groups:
        for node in group.items:
            if scope.names.meaning[node.id.id] is not node:
                continue
            item, of_item = _item(node, group, scales, bins, scope)
            items.append(item)
            questions.extend(of_item)
    return Rated(tuple(scales.values()), facts, tuple(map(_group, groups)), tuple(items), tuple(questions))


def _group(node: tree.Group) -> Group:
    kinds: dict[str, GroupKind] = {
        "section": "section",
        "domain": "domain",
        "principle": "principle",
        "competency": "competency",
        "step": "step",
    }
    items = tuple(item.id.id for item in node.items)
    return Group(
        node.id.id, kinds[node.kind.id], node.title.content, items, note_in(node.details), node.place
    )


def note_in(details: tuple[tree.Detail, ...]) -> str:
    """The notes below a statement, as one text."""
    return " ".join(each.text.content for each in details if isinstance(each, tree.Note))


# ---- scales


def scale_of(node: tree.Scale, scope: Scope) -> Scale:
    """A named scale."""
    span = _span(node.span, Fraction(1), scope) if node.span else None
    choices = tuple(_choice(each, span, scope) for each in node.answers)
    _one_code_each(node, scope)
    if span is None and not choices:
        scope.problem("RB116", node.place, empty=node.id.id)
    title = node.title.content if node.title else node.id.id
    kind: ScaleKind = "range" if span else "choice"
    unit = node.span.unit.content if node.span and node.span.unit else ""
    return Scale(node.id.id, title, kind, choices, span, unit, node.place)


def _span(node: tree.Span, step: Fraction | None, scope: Scope) -> Span:
    step = node.step.value if node.step else step
    for number in (node.lowest, node.highest, node.step):
        if number is not None and number.percent:
            scope.problem("RB110", number.place, plain=number.written)
    lowest, highest = node.lowest.value, node.highest.value
    if highest <= lowest:
        scope.problem("RB116", node.place, lowest=node.lowest.written, highest=node.highest.written)
    elif step is not None and (step <= 0 or ((highest - lowest) / step).denominator != 1):
        scope.problem(
            "RB116", node.place, step=node.step.written if node.step else "1", highest=node.highest.written
        )
        step = None
    return Span(lowest, highest, step)


def _choice(node: tree.Answer, span: Span | None, scope: Scope) -> Choice:
    points = next((each.points.value for each in node.options if isinstance(each, tree.Scores)), None)
    means = next((state_of(each.state, scope) for each in node.options if isinstance(each, tree.Means)), None)
    coded = [text.content for each in node.options if isinstance(each, tree.Coded) for text in each.texts]
    comment = any(isinstance(each, tree.AlwaysComment) for each in node.options)
    number = Fraction(node.id.id) if node.id.id[0].isdigit() else None
    if span is not None and number is not None and points is None and means is None:
        if span.holds(number):
            points = number
        else:
            scope.problem("RB116", node.id.place, label=node.id.id)
    return Choice(node.id.id, node.title.content, points, means, tuple(coded), comment, node.place)


def _one_code_each(node: tree.Scale, scope: Scope) -> None:
    taken = {each.id.id: each.id for each in node.answers}
    for answer in node.answers:
        for text in (text for each in answer.options if isinstance(each, tree.Coded) for text in each.texts):
            other = taken.setdefault(text.content, answer.id)
            if other is not answer.id:
                related = Related(other.place, "it already stands for this answer")
                scope.problem("RB115", text.place, related, code_text=text.content, answer=other.id)


def bins_of(node: tree.Bins, scope: Scope) -> Bins:
    """Raw numbers to points."""
    bins = tuple((each.points.value, band_of(each.rule, scope)) for each in node.bins)
    return Bins(node.id.id, node.title.content if node.title else node.id.id, bins, node.place)


def fact_of(node: tree.Fact, scope: Scope) -> Fact:
    """A fact, answered on a scale of its own."""
    return Fact(node.id.id, node.title.content, _fact_scale(node, scope), node.place)


def _fact_scale(node: tree.Fact, scope: Scope) -> Scale:
    if isinstance(node.kind, tree.OneOf):
        words = tuple(
            Choice(each.id.id, each.title.content if each.title else each.id.id, place=each.place)
            for each in node.kind.values
        )
        return Scale(node.id.id, node.title.content, "choice", words, place=node.place)
    return _own_scale(node.id.id, node.title.content, node.kind, scope)


def _own_scale(
    id: str, title: str, kind: tree.CountKind | tree.NumberKind | tree.TextKind, scope: Scope
) -> Scale:
    if isinstance(kind, tree.TextKind):
        return Scale(id, title, "text", place=kind.place)
    whole = Fraction(1) if isinstance(kind, tree.CountKind) else None
    span = _span(kind.span, whole, scope) if kind.span else Span(Fraction(0), None, whole)
    unit = kind.span.unit.content if kind.span and kind.span.unit else ""
    return Scale(
        id, title, "count" if isinstance(kind, tree.CountKind) else "number", (), span, unit, kind.place
    )


# ---- items


def _item(
    node: tree.Item, group: tree.Group, scales: Mapping[str, Scale], bins: Mapping[str, Bins], scope: Scope
) -> tuple[Item, list[Question]]:
    options = (*_inherited(node, group), *node.options)
    on = _scales_of(node, options, scales, scope)
    tags = [name.id for each in options if isinstance(each, tree.Tagged) for name in each.names]
    questions = [_question(node, options, scale, len(on) > 1, bins, scope) for scale in on]
    label = next((each.text.content for each in options if isinstance(each, tree.CommentLabel)), "")
    anchors = tuple(
        (each.answer.id, each.text.content) for each in node.details if isinstance(each, tree.Anchor)
    )
    comment = [each for each in options if isinstance(each, tree.CommentWhen)]
    item = Item(
        node.id.id,
        node.title.content,
        group.id.id,
        on,
        tuple(dict.fromkeys(tags)),
        note_in(node.details),
        label,
        anchors,
        any(isinstance(each, tree.Optional) for each in options),
        None,
        any(each.rule is None for each in comment),
        node.place,
    )
    return item, questions


_KINDS = (tree.OnScale, tree.OnScales, tree.CountKind, tree.NumberKind, tree.TextKind)


def _inherited(node: tree.Item, group: tree.Group) -> Iterable[tree.ItemOption]:
    own_kind = any(isinstance(each, _KINDS) for each in node.options)
    for option in group.options:
        if isinstance(option, tree.Applies) or (own_kind and isinstance(option, _KINDS)):
            continue
        yield option


def _scales_of(
    node: tree.Item, options: tuple[tree.ItemOption, ...], scales: Mapping[str, Scale], scope: Scope
) -> tuple[Scale, ...]:
    kinds = [each for each in options if isinstance(each, _KINDS)]
    if not kinds:
        scope.problem("RB110", node.id.place, no_scale=node.id.id, example=next(iter(scales), ""))
        return ()
    chosen = kinds[-1]
    if isinstance(chosen, tree.OnScale | tree.OnScales):
        words = (chosen.scale,) if isinstance(chosen, tree.OnScale) else chosen.scales
        for word in words:
            if word.id not in scales:
                scope.unknown(word, "scale", scales)
        return tuple(scales[word.id] for word in words if word.id in scales)
    return (_own_scale(node.id.id, node.title.content, chosen, scope),)


def _question(
    node: tree.Item,
    options: tuple[tree.ItemOption, ...],
    scale: Scale,
    several: bool,
    bins: Mapping[str, Bins],
    scope: Scope,
) -> Question:
    binned = next((each.bins for each in options if isinstance(each, tree.Binned)), None)
    if binned is not None and binned.id not in bins:
        scope.unknown(binned, "bins", bins)
    weights = [each.number.value for each in options if isinstance(each, tree.Weight)]
    key = f"{node.id.id}.{scale.id}" if several else node.id.id
    return Question(
        key,
        node.id.id,
        scale,
        weights[-1] if weights else Fraction(1),
        any(isinstance(each, tree.Reversed) for each in options),
        bins.get(binned.id) if binned else None,
        None,
        any(isinstance(each, tree.Optional) for each in options),
        node.place,
    )


# ---- conditions, once all names can be read


def with_conditions(checklist: tree.Checklist, found: Rated, scope: Scope) -> Rated:
    """The same, with `applies when` of scale, group and item joined, and comments asked for by condition."""
    scales = {each.id.id: each for each in checklist.blocks if isinstance(each, tree.Scale)}
    nodes = {
        item.id.id: (item, group)
        for group in scope.names.groups.values()
        for item in group.items
        if scope.names.meaning[item.id.id] is item
    }
    of_group = {id: _applies(group.options, scope) for id, group in scope.names.groups.items()}
    of_item = {
        id: _applies(item.options, scope.at_item(id))
        for id, (item, _) in nodes.items()
        if any(isinstance(each, tree.Applies) for each in item.options)
    }
    questions = []
    for question in found.questions:
        scale = scales.get(question.scale.id)
        of_scale = scale.applies.condition if scale and scale.applies else None
        parts = [
            *of_group[scope.names.group_of[question.item]],
            *of_item.get(question.item, ()),
            *([condition_of(of_scale, scope.at_item(question.item))] if of_scale else []),
        ]
        questions.append(replace(question, applies=_all(parts)) if parts else question)
    items = tuple(_with_comment(item, nodes[item.id][0], scope) for item in found.items)
    return replace(found, questions=tuple(questions), items=items)


def _applies(options: Iterable[tree.ItemOption], scope: Scope) -> list[Condition | None]:
    return [condition_of(each.condition, scope) for each in options if isinstance(each, tree.Applies)]


def _all(parts: Iterable[Condition | None]) -> Condition | None:
    known = tuple(each for each in parts if each is not None)
    return known[0] if len(known) == 1 else And(known, known[0].place) if known else None


def _with_comment(item: Item, node: tree.Item, scope: Scope) -> Item:
    rules = [each.rule for each in node.options if isinstance(each, tree.CommentWhen) and each.rule]
    if not rules:
        return item
    return replace(item, comment_when=condition_of(rules[0].condition, scope.at_item(item.id)))

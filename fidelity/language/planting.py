"""The words and rules of a source -> the nodes of our tree, which grows while the source is read."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import cache, partial
from typing import Any

from fidelity.language import changes, protocol, tree
from fidelity.language.automaton import Planting, Word
from fidelity.language.tables import Rule, Tables
from fidelity.place import Place

# What a rule makes: the node of its name; where there is none, a tuple.
NODES = {
    "".join(("_" if sign.isupper() and at else "") + sign.lower() for at, sign in enumerate(name)): kind
    for module in (tree, protocol, changes)
    for name, kind in vars(module).items()
    if isinstance(kind, type) and issubclass(kind, tree.Node)
}


def planting(tables: Tables, file: str) -> Planting:
    """How the tree of a file grows."""
    grown = cache(partial(_grown, file=file))
    return Planting(partial(_leaf, tables.growing), lambda rule, values: grown(rule)(values))


def _leaf(growing: frozenset[str], word: Word) -> tree.Node | Place | None:
    if word.kind in growing:
        return _LEAVES.get(word.kind, tree.Word)(word.text, place=word.place)
    return None if word.kind == "_NL" else word.place


def _text(written: str, place: Place) -> tree.Text:
    return tree.Text(written[1:-1], place=place)


def _number(written: str, place: Place) -> tree.Number:
    try:
        return tree.Number(written, Fraction(written.rstrip("%")), place=place)
    except ZeroDivisionError:
        return tree.Number(written, None, place=place)


_LEAVES: Mapping[str, Callable[..., tree.Node]] = {
    "STRING": _text,
    **dict.fromkeys(("NUMBER", "PERCENT", "FRACTION"), _number),
    "DATE": tree.Day,
}


def _grown(rule: Rule, file: str) -> Callable[[list[Any]], Any]:
    name, kept = rule.name, rule.kept
    if name.startswith("_"):
        return partial(_children, kept)  # a list: the rule above takes what is in it
    kind = NODES.get(name)
    if name in _HANDED_ON or kind is None:
        hand_on = _HANDED_ON.get(name, tuple)
        return lambda values: hand_on(_children(kept, values))

    def node(values: list[Any]) -> tree.Node:
        children = _children(kept, values)
        start = _outermost(iter, values)
        end = _outermost(reversed, children if rule.statement else values) or start
        return kind(*children, place=start.to(end) if start and end else Place(file))

    return node


def _children(kept: tuple[int, ...], values: list[Any]) -> list[Any]:
    values.append(None)  # what -1 stands for
    found: list[Any] = []
    for at in kept:
        value = values[at]
        if value.__class__ is not list:
            found.append(value)
        elif found:
            found += value
        else:
            found = value  # not copied, or a list of many lines would be copied for each line
    return found


def _outermost(order: Callable[[Any], Iterable[Any]], values: Any) -> Place | None:
    """The place of the first value in this order that has one."""
    for value in order(values):
        if isinstance(value, Place):
            return value
        if isinstance(value, tree.Node):
            return value.place
        if value and (place := _outermost(order, value)):
            return place
    return None


def _joined(parts: list[tree.Text]) -> tree.Text:
    if len(parts) == 1:
        return parts[0]
    joined = " ".join(part.content for part in parts)
    return tree.Text(joined, place=parts[0].place.to(parts[-1].place))


def _code_name(parts: list[tree.Word | tree.Number]) -> tree.Word:
    only = parts[0]
    return tree.Word(only.written, place=only.place) if isinstance(only, tree.Number) else only


def _last(parts: list[Any]) -> Any:
    return parts[-1]


# Rules that make no node of their own: texts on neighbouring lines are one, an id may be a number, and the
# line that names the language's version says nothing about the file.
_HANDED_ON: Mapping[str, Callable[[list[Any]], Any]] = {
    "text": _joined,
    "code_name": _code_name,
    **dict.fromkeys(
        ("number", "state", "start", "checklist_file", "adaptation_file", "programme_file"), _last
    ),
}

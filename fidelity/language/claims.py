"""Conditions of a programme as written -> claims about scored values, or about the therapist's facts.

Where the checklist is known, names, kinds and levels are checked; elsewhere the number or word beside a name
says what kind of value it is.
"""

from typing import NamedTuple

from fidelity.language import tree
from fidelity.language.conditions import COMPARISONS, canonical, flattened, quantifier_of, word_of
from fidelity.language.names import nearest
from fidelity.language.setting import Setting
from fidelity.model.checklist import Checklist, Fact, Question, Result, Score
from fidelity.model.claim import All, Among, Claim, Judged, Known, Many, Mark, Opposite, Other, Some, Word
from fidelity.place import Place


class About(NamedTuple):
    """What a condition is about: the therapist's facts, or an observation of a checklist, known or not."""

    checklist: Checklist | None = None
    therapist: bool = False


Thing = Fact | Score | Result | Question


def claim_of(node: tree.Condition, about: About, setting: Setting) -> Claim | None:
    """The claim; None when something in it was a problem."""
    match node:
        case tree.Parenthesised():
            return claim_of(node.inside, about, setting)
        case tree.Negated():
            part = claim_of(node.inside, about, setting)
            return None if part is None else Opposite(part)
        case tree.AndAlso() | tree.OrElse():
            return _joined(node, about, setting)
        case tree.Quantified():
            return _many(node, about, setting)
        case tree.GateTest():
            key = _gate(node, about, setting)
            return None if key is None else Among(key, (node.word.id,), node.place)
        case tree.Tested():
            key = key_of(node.subject, about, setting)
            return None if key is None else _test(key, node.test, node.place, about, setting)


def _joined(node: tree.AndAlso | tree.OrElse, about: About, setting: Setting) -> Claim | None:
    sides = (node.left, node.right)
    if any(isinstance(each, tree.AndAlso | tree.OrElse) and type(each) is not type(node) for each in sides):
        setting.scope.problem("RB230", node.place)
    parts = [claim_of(each, about, setting) for each in flattened(node)]
    sound = tuple(each for each in parts if each is not None)
    if len(sound) < len(parts):
        return None
    return All(sound) if isinstance(node, tree.AndAlso) else Some(sound)


# ---- what is named


def key_of(reference: tree.Reference, about: About, setting: Setting) -> str | None:
    """The key of one value: `adherence`, `skill.risk`; a problem where there is no such value."""
    name, owner = reference.name.id, reference.owner.id if reference.owner else ""
    key = f"{name}.{owner}" if owner else name
    if about.therapist or (name in setting.facts and not owner):
        if name in setting.facts and not owner:
            return name
        setting.scope.unknown(reference.name, "fact", setting.facts)
        return None
    if about.checklist is None or key in _things(about.checklist):
        return key
    _unknown(reference, about.checklist, setting)
    return None


def _unknown(reference: tree.Reference, checklist: Checklist, setting: Setting) -> None:
    scope, name = setting.scope, reference.name.id
    members = members_of(name, checklist)
    if members and reference.owner is None:
        group = checklist.group.get(members[0])
        scope.problem(
            "RB110", reference.place, name=name, each=group.kind if group else "group", member=members[0]
        )
    elif members and reference.owner is not None:
        facts = {"kind": "part", "name": reference.owner.id, "of": name, "own": ", ".join(members)}
        suggestion = nearest(reference.owner.id, members)
        scope.problem("RB101", reference.owner.place, **facts, suggestion=suggestion)
    elif name in _things(checklist) and reference.owner is not None:
        scope.problem("RB110", reference.owner.place, name=name, single="value")
    else:
        known = [*setting.facts, *dict.fromkeys(key.partition(".")[0] for key in _things(checklist))]
        facts = {"name": name, "in_checklist": checklist.id}
        scope.problem("RB101", reference.name.place, **facts, suggestion=nearest(name, known))


def _things(checklist: Checklist) -> dict[str, Thing]:
    things: dict[str, Thing] = {**checklist.question, **checklist.fact, **checklist.result, **checklist.score}
    return things


def members_of(name: str, checklist: Checklist) -> list[str]:
    """The groups for which a family of scores or results has a value."""
    return [each.group for each in _grouped(checklist) if each.name == name]


def _grouped(checklist: Checklist) -> list[Score | Result]:
    every: list[Score | Result] = [*checklist.scores, *checklist.results]
    return [each for each in every if each.key != each.name]


def thing(key: str, about: About, setting: Setting) -> Thing | None:
    """What a value is, where that is known."""
    fact = setting.facts.get(key)
    if fact is not None or about.checklist is None:
        return fact
    return _things(about.checklist).get(key)


def _gate(node: tree.GateTest, about: About, setting: Setting) -> str | None:
    key = f"{node.gate.id}.{node.group.id}" if node.group else node.gate.id
    if about.therapist or (about.checklist is not None and key not in about.checklist.gate):
        setting.scope.unknown(node.gate, "gate", about.checklist.gate if about.checklist else ())
        return None
    return key


def _many(node: tree.Quantified, about: About, setting: Setting) -> Claim | None:
    selection = node.selection
    if not isinstance(selection, tree.Reference):
        setting.scope.problem("RB110", selection.place, items_chosen="items")
        return None
    family = selection.name.id
    if selection.owner is not None or about.therapist:
        family = key_of(selection, about, setting) or ""
    elif about.checklist is not None and not members_of(family, about.checklist):
        families = {each.name for each in _grouped(about.checklist)}
        setting.scope.unknown(selection.name, "score or result", families)
        return None
    members = members_of(family, about.checklist) if about.checklist is not None else []
    member = f"{family}.{members[0]}" if members else family
    test = _test(member, node.test, node.place, about, setting) if family else None
    quantifier, number = quantifier_of(node.quantifier)
    return None if test is None else Many(quantifier, number, family, test, node.place)


# ---- one test


def _test(
    key: str, test: tree.Test, place: Place, about: About, setting: Setting
) -> Judged | Among | Known | None:
    match test:
        case tree.NotScored() | tree.IsMissing():
            return Known(key, scored=False, place=place)
        case tree.IsScored():
            return Known(key, scored=True, place=place)
        case tree.Among(codes):
            number = isinstance(thing(key, about, setting), Score)
            fits = [_word_fits(key, word, about, setting) for word in (codes[:1] if number else codes)]
            return Among(key, tuple(canonical(word.id) for word in codes), place) if all(fits) else None
        case tree.Equal(bound):
            right = _bound(key, bound, True, about, setting)
            return None if right is None else Judged(key, "is", right, place)
        case tree.AtLeast() | tree.AtMost() | tree.Above() | tree.Below():
            right = _bound(key, test.bound, False, about, setting)
            return None if right is None else Judged(key, COMPARISONS[type(test)], right, place)


def _bound(
    key: str, bound: tree.Bound, equal: bool, about: About, setting: Setting
) -> Mark | Word | Other | None:
    what = thing(key, about, setting)
    words = _words(what)
    threshold = setting.threshold(bound) if isinstance(bound, tree.Reference) else None
    number = bound if isinstance(bound, tree.Number) else threshold.number if threshold else None
    written = word_of(bound) if threshold is None else None
    if words and written is not None and canonical(written.id) in words:
        order = tuple(words) if isinstance(what, Result) else ()
        return Word(canonical(written.id), order)
    if number is not None and not isinstance(what, Result):
        name = threshold.id.id if threshold else ""
        return _mark(key, number, name, bound.place, what, setting)
    if number is not None and threshold is not None:
        setting.scope.problem("RB110", bound.place, level=key.partition(".")[0])
        return None
    return None if written is None else _named(key, written, equal, about, setting)


def _named(key: str, word: tree.Word, equal: bool, about: About, setting: Setting) -> Word | Other | None:
    """A word that is no threshold: a level or answer, or the name of another value."""
    what = thing(key, about, setting)
    if what is None:
        return Word(word.id)
    if isinstance(what, Score) or (not equal and not isinstance(what, Result)):
        if about.checklist is not None and word.id in _things(about.checklist):
            return Other(word.id)
        names = [id for id, _ in setting.thresholds]
        setting.scope.unknown(word, "number or threshold", names)
        return None
    return Word(word.id) if _word_fits(key, word, about, setting) else None


def _mark(
    key: str, number: tree.Number, threshold: str, place: Place, what: Thing | None, setting: Setting
) -> Mark | None:
    kind = measured(what)
    if kind is not None and not number.fraction and (kind == "percent") is not number.percent:
        tell_wrong_kind(key, number.written, kind == "percent", place, setting)
        return None
    if number.fraction:
        return Mark(number.value, "fraction", threshold)
    return Mark(number.value, "percent" if number.percent else "plain", threshold)


def measured(what: Thing | None) -> str | None:
    """The kind of a value's number: of a score, its own; None where it is not known or none."""
    match what:
        case Score():
            return what.kind
        case Question() | Fact():
            return "number" if what.scale.span is not None else None
        case _:
            return None


def tell_wrong_kind(key: str, found: str, percent: bool, place: Place, setting: Setting) -> None:
    """RB110 for a percent beside a plain number, or the other way round."""
    wanted, given = ("a percent", "a plain number") if percent else ("no percent", "a percent")
    instead = f"{found}%" if percent else ""
    setting.scope.problem(
        "RB110",
        place,
        left=key.partition(".")[0],
        wanted=wanted,
        found=found,
        given=given,
        instead=instead,
    )


def _words(what: Thing | None) -> list[str]:
    match what:
        case Result():
            return [each.id for each in what.levels]
        case Question() | Fact() if what.scale.span is None:
            return [canonical(each.id) for each in what.scale.choices]
        case _:
            return []


def _word_fits(key: str, word: tree.Word, about: About, setting: Setting) -> bool:
    """Whether a word is one of the value's levels, answers or words; RB101 or RB110 where it is not."""
    what = thing(key, about, setting)
    name = key.partition(".")[0]
    if what is None:
        return True
    if isinstance(what, Score):
        setting.scope.problem("RB110", word.place, listed=name)
        return False
    words = _words(what)
    if not words or canonical(word.id) in words:
        return True
    kind = "level" if isinstance(what, Result) else "word" if isinstance(what, Fact) else "answer"
    facts = {"kind": kind, "name": word.id, "of": name, "own": ", ".join(words)}
    elsewhere = _elsewhere(word.id, about)
    code = "RB110" if elsewhere else "RB101"
    setting.scope.problem(code, word.place, **facts, elsewhere=elsewhere, suggestion=nearest(word.id, words))
    return False


def _elsewhere(word: str, about: About) -> str:
    if about.checklist is None:
        return ""
    for id, each in _things(about.checklist).items():
        if word in _words(each):
            return f'"{id.partition(".")[0]}"'
    return ""

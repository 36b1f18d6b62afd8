"""A claim about scored values -> true, false or undecided (strong Kleene)."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from operator import eq, ge, gt, le, lt

from fidelity.model.claim import (
    All,
    Among,
    Claim,
    Judged,
    Known,
    Many,
    Mark,
    Opposite,
    Other,
    Some,
    Values,
    Word,
    number_beside,
    number_in,
)
from fidelity.model.expression import Comparison

Verdict = bool | None

COMPARISONS: dict[Comparison, Callable[[Fraction | int, Fraction | int], bool]] = {
    "at least": ge,
    "at most": le,
    "above": gt,
    "below": lt,
    "is": eq,
}


def holds(claim: Claim | None, values: Values) -> Verdict:
    """What the values say about a claim; nothing claimed is true."""
    match claim:
        case None:
            return True
        case All(parts):
            return all_of(holds(each, values) for each in parts)
        case Some(parts):
            return any_of(holds(each, values) for each in parts)
        case Opposite(part):
            return opposite(holds(part, values))
        case Many():
            return _many(claim, values)
        case Known(key, scored):
            possible = values.get(key)
            return (possible is not None and len(possible) == 1) is scored
        case Among(key, words):
            return _of_each(values.get(key, ()), lambda text: any(same(text, word) for word in words))
        case Judged(key, comparison, bound):
            return _of_each(values.get(key, ()), lambda text: _compared(text, comparison, bound, values))


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """One false part decides, then an undecided one."""
    found = set(verdicts)
    return False if False in found else None if None in found else True


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """One true part decides, then an undecided one."""
    return opposite(all_of(opposite(each) for each in verdicts))


def opposite(verdict: Verdict) -> Verdict:
    """True for false; what is undecided stays so."""
    return None if verdict is None else not verdict


def same(text: str, word: str) -> bool:
    """Whether two words are one answer or level; numbers by value (decision 2)."""
    if text == word:
        return True
    one, other = number_in(text), number_in(word)
    return one is not None and one == other and text.endswith("%") is word.endswith("%")


def _of_each(possible: tuple[str, ...] | None, test: Callable[[str], Verdict]) -> Verdict:
    """True if it holds for all that is possible, false if for none or for what does not apply."""
    if possible is None:
        return False
    verdicts = {test(text) for text in possible}
    return verdicts.pop() if len(verdicts) == 1 else None


def _compared(text: str, comparison: Comparison, bound: Mark | Word | Other, values: Values) -> Verdict:
    match bound:
        case Mark():
            beside = number_beside(text, bound)
            return None if beside is None else COMPARISONS[comparison](*beside)
        case Word(word, order):
            # Without the checklist a word may as well be the name of another value.
            other = comparison != "is" and not order and word in values
            return (
                _numbers_of(text, comparison, word, values)
                if other
                else _in_order(text, comparison, word, order)
            )
        case Other(key):
            return _numbers_of(text, comparison, key, values)


def _numbers_of(text: str, comparison: Comparison, key: str, values: Values) -> Verdict:
    return _of_each(values.get(key, ()), lambda other: _numbers(text, comparison, other))


def _numbers(text: str, comparison: Comparison, other: str) -> Verdict:
    one, two = number_in(text), number_in(other)
    return None if one is None or two is None else COMPARISONS[comparison](one, two)


def _in_order(text: str, comparison: Comparison, word: str, order: tuple[str, ...]) -> Verdict:
    """Levels by their order; where that is not known, only the level itself is decided."""
    if comparison == "is":
        return same(text, word)
    places = {level: place for place, level in enumerate(order) if same(text, level) or same(word, level)}
    mine = next((place for level, place in places.items() if same(text, level)), None)
    marks = next((place for level, place in places.items() if same(word, level)), None)
    if mine is not None and marks is not None:
        return COMPARISONS[comparison](mine, marks)
    return comparison in ("at least", "at most") if text == word else None


def _many(claim: Many, values: Values) -> Verdict:
    """The members that apply, among those that have a value or a blank here (decision 34)."""
    members = [key for key in values if key == claim.family or key.startswith(f"{claim.family}.")]
    verdicts = [holds(claim.test._replace(key=key), values) for key in members if values[key] is not None]
    match claim.quantifier:
        case "any":
            return any_of(verdicts)
        case "no":
            return opposite(any_of(verdicts))
        case "every":
            return all_of(verdicts) if verdicts else None
        case "at least":
            return _at_least(verdicts, claim.number)
        case "at most":
            return opposite(_at_least(verdicts, claim.number + 1))
        case "exactly":
            enough, too_many = _at_least(verdicts, claim.number), _at_least(verdicts, claim.number + 1)
            return all_of([enough, opposite(too_many)])


def _at_least(verdicts: list[Verdict], number: int) -> Verdict:
    true, undecided = verdicts.count(True), verdicts.count(None)
    return True if true >= number else None if true + undecided >= number else False

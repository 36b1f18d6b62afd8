"""The lines at the head of a file -> what it says about itself, and how it treats non-answers and codes."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from fidelity.language import tree
from fidelity.language.names import nearest
from fidelity.language.scope import Scope
from fidelity.model.checklist import About, AsMissing, AsPoints, LeftOut, Treatment, Treatments
from fidelity.model.scale import NON_ANSWERS, Band, NonAnswer

UNITS = ("session", "therapist", "site", "report")


def about(metas: tuple[tree.Meta, ...], scope: Scope) -> About:
    """All lines that only say something about the file."""
    said = About(
        about=tuple(meta.text.content for meta in metas if isinstance(meta, tree.About)),
        source=tuple(meta.text.content for meta in metas if isinstance(meta, tree.Source)),
    )
    for meta in metas:
        said = _with(said, meta, scope)
    return said


def _with(said: About, meta: tree.Meta, scope: Scope) -> About:
    match meta:
        case tree.Version(number):
            return replace(said, version=number.id)
        case tree.Language(code):
            return replace(said, language=code.id)
        case tree.Licence(text):
            return replace(said, licence=text.content)
        case tree.Site(text):
            return replace(said, site=text.content)
        case tree.Made(by, on):
            return replace(said, made=(by.content, on.day) if on.day else None)
        case tree.Approved(by, on):
            return replace(said, approved=(by.content, on.day) if on.day else None)
        case tree.Status(word):
            return replace(said, status=word.id)
        case tree.Unit(word):
            if word.id not in UNITS:
                scope.unknown(word, "unit", UNITS)
            return replace(said, unit=word.id)
        case tree.Raters(names):
            return replace(said, raters=tuple(name.id for name in names))
        case tree.AcceptedEvidence(names):
            return replace(said, evidence=tuple(name.id for name in names))
        case tree.Observed(rule):
            return replace(said, observed=band_of(rule, scope))
        case tree.RatedWithin(number, period):
            return replace(said, rated_within=(int(number.value), period.id.rstrip("s")))
        case tree.Therapist(one, many):
            return replace(said, therapist=(one.content, many.content))
        case tree.About() | tree.Source() | tree.Uses() | tree.Treat() | tree.Code() | tree.Allow():
            return said


def treatments(metas: tuple[tree.Meta, ...], scope: Scope) -> Treatments:
    """What the `treat` lines say, by the kind of non-answer."""
    lines = [each for each in metas if isinstance(each, tree.Treat)]
    return {state: treatment_of(line.treatment) for line in lines if (state := treated(line.state, scope))}


def treated(word: tree.Word, scope: Scope) -> NonAnswer | None:
    """The kind of non-answer that may be treated; not applicable never is (decision 14)."""
    state = state_of(word, scope)
    if state is NonAnswer.NOT_APPLICABLE:
        scope.problem("RB110", word.place, fixed=word.id)
        return None
    return state


def state_of(word: tree.Word, scope: Scope) -> NonAnswer | None:
    """The kind of non-answer that a word names."""
    if word.id in NON_ANSWERS:
        return NON_ANSWERS[word.id]
    kinds = list(NON_ANSWERS)
    suggestion = nearest(word.id, kinds)
    scope.problem(
        "RB101",
        word.place,
        kind="kind of non-answer",
        name=word.id,
        suggestion=suggestion,
        known_kinds=", ".join(kinds),
    )
    return None


def treatment_of(node: tree.LeftOut | tree.AsMissing | tree.Number) -> Treatment:
    """How a non-answer is treated."""
    match node:
        case tree.LeftOut():
            return LeftOut()
        case tree.AsMissing():
            return AsMissing()
        case tree.Number():
            return AsPoints(node.value)


def codes(metas: tuple[tree.Meta, ...], scope: Scope) -> Mapping[str, NonAnswer]:
    """Raw codes of data files that stand for non-answers."""
    found: dict[str, NonAnswer] = {}
    for meta in metas:
        if isinstance(meta, tree.Code):
            state = state_of(meta.state, scope)
            for text in meta.texts:
                if text.content in found:
                    scope.problem(
                        "RB115", text.place, code_text=text.content, state=found[text.content].value
                    )
                elif state is not None:
                    found[text.content] = state
    return found


def band_of(rule: tree.RangeRule, scope: Scope) -> Band:
    """A stretch of plain numbers."""
    match rule:
        case tree.FromTo():
            return Band(
                _plain(rule.lowest, scope), _plain(rule.highest, scope), with_highest=rule.below is None
            )
        case tree.AtLeast():
            return Band(_plain(rule.bound, scope), None)
        case tree.Above():
            return Band(_plain(rule.bound, scope), None, with_lowest=False)
        case tree.AtMost():
            return Band(None, _plain(rule.bound, scope))
        case tree.Below():
            return Band(None, _plain(rule.bound, scope), with_highest=False)


def _plain(bound: tree.Bound, scope: Scope) -> Fraction:
    if isinstance(bound, tree.Number) and not bound.percent:
        return bound.value
    written = bound.written if isinstance(bound, tree.Number) else bound.name.id
    scope.problem("RB110", bound.place, plain=written)
    return Fraction(0)

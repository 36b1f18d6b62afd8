"""Checklist -> the questions of a form in order and in one language, whatever the medium."""

from collections.abc import Iterator
from dataclasses import dataclass

from fidelity.errors import WrongUse
from fidelity.model.checklist import Checklist, Group, Item, Question
from fidelity.model.expression import IsOneOf
from fidelity.model.form import Option, languages, options, text_in, with_unit, word
from fidelity.model.scale import NonAnswer, Scale


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, and what it says about the items below it."""

    title: str
    note: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One line to answer, to comment, or both; `comment` is that column of the data, if the line has it.

    An item on two scales has a line without a question, then one without a comment for each scale.
    """

    item: Item
    wording: str
    question: Question | None = None
    comment: str = ""
    small: str = ""
    offered: tuple[Option, ...] = ()

    @property
    def label(self) -> str:
        """What names the line: the column that its answer fills, or the item."""
        return self.question.key if self.question else self.item.id

    @property
    def is_facet(self) -> bool:
        """Whether it is one scale of an item that has two."""
        return self.question is not None and self.question.key != self.item.id


Line = Part | Asked


def chosen_language(checklist: Checklist, wanted: str) -> str:
    """The language to write in; the checklist's own when none is wanted."""
    known = languages(checklist)
    if wanted and wanted not in known:
        raise WrongUse(f'This checklist has no texts in "{wanted}"; it has: {", ".join(known)}.')
    return wanted or known[0]


def questions(checklist: Checklist, language: str, *, live: bool = False) -> tuple[Line, ...]:
    """Parts and items in the order of the checklist.

    A form that is not `live` also says what applies when, and what needs a note: it cannot ask in time.
    """
    return tuple(line for group in checklist.groups for line in _of_group(checklist, group, language, live))


def _new_scales(checklist: Checklist, group: Group) -> list[Scale]:
    """The named scales that no group before this one is rated on."""
    on = {group.id: [scale for item in group.items for scale in checklist.item[item].scales]}
    for other in checklist.groups:
        if other.id == group.id:
            break
        before = {scale.id for item in other.items for scale in checklist.item[item].scales}
        on[group.id] = [each for each in on[group.id] if each.id not in before]
    return list({each.id: each for each in on[group.id]}.values())


def _of_scale(checklist: Checklist, scale: Scale, language: str) -> Iterator[str]:
    """What a scale and its answers mean: its notes, then its anchors in the order of the answers."""
    small = [each for each in checklist.small_texts if each.of == scale.id]
    yield from (each.text for each in small if each.kind in ("note", "evidence"))
    labels = {each.code: each.label for each in options(checklist, scale, language)}
    anchors = {each.number: each.text for each in small if each.kind == "anchor"}
    order = [*(code for code in labels if code in anchors), *(code for code in anchors if code not in labels)]
    yield from (f"{labels.get(code, code)}: {anchors[code]}" for code in order)


def not_applicable(checklist: Checklist, language: str) -> str:
    """The label for what did not apply, when there is exactly one."""
    labels = {
        text_in(checklist, language, ("answer", choice.id, scale.id), choice.title)
        for scale in {question.scale for question in checklist.questions}
        for choice in scale.choices
        if choice.means is NonAnswer.NOT_APPLICABLE
    }
    return labels.pop() if len(labels) == 1 else ""


def shared_comment_label(checklist: Checklist) -> str:
    """What heads the comments, where the checklist calls all of them the same."""
    labels = {each.comment_label for each in checklist.items}
    return labels.pop() if len(labels) == 1 else ""


def may_need_note(item: Item) -> bool:
    """Whether some answer of it, or every one, has to come with a note."""
    by_answer = any(each.needs_comment for scale in item.scales for each in scale.choices)
    return by_answer or item.always_comment or item.comment_when is not None


def _of_group(checklist: Checklist, group: Group, language: str, live: bool) -> Iterator[Line]:
    looks = [each.text for each in checklist.small_texts if each.kind == "evidence" and each.of == group.id]
    meant = [text for each in _new_scales(checklist, group) for text in _of_scale(checklist, each, language)]
    noted = [] if live else _noted(checklist, group, language)
    note = "\n".join(filter(None, (group.note, *looks, *meant, *noted)))
    yield Part(text_in(checklist, language, ("group", group.id, ""), group.title), note)
    for name in group.items:
        asked = [each for each in checklist.questions if each.item == name]
        said = () if live else _only_if(checklist, checklist.item[name], asked, language)
        yield from _of_item(checklist, checklist.item[name], asked, language, tuple(said))


def _noted(checklist: Checklist, group: Group, language: str) -> Iterator[str]:
    """Which answers of the part need a note."""
    for scale in _new_scales(checklist, group):
        labels = {each.code: each.label for each in options(checklist, scale, language)}
        needing = [labels[each.id] for each in scale.choices if each.needs_comment and each.id in labels]
        if needing:
            yield word(language, "note for", labels=", ".join(needing))


def _only_if(checklist: Checklist, item: Item, asked: list[Question], language: str) -> Iterator[str]:
    """When an item is asked, by a fact, where its own note may not say so; and whether it needs a note."""
    when = {each.applies for each in asked}
    condition = when.pop() if len(when) == 1 else None
    if isinstance(condition, IsOneOf) and condition.subject.kind == "fact" and not item.note:
        fact = checklist.fact[condition.subject.key]
        labels = {each.code: each.label for each in options(checklist, fact.scale, language)}
        title = text_in(checklist, language, ("fact", fact.id, ""), fact.title)
        answers = ", ".join(labels.get(code, code) for code in condition.codes)
        yield word(language, "only if", fact=title, answers=answers)
    if item.always_comment:
        yield word(language, "needs a note")
    elif item.comment_when is not None:
        yield word(language, "note for some")


def _of_item(
    checklist: Checklist, item: Item, asked: list[Question], language: str, said: tuple[str, ...]
) -> Iterator[Line]:
    wording = text_in(checklist, language, ("item", item.id, ""), item.title)
    if len(asked) == 1:
        wording = with_unit(checklist, wording, asked[0].scale.id)
    if item.optional:
        wording += f" {word(language, 'optional')}"
    if len(asked) == 1:
        scale = asked[0].scale
        comment = "" if scale.kind == "text" else f"{item.id}.comment"
        small = _small(checklist, item, said)
        yield Asked(item, wording, asked[0], comment, small, options(checklist, scale, language))
        return
    yield Asked(item, wording, comment=f"{item.id}.comment", small=_small(checklist, item, said))
    for each in asked:
        title = text_in(checklist, language, ("scale", each.scale.id, ""), each.scale.title)
        yield Asked(item, title, each, offered=options(checklist, each.scale, language))


def _small(checklist: Checklist, item: Item, said: tuple[str, ...]) -> str:
    """Notes, what to look for, what answers mean, and what else is said of it."""
    looks = (each.text for each in checklist.small_texts if each.kind == "evidence" and each.of == item.id)
    anchors = (f"{code} · {text}" for code, text in item.anchors)
    return "\n".join(filter(None, (item.note, *looks, *anchors, *said)))

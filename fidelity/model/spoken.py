"""A checklist or programme -> the same with its texts in one of its languages, so that a gap can be seen.

A text that is not translated stands in the original and ends in the original's code: `Says hello [en]`. A
translation that is older than its text ends in `[old]`. Ids, rules and fingerprint stay as they are.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from fidelity.model.checklist import About, Checklist, Coverage, Fact, Group, Item, Threshold
from fidelity.model.scale import Scale
from fidelity.model.wording import (
    Key,
    Lock,
    coverage_of,
    is_stale,
    key_of_small,
    key_of_threshold,
    source_texts,
)

if TYPE_CHECKING:
    from fidelity.model.programme import Programme
    from fidelity.model.wording import Standing

OLD = " [old]"
_MARK = re.compile(r" \[([a-z]{2,3}(?:-[A-Za-z0-9-]+)?)\](?=$| \()")


def spoken(checklist: Checklist, language: str, lock: Lock) -> Checklist:
    """The checklist in a language that it has texts in; in its own one only `coverage` is filled in.

    Raises KeyError where it has no texts in the language.
    """
    coverage = _coverage(checklist, lock)
    known = replace(checklist, coverage=tuple(coverage.values()))
    if language == checklist.about.language:
        return known
    voice = _voice(checklist, language, lock)
    scales = {each.id: _scale(each, voice) for each in checklist.scales}
    groups = tuple(_group(each, checklist, voice) for each in checklist.groups)
    return replace(
        known,
        shown_in=coverage[language],
        title=voice.say(("checklist", "", ""), checklist.title),
        about=_about(checklist.about, language, voice),
        facts=_facts(checklist.facts, voice),
        scales=tuple(scales.values()),
        groups=groups,
        items=tuple(_item(each, checklist, scales, voice) for each in checklist.items),
        questions=tuple(
            replace(
                each,
                scale=_scale_of(each.scale, each.item, checklist, scales, voice),
                bins=each.bins
                and replace(each.bins, title=voice.named("bins", each.bins.id, each.bins.title)),
            )
            for each in checklist.questions
        ),
        thresholds=_thresholds(checklist.thresholds, voice),
        small_texts=tuple(
            each._replace(text=voice.say(key_of_small(each), each.text)) for each in checklist.small_texts
        ),
        **_worked_out(checklist, {each.id: each.title for each in groups}, voice),
    )


def spoken_programme(programme: "Programme", language: str, lock: Lock) -> "Programme":
    """The same for a programme."""
    coverage = _coverage(programme, lock)
    known = programme._replace(coverage=tuple(coverage.values()))
    if language == programme.about.language:
        return known
    voice = _voice(programme, language, lock)
    rules = {
        "stages": "stage",
        "samples": "sample",
        "drifts": "drift",
        "reliabilities": "reliability",
        "doses": "dose",
        "figures": "summary",
    }
    titled: dict[str, Any] = {
        field: tuple(
            each._replace(title=voice.named(kind, each.id, each.title)) for each in getattr(programme, field)
        )
        for field, kind in rules.items()
    }
    return known._replace(
        shown_in=coverage[language],
        title=voice.say(("programme", "", ""), programme.title),
        about=_about(programme.about, language, voice),
        facts=_facts(programme.facts, voice),
        thresholds=_thresholds(programme.thresholds, voice),
        **titled,
    )


def unmarked(text: str) -> str:
    """The text without the marks of this module."""
    return _MARK.sub("", text)


def marked(text: str) -> tuple[str, str]:
    """The text, and the mark that it ends in: the code of a language, `old`, or nothing."""
    found = _MARK.search(text)
    if found is None or found.end() != len(text):
        return text, ""
    return text[: found.start()], found[1]


# ---- what is said


class _Voice(NamedTuple):
    texts: Mapping[Key, str]
    older: frozenset[Key]
    original: str

    def say(self, key: Key, text: str) -> str:
        """The text in the language, or the original with its mark; no text stays none."""
        if not text:
            return text
        if key not in self.texts:
            return f"{text} [{self.original}]"
        return self.texts[key] + (OLD if key in self.older else "")

    def named(self, kind: str, id: str, title: str, owner: str = "") -> str:
        """The same for a title; what has none shows its id in every language."""
        return title if title == id else self.say((kind, id, owner), title)


def _coverage(model: "Standing", lock: Lock) -> dict[str, Coverage]:
    return {
        each.language: coverage_of(model, each, lock.get(each.language, {})) for each in model.translations
    }


def _voice(model: "Standing", language: str, lock: Lock) -> _Voice:
    texts = {each.language: each for each in model.translations}[language].texts
    locked = lock.get(language, {})
    older = frozenset(
        each.key for each in source_texts(model) if each.key in texts and is_stale(each, locked)
    )
    return _Voice(texts, older, model.about.language)


# ---- the parts


def _about(about: About, language: str, voice: _Voice) -> About:
    said = tuple(
        voice.say(("about", "" if number == 1 else str(number), ""), text)
        for number, text in enumerate(about.about, 1)
    )
    one, many = about.therapist
    # These words stand inside sentences, where a mark would only be in the way.
    person = (
        voice.texts.get(("therapist", "", ""), one),
        voice.texts.get(("therapists", "", ""), many),
    )
    return replace(about, language=language, about=said, therapist=person)


def _facts(facts: tuple[Fact, ...], voice: _Voice) -> tuple[Fact, ...]:
    return tuple(
        replace(
            each, title=voice.say(("fact", each.id, ""), each.title), scale=_scale(each.scale, voice, "fact")
        )
        for each in facts
    )


def _scale(scale: Scale, voice: _Voice, kind: str = "scale") -> Scale:
    choices = tuple(
        replace(each, title=voice.named("answer", each.id, each.title, scale.id)) for each in scale.choices
    )
    title = voice.named(kind, scale.id, scale.title)
    return replace(scale, title=title, choices=choices, unit=voice.say(("unit", "", scale.id), scale.unit))


def _scale_of(
    scale: Scale, item: str, checklist: Checklist, scales: Mapping[str, Scale], voice: _Voice
) -> Scale:
    """A named scale as it is said now; of an item's own kind the title is the item's."""
    if scale.id in scales:
        return scales[scale.id]
    unit = _beside(checklist, "unit", item)
    said = voice.say(("unit", "", unit), scale.unit)
    return replace(scale, title=voice.say(("item", item, ""), scale.title), unit=said)


def _beside(checklist: Checklist, kind: str, item: str) -> str:
    """What a label or unit belongs to: the item, or its group."""
    own = any(each.kind == kind and each.of == item for each in checklist.small_texts)
    return item if own else checklist.item[item].group


def _group(group: Group, checklist: Checklist, voice: _Voice) -> Group:
    title = voice.say(("group", group.id, ""), group.title)
    return replace(group, title=title, note=_note(checklist, group.id, voice))


def _note(checklist: Checklist, of: str, voice: _Voice) -> str:
    notes = (each for each in checklist.small_texts if each.kind == "note" and each.of == of)
    return " ".join(voice.say(("note", each.number, of), each.text) for each in notes)


def _item(item: Item, checklist: Checklist, scales: Mapping[str, Scale], voice: _Voice) -> Item:
    return replace(
        item,
        title=voice.say(("item", item.id, ""), item.title),
        scales=tuple(_scale_of(each, item.id, checklist, scales, voice) for each in item.scales),
        note=_note(checklist, item.id, voice),
        comment_label=voice.say(("comment", "", _beside(checklist, "comment", item.id)), item.comment_label),
        anchors=_anchors(item, voice),
    )


def _anchors(item: Item, voice: _Voice) -> tuple[tuple[str, str], ...]:
    """Of two anchors for one answer only the first is translated."""
    first = {code: at for at, (code, _) in reversed(tuple(enumerate(item.anchors)))}
    return tuple(
        (code, voice.say(("anchor", code if first[code] == at else f"{code} {at}", item.id), text))
        for at, (code, text) in enumerate(item.anchors)
    )


def _thresholds(thresholds: tuple[Threshold, ...], voice: _Voice) -> tuple[Threshold, ...]:
    return tuple(
        each
        if each.title == each.id
        else replace(each, title=voice.say(key_of_threshold(each, thresholds), each.title))
        for each in thresholds
    )


def _worked_out(checklist: Checklist, groups: Mapping[str, str], voice: _Voice) -> dict[str, Any]:
    """Scores, results, gates, flags and lists; one of a family has its group's title behind its own."""

    def titled(kind: str, name: str, title: str, group: str) -> str:
        behind = f" · {checklist.group[group].title}" if group in checklist.group else ""
        own = title.removesuffix(behind) if behind else title
        said = voice.named(kind, name, own)
        return f"{said} · {groups[group]}" if behind and title.endswith(behind) else said

    return {
        "scores": tuple(
            replace(each, title=titled("score", each.name, each.title, each.group))
            for each in checklist.scores
        ),
        "results": tuple(
            replace(
                each,
                title=titled("result", each.name, each.title, each.group),
                levels=tuple(
                    replace(level, title=voice.named("level", level.id, level.title, each.name))
                    for level in each.levels
                ),
            )
            for each in checklist.results
        ),
        "gates": tuple(
            replace(each, title=titled("gate", each.name, each.title, each.group)) for each in checklist.gates
        ),
        "flags": tuple(
            replace(each, title=voice.named("flag", each.id, each.title)) for each in checklist.flags
        ),
        "lists": tuple(
            replace(each, title=voice.named("list", each.id, each.title)) for each in checklist.lists
        ),
    }

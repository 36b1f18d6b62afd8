"""The texts of a checklist or programme that people read, in reading order; what a translation must keep."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from fidelity.model.checklist import About, Checklist, Coverage, Fact, SmallText, Threshold, Translation
from fidelity.model.scale import Choice, Scale
from fidelity.place import Place

if TYPE_CHECKING:
    from fidelity.model.programme import Programme

    Standing = Checklist | Programme

Key = tuple[str, str, str]  # kind, id, owner: as in Translation.texts

_NUMBER = re.compile(r"\d+(?:[.,٫٬'’\u00a0\u202f]\d+)*")
_PLACEHOLDER = re.compile(r"\{[^{}\s]*\}|%\([a-z_]+\)[sd]|%[sd]\b|__+")
_QUOTES = "\"'‘’‚“”„«»‹›「」"


class SourceText(NamedTuple):
    """One text to translate: whose it is, what a translator should know of it, and where it stands."""

    kind: str
    id: str
    owner: str
    text: str
    about: str
    place: Place
    note: str = ""
    word: str = ""

    @property
    def key(self) -> Key:
        """By this a translation finds it."""
        return self.kind, self.id, self.owner

    @property
    def name(self) -> str:
        """As a `text` line names it: `item op_welcome`, `answer done of delivery`."""
        return " ".join(filter(None, (self.word or self.kind, self.id, self.owner and f"of {self.owner}")))


class Locked(NamedTuple):
    """A text as it was when it was translated."""

    sha256: str
    text: str = ""


Lock = Mapping[str, Mapping[str, Locked]]  # language -> name of the text -> what it was


class Loss(NamedTuple):
    """Something of a text that its translation lacks: a number, a placeholder, the word for an answer."""

    kind: str
    what: str
    called: str = ""


def source_texts(model: "Standing") -> tuple[SourceText, ...]:
    """Every text that can be translated, once, in the order in which people meet them."""
    titles = _of_checklist(model) if isinstance(model, Checklist) else _of_programme(model)
    found: dict[Key, SourceText] = {}
    for each in _with_small_texts(titles, model.small_texts):
        if each.text:
            found.setdefault(each.key, each)
    return tuple(found.values())


def coverage_of(model: "Standing", translation: Translation, locked: Mapping[str, Locked]) -> Coverage:
    """How far one language is; `locked` is what was noted of its texts when they were translated."""
    there = [each for each in source_texts(model) if each.key in translation.texts]
    return Coverage(
        translation.language,
        translation.title,
        model.about.language,
        len(source_texts(model)),
        len(there),
        sum(is_stale(each, locked) for each in there),
        is_draft(translation),
    )


def key_of_threshold(threshold: Threshold, thresholds: Iterable[Threshold]) -> Key:
    """The first of its name needs no owner: so its key stays when others of that name follow."""
    first = next(each for each in thresholds if each.id == threshold.id)
    return "threshold", threshold.id, "" if first.of == threshold.of else threshold.of


def key_of_small(small: SmallText) -> Key:
    """By this a translation finds a note, an anchor and the like."""
    return small.kind, small.number, small.of


def fingerprint_of(text: str) -> str:
    """SHA-256 of a text; the same text in other signs for the same letters has the same one."""
    plain = unicodedata.normalize("NFC", " ".join(text.split()))
    return hashlib.sha256(plain.encode()).hexdigest()


def is_stale(source: SourceText, locked: Mapping[str, Locked]) -> bool:
    """Whether the text is another one now than when it was translated; what nobody noted is not."""
    known = locked.get(source.name)
    return known is not None and known.sha256 != fingerprint_of(source.text)


def is_draft(translation: Translation) -> bool:
    """Whether nobody stands for the texts yet: no translator is named, or the name begins with `Draft`."""
    return is_draft_name(translation.translated_by)


def is_draft_name(translated_by: str) -> bool:
    """Whether such a signature, or none, leaves the texts a draft."""
    return not translated_by or translated_by.casefold().startswith("draft")


def losses(model: "Standing", source: SourceText, texts: Mapping[Key, str]) -> Iterator[Loss]:
    """What the translation of one text lost, given all texts of that language."""
    translated = texts[source.key]
    for number, missing in _fewer(_numbers(source.text), _numbers(translated)):
        yield Loss("number", number if missing == 1 else f"{number} ({missing} times)")
    for placeholder, _ in _fewer(_placeholders(source.text), _placeholders(translated)):
        yield Loss("placeholder", placeholder)
    if source.kind == "answer":
        yield from _same_answer(model, source, texts)
    else:
        yield from _answer_words(model, source, texts)


# ---- the list


def _of_checklist(checklist: Checklist) -> Iterator[SourceText]:
    top = Place(checklist.file)
    yield SourceText("checklist", "", "", checklist.title, "The title of the checklist", top)
    yield from _of_head(checklist.about, top)
    yield from _of_facts(checklist.facts)
    for scale in checklist.scales:
        yield SourceText("scale", scale.id, "", _title(scale.title, scale.id), "A scale", scale.place)
        yield from _answers(scale.choices, scale.id, _title(scale.title, scale.id))
    for group in checklist.groups:
        yield SourceText(
            "group", group.id, "", group.title, "A heading", group.place, group.note, word=group.kind
        )
        for item in (checklist.item[each] for each in group.items if each in checklist.item):
            about = f"What is rated, in “{group.title}”"
            yield SourceText("item", item.id, "", item.title, about, item.place, item.note)
    yield from _of_thresholds(checklist.thresholds)
    yield from _worked_out(checklist)


def _of_programme(programme: "Programme") -> Iterator[SourceText]:
    top = Place(programme.file)
    yield SourceText("programme", "", "", programme.title, "The title of the programme", top)
    yield from _of_head(programme.about, top)
    yield from _of_facts(programme.facts)
    yield from _of_thresholds(programme.thresholds)
    rules = (
        ("stage", "A stage of a therapist's way", programme.stages),
        ("sample", "Which sessions are observed", programme.samples),
        ("drift", "A rule about change over time", programme.drifts),
        ("reliability", "A rule about how well raters agree", programme.reliabilities),
        ("dose", "A rule about how often people meet", programme.doses),
        ("summary", "A figure over several sessions", programme.figures),
    )
    for kind, about, several in rules:
        for each in several:
            yield SourceText(kind, each.id, "", each.title, about, each.place)


def _of_head(about: About, top: Place) -> Iterator[SourceText]:
    for number, text in enumerate(about.about, 1):
        yield SourceText(
            "about", "" if number == 1 else str(number), "", text, "What people should know", top
        )
    if about.therapist != About().therapist:
        said = "The word for the person who is rated"
        yield SourceText("therapist", "", "", about.therapist[0], f"{said}: one", top)
        yield SourceText("therapists", "", "", about.therapist[1], f"{said}: several", top)


def _of_facts(facts: Iterable[Fact]) -> Iterator[SourceText]:
    for fact in facts:
        yield SourceText("fact", fact.id, "", fact.title, "Asked before the items", fact.place)
        yield from _answers(fact.scale.choices, fact.id, fact.title)


def _of_thresholds(thresholds: Iterable[Threshold]) -> Iterator[SourceText]:
    several = tuple(thresholds)
    for each in several:
        title = _title(each.title, each.id)
        yield SourceText(*key_of_threshold(each, several), title, "A mark to reach", each.place)


def _with_small_texts(titles: Iterable[SourceText], small: Iterable[SmallText]) -> Iterator[SourceText]:
    """Each title with what stands below and beside it; last what belongs to things without a title."""
    left: dict[str, list[SmallText]] = {}
    for each in small:
        left.setdefault(each.of, []).append(each)
    for title in titles:
        yield title
        for each in () if title.kind == "answer" else left.pop(_called(title), ()):
            yield _small(each, title.text or each.of)
    for of, several in left.items():
        yield from (_small(each, of) for each in several)


def _called(title: SourceText) -> str:
    return f"{title.id} of {title.owner}" if title.owner else title.id


ABOUT_SMALL = {
    "note": "A note below “{title}”",
    "evidence": "What to look for in “{title}”",
    "anchor": "What {number} means for “{title}”",
    "comment": "What is asked beside the answer to “{title}”",
    "unit": "The unit of “{title}”",
}


def _small(small: SmallText, title: str) -> SourceText:
    about = ABOUT_SMALL[small.kind].format(title=title, number=small.number)
    return SourceText(*key_of_small(small), small.text, about, small.place)


def _worked_out(checklist: Checklist) -> Iterator[SourceText]:
    for score in checklist.scores:
        title = _of_family(score.title, score.name, checklist, score.group)
        yield SourceText("score", score.name, "", title, "A score", score.place)
    for result in checklist.results:
        title = _of_family(result.title, result.name, checklist, result.group)
        yield SourceText("result", result.name, "", title, "A result", result.place)
        for level in result.levels:
            about = f"A level of “{title}”" if title else "A level"
            yield SourceText("level", level.id, result.name, level.title, about, level.place)
    for gate in checklist.gates:
        title = _of_family(gate.title, gate.name, checklist, gate.group)
        yield SourceText("gate", gate.name, "", title, "Why a result is limited", gate.place)
    for flag in checklist.flags:
        yield SourceText("flag", flag.id, "", flag.title, "Something to look at", flag.place)
    for listing in checklist.lists:
        yield SourceText("list", listing.id, "", listing.title, "The heading of a list", listing.place)
    for bins in (each.bins for each in checklist.questions if each.bins is not None):
        yield SourceText("bins", bins.id, "", _title(bins.title, bins.id), "A table of points", bins.place)


def _answers(choices: Iterable[Choice], scale: str, title: str) -> Iterator[SourceText]:
    about = f"An answer to “{title}”" if title else "An answer"
    for each in choices:
        yield SourceText("answer", each.id, scale, _title(each.title, each.id), about, each.place)


def _title(title: str, id: str) -> str:
    return "" if title == id else title  # what has no title of its own shows its id, in every language


def _of_family(title: str, name: str, checklist: Checklist, group: str) -> str:
    own = title.removesuffix(f" · {checklist.group[group].title}") if group in checklist.group else title
    return _title(own, name)


# ---- what must be kept


def _numbers(text: str) -> Counter[str]:
    return Counter(map(_plain_number, _NUMBER.findall(text)))


def _plain_number(written: str) -> str:
    """The digits alone, of any script: 2.5 and ٢٫٥ and 2,5 are one number, and so are 10,000 and 10.000."""
    digits = "".join(str(unicodedata.decimal(sign)) for sign in written if sign.isdecimal())
    return digits.lstrip("0") or "0"


def _placeholders(text: str) -> Counter[str]:
    return Counter(re.sub("__+", "___", found) for found in _PLACEHOLDER.findall(text))


def _fewer(wanted: Counter[str], there: Counter[str]) -> Iterator[tuple[str, int]]:
    yield from (wanted - there).items()


def _answer_words(model: "Standing", source: SourceText, texts: Mapping[Key, str]) -> Iterator[Loss]:
    """The answers that the text names, where the translation has neither their translated nor own titles."""
    translated = _folded(texts[source.key])
    for key, title in _answer_titles(model).items():
        if _names(title).search(source.text) is None:
            continue
        called = texts.get(key, title)
        if _folded(called) not in translated and _folded(title) not in translated:
            yield Loss("answer", title, called)


def _scales(model: "Standing") -> tuple[Scale, ...]:
    of_facts = tuple(fact.scale for fact in model.facts)
    return (*model.scales, *of_facts) if isinstance(model, Checklist) else of_facts


def _answer_titles(model: "Standing") -> Mapping[Key, str]:
    titles: dict[Key, str] = {}
    named = model.scales if isinstance(model, Checklist) else _scales(model)
    for scale in named:
        for choice in scale.choices:
            if choice.title not in titles.values():
                titles["answer", choice.id, scale.id] = choice.title
    return titles


@cache
def _names(title: str) -> re.Pattern[str]:
    """An answer is named where its title stands in quotation marks, or is several words with a capital first.

    One bare word such as "done" is mostly just a word of the sentence.
    """
    quoted = rf"[{_QUOTES}]\s*(?i:{re.escape(title)})\s*[{_QUOTES}]"
    several = " " in title.strip() and title[:1].isupper()
    return re.compile(rf"{quoted}|(?<!\w){re.escape(title)}(?!\w)" if several else quoted)


def _same_answer(model: "Standing", source: SourceText, texts: Mapping[Key, str]) -> Iterator[Loss]:
    """Two answers of one scale that cannot be told apart any more."""
    own = next((each for each in _scales(model) if each.id == source.owner), None)
    for choice in own.choices if own else ():
        if choice.id == source.id:
            return
        other = texts.get(("answer", choice.id, source.owner), choice.title)
        if _folded(other) == _folded(texts[source.key]) and _folded(choice.title) != _folded(source.text):
            yield Loss("same", choice.title, source.text)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())

"""The texts of a checklist that people read, in reading order, and what a translation of one must keep."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from fidelity.model.checklist import Checklist, Translation
from fidelity.model.scale import Choice
from fidelity.place import Place

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


def source_texts(checklist: Checklist) -> tuple[SourceText, ...]:
    """Every text that can be translated, once, in the order in which people meet them."""
    found: dict[Key, SourceText] = {}
    for each in _all_texts(checklist):
        if each.text:
            found.setdefault(each.key, each)
    return tuple(found.values())


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
    return not translation.translated_by or translation.translated_by.casefold().startswith("draft")


def losses(checklist: Checklist, source: SourceText, texts: Mapping[Key, str]) -> Iterator[Loss]:
    """What the translation of one text lost, given all texts of that language."""
    translated = texts[source.key]
    for number, missing in _fewer(_numbers(source.text), _numbers(translated)):
        yield Loss("number", number if missing == 1 else f"{number} ({missing} times)")
    for placeholder, _ in _fewer(_placeholders(source.text), _placeholders(translated)):
        yield Loss("placeholder", placeholder)
    if source.kind == "answer":
        yield from _same_answer(checklist, source, texts)
    else:
        yield from _answer_words(checklist, source, texts)


# ---- the list


def _all_texts(checklist: Checklist) -> Iterator[SourceText]:
    top = Place(checklist.file)
    yield SourceText("checklist", "", "", checklist.title, "The title of the checklist", top)
    for fact in checklist.facts:
        yield SourceText("fact", fact.id, "", fact.title, "Asked before the items", fact.place)
        yield from _answers(fact.scale.choices, fact.id, fact.title)
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
    for each in checklist.thresholds:
        title = _title(each.title, each.id)
        yield SourceText("threshold", each.id, "", title, "A mark to reach", each.place)
    yield from _worked_out(checklist)


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


def _answer_words(checklist: Checklist, source: SourceText, texts: Mapping[Key, str]) -> Iterator[Loss]:
    """The answers that the text names, where the translation has neither their translated nor own titles."""
    translated = _folded(texts[source.key])
    for key, title in _answer_titles(checklist).items():
        if _names(title).search(source.text) is None:
            continue
        called = texts.get(key, title)
        if _folded(called) not in translated and _folded(title) not in translated:
            yield Loss("answer", title, called)


def _answer_titles(checklist: Checklist) -> Mapping[Key, str]:
    titles: dict[Key, str] = {}
    for scale in checklist.scales:
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


def _same_answer(checklist: Checklist, source: SourceText, texts: Mapping[Key, str]) -> Iterator[Loss]:
    """Two answers of one scale that cannot be told apart any more."""
    scales = (*checklist.scales, *(fact.scale for fact in checklist.facts))
    own = next((each for each in scales if each.id == source.owner), None)
    for choice in own.choices if own else ():
        if choice.id == source.id:
            return
        other = texts.get(("answer", choice.id, source.owner), choice.title)
        if _folded(other) == _folded(texts[source.key]) and _folded(choice.title) != _folded(source.text):
            yield Loss("same", choice.title, source.text)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())

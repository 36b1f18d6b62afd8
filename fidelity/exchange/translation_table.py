"""Checklist or programme -> the table that translators fill in, and back: what of theirs can be taken."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from fidelity.errors import Problem
from fidelity.model.checklist import Translation
from fidelity.model.wording import (
    Key,
    Lock,
    Locked,
    SourceText,
    fingerprint_of,
    is_draft,
    is_stale,
    losses,
    source_texts,
)
from fidelity.place import Place

if TYPE_CHECKING:
    from fidelity.model.wording import Standing

Status = Literal["current", "stale", "missing", "draft"]
STATUSES: tuple[Status, ...] = ("current", "stale", "missing", "draft")

LONGEST_TEXT = 900  # signs: a line of a checklist holds 4 KiB, and a sign takes up to 4 bytes
CLOSING = {'"': '"', "“": "”", "«": "»"}
# What languages are called by those who speak them; any other one is named on export.
NAMES = {
    "am": "አማርኛ", "ar": "العربية", "de": "Deutsch", "en": "English", "es": "Español", "fa": "فارسی",
    "fr": "Français", "gu": "ગુજરાતી", "he": "עברית", "hi": "हिन्दी", "lg": "Luganda", "ne": "नेपाली",
    "ny": "Chichewa", "pt": "Português", "rw": "Ikinyarwanda", "so": "Soomaali", "sw": "Kiswahili",
    "ti": "ትግርኛ", "uk": "Українська", "ur": "اردو",
}  # fmt: skip
_MARKED_UP = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")


class Row(NamedTuple):
    """One text to translate, with what is there of it; `was` is the text it was translated from, if stale."""

    source: SourceText
    translation: str
    status: Status
    was: str = ""


class Table(NamedTuple):
    """All texts of a checklist in reading order, for one language."""

    checklist: str
    version: str
    title: str
    source_language: str
    language: str
    name: str
    rows: tuple[Row, ...]


class Returned(NamedTuple):
    """One text as a translator gave it back: for which text, and whether it is said to be right."""

    name: str
    source: str
    text: str
    confirmed: bool
    place: Place
    cell: str = ""

    @property
    def where(self) -> str:
        """How a message speaks of it."""
        return f"Cell {self.cell}, {self.name}" if self.cell else self.name[:1].upper() + self.name[1:]


class Translations(NamedTuple):
    """A file of translations as it came back."""

    file: str
    checklist: str
    language: str
    name: str
    returned: tuple[Returned, ...]


class Taken(NamedTuple):
    """What a file brings: all texts of the language, those that are new, and what they translate.

    `unread` are texts of a draft that came back as they were, without a word that they are right.
    """

    texts: Mapping[Key, str]
    changed: tuple[Key, ...]
    locked: Mapping[str, Locked]
    unread: tuple[Key, ...] = ()


def translation_table(checklist: "Standing", language: str, lock: Lock, name: str = "") -> Table:
    """Every text of the checklist or programme with its present translation and the state that one is in."""
    present = translation_in(checklist, language)
    locked = lock.get(language, {})
    rows = tuple(_row(each, checklist, language, locked) for each in source_texts(checklist))
    about = checklist.about
    called = name or (present.title if present else "") or NAMES.get(language, language)
    return Table(checklist.id, about.version, checklist.title, about.language, language, called, rows)


def translation_in(checklist: "Standing", language: str) -> Translation | None:
    """What the file has in a language."""
    return next((each for each in checklist.translations if each.language == language), None)


def taken(
    checklist: "Standing", given: Translations, lock: Lock, *, reviewed: bool = False
) -> tuple[Taken, tuple[Problem, ...]]:
    """What can be taken of a file, and what is wrong with the rest; `reviewed`: every line of it was read."""
    if given.checklist != checklist.id:
        facts = {"texts_of": given.checklist, "wanted": checklist.id}
        return Taken({}, (), {}), (Problem("RB508", Place(given.file), facts),)
    present = translation_in(checklist, given.language)
    before = present.texts if present else {}
    sources = {each.name: each for each in source_texts(checklist)}
    rows = {each.name: each for each in given.returned if each.text}
    wrong = dict(_wrong(given, sources, before))
    after = {
        **before,
        **{sources[name].key: plain(each.text) for name, each in rows.items() if name not in wrong},
    }
    for name, each in rows.items():
        if name not in wrong and after[sources[name].key] != before.get(sources[name].key):
            lost = tuple(_lost(checklist, each, sources[name], after))
            if lost:
                wrong[name] = lost
    kept = {name: each for name, each in rows.items() if name not in wrong}
    texts = {**before, **{sources[name].key: plain(each.text) for name, each in kept.items()}}
    changed = tuple(each.key for each in sources.values() if texts.get(each.key) != before.get(each.key))
    problems = tuple(problem for found in wrong.values() for problem in found)
    locked = _locked(kept, sources, set(changed), lock.get(given.language, {}))
    read = {*changed, *(each.key for each in _read(kept, sources, reviewed=reviewed))}
    unread = tuple(
        each.key
        for each in (sources.values() if present is not None and is_draft(present) else ())
        if each.key in before and each.key not in read and is_draft_text(checklist, given.language, each.key)
    )
    in_order = {name: locked[name] for name in sources if name in locked}
    return Taken(texts, changed, in_order, unread), problems


def plain(text: str) -> str:
    """A translation as the checklist holds it: without blanks at its ends, and with composed letters."""
    return unicodedata.normalize("NFC", text.strip())


def quoted(text: str) -> str | None:
    """The text between marks that it does not hold itself; nothing where it holds them all."""
    opening = next((each for each in CLOSING if not {each, CLOSING[each]} & set(text)), None)
    return None if opening is None else opening + text + CLOSING[opening]


def is_draft_text(checklist: "Standing", language: str, key: Key) -> bool:
    """Whether nobody stands for one text: what an adaptation has from its base is signed there or nowhere."""
    present = translation_in(checklist, language)
    if present is None:
        return True
    place = present.places.get(key, present.place)
    if checklist.origin is not None and place.file != checklist.file:
        return is_draft_text(checklist.origin.base, language, key)
    return is_draft(present)


def _row(source: SourceText, checklist: "Standing", language: str, locked: Mapping[str, Locked]) -> Row:
    present = translation_in(checklist, language)
    text = present.texts.get(source.key, "") if present else ""
    if not text:
        return Row(source, "", "missing")
    if is_stale(source, locked):
        return Row(source, text, "stale", locked[source.name].text)
    return Row(source, text, "draft" if is_draft_text(checklist, language, source.key) else "current")


def _read(
    kept: Mapping[str, Returned], sources: Mapping[str, SourceText], *, reviewed: bool
) -> Iterator[SourceText]:
    """The texts that somebody read and left as they are.

    A message of a .po file that is not marked as unfinished says nothing: drafts go out without the mark.
    """
    for name, each in kept.items():
        said = reviewed or (each.confirmed and bool(each.cell))
        if said and fingerprint_of(each.source) == fingerprint_of(sources[name].text):
            yield sources[name]


def _locked(
    kept: Mapping[str, Returned],
    sources: Mapping[str, SourceText],
    changed: set[Key],
    before: Mapping[str, Locked],
) -> dict[str, Locked]:
    """A text counts as translated anew when it changed, was called right, or was not stale anyway."""
    locked = {name: each for name, each in before.items() if name in sources}
    for name, each in kept.items():
        source = sources[name]
        if fingerprint_of(each.source) != fingerprint_of(source.text):
            continue
        if each.confirmed or source.key in changed or not is_stale(source, before):
            locked[name] = Locked(fingerprint_of(source.text), source.text)
    return locked


# ---- what is wrong with a text that came back


def _wrong(
    given: Translations, sources: Mapping[str, SourceText], before: Mapping[Key, str]
) -> Iterator[tuple[str, tuple[Problem, ...]]]:
    first: dict[str, Returned] = {}
    for each in given.returned:
        if not each.text:
            continue
        other = first.setdefault(each.name, each)
        if plain(other.text) != plain(each.text):
            facts = {"where": each.where, "text_twice": "text_twice"}
            yield each.name, (Problem("RB507", each.place, facts),)
            continue
        problem = _misfit(each, sources.get(each.name), before)
        if problem is not None:
            yield each.name, (problem,)


def _misfit(each: Returned, source: SourceText | None, before: Mapping[Key, str]) -> Problem | None:
    if source is None:
        return Problem("RB101", each.place, {"where": each.where})
    text = plain(each.text)
    control = _MARKED_UP.search(text)
    if control is not None:
        found = "a line break" if control[0] in "\n\r\x0b\x0c\x85\u2028\u2029" else "a sign that is no letter"
        return Problem("RB004", each.place, {"where": each.where, "break_or_control": found})
    if len(text) > LONGEST_TEXT:
        facts = {"where": each.where, "text_signs": len(text), "most": LONGEST_TEXT}
        return Problem("RB005", each.place, facts)
    if quoted(text) is None:
        return Problem("RB004", each.place, {"where": each.where, "all_quotes": "all_quotes"})
    if fingerprint_of(each.source) != fingerprint_of(source.text):
        facts = {"where": each.where, "before": " ".join(each.source.split()), "now": source.text}
        untouched = before.get(source.key) == text and not (each.confirmed and each.cell)
        return None if untouched else Problem("RB310", each.place, facts, graded="error")
    return None


def _lost(
    checklist: "Standing", each: Returned, source: SourceText, texts: Mapping[Key, str]
) -> Iterator[Problem]:
    for loss in losses(checklist, source, texts):
        facts = {"where": each.where, loss.kind: loss.what, "called": loss.called}
        yield Problem("RB311", each.place, facts, graded="error")

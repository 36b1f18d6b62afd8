"""The program's own English sentences -> the same in another language, as far as its catalogue has them.

A catalogue is `reports/languages/<code>.po`. A sentence marked `fuzzy` is a draft: it is shown, and counted
as not reviewed. One that also keeps what its English said before (`#| msgid`) is older and is not shown.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, NamedTuple

from fidelity import content

ENGLISH = "en"
# Not for a catalogue: which glyph, colour and paper, when a next step fits; dates, which Babel writes;
# `series`, which a command tells, and commands speak English; `pack`, the tables and data for papers.
_NOT_SAID = re.compile(
    r"language|.+\.(glyph|look|paper)|next_step\.\d+\.(trend|standard)\.\d+|date\.(?!period).+|series\..+|pack\..+"
)
_FACT = re.compile(r"\{[^{}]*\}")


FORM = "form/"  # before the places of the scoring form's words


class State(NamedTuple):
    """How far a catalogue is: of so many sentences these are there, and of those these are reviewed."""

    sentences: int
    translated: int
    reviewed: int

    @property
    def missing(self) -> int:
        """How many still stand in English."""
        return self.sentences - self.translated


class Catalogue(NamedTuple):
    """What is there of a language: its names, its sentences by place and English, which are drafts."""

    language: str
    name: str
    english_name: str
    texts: Mapping[tuple[str, str], str]
    places: tuple[str, ...]
    drafts: frozenset[str]

    def state(self, of: Literal["report", "form"]) -> State:
        """How far the words of the reports are, or those of the scoring form."""
        wanted = [place for place in self.places if place.startswith(FORM) == (of == "form")]
        there = {place for place, _ in self.texts}
        shown = [place for place in wanted if place in there]
        return State(len(wanted), len(shown), sum(place not in self.drafts for place in shown))

    def say(self, where: str, english: str) -> str:
        """The sentence of that place, or the English one."""
        return self.texts.get((where, english), english)


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a catalogue, and English, which needs none."""
    found = (each.name for each in content.folder("reports").joinpath("languages").iterdir())
    return (ENGLISH, *sorted(name.removesuffix(".po") for name in found if name.endswith(".po")))


def spoken_language(language: str) -> str:
    """The language of the program's own words where this one is asked for: it, or English."""
    root = language.split("-", maxsplit=1)[0]
    return root if root in languages() else ENGLISH


@cache
def catalogue(language: str) -> Catalogue | None:
    """The catalogue of a language or of its root (`pt` of `pt-BR`); none where the words are English."""
    known = spoken_language(language)
    return None if known == ENGLISH else _read(known)


def say(language: str, where: str, english: str) -> str:
    """One sentence in a language."""
    found = catalogue(language)
    return found.say(where, english) if found else english


def sentences(tree: Any, where: str) -> Iterator[tuple[str, str]]:
    """Each text of a file that people read, by its dotted place; `where` is what stands before all places."""
    for place, text in _leaves(tree, ""):
        if not _NOT_SAID.fullmatch(place) and _has_words(text):
            yield where + place, text


def in_language(tree: Any, where: str, language: str) -> Any:
    """The file with every text that people read in the language, as far as it is there."""
    found = catalogue(language)
    return _said(tree, where, "", found) if found else tree


def _has_words(text: str) -> bool:
    """Whether there is something to translate: words, or the signs between the parts of a list."""
    rest = _FACT.sub("", text)
    return bool(text) and (rest == text or any(sign.isalpha() for sign in rest))


def _leaves(tree: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(tree, str):
        yield place, tree
    elif isinstance(tree, Mapping | list):
        for name, branch in tree.items() if isinstance(tree, Mapping) else enumerate(tree):
            yield from _leaves(branch, f"{place}.{name}" if place else str(name))


def _said(tree: Any, where: str, place: str, found: Catalogue) -> Any:
    def below(name: object, branch: Any) -> Any:
        return _said(branch, where, f"{place}.{name}" if place else str(name), found)

    match tree:
        case str():
            return tree if _NOT_SAID.fullmatch(place) else found.say(where + place, tree)
        case Mapping():
            return {name: below(name, branch) for name, branch in tree.items()}
        case list():
            return [below(number, branch) for number, branch in enumerate(tree)]
        case _:
            return tree


def _read(language: str) -> Catalogue:
    # Only a report in another language pays for this.
    from babel import Locale  # noqa: PLC0415 - see above
    from babel.messages.pofile import read_po  # noqa: PLC0415

    lines = content.text("reports", f"languages/{language}.po").splitlines(keepends=True)
    messages = [each for each in read_po(lines, locale=language) if each.id]
    shown = [each for each in messages if each.string and not is_older(each)]
    locale = Locale.parse(language)
    return Catalogue(
        language,
        locale.get_display_name() or language,
        locale.get_display_name(ENGLISH) or language,
        {(str(each.context or ""), str(each.id)): str(each.string) for each in shown},
        tuple(str(each.context or "") for each in messages),
        frozenset(str(each.context or "") for each in shown if each.fuzzy),
    )


def is_older(message: Any) -> bool:
    """Whether a message keeps what its English said before: then its translation is not of this English."""
    return any(each.startswith("| msgid") for each in message.user_comments)

"""Renews the catalogues of `reports/languages` after the English changed: `python tests/catalogues.py`.

What is translated stays. A sentence whose English changed keeps its translation, marked as older (`fuzzy`,
with the English of before), and is shown in English until somebody looks; one that is said in a new place
takes the translation that it has elsewhere, as a draft.
"""

import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple

from babel.messages.pofile import read_po, unescape

from fidelity import content
from fidelity.catalogue import is_older, sentences
from fidelity.model.form import own_texts

FOLDER = Path(__file__).parents[1] / "reports" / "languages"
LANGUAGES = ("ar", "de", "es", "fa", "fr", "gu", "he", "lg", "sw", "th", "tr", "ur")
PERSON = {"therapist", "therapists", "Therapist", "Therapists"}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


class Message(NamedTuple):
    """A sentence of a catalogue: its place, its English, its translation, its state."""

    where: str
    english: str
    text: str = ""
    draft: bool = False
    before: str = ""


def english() -> dict[str, str]:
    """Every sentence of ours by its place, in the order of the files."""
    words = tomllib.loads(content.text("reports", "words.toml"))
    sheets = tomllib.loads(content.text("reports", "workbook/sheets.toml"))
    return {
        **dict(sentences(words, "")),
        **dict(sentences(sheets, "sheets/")),
        **dict(own_texts()),
    }


def messages_of(text: str) -> list[Message]:
    """The messages of a catalogue, as Babel reads them."""
    read = read_po(text.splitlines(keepends=True))
    return [_message(each) for each in read if each.id]


def _message(each: Any) -> Message:
    older = is_older(each)
    before = "".join(unescape(part[part.index('"') :]) for part in each.user_comments) if older else ""
    draft = "fuzzy" in each.flags and not older
    return Message(str(each.context or ""), str(each.id), str(each.string), draft, before)


def renewed(sources: Mapping[str, str], there: Sequence[Message]) -> list[Message]:
    """The messages for today's English, with every translation that still serves."""
    of_place = {each.where: each for each in there if each.text}
    of_english = {each.english: each for each in there if each.text and not each.before}
    return [_renewed(where, text, of_place, of_english) for where, text in sources.items()]


def _renewed(
    where: str, text: str, of_place: Mapping[str, Message], of_english: Mapping[str, Message]
) -> Message:
    same = of_place.get(where)
    if same is not None and same.english == text:
        return same
    elsewhere = of_english.get(text)
    if elsewhere is not None:
        return Message(where, text, elsewhere.text, draft=True)
    if same is not None:
        return Message(where, text, same.text, before=same.before or same.english)
    return Message(where, text)


def written(language: str, messages: Sequence[Message]) -> str:
    """The file; the same text each time."""
    head = {
        "Project-Id-Version": "fidelity",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    lines = ['msgid ""', 'msgstr ""', *(_quoted(f"{key}: {value}\n") for key, value in head.items()), ""]
    return "\n".join([*lines, *("\n".join(_lines(each)) for each in messages)])


def _lines(each: Message) -> list[str]:
    flags = ["#, fuzzy"] if each.text and (each.draft or each.before) else []
    flags += [f"#| msgid {_quoted(each.before)}"] if each.before else []
    said = [
        f"msgctxt {_quoted(each.where)}",
        f"msgid {_quoted(each.english)}",
        f"msgstr {_quoted(each.text)}",
    ]
    return [*flags, *said, ""]


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(sign, sign) for sign in text) + '"'


def facts_in(text: str) -> set[tuple[str, str]]:
    """The facts in braces; how the person is called may be said without a fact or in another form."""
    parts = Formatter().parse(text)
    return {(name, form or "") for _, name, form, _ in parts if name is not None and name not in PERSON}


def renew(folder: Path) -> None:
    """Writes every catalogue anew."""
    folder.mkdir(exist_ok=True)
    sources = english()
    for language in LANGUAGES:
        file = folder / f"{language}.po"
        there = messages_of(file.read_text(encoding="utf-8")) if file.exists() else []
        messages = renewed(sources, there)
        file.write_text(written(language, messages), encoding="utf-8")
        drafts = sum(each.draft for each in messages)
        shown = sum(bool(each.text and not each.before) for each in messages)
        older = sum(bool(each.before) for each in messages)
        sys.stdout.write(
            f"{language}: {shown} of {len(messages)} translated, {drafts} of them drafts, {older} older\n"
        )


if __name__ == "__main__":
    renew(FOLDER)

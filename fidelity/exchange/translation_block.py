"""A checklist's source and new translations -> the source with them in it, every other line as it was."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from fidelity.exchange.translation_table import quoted
from fidelity.model.checklist import Translation
from fidelity.model.wording import Key, SourceText, is_draft
from fidelity.place import Place

INDENT = "  "


class Signed(NamedTuple):
    """Who translated, and when."""

    by: str
    on: date


class _Edit(NamedTuple):
    """A new line below a line, or other words in a place; `rank` keeps new lines of one place in order."""

    line: int
    rank: int
    place: Place | None
    text: str


def with_new_block(
    source: str, code: str, name: str, texts: Mapping[SourceText, str], signed: Signed | None
) -> str:
    """The source with a block of its own for the language at its end; unsigned where nobody is named."""
    head = f"translation {code} {_in_quotes(name)}"
    by = [INDENT + _signature(signed)] if signed else []
    lines = [head, *by, *(_text_line(each, text) for each, text in texts.items())]
    end = _line_end(source)
    gap = "" if source.endswith("\n") else end
    return source + gap + end + "".join(line + end for line in lines)


def with_changed_block(
    source: str,
    present: Translation,
    texts: Mapping[SourceText, str],
    changed: Collection[Key],
    signed: Signed | None,
) -> str:
    """The source with the changed texts in the block of their language, which keeps its remarks and steps.

    Where nobody is named, the block loses its signature: who signed it does not stand for the new texts.
    """
    end = _line_end(source)
    lines = re.findall(r"[^\n]*\n|[^\n]+$", source)  # as places count them: only this sign ends a line
    if not lines[-1].endswith("\n"):
        lines[-1] += end
    edits = [*_signature_edit(present, signed), *_text_edits(present, texts, changed)]
    # From below upwards, so that the places above stay true.
    for edit in sorted(edits, key=lambda each: (each.line, each.rank), reverse=True):
        if edit.place is None:
            lines.insert(edit.line, INDENT + edit.text + end)
        else:
            _replace(lines, edit.place, edit.text)
    return "".join(lines)


def _signature_edit(present: Translation, signed: Signed | None) -> Iterator[_Edit]:
    line = present.by_place.line if present.on else present.by_place.end_line
    if signed is not None:
        yield _Edit(line, 0, present.by_place if present.on else None, _signature(signed))
    elif present.on and not is_draft(present):
        yield _Edit(line, 0, present.by_place, "")


def _text_edits(
    present: Translation, texts: Mapping[SourceText, str], changed: Collection[Key]
) -> Iterator[_Edit]:
    # The block of an adaptation also has the texts of its base, which stand in another file.
    own = {key: each for key, each in present.places.items() if each.file == present.place.file}
    first = min((each.line for each in own.values()), default=present.place.end_line + 1)
    below = max(present.by_place.end_line, first - 1)
    for rank, (source, text) in enumerate(texts.items(), 1):
        place = own.get(source.key)
        below = place.end_line if place else below
        if source.key in changed:
            written = _in_quotes(text) if place else _text_line(source, text).strip()
            yield _Edit(place.line if place else below, 0 if place else rank, place, written)


def _replace(lines: list[str], place: Place, text: str) -> None:
    # Columns count composed signs, as the grammar reads them.
    before = unicodedata.normalize("NFC", lines[place.line - 1])[: place.column - 1]
    behind = unicodedata.normalize("NFC", lines[place.end_line - 1])[place.end_column - 1 :]
    after = before + text + behind
    lines[place.line - 1 : place.end_line] = [after] if after.strip() else []


def _signature(signed: Signed) -> str:
    return f"translated by {_in_quotes(signed.by)} on {signed.on.isoformat()}"


def _text_line(source: SourceText, text: str) -> str:
    return f"{INDENT}text {source.name} {_in_quotes(text)}"


def _in_quotes(text: str) -> str:
    written = quoted(text)
    if written is None:
        raise ValueError(f"no quotation marks are left for {text!r}")
    return written


def _line_end(source: str) -> str:
    return "\r\n" if "\r\n" in source else "\n"

"""A table of texts <-> a file of the gettext family (.po), as translators' tools read and write it."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from fidelity.errors import Problem, ProblemsFound
from fidelity.exchange.translation_table import Returned, Row, Table, Translations
from fidelity.place import Place

LARGEST = 8_000_000  # bytes
_LINE = re.compile(r'(?:(msgctxt|msgid|msgstr)[ \t]+)?("(?:[^"\\]|\\.)*")[ \t]*')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "v": "\v", "f": "\f", "a": "\a", "b": "\b", '"': '"', "\\": "\\"}
_ESCAPES = {sign: "\\" + letter for letter, sign in _SIGNS.items()}


class Entry(NamedTuple):
    """One message of the file, the line of its translation, and whether it is marked as not finished."""

    context: str
    source: str
    text: str
    fuzzy: bool
    line: int


def po_of(table: Table) -> bytes:
    """The file; the same bytes each time."""
    blocks = [_header(table), *map(_written, table.rows)]
    return "\n".join(blocks).encode()


def translations_in_po(data: bytes, file: str) -> Translations:
    """What a translator wrote; raises ProblemsFound with every line that cannot be read."""
    entries = entries_in(_decoded(data, file), file)
    header = next((each for each in entries if not each.source and not each.context), None)
    lines = header.text.splitlines() if header else []
    head = {key.strip(): value.strip() for key, _, value in (each.partition(":") for each in lines)}
    if not {"X-Fidelity-Checklist", "Language"} <= head.keys():
        raise ProblemsFound([Problem("RB507", Place(file), {"no_translations": "no_translations"})])
    language = head["Language"].replace("_", "-")
    returned = tuple(_returned(each, file) for each in entries if each is not header)
    name = head.get("X-Language-Name") or language
    return Translations(file, head["X-Fidelity-Checklist"], language, name, returned)


# ---- writing


def _header(table: Table) -> str:
    head = {
        "Project-Id-Version": f"{table.checklist} {table.version}".strip(),
        "Language": table.language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "X-Fidelity-Checklist": table.checklist,
        "X-Language-Name": table.name,
    }
    lines = [_quoted(f"{key}: {value}\n") for key, value in head.items()]
    return "\n".join(['msgid ""', 'msgstr ""', *lines, ""])


def _written(row: Row) -> str:
    source = row.source
    notes = [source.about, source.note, "Draft, not reviewed." if row.status == "draft" else ""]
    lines = [f"#. {_one_line(each)}" for each in notes if each]
    if row.status == "stale":
        lines.append("#, fuzzy")
        lines += [f"#| msgid {_quoted(row.was)}"] if row.was else []
    lines += [
        f"msgctxt {_quoted(source.name)}",
        f"msgid {_quoted(source.text)}",
        f"msgstr {_quoted(row.translation)}",
    ]
    return "\n".join([*lines, ""])


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(sign, sign) for sign in text) + '"'


def _one_line(text: str) -> str:
    return " ".join(text.split())


# ---- reading


def entries_in(text: str, file: str) -> tuple[Entry, ...]:
    """The messages in their order; raises ProblemsFound with every line that is none."""
    read = _Messages(file)
    # Only these end a line: a translation may hold other signs that Python takes for line ends.
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        read.take(number, line)
    read.close()
    if read.problems:
        raise ProblemsFound(read.problems)
    return tuple(read.entries)


@dataclass(slots=True)
class _Messages:
    """Messages as they are read line by line: those that are whole, and the parts of the one that is open."""

    file: str
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    parts: dict[str, list[str]] = field(default_factory=dict)
    part: str = ""
    line: int = 0
    fuzzy: bool = False

    def take(self, number: int, line: str) -> None:
        """One more line."""
        stripped = line.strip(" \t")
        if not stripped or stripped.startswith("#"):
            self._remark(stripped)
            return
        found = _LINE.fullmatch(stripped)
        if found is None or not (found[1] or self.part) or not _readable(found[2]):
            place = Place(self.file, number, 1, number, len(line) + 1)
            self.problems.append(Problem("RB507", place, {"odd_line": "odd_line"}))
            return
        if found[1]:
            self._begin(found[1], number)
        self.parts.setdefault(self.part, []).append(_unquoted(found[2]))

    def close(self) -> None:
        """The message that is open is whole."""
        if "msgstr" in self.parts:
            texts = {key: "".join(found) for key, found in self.parts.items()}
            source, context = texts.get("msgid", ""), texts.get("msgctxt", "")
            self.entries.append(Entry(context, source, texts["msgstr"], self.fuzzy, self.line))
            self.fuzzy = False
        self.parts.clear()
        self.part = ""

    def _remark(self, said: str) -> None:
        """A mark stands directly above its message: past a blank line it was that of one taken out."""
        if "msgstr" in self.parts:
            self.close()
        self.fuzzy = bool(said) and (self.fuzzy or (said.startswith("#,") and "fuzzy" in said))

    def _begin(self, part: str, number: int) -> None:
        if part in self.parts or (part != "msgstr" and "msgstr" in self.parts):
            self.close()
        self.part = part
        if part == "msgstr":
            self.line = number


def _readable(quoted: str) -> bool:
    return all(found in _SIGNS for found in _ESCAPED.findall(quoted[1:-1]))


def _unquoted(quoted: str) -> str:
    return _ESCAPED.sub(lambda found: _SIGNS[found[1]], quoted[1:-1])


def _returned(entry: Entry, file: str) -> Returned:
    """A message marked as not finished brings nothing; one without the mark says that it is right."""
    place = Place(file, entry.line, 1, entry.line, 1 + len("msgstr"))
    text = "" if entry.fuzzy else entry.text.strip()
    return Returned(" ".join(entry.context.split()), entry.source, text, not entry.fuzzy, place)


def _decoded(data: bytes, file: str) -> str:
    if len(data) > LARGEST:
        facts = {"large": "large", "size": f"{LARGEST // 1_000_000} MB"}
        raise ProblemsFound([Problem("RB507", Place(file), facts)])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        place = Place(file, line, 1, line, 2)
        raise ProblemsFound([Problem("RB507", place, {"not_utf8": "not_utf8", "line": line})]) from None

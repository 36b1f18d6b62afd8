"""Source text to tree: the grammar, lark, and the mapping from each rule to the node of its name."""

import hashlib
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import lark

from fidelity import content
from fidelity.errors import ProblemsFound
from fidelity.kept import private_folder
from fidelity.language import changes, protocol, tree
from fidelity.language.limits import limits_passed
from fidelity.place import Place

Source = tree.Checklist | changes.Adaptation | protocol.Programme


def parse(text: str, file: str) -> Source:
    """The tree of a source; raises ProblemsFound with everything that could not be read."""
    passed = limits_passed(text, file)
    if passed:
        raise ProblemsFound(passed)
    source = normal(text)
    try:
        parsed = grammar(_start(source)).parse(source)
    except lark.exceptions.UnexpectedInput as unexpected:
        # Only a damaged file needs what it takes to explain damage.
        from fidelity.language.mistakes import problems_in  # noqa: PLC0415

        raise ProblemsFound(problems_in(source, file, grammar())) from unexpected
    source_tree: Source = planted(parsed, file)
    return source_tree


def normal(text: str) -> str:
    """The text as the grammar wants it: no byte order mark, composed signs, a line break at the end."""
    return unicodedata.normalize("NFC", text.removeprefix("\ufeff")) + "\n"


def _start(source: str) -> str:
    """The rule for the kind of file that this seems to be; the whole language where that is not clear."""
    kind = _KIND_OF_FILE.match(source)
    return f"{kind[1]}_file" if kind else "start"


_KIND_OF_FILE = re.compile(
    r"(?:\s|#.*\n|rubric[ \t]+\d+[ \t]*(?=[#\n]))*(checklist|adaptation|programme)[ \t]"
)


@cache
def grammar(start: str = "start") -> lark.Lark:
    """The parser of a kind of file; its tables are kept in the user's cache folder, where there is one."""
    source = content.text("rules", "rubric.lark")
    options: dict[str, Any] = {
        "start": start,
        "parser": "lalr",
        "lexer": "contextual",
        "propagate_positions": True,
        "maybe_placeholders": True,
    }
    kept = _cache_file(f"{start} {source}")
    if kept is not None:
        options["cache"] = str(kept)
    return lark.Lark(source, **options)


def _cache_file(source: str) -> Path | None:
    # lark reads its cache with pickle, so it must lie where only this user can write.
    folder = private_folder()
    version = f"{lark.__version__} {sys.version} {source}"
    return folder and folder / f"grammar-{hashlib.sha256(version.encode()).hexdigest()[:16]}.lark"


def fingerprint(text: str) -> str:
    """SHA-256 over the words of the source, so that layout and comments do not count."""
    words: list[str] = []
    for word in _WORD.finditer(normal(text)):
        kind = word.lastgroup
        if kind == "text":
            words.append(f'"{word[0][1:-1]}"')
        elif kind != "remark":
            words.append("\n" if kind == "end" else word[0])
    first = 1 if words[:1] == ["\n"] else 0  # what stands above the first word is layout
    return "sha256:" + hashlib.sha256("\x1f".join(words[first:]).encode()).hexdigest()


_JOINING = (
    "and or because is are caps when tagged applies weight needing rounded counting planned unplanned under "
    r"only with coded binned on as needs[ \t]a[ \t]comment"
).replace(" ", "|")
_BREAK = r"(?:[ \t]*(?:#[^\r\n]*)?\r?\n)+[ \t]*"
_WORD = re.compile(
    rf"""(?P<remark>{_BREAK}(?=["“«]|(?:{_JOINING})\b)|\#[^\r\n]*)|(?P<end>{_BREAK})"""
    r"""|(?P<text>"[^"\r\n]*"|“[^”\r\n]*”|«[^»\r\n]*»)|(?P<word>\d+(?:[./-]\d+)*%?|\w+|[^\s\w])"""
)


class Written(NamedTuple):
    """A word or sign as it stands in a source; of kind `REMARK` for a remark, `_NL` for a statement's end."""

    kind: str
    text: str
    start: int


def words_of(source: str) -> Iterator[Written]:
    """The words of a normal source that can be read, and the remarks between them, in their order."""
    end = 0
    for token in grammar().lex(source):
        start = token.start_pos or 0
        yield from _remarks(source, end, start)
        end = token.end_pos or start
        if token.type == "_NL":
            yield Written("_NL", "", start)
            yield from _remarks(source, start, end)
        else:
            yield Written(token.type, str(token), start)
    yield from _remarks(source, end, len(source))


def _remarks(source: str, start: int, end: int) -> Iterator[Written]:
    # Between two words stand only blanks, line breaks and remarks.
    for remark in re.compile(r"#[^\r\n]*").finditer(source, start, end):
        yield Written("REMARK", remark[0].rstrip(), remark.start())


# Which node a rule makes: the class of its name; the rules that only hand on tuples have none.
NODES = {
    "".join(("_" if sign.isupper() and at else "") + sign.lower() for at, sign in enumerate(name)): kind
    for module in (tree, protocol, changes)
    for name, kind in vars(module).items()
    if isinstance(kind, type) and issubclass(kind, tree.Node)
}


def planted(grown: Any, file: str) -> Any:
    """The tree of lark as ours, from the leaves up: a rule with a node makes it, every other one a tuple."""
    if grown is None:
        return None
    if isinstance(grown, lark.Token):
        return _leaf(grown, file)
    children = [planted(child, file) for child in grown.children]
    rule = str(grown.data)
    if rule in _HANDED_ON:
        return _HANDED_ON[rule](children)
    kind = NODES.get(rule)
    return kind(*children, place=_span(grown.meta, children, file)) if kind else tuple(children)


def _leaf(token: lark.Token, file: str) -> Any:
    place = Place(file, token.line or 1, token.column or 1, token.end_line or 1, token.end_column or 1)
    match token.type:
        case "STRING":
            return tree.Text(token[1:-1], place=place)
        case "NUMBER" | "PERCENT" | "FRACTION":
            return tree.Number(str(token), _value(token), place=place)
        case "DATE":
            return tree.Day(str(token), place=place)
        case _:
            return tree.Word(str(token), place=place)


def _text(parts: list[tree.Text]) -> tree.Text:
    joined = " ".join(part.content for part in parts)
    return tree.Text(joined, place=parts[0].place.to(parts[-1].place))


def _code_name(parts: list[tree.Word | tree.Number]) -> tree.Word:
    only = parts[0]
    return tree.Word(only.written, place=only.place) if isinstance(only, tree.Number) else only


def _last(parts: list[Any]) -> Any:
    return parts[-1]


# Rules that make no node of their own: texts on neighbouring lines are one, an id may be a number, and the
# line that names the language's version says nothing about the file.
_HANDED_ON: Mapping[str, Callable[[list[Any]], Any]] = {
    "text": _text,
    "code_name": _code_name,
    **dict.fromkeys(
        ("number", "state", "start", "checklist_file", "adaptation_file", "programme_file"), _last
    ),
}


def _span(meta: Any, children: list[Any], file: str) -> Place:
    if meta.empty:
        return Place(file)
    span = Place(file, meta.line, meta.column, meta.end_line, meta.end_column)
    if meta.end_line == meta.line:
        return span
    last = max(_ends(children), key=lambda each: (each.end_line, each.end_column), default=span)
    # The line break that closes a statement belongs to it in the grammar, but not in its excerpt.
    return span.to(last) if span.end_line > last.end_line else span


def _value(token: lark.Token) -> Fraction | None:
    try:
        return Fraction(str(token).rstrip("%"))
    except ZeroDivisionError:
        return None


def _ends(children: Iterable[Any]) -> Iterator[Place]:
    for child in children:
        if isinstance(child, tuple):
            yield from _ends(child)
        elif isinstance(child, tree.Node):
            yield child.place

"""Source text to tree: the grammar, lark, and the mapping from each rule to the node of its name."""

import copyreg
import hashlib
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from fractions import Fraction
from functools import cache, cached_property, partial
from operator import attrgetter
from typing import Any, NamedTuple

import lark

from fidelity import content
from fidelity.errors import ProblemsFound
from fidelity.kept import lasting
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
    parser = grammar(_start(source))
    reading: Any = parser.parse_interactive(source)
    # Our tree grows while lark reads: to let lark grow one first would take as long again as the reading.
    reading.parser_state.parse_conf.callbacks = planting(parser, file)
    try:
        planted: Source = reading.resume_parse()
    except lark.exceptions.UnexpectedInput as unexpected:
        # Only a damaged file needs what it takes to explain damage.
        from fidelity.language.mistakes import problems_in  # noqa: PLC0415

        raise ProblemsFound(problems_in(source, file, grammar())) from unexpected
    return planted


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
    version = f"{lark.__version__} {sys.version} {start} {source}"
    return with_lexer(lasting("grammar", version, lambda: without_lexer(source, start)))


class Parser(lark.Lark):
    """A parser that makes nothing of what it reads: what is made, `planting` says."""

    def _prepare_callbacks(self) -> None:
        self._callbacks: dict[Any, Any] = {}


# The parser knows its two kinds of steps by identity, so they are kept by name.
copyreg.pickle(lark.parsers.lalr_analysis.Action, attrgetter("name"))


def without_lexer(source: str, start: str) -> Parser:
    """The parser of a grammar as it can be kept: without lexer and modules, and each step only once."""
    parser: Any = Parser(
        source,
        start=start,
        parser="lalr",
        lexer="contextual",
        propagate_positions=True,
        maybe_placeholders=True,
        _plugins={"ContextualLexer": LexerOfStates},
    )
    parser.source_grammar = ""
    parser.lexer_conf.re_module = parser.parser.lexer = None
    states, steps = parser.parser.parser.parser.parse_table.states, dict[Any, Any]()
    for state, found in states.items():
        states[state] = {word: steps.setdefault(step, step) for word, step in found.items()}
    made: Parser = parser
    return made


def with_lexer(parser: Any) -> Parser:
    """The parser, ready to read."""
    parser.lexer_conf.re_module = re
    frontend = parser.parser
    create = lark.parser_frontends.create_contextual_lexer
    frontend.lexer = create(parser.lexer_conf, frontend.parser, None, parser.options)
    ready: Parser = parser
    return ready


class LexerOfState(lark.lexer.BasicLexer):
    """Words in one state of the parser; `_JOIN`, the first to be tried in every state, is compiled once."""

    def __init__(self, conf: Any, comparator: Any = None) -> None:
        super().__init__(conf, comparator)
        self.terminals = [each for each in self.terminals if each.name != "_JOIN"]
        self.callback = {}  # lark sets it with the first word that is none of ours
        self.joins = _joins(self.terminals_by_name["_JOIN"].pattern.to_regexp())

    def match(self, text: Any, pos: int) -> Any:
        """The text and the kind of the word at a position; None where there is none."""
        joined = self.joins(text.text, pos, text.end)
        return (joined[0], "_JOIN") if joined else self.scanner.match(text, pos)


class LexerOfStates(lark.lexer.ContextualLexer):
    """The words of the parser's states, each made when it is first met: a file comes through few of them."""

    def __init__(self, conf: Any, states: Any, always_accept: Any = ()) -> None:  # noqa: ARG002 - lark's own
        # That every state has words that can be told apart, a test proves with lark's strict mode.
        self.conf = copy(conf)
        self.conf.skip_validation = True
        self.lexers = _OfStates(self.conf, states)

    @cached_property
    def root_lexer(self) -> LexerOfState:  # type: ignore[override]
        """All words of the language, to say what stands where none of the expected does."""
        return LexerOfState(self.conf)


class _OfStates(dict[int, Any]):
    def __init__(self, conf: Any, states: Any) -> None:
        super().__init__()
        self.conf, self.states = conf, states
        self.alike: dict[frozenset[str], LexerOfState] = {}

    def __missing__(self, state: int) -> LexerOfState:
        accepted = frozenset(self.states[state])
        if accepted not in self.alike:
            self.alike[accepted] = self._made(accepted)
        self[state] = self.alike[accepted]
        return self.alike[accepted]

    def _made(self, accepted: frozenset[str]) -> LexerOfState:
        conf = copy(self.conf)
        by_name = conf.terminals_by_name
        conf.terminals = [by_name[name] for name in accepted | set(conf.ignore) if name in by_name]
        return LexerOfState(conf)


@cache
def _joins(pattern: str) -> Callable[..., re.Match[str] | None]:
    return re.compile(pattern).match


def fingerprint(text: str) -> str:
    """SHA-256 over the words of the source, so that layout and comments do not count."""
    words: list[str] = []
    for found in _WORD.finditer(normal(text)):
        kind = found.lastgroup or ""
        if kind == "text":
            words.append(f'"{found[kind][1:-1]}"')
        elif kind != "remark":
            words.append("\n" if kind == "end" else found[kind])
    first = 1 if words[:1] == ["\n"] else 0  # what stands above the first word is layout
    return "sha256:" + hashlib.sha256("\x1f".join(words[first:]).encode()).hexdigest()


_JOINING = (
    "and or because is are caps when tagged applies weight needing rounded counting planned unplanned under "
    r"only with coded binned on as needs[ \t]a[ \t]comment"
).replace(" ", "|")
_BREAK = r"(?:(?:#[^\r\n]*)?\r?\n[ \t]*)++"
_WORD = re.compile(
    r"""[ \t]*+(?:(?P<text>"[^"\r\n]*"|“[^”\r\n]*”|«[^»\r\n]*»)|(?P<word>\d+(?:[./-]\d+)*%?|\w+)"""
    rf"""|(?P<remark>{_BREAK}(?=["“«]|(?:{_JOINING})\b)|\#[^\r\n]*)|(?P<end>{_BREAK})|(?P<sign>[^\s\w]))"""
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


# What a rule makes: the node of its name; where there is none, a tuple.
NODES = {
    "".join(("_" if sign.isupper() and at else "") + sign.lower() for at, sign in enumerate(name)): kind
    for module in (tree, protocol, changes)
    for name, kind in vars(module).items()
    if isinstance(kind, type) and issubclass(kind, tree.Node)
}


def planting(parser: lark.Lark, file: str) -> dict[Any, Callable[[Any], Any]]:
    """What becomes of each word as soon as it is read, and of each rule with the values of its parts."""
    symbols: list[Any] = [symbol for rule in parser.rules for symbol in rule.expansion]
    kept = {each.name for each in symbols if each.is_term and not each.filter_out}
    words = {
        each.name: _leaf(each.name, file) if each.name in kept else partial(_place, file)
        for each in parser.terminals
    }
    rules = {rule: _grown(rule, file) for rule in parser.rules}
    return {**words, "_NL": lambda _: None, **rules}


def _place(file: str, token: Any) -> Place:
    return Place(file, token.line, token.column, token.end_line, token.end_column)


def _leaf(terminal: str, file: str) -> Callable[[lark.Token], tree.Node]:
    make = _LEAVES.get(terminal, tree.Word)
    return lambda token: make(token.value, place=_place(file, token))


def _text(written: str, place: Place) -> tree.Text:
    return tree.Text(written[1:-1], place=place)


def _number(written: str, place: Place) -> tree.Number:
    try:
        return tree.Number(written, Fraction(written.rstrip("%")), place=place)
    except ZeroDivisionError:
        return tree.Number(written, None, place=place)


_LEAVES: Mapping[str, Callable[..., tree.Node]] = {
    "STRING": _text,
    **dict.fromkeys(("NUMBER", "PERCENT", "FRACTION"), _number),
    "DATE": tree.Day,
}


def _grown(rule: Any, file: str) -> Callable[[list[Any]], Any]:
    name, kept = str(rule.origin.name), _kept(rule)
    if name.startswith("_"):
        return partial(_children, kept)  # a list: the rule above takes what is in it
    kind = NODES.get(name)
    if name in _HANDED_ON or kind is None:
        hand_on = _HANDED_ON.get(name, tuple)
        return lambda values: hand_on(_children(kept, values))
    # The line break that closes a statement belongs to it in the grammar, but not in its excerpt.
    statement = any(symbol.name == "_NL" for symbol in rule.expansion)

    def node(values: list[Any]) -> tree.Node:
        children = _children(kept, values)
        start = _outermost(iter, values)
        end = _outermost(reversed, children if statement else values) or start
        return kind(*children, place=start.to(end) if start and end else Place(file))

    return node


def _kept(rule: Any) -> tuple[int, ...]:
    """Which values of a rule go into the tree, by index: no keywords, and -1 for a part that is left out."""
    symbols = iter(enumerate(rule.expansion))
    found = []
    for left_out in rule.options.empty_indices or [False] * len(rule.expansion):
        at, symbol = (-1, None) if left_out else next(symbols)
        if not (symbol and symbol.is_term and symbol.filter_out):
            found.append(at)
    return tuple(found)


def _children(kept: tuple[int, ...], values: list[Any]) -> list[Any]:
    values.append(None)  # what -1 stands for
    found: list[Any] = []
    for at in kept:
        value = values[at]
        if value.__class__ is not list:
            found.append(value)
        elif found:
            found += value
        else:
            found = value  # not copied, or a list of many lines would be copied for each line
    return found


def _outermost(order: Callable[[Any], Iterable[Any]], values: Any) -> Place | None:
    """The place of the first value in this order that has one."""
    for value in order(values):
        if isinstance(value, Place):
            return value
        if isinstance(value, tree.Node):
            return value.place
        if value and (place := _outermost(order, value)):
            return place
    return None


def _joined(parts: list[tree.Text]) -> tree.Text:
    if len(parts) == 1:
        return parts[0]
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
    "text": _joined,
    "code_name": _code_name,
    **dict.fromkeys(
        ("number", "state", "start", "checklist_file", "adaptation_file", "programme_file"), _last
    ),
}

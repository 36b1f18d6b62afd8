"""The grammar, read by lark: a parser of each kind of file, and the tables that reading needs of it."""

import copyreg
import re
import sys
from collections.abc import Callable
from copy import copy
from functools import cache, cached_property, partial
from operator import attrgetter
from typing import Any

import lark

from fidelity import content
from fidelity.kept import lasting
from fidelity.language.automaton import Planting, Word
from fidelity.language.tables import Rule, Tables
from fidelity.place import Place

Unreadable = lark.exceptions.UnexpectedInput


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


def planted_by_lark(source: str, file: str, parser: lark.Lark, planting: Planting) -> Any:
    """What the planting makes of the whole source; raises Unreadable."""

    def leaf(token: lark.Token) -> Any:
        place = Place(file, token.line, token.column, token.end_line, token.end_column)  # type: ignore[arg-type]
        return planting.leaf(Word(token.type, token.value, place))

    reading: Any = parser.parse_interactive(source)
    reading.parser_state.parse_conf.callbacks = {
        **dict.fromkeys((each.name for each in parser.terminals), leaf),
        **{rule: partial(planting.node, _rule(rule)) for rule in parser.rules},
    }
    return reading.resume_parse()


@cache
def _joins(pattern: str) -> Callable[..., re.Match[str] | None]:
    return re.compile(pattern).match


# ---- what reading a right file needs of it


def tables_of(parser: Any) -> Tables:
    """The tables of a parser, as plain values."""
    table = parser.parser.parser.parser.parse_table
    number = {rule: at for at, rule in enumerate(parser.rules)}
    symbols: list[Any] = [symbol for rule in parser.rules for symbol in rule.expansion]
    in_order = sorted(parser.terminals, key=_rank)
    return Tables(
        start=next(iter(table.start_states.values())),
        end=next(iter(table.end_states.values())),
        states={
            state: {
                word: step if action is lark.parsers.lalr_analysis.Shift else ~number[step]
                for word, (action, step) in row.items()
            }
            for state, row in table.states.items()
        },
        rules=tuple(_rule(rule) for rule in parser.rules),
        growing=frozenset(each.name for each in symbols if each.is_term and not each.filter_out),
        passed_over=frozenset(parser.ignore_tokens),
        patterns={each.name: each.pattern.to_regexp() for each in in_order},
        spelled=_spelled(in_order),
    )


def _rank(terminal: Any) -> tuple[int, int, int, str]:
    """The order in which lark tries the words that can stand at a place."""
    pattern = terminal.pattern
    return -terminal.priority, -pattern.max_width, -len(pattern.value), terminal.name


def _spelled(terminals: list[Any]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for each in terminals:
        for word in spellings(each.pattern.value, each.pattern.type):
            if word.isalpha():
                found[word] = (*found.get(word, ()), each.name)
    return found


def spellings(pattern: str, kind: str) -> tuple[str, ...]:
    """The words that a simple pattern stands for, such as `items?` or `(day|week)s?`; none for NAME's."""
    if kind == "str":
        return (pattern,)
    simple = re.fullmatch(r"\(?([a-z][a-z |]+?)\)?(s\?)?\\b", pattern.replace("[ \t]", " "))
    if simple is None:
        return ()
    endings = ("", "s") if simple[2] else ("",)
    return tuple(word + ending for word in simple[1].split("|") for ending in endings)


def _rule(rule: Any) -> Rule:
    # The line break that closes a statement belongs to it in the grammar, but not in its excerpt.
    statement = any(symbol.name == "_NL" for symbol in rule.expansion)
    return Rule(str(rule.origin.name), len(rule.expansion), _kept(rule), statement)


def _kept(rule: Any) -> tuple[int, ...]:
    """Which values of a rule go into the tree, by index: no keywords, and -1 for a part that is left out."""
    symbols = iter(enumerate(rule.expansion))
    found = []
    for left_out in rule.options.empty_indices or [False] * len(rule.expansion):
        at, symbol = (-1, None) if left_out else next(symbols)
        if not (symbol and symbol.is_term and symbol.filter_out):
            found.append(at)
    return tuple(found)

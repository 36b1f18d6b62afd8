"""A source that does not parse -> problems that people can act on, one for each mistake.

The source is read again, one statement at a time, each from a copy of the parser's state. A statement that does not
fit becomes one problem and is left out; a right line of its kind is read in its place, so that the lines below it
still find what they belong to.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

import lark
from lark.parsers.lalr_interactive_parser import InteractiveParser

from fidelity.errors import Problem, Related, in_order
from fidelity.language.quotes import slip_in
from fidelity.language.repairs import Repair, Spot, Stuck, found_at, repair_of
from fidelity.language.spelling import how_slipped, likely, slips
from fidelity.language.statements import Kind, Statement, joining_words, kinds, mistakes, statements_in
from fidelity.place import Place

MOST_PROBLEMS = 20
MOST_NAMED = 12
LINES_LOOKED_AHEAD = 6
LONGEST_QUOTED = 40
FOUND = (
    "first_word",
    "word",
    "odd",
    "no_such_id",
    "unquoted",
    "surplus",
    "unexpected",
    "content",
    "stranger",
)


def problems_in(source: str, file: str, parser: lark.Lark) -> list[Problem]:
    """The mistakes in a source that the parser has refused: root causes only, at most twenty, in order."""
    text = Text(file, parser, tuple(statements_in(source)), _names_in(source))
    return list(in_order(islice(_mistakes(text), MOST_PROBLEMS)))


@dataclass(frozen=True)
class Text:
    """The source that is read: its statements, and how often it uses each word outside texts."""

    file: str
    parser: lark.Lark
    statements: tuple[Statement, ...]
    names: Mapping[str, int]


@dataclass(frozen=True)
class Standing:
    """Where reading stands: the parser's state now and before the last statement, and the block we are in.

    `heading` is None while the block's heading is one that we put in ourselves.
    """

    state: InteractiveParser
    before: InteractiveParser | None = None
    last: Statement | None = None
    heading: Statement | None = None
    block: str = ""


@dataclass(frozen=True)
class Step:
    """What came of one step: where reading stands now, how many statements it took, and what was wrong."""

    standing: Standing
    taken: int = 1
    problem: Problem | None = None


def _mistakes(text: Text) -> Iterator[Problem]:
    standing = Standing(_begin(text.parser))
    at = 0
    while at < len(text.statements):
        step = _step(text, at, standing)
        if step.problem:
            yield step.problem
        standing, at = step.standing, at + step.taken
    yield from _unfinished(text, standing)


def _step(text: Text, at: int, standing: Standing) -> Step:
    statement = text.statements[at]
    state = _read(text.parser, standing.state, statement.text)
    if state is not None:
        return Step(_after(standing, statement, statement.first, state))
    case = Case(text, at, standing, _stuck(text, at, standing.state))
    explained = (explain(case) for explain in (_no_checklist, _quotation_marks, _joining_word, _misplaced))
    return next((step for step in explained if step), None) or _one_mistake(case)


@dataclass(frozen=True)
class Case:
    """A statement that could not be read, where it stands, and where reading it stopped."""

    text: Text
    at: int
    standing: Standing
    stuck: Stuck

    @property
    def statement(self) -> Statement:
        """The statement itself."""
        return self.text.statements[self.at]

    @property
    def kind(self) -> Kind | None:
        """What its first word says that it is."""
        return kinds().get(self.statement.first)

    def problem(self, code: str, start: int, end: int, *related: Related, **facts: str) -> Problem:
        """A problem at a span of the statement, with a right line of its kind."""
        told = {name: _shortened(value) if name in FOUND else value for name, value in facts.items()}
        kind = self.stuck.kind or kinds().get(facts.get("meant", ""))
        example = {"example": kind.example, "shape": kind.shape} if kind else {}
        return Problem(code, self.statement.place(self.text.file, start, end), {**example, **told}, related)

    def first_word(self, code: str, *related: Related, **facts: str) -> Problem:
        """A problem at the first word."""
        begin = self.statement.begin
        return self.problem(code, begin, found_at(self.statement.text, begin), *related, **facts)

    def related(self, message: str, *firsts: str) -> list[Related]:
        """The first statement above that begins with one of these words."""
        above = (each for each in self.text.statements[: self.at] if each.first in firsts)
        return [Related(each.first_place(self.text.file), message) for each in islice(above, 1)]

    def left_out(self, problem: Problem, taken: int = 1, kind: Kind | None = None) -> Step:
        """The statement is left out, and a right line of its kind read in its place where the lines below need it."""
        choices = (_stood_in(self.text.parser, self.standing, kind or self.stuck.kind), self.unchanged())
        return Step(max(choices, key=lambda standing: self.lines_below(standing, taken)), taken, problem)

    def read_from(self, standing: Standing) -> Standing | None:
        """Where reading stands after the statement, read from another standing; None where it cannot be read."""
        state = _read(self.text.parser, standing.state, self.statement.text)
        return None if state is None else _after(standing, self.statement, self.statement.first, state)

    def in_a_block_of_its_own(self, standing: Standing) -> Standing | None:
        """Where reading stands after a heading put in for the statement, the one that suits the lines below best."""
        parents = self.kind.parents if self.kind else ()
        headed = (_stood_in(self.text.parser, standing, kinds()[parent]) for parent in parents)
        fitting = [each for each in headed if self.read_from(each)]
        return max(fitting, key=lambda each: self.lines_below(self.read_from(each)), default=None)

    def unchanged(self) -> Standing:
        """As if the statement were not there."""
        return replace(self.standing, before=None, last=None)

    def lines_below(self, standing: Standing | None, taken: int = 1) -> int:
        """How many of the statements below can be read from a standing."""
        start = self.at + taken
        below = self.text.statements[start : start + LINES_LOOKED_AHEAD]
        return _lines_read(self.text.parser, standing.state, below) if standing else 0


# ---- a file that is something else


def _no_checklist(case: Case) -> Step | None:
    first = case.statement.first
    if case.standing.block or any(likely(first, word) for word in ("checklist", "rubric")):
        return None
    other = next((name for name, words in mistakes()["elsewhere"].items() if first in words), "")
    if other or case.kind is None:
        over = replace(case.standing, block="nothing")
        found = first or case.stuck.written(case.stuck.stop)
        facts = {"other": other} if other else {"stranger": found, "first_line": kinds()["checklist"].example}
        return Step(over, len(case.text.statements), case.first_word("RB004", **facts))
    if any(each.first == "checklist" for each in case.text.statements[case.at + 1 : case.at + 2]):
        return Step(case.unchanged(), 1, case.first_word("RB003", too_early=first))
    standing = _stood_in(case.text.parser, case.standing, kinds()["checklist"])
    late = next((each for each in case.text.statements[case.at :] if each.first == "checklist"), None)
    if late:
        return Step(standing, 0, Problem("RB003", late.first_place(case.text.file), {"late": "checklist"}))
    facts = {"headless": first, "first_line": kinds()["checklist"].example}
    return Step(standing, 0, case.first_word("RB004", **facts))


# ---- quotation marks


def _quotation_marks(case: Case) -> Step | None:
    slip = slip_in(case.statement.text)
    if slip is None:
        return None
    below = case.text.statements[case.at + 1 :]
    rest = next((at for at, each in enumerate(below) if each.first in kinds()), len(below))
    taken = 1 + (rest if "unclosed" in slip.facts else 0)
    return case.left_out(case.problem("RB002", slip.start, slip.end, **slip.facts), taken)


# ---- joining words


def _joining_word(case: Case) -> Step | None:
    before, last = case.standing.before, case.standing.last
    if case.stuck.at_start and case.kind is None and before and last:
        return _joined(case, before, last, case.statement, 1)
    following = case.text.statements[case.at + 1 : case.at + 2]
    stops_at_its_end = not case.stuck.written(case.stuck.stop).strip()
    if stops_at_its_end and following and following[0].first not in kinds():
        return _joined(case, case.standing.state, case.statement, following[0], 2)
    return None


def _joined(
    case: Case, before: InteractiveParser, upper: Statement, lower: Statement, taken: int
) -> Step | None:
    begin, end = lower.begin, lower.begin + len(lower.first)
    for word in _meant_joining(lower.first):
        state = _read(case.text.parser, before, upper.text + word + lower.text[end:])
        if state is not None:
            facts = {"first_word": lower.first, "meant": word}
            problem = Problem("RB001", lower.place(case.text.file, begin, end), facts)
            return Step(_after(case.standing, upper, upper.first, state), taken, problem)
    return None


def _meant_joining(word: str) -> list[str]:
    near = [each for each in joining_words() if word != each and likely(word, each)]
    synonym = mistakes()["synonyms"].get(word, "")
    known = [synonym] if synonym in joining_words() else []
    return [*known, *sorted(near, key=lambda each: (slips(word, each), how_slipped(word, each)))]


# ---- lines in the wrong place


def _misplaced(case: Case) -> Step | None:
    kind, first = case.kind, case.statement.first
    if kind is None:
        return _of_another_file(case) if case.stuck.at_start else None
    if kind.head and _fits_the_head(case):
        blocks = [word for word, each in kinds().items() if each.block and word != "checklist"]
        return case.left_out(
            case.first_word("RB003", *case.related("the blocks begin here", *blocks), head=first)
        )
    if not case.stuck.at_start or first in case.stuck.stop.words:
        return None
    if first == "checklist":
        related = case.related("the first one is here", "checklist")
        if not related:
            return Step(case.unchanged())  # it comes too late, and that has been said
        return case.left_out(case.first_word("RB003", *related, second=first))
    return _below_an_unfinished_block(case) or _without_its_block(case, kind)


def _of_another_file(case: Case) -> Step | None:
    first = case.statement.first
    other = next((name for name, words in mistakes()["elsewhere"].items() if first in words), "")
    return case.left_out(case.first_word("RB003", first=first, elsewhere=other)) if other else None


def _fits_the_head(case: Case) -> bool:
    head = _read(case.text.parser, _begin(case.text.parser), kinds()["checklist"].example + "\n")
    return head is not None and _read(case.text.parser, head, case.statement.text) is not None


def _below_an_unfinished_block(case: Case) -> Step | None:
    state = _with_what_it_needs(case.text.parser, case.standing)
    if state is None:
        return None
    filled = replace(case.standing, state=state, before=None)
    if case.read_from(filled) is None and case.in_a_block_of_its_own(filled) is None:
        return None
    below = case.text.statements[case.at + 1 : case.at + 2]
    if below and below[0].first == kinds()[case.standing.block].needs and case.lines_below(case.standing):
        problem = case.first_word("RB003", first=case.statement.first, inside=case.standing.block)
        return Step(case.unchanged(), 1, problem)
    return Step(case.in_a_block_of_its_own(filled) or filled, 0, _lacking(case.text, case.standing))


def _without_its_block(case: Case, kind: Kind) -> Step:
    home = case.in_a_block_of_its_own(case.standing)
    after = [each for each in (home and case.read_from(home), case.unchanged()) if each]
    problem = case.first_word("RB003", first=kind.word, belongs=kind.belongs)
    return Step(max(after, key=case.lines_below), 1, problem)


def _unfinished(text: Text, standing: Standing) -> Iterator[Problem]:
    if standing.block == "nothing":
        return
    if not standing.block:
        yield Problem("RB004", Place(text.file), {"empty": text.file})
    elif not _may_end(standing.state):
        yield from filter(None, [_lacking(text, standing)])


def _lacking(text: Text, standing: Standing) -> Problem | None:
    heading = standing.heading
    if heading is None:
        return None
    lacks = kinds()[standing.block].needs
    facts = {"heading": heading.first, "lacks": lacks, "example": kinds()[lacks].example}
    return Problem("RB003", heading.first_place(text.file), facts)


# ---- one mistake inside a line


def _one_mistake(case: Case) -> Step:
    repair = repair_of(case.stuck)
    if repair is None:
        return _unexplained(case)
    problem = case.problem("RB001", *_span(case, repair), **_choices(case, repair), **repair.facts)
    text = case.statement.text
    state = _read(
        case.text.parser, case.standing.state, text[: repair.start] + repair.write + text[repair.end :]
    )
    first = repair.write if "first_word" in repair.facts else case.statement.first
    if state is None:
        return case.left_out(problem, 1, kinds().get(first))
    return Step(_after(case.standing, case.statement, first, state), 1, problem)


def _span(case: Case, repair: Repair) -> tuple[int, int]:
    stop = case.stuck.stop
    if repair.start == repair.end and case.stuck.written(stop).strip():
        return stop.start, stop.end
    if "invisible" in repair.facts:
        return stop.start, stop.end
    return min(repair.start, case.statement.end), min(repair.end, case.statement.end)


def _choices(case: Case, repair: Repair) -> dict[str, str]:
    return {"choices": _named(case.stuck.stop.words)} if "first_word" in repair.facts else {}


def _unexplained(case: Case) -> Step:
    stop = case.stuck.stop
    found = case.stuck.written(stop)
    if case.stuck.at_start:
        return _strange_lines(case, found)
    expected = _named((*_part_names(stop.parts), *stop.words))
    advice = _advice(case.stuck)
    if not found.strip():
        end = case.statement.end
        return case.left_out(
            case.problem("RB001", end, end, unfinished=_called(case), expected=expected, **advice)
        )
    name = (
        "word"
        if re.fullmatch(r"\w+", found) and found not in _words_of_the_language(case.text.parser)
        else "unexpected"
    )
    return case.left_out(
        case.problem("RB001", stop.start, stop.end, expected=expected, **advice, **{name: found})
    )


def _advice(stuck: Stuck) -> dict[str, str]:
    starts = [spot.start for spot in stuck.spots[-4:]]
    for told in mistakes()["advice"]:
        if any(re.compile(told["pattern"]).match(stuck.text, start) for start in starts):
            return {"advice": told["say"]}
    return {}


def _called(case: Case) -> str:
    return "row" if case.statement.first == "|" else f'"{case.statement.first}" line'


def _strange_lines(case: Case, found: str) -> Step:
    # Prose that runs over several lines is one mistake: the mark of a remark is missing.
    below = case.text.statements[case.at + 1 :]
    known = (at for at, each in enumerate(below) if any(likely(each.first, word) for word in kinds()))
    problem = case.first_word("RB001", first_word=found, choices=_named(case.stuck.stop.words))
    return case.left_out(problem, 1 + next(known, len(below)))


def _part_names(parts: Iterable[str]) -> list[str]:
    return [name for part, name in mistakes()["parts"].items() if part in parts]


def _named(words: Iterable[str]) -> str:
    order = sorted(kinds(), key=lambda word: kinds()[word].block)
    known = sorted(set(words) & kinds().keys(), key=order.index)
    listed = [*known, *(word for word in sorted(words, key=len, reverse=True) if word not in known)]
    return ", ".join(listed[:MOST_NAMED]) + (" ..." if len(listed) > MOST_NAMED else "")


def _shortened(found: str) -> str:
    return found if len(found) <= LONGEST_QUOTED else found[: LONGEST_QUOTED - 3] + "..."


# ---- where reading stands


def _after(standing: Standing, statement: Statement, first: str, state: InteractiveParser) -> Standing:
    kind = kinds().get(first)
    if kind and kind.block:
        return Standing(state, standing.state, statement, statement, kind.word)
    return replace(standing, state=state, before=standing.state, last=statement)


def _stood_in(parser: lark.Lark, standing: Standing, kind: Kind | None) -> Standing:
    state = _read(parser, standing.state, kind.example + "\n") if kind else None
    if kind is None or state is None:
        return replace(standing, before=None, last=None)
    if kind.block:
        return Standing(state, block=kind.word)
    return replace(standing, state=state, before=None, last=None)


def _with_what_it_needs(parser: lark.Lark, standing: Standing) -> InteractiveParser | None:
    block = kinds().get(standing.block)
    if block is None or not block.needs:
        return None
    state = standing.state
    for _ in range(2):  # a table needs its heading and one row
        state = _read(parser, state, kinds()[block.needs].example + "\n") or state
    return state


# ---- reading with lark


def _begin(parser: lark.Lark) -> InteractiveParser:
    begun = parser.parse_interactive("")
    # Nothing is built, so that a copy of the state is small and the original stays as it is.
    begun.parser_state.parse_conf = copy(begun.parser_state.parse_conf)
    begun.parser_state.parse_conf.callbacks = {}
    return begun


def _read(parser: lark.Lark, state: InteractiveParser, text: str) -> InteractiveParser | None:
    """The state after a text; None when it cannot be read."""
    after, reached = _run(parser, state, text)
    return after if reached is None else None


def _run(parser: lark.Lark, state: InteractiveParser, text: str) -> tuple[InteractiveParser, int | None]:
    after = state.copy(deepcopy_values=False)
    try:
        for token in parser.parse_interactive(text).lexer_thread.lex(after.parser_state):
            after.feed_token(token)
    except lark.exceptions.UnexpectedInput as unexpected:
        return after, unexpected.pos_in_stream or 0
    return after, None


def _lines_read(parser: lark.Lark, state: InteractiveParser | None, statements: Iterable[Statement]) -> int:
    number = 0
    for statement in statements:
        state = _read(parser, state, statement.text) if state else None
        number += state is not None
    return number


def _may_end(state: InteractiveParser) -> bool:
    try:
        state.copy(deepcopy_values=False).feed_eof()
    except lark.exceptions.UnexpectedInput:
        return False
    return True


Mark = tuple[int, int, InteractiveParser]


def _stuck(text: Text, at: int, state: InteractiveParser) -> Stuck:
    statement, below = text.statements[at], text.statements[at + 1 : at + 1 + LINES_LOOKED_AHEAD]
    marks = list(_marks(text.parser, state, statement.text))
    spots = [_spot(text.parser, mark, set(mark[2].choices())) for mark in marks[:-1]]
    spots.append(_spot(text.parser, marks[-1], marks[-1][2].accepts()))

    def reach(repair: Repair) -> int:
        return _reached(text.parser, statement.text, marks, repair)

    def lines_below(repair: Repair) -> int:
        changed = statement.text[: repair.start] + repair.write + statement.text[repair.end :]
        return _lines_read(text.parser, _read(text.parser, state, changed), below)

    kind = kinds().get(statement.first)
    language = _words_of_the_language(text.parser)
    return Stuck(statement.text, kind, tuple(spots), reach, lines_below, text.names, language)


def _marks(parser: lark.Lark, state: InteractiveParser, text: str) -> Iterator[Mark]:
    """Each word that could be read and the state before it; the last one is the word that could not."""
    state = state.copy(deepcopy_values=False)
    before = state
    tokens = parser.parse_interactive(text).lexer_thread.lex(state.parser_state)
    try:
        while True:
            before = state.copy(deepcopy_values=False)
            token = next(tokens)
            start, end = token.start_pos or 0, token.end_pos or 0
            if re.match(r"\w\w", text[end - 1 : end + 1]):
                break  # half a word was read as a word of the language
            state.feed_token(token)
            yield start, end, before
    except lark.exceptions.UnexpectedInput as unexpected:
        start = unexpected.pos_in_stream or 0
    yield start, found_at(text, start), before


def _reached(parser: lark.Lark, text: str, marks: list[Mark], repair: Repair) -> int:
    start, _, state = next(mark for mark in reversed(marks) if mark[0] <= repair.start or mark is marks[0])
    changed = text[start : repair.start] + repair.write
    _, reached = _run(parser, state, changed + text[repair.end :])
    if reached is None:
        return len(text)
    return max(0, reached - len(changed)) + repair.end if reached >= len(changed) else repair.start


def _spot(parser: lark.Lark, mark: Mark, accepted: set[str]) -> Spot:
    words = frozenset(word for terminal in accepted for word in _spelled(parser).get(terminal, ()))
    return Spot(mark[0], mark[1], words, frozenset(accepted))


def _accepts(parser: lark.Lark, state: InteractiveParser) -> frozenset[str]:
    return _spot(parser, (0, 0, state), state.accepts()).words


# ---- what the grammar tells


@lru_cache(maxsize=4)
def _spelled(parser: lark.Lark) -> Mapping[str, tuple[str, ...]]:
    """The words or signs of the language that each terminal of the grammar stands for."""
    return {each.name: spellings(each.pattern.value, each.pattern.type) for each in parser.terminals}


def spellings(pattern: str, kind: str) -> tuple[str, ...]:
    """All words that a simple pattern stands for: `items?`, `(day|week)s?`; none for a pattern such as NAME's."""
    if kind == "str":
        return (pattern,)
    simple = re.fullmatch(r"\(?([a-z][a-z |]+?)\)?(s\?)?\\b", pattern.replace("[ \t]", " "))
    if simple is None:
        return ()
    words = simple[1].split("|")
    return tuple(word + end for word in words for end in (("", "s") if simple[2] else ("",)))


def _words_of_the_language(parser: lark.Lark) -> frozenset[str]:
    return frozenset(word for words in _spelled(parser).values() for word in words)


def _names_in(source: str) -> Mapping[str, int]:
    """How often each word stands outside texts and remarks."""
    plain = re.sub(r'"[^"\r\n]*"|“[^”\r\n]*”|«[^»\r\n]*»|#[^\r\n]*', " ", source)
    return Counter(re.findall(r"[a-z]\w*", plain))

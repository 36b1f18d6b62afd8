"""Statements -> one problem for each mistake in them; reading goes on behind it.

A statement that does not fit becomes one problem and is left out. Where the lines below need it, a right line
of its kind is read in its place, so that they still find what they belong to.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Protocol

from fidelity.errors import Problem, Related
from fidelity.language.quotes import slip_in
from fidelity.language.repairs import Reach, Repair, Spot, Stuck, found_at, repair_of
from fidelity.language.spelling import likeliest_first, likely
from fidelity.language.statements import Kind, Statement, file_kinds, joining_words, kinds, mistakes
from fidelity.language.wanted import advice_for, what_can_stand
from fidelity.place import Place
from fidelity.record import Record

LINES_LOOKED_AHEAD = 6
LINES_OF_PROSE = 100
LONGEST_QUOTED = 40
LONGEST_JOINED = 10_000
QUOTED = frozenset("first_word word odd no_such_id unquoted surplus unexpected content stranger".split())

Span = tuple[int, int]
State = Any  # the reader's own: it is only kept and handed back


class Reader(Protocol):
    """What reads statements by the grammar; each reading starts from a state, which stays as it is."""

    @property
    def words(self) -> frozenset[str]:
        """The words of the language."""

    def begin(self) -> State:
        """The state before a file."""

    def after(self, state: State, text: str) -> State | None:
        """The state after a text; None when it cannot be read."""

    def may_end(self, state: State) -> bool:
        """Whether a file may end here."""

    def openings(self, state: State) -> frozenset[str]:
        """The words that can stand next."""

    def stop(self, state: State, text: str) -> tuple[tuple[Spot, ...], Reach]:
        """The last words of a text up to the one that cannot be read, and how far repairs would get."""


class Text(Record):
    """The source that is read: its statements, and how often it uses each word outside texts."""

    file: str
    reader: Reader
    statements: tuple[Statement, ...]
    names: Mapping[str, int]

    def first_with(self, *words: str) -> Statement | None:
        """The first statement that begins with one of the words."""
        return next((each for each in self.statements if each.first in words), None)

    def is_one_of(self, files: tuple[str, ...]) -> bool:
        """Whether the file begins as one of these kinds, or does not say what it is."""
        first = self.first_with(*file_kinds())
        return first is None or first.first in files


class Standing(Record):
    """Where reading stands: the state now and before the last statement, and the block we are in.

    `heading` is None while the block's heading is one that we put in ourselves.
    """

    state: State
    before: State | None = None
    last: Statement | None = None
    heading: Statement | None = None
    block: str = ""


class Step(Record):
    """What came of one step: where reading stands now, how many statements it took, and what was wrong."""

    standing: Standing
    taken: int = 1
    problem: Problem | None = None


def mistakes_in(text: Text) -> Iterator[Problem]:
    """The mistakes of a source, root causes only, in the order in which reading meets them."""
    standing = Standing(text.reader.begin())
    at = 0
    while at < len(text.statements):
        step = _step(text, at, standing)
        if step.problem:
            yield step.problem
        standing, at = step.standing, at + step.taken
    yield from _at_the_end(text, standing)


def _step(text: Text, at: int, standing: Standing) -> Step:
    statement = text.statements[at]
    state = text.reader.after(standing.state, statement.text)
    if state is not None:
        return Step(_went_on(standing, statement, statement.first, state))
    case = Case(text, at, standing, _stuck(text, at, standing.state))
    explained = (explain(case) for explain in (_no_checklist, _quotation_marks, _joining_word, _misplaced))
    return next((step for step in explained if step), None) or _one_mistake(case)


def _stuck(text: Text, at: int, state: State) -> Stuck:
    statement = text.statements[at]
    spots, reach = text.reader.stop(state, statement.text)

    def lines_below(repair: Repair) -> int:
        return _lines_read(text, text.reader.after(state, repair.applied(statement.text)), at + 1)

    kind = kinds().get(statement.first)
    return Stuck(statement.text, kind, spots, reach, lines_below, text.names, text.reader.words)


def _lines_read(text: Text, state: State | None, start: int) -> int:
    number = 0
    for statement in text.statements[start : start + LINES_LOOKED_AHEAD]:
        state = None if state is None else text.reader.after(state, statement.text)
        number += state is not None
    return number


def _went_on(standing: Standing, statement: Statement, first: str, state: State) -> Standing:
    kind = kinds().get(first)
    if kind and kind.block:
        return Standing(state, standing.state, statement, statement, kind.word)
    return replace(standing, state=state, before=standing.state, last=statement)


def _stood_in(text: Text, standing: Standing, kind: Kind | None) -> Standing:
    state = text.reader.after(standing.state, kind.example + "\n") if kind else None
    if kind is None or state is None:
        return _passed_over(standing)
    if kind.block:
        return Standing(state, block=kind.word)
    return _passed_over(replace(standing, state=state))


def _passed_over(standing: Standing) -> Standing:
    return replace(standing, before=None, last=None)


class Case(Record):
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
    def next(self) -> Statement | None:
        """The statement below."""
        return next(iter(self.text.statements[self.at + 1 : self.at + 2]), None)

    def problem(self, code: str, span: Span, facts: Mapping[str, str], *related: Related) -> Problem:
        """A problem at a span of the statement, with a right line of its kind."""
        told = {name: _shortened(value) if name in QUOTED else value for name, value in facts.items()}
        kind = self.stuck.kind or kinds().get(facts.get("meant", ""))
        example = {"example": kind.example, "shape": kind.shape} if kind else {}
        place = self.statement.place(self.text.file, *span)
        return Problem(code, place, {**example, **told}, related)

    def at_first_word(self, code: str, *related: Related, **facts: str) -> Problem:
        """A problem at the first word."""
        begin = self.statement.begin
        return self.problem(code, (begin, found_at(self.statement.text, begin)), facts, *related)

    def left_out(self, problem: Problem, taken: int = 1, kind: Kind | None = None) -> Step:
        """The statement is left out; a right line of its kind stands in where the lines below need it."""
        choices = (_stood_in(self.text, self.standing, kind or self.stuck.kind), _passed_over(self.standing))
        best = max(choices, key=lambda each: _lines_read(self.text, each.state, self.at + taken))
        return Step(best, taken, problem)

    def read_from(self, standing: Standing) -> Standing | None:
        """Where reading stands after the statement, read from another standing; None if it cannot be."""
        state = self.text.reader.after(standing.state, self.statement.text)
        return None if state is None else _went_on(standing, self.statement, self.statement.first, state)

    def in_a_block_of_its_own(self, standing: Standing) -> Standing | None:
        """Where reading stands after a heading put in for the statement that suits the lines below."""
        parents = self.stuck.kind.parents if self.stuck.kind else ()
        headed = (_stood_in(self.text, standing, kinds()[parent]) for parent in parents)
        read = [(each, after) for each in headed if (after := self.read_from(each))]
        best = max(read, key=lambda pair: _lines_read(self.text, pair[1].state, self.at + 1), default=None)
        return best[0] if best else None


def _shortened(found: str) -> str:
    return found if len(found) <= LONGEST_QUOTED else found[: LONGEST_QUOTED - 3] + "..."


# ---- a file that is something else


def _no_checklist(case: Case) -> Step | None:
    first, kind = case.statement.first, case.stuck.kind
    if case.standing.block:
        return None
    if kind is None or (kind.file and case.stuck.at_start):
        beginnings = [word for word in (*file_kinds(), "rubric") if word in case.text.reader.words]
        meant = any(likely(first, word) for word in beginnings if word != first)
        return None if meant else _something_else(case)
    if kind.file or first == "rubric":
        return None
    if case.next and case.next.first in file_kinds():
        return Step(_passed_over(case.standing), 1, case.at_first_word("RB003", too_early=first))
    late = case.text.first_with(*file_kinds())
    opening = _best_opening(case, [late.first] if late else file_kinds())
    if late:
        problem = Problem("RB003", late.place_of_first(case.text.file), {"late": late.first})
    else:
        first_line = kinds()[opening.block].example
        facts = {"headless": first, "opening": opening.block, "first_line": first_line}
        problem = case.at_first_word("RB004", **facts)
    return Step(opening, 0, problem)


def _best_opening(case: Case, words: Iterable[str]) -> Standing:
    """Where reading stands after the opening line of a file that suits the first lines best."""
    openings = [_stood_in(case.text, case.standing, kinds()[word]) for word in words]
    known = [each for each in openings if each.block]
    return max(known, key=lambda each: _lines_read(case.text, each.state, case.at))


def _something_else(case: Case) -> Step:
    if case.stuck.kind:
        problem = case.at_first_word("RB004", other=_with_article(case.stuck.kind.word))
    else:
        stranger = case.statement.first or case.stuck.written(case.stuck.stop)
        problem = case.at_first_word("RB004", stranger=stranger, first_line=kinds()["checklist"].example)
    return Step(replace(case.standing, block="nothing"), len(case.text.statements), problem)


def _with_article(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


# ---- quotation marks


def _quotation_marks(case: Case) -> Step | None:
    slip = slip_in(case.statement.text)
    if slip is None:
        return None
    taken = 1
    if "unclosed" in slip.facts:  # the lines below may be the rest of the text
        below = case.text.statements[case.at + 1 :]
        taken += next((at for at, each in enumerate(below) if each.first in kinds()), len(below))
    return case.left_out(case.problem("RB002", (slip.start, slip.end), slip.facts), taken)


# ---- joining words


def _joining_word(case: Case) -> Step | None:
    standing = case.standing
    if case.stuck.at_start and case.stuck.kind is None and standing.last:
        return _joined(case, standing.before, standing.last, case.statement, 1)
    stops_at_its_end = not case.stuck.written(case.stuck.stop).strip()
    if stops_at_its_end and case.next and case.next.first not in kinds():
        return _joined(case, standing.state, case.statement, case.next, 2)
    return None


def _joined(case: Case, before: State, upper: Statement, lower: Statement, taken: int) -> Step | None:
    if len(upper.text) > LONGEST_JOINED:
        return None
    written = lower.first
    synonym = mistakes()["synonyms"].get(written)
    near = [
        word for word in joining_words() if word == synonym or (word != written and likely(written, word))
    ]
    for word in likeliest_first(written, near):
        line = word + lower.text[lower.begin + len(written) :]
        state = case.text.reader.after(before, upper.text + line)
        if state is not None:
            kind = kinds().get(upper.first)
            facts = {"first_word": written, "meant": word, "example": kind.example if kind else ""}
            problem = Problem("RB001", lower.place_of_first(case.text.file), facts)
            return Step(_went_on(case.standing, upper, upper.first, state), taken, problem)
    return None


# ---- lines in the wrong place


def _misplaced(case: Case) -> Step | None:
    kind, first = case.stuck.kind, case.statement.first
    if kind is None:
        return None
    if kind.files and not case.text.is_one_of(kind.files):
        elsewhere = " or ".join(map(_with_article, kind.files))
        return case.left_out(case.at_first_word("RB003", first=first, elsewhere=elsewhere))
    if kind.head and case.standing.block not in file_kinds() and _fits_the_head(case):
        return case.left_out(case.at_first_word("RB003", *_first_block(case), head=first))
    if not case.stuck.at_start or first in case.stuck.stop.words:
        return None
    if kind.file:
        return _second_checklist(case)
    return _below_an_unfinished_block(case) or _without_its_block(case, kind)


def _fits_the_head(case: Case) -> bool:
    reader = case.text.reader
    head = reader.after(reader.begin(), kinds()["checklist"].example + "\n")
    return head is not None and reader.after(head, case.statement.text) is not None


def _first_block(case: Case) -> list[Related]:
    first = case.text.first_with(*(word for word, kind in kinds().items() if kind.block and not kind.file))
    return [Related(first.place_of_first(case.text.file), "the blocks begin here")] if first else []


def _second_checklist(case: Case) -> Step:
    first = case.text.first_with(*file_kinds())
    if first is None or first == case.statement:
        return Step(_passed_over(case.standing))  # it comes too late, and that has been said
    related = Related(first.place_of_first(case.text.file), "the first one is here")
    return case.left_out(case.at_first_word("RB003", related, second=case.statement.first))


def _below_an_unfinished_block(case: Case) -> Step | None:
    filled = _with_what_it_needs(case.text, case.standing)
    if filled is None or case.text.reader.may_end(case.standing.state):
        return None
    following = kinds().get(case.next.first) if case.next else None
    goes_on = following is not None and case.standing.block in following.parents
    if goes_on and _lines_read(case.text, case.standing.state, case.at + 1):
        problem = case.at_first_word("RB003", first=case.statement.first, inside=case.standing.block)
        return Step(_passed_over(case.standing), 1, problem)
    fits = case.statement.first in case.text.reader.openings(filled.state)
    home = filled if fits else case.in_a_block_of_its_own(filled)
    return Step(home, 0, _lacking(case.text, case.standing)) if home else None


def _without_its_block(case: Case, kind: Kind) -> Step:
    problem = case.at_first_word("RB003", first=kind.word, belongs=kind.belongs)
    home = case.in_a_block_of_its_own(case.standing)
    read = case.read_from(home) if home else None
    choices = [each for each in (read, _passed_over(case.standing)) if each]
    return Step(max(choices, key=lambda each: _lines_read(case.text, each.state, case.at + 1)), 1, problem)


def _with_what_it_needs(text: Text, standing: Standing) -> Standing | None:
    needs = kinds()[standing.block].needs if standing.block in kinds() else ""
    state = standing.state
    for _ in range(2):  # a table needs its first row and another one
        after = text.reader.after(state, kinds()[needs].example + "\n") if needs else None
        state = state if after is None else after
    return None if state is standing.state else replace(_passed_over(standing), state=state)


def _lacking(text: Text, standing: Standing) -> Problem | None:
    heading = standing.heading
    if heading is None:
        return None
    lacks = kinds()[standing.block].needs
    facts = {"heading": heading.first, "lacks": lacks, "example": kinds()[lacks].example}
    return Problem("RB003", heading.place_of_first(text.file), facts)


def _at_the_end(text: Text, standing: Standing) -> Iterator[Problem]:
    if not standing.block:
        yield Problem("RB004", Place(text.file), {"empty": text.file})
    elif standing.block in kinds() and not text.reader.may_end(standing.state):
        yield from filter(None, [_lacking(text, standing)])


# ---- one mistake inside a line


def _one_mistake(case: Case) -> Step:
    repair = repair_of(case.stuck)
    if repair is None:
        return _prose(case) if case.stuck.at_start else _unexplained(case)
    starts = {"choices": what_can_stand(case.stuck.stop)} if "first_word" in repair.facts else {}
    problem = case.problem("RB001", _span(case, repair), {**starts, **repair.facts})
    state = case.text.reader.after(case.standing.state, repair.applied(case.statement.text))
    first = repair.write if starts else case.statement.first
    if state is None:
        return case.left_out(problem, 1, kinds().get(first))
    return Step(_went_on(case.standing, case.statement, first, state), 1, problem)


def _span(case: Case, repair: Repair) -> Span:
    stop = case.stuck.stop
    inserted = repair.start == repair.end and case.stuck.written(stop).strip()
    if inserted or "invisible" in repair.facts:
        return stop.start, stop.end
    return min(repair.start, case.statement.end), min(repair.end, case.statement.end)


def _prose(case: Case) -> Step:
    # Prose that runs over several lines is one mistake: the mark of a remark is missing.
    below = case.text.statements[case.at + 1 : case.at + 1 + LINES_OF_PROSE]
    known = (at for at, each in enumerate(below) if any(likely(each.first, word) for word in kinds()))
    found = case.stuck.written(case.stuck.stop)
    facts = {"remark": found, "choices": what_can_stand(case.stuck.stop)}
    problem = case.at_first_word("RB001", first_word=found, **facts)
    return case.left_out(problem, 1 + next(known, len(below)))


def _unexplained(case: Case) -> Step:
    stop, first = case.stuck.stop, case.statement.first
    found = case.stuck.written(stop)
    facts = {"expected": what_can_stand(stop), "advice": advice_for(case.stuck)}
    if not found.strip():
        end = case.statement.end
        called = "row" if first == "|" else f'"{first}" line'
        return case.left_out(case.problem("RB001", (end, end), {"unfinished": called, **facts}))
    unknown = re.fullmatch(r"\w+", found) and found not in case.text.reader.words
    facts["word" if unknown else "unexpected"] = found
    return case.left_out(case.problem("RB001", (stop.start, stop.end), facts))

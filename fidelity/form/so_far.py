"""What a form shows while it is filled in, by formulas: score, level, what is open, what a gate says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from openpyxl.formatting.rule import Rule

from fidelity.form import heading
from fidelity.form.live.formula import worth
from fidelity.form.live.known import TRUE, Known, Possible
from fidelity.form.live.number import Exact, rounded
from fidelity.form.live.outcomes import worked_out
from fidelity.form.live.working import NoFormula, Working, added, all_of, put_formula
from fidelity.form.look import look_of
from fidelity.form.sheet import ITEM, OTHER_WORDING, WORDING, Form, Voice, area, height, tall
from fidelity.model.checklist import Checklist, Gate, Group, Result, Score
from fidelity.model.columns import subject_column
from fidelity.model.direction import readable
from fidelity.model.expression import Aggregate, Needing, Subject, reads
from fidelity.model.form import LIVE_SHEET, fields
from fidelity.spreadsheet import put

ROOMIER, ROOMY, NARROW = (
    9,
    7,
    4,
)  # rows beside the fields: for levels in two languages, for a title, for no count
NOT_YET = "–"
BETWEEN = " · "
LONGEST_LITERAL = 200  # signs of a text in a formula; Excel takes 255
LOWEST = 17.5  # points of a row with a field
ONE_ANSWER = Needing(number=1)
COUNT, LEVEL, CAPTION = "FID Form count", "FID Form level", "FID Form caption"
STATUS, SENDING = "FID Form status", "FID Form send"
SAFETY, PART = "FID Form safety", "FID Form part result"
_MARK = "\x01"


@dataclass(frozen=True, slots=True)
class Reserved:
    """Rows of the box beside the fields, 0 for what has none; rows of the parts, by group."""

    first: int
    number: int
    level: int
    answered: int
    status: int
    last: int
    parts: dict[str, int] = field(default_factory=dict)

    @property
    def safety(self) -> int:
        """The row below the fields where a gate speaks."""
        return self.last + 1


def box_beside(form: Form, first: int, last: int) -> Reserved:
    """The empty box beside the fields."""
    rows = last - first + 1
    number = first + 1 if rows >= ROOMY else first
    level = number + 1
    level_ends = number + (1 if rows <= ROOMY else 3 if form.other and rows > ROOMIER else 2)
    answered = level_ends + 1 if rows > NARROW else 0
    status = max(level_ends, answered) + 1
    for row in range(first, status):
        put(form.cell(row, form.note), None, COUNT if row == number else CAPTION)
    area(form, (level, form.note, level_ends, form.note), "", LEVEL)
    put(form.cell(status, form.note), None, STATUS)
    sending = heading.sending(form.checklist, form.language)
    area(form, (status + 1, form.note, last, form.note), sending, SENDING)
    make_room(form, status + 1, last, height(form, sending, form.notes, SENDING))
    make_room(form, level, level_ends, _room_for_level(form))
    if number > first:
        make_room(form, first, first, height(form, _title_of_score(form), form.notes, CAPTION))
    longest = max((_complete(form), form.say("not in the list", cell="$A$100")), key=len)
    make_room(form, status, status, height(form, longest, form.notes, STATUS))
    return Reserved(first, number, level, answered, status, last)


def make_room(form: Form, first: int, last: int, needed: float) -> None:
    """Rows as high as a text over all of them needs."""
    heights = [form.sheet.row_dimensions[row].height or LOWEST for row in range(first, last + 1)]
    for row, each in zip(range(first, last + 1), heights, strict=True):
        form.sheet.row_dimensions[row].height = max(each, each * needed / sum(heights))


def _room_for_level(form: Form) -> float:
    result = whole_result(form.checklist)
    titles = [] if result is None else _titles_of_levels(form, result)
    return max((height(form, each, form.notes, LEVEL) for each in titles), default=0)


def show(form: Form, reserved: Reserved) -> None:
    """Writes the formulas: behind the page how it is worked out, on it what comes of that."""
    sheet = form.workbook.create_sheet(LIVE_SHEET)
    sheet.sheet_state = "hidden"
    page = "'" + form.sheet.title.replace("'", "''") + "'!"
    cells = {each.column: page + _fixed(each.cell) for each in form.entries}
    working = Working(sheet)
    try:
        known = worked_out(working, form.checklist, cells, lambda key: form.offered.get(key, ()))
        _Shown(form, reserved, known, cells).write()
    except NoFormula:
        _say_no_level(form, reserved)


def _fixed(cell: str) -> str:
    letters = cell.rstrip("0123456789")
    return f"${letters}${cell[len(letters) :]}"


@dataclass(frozen=True, slots=True)
class _Shown:
    """A form with all that its formulas know."""

    form: Form
    reserved: Reserved
    known: Known
    cells: dict[str, str]

    @property
    def working(self) -> Working:
        return self.known.working

    def write(self) -> None:
        """The box, the parts, and the line where gates speak."""
        checklist = self.form.checklist
        understood = self._understood()
        still, answered = self._counts()
        self._number(still, understood)
        self._say(self.reserved.answered, answered)
        self._status(still, understood)
        for group in checklist.groups:
            self._part(group, understood)
        if _all_known(self.known):
            self._gates()
        else:
            _say_no_level(self.form, self.reserved)

    # ---- counts

    def _understood(self) -> str:
        asked = [*self.known.asked.values(), *self.known.facts.values()]
        return self.working.keep(all_of(each.readable for each in asked))

    def _counts(self) -> tuple[str, str]:
        """How many are still open; and the words for how many are answered, of those that are asked."""
        asked = [
            self.known.asked[each.key]
            for each in self.form.checklist.questions
            if not each.optional and each.scale.kind != "text"
        ]
        blank = [each.listed(self.working, [1] + [0] * (len(each.answers) - 1)) for each in asked]
        gone = [each.listed(self.working, [0, 1] + [0] * (len(each.answers) - 2)) for each in asked]
        still = self.working.keep(added(blank), "still open")
        asked_for = self.working.keep(f"{len(asked)}-{self.working.keep(added(gone))}")
        number = self.working.keep(f"{asked_for}-{still}")
        return still, _formula(self.form.say("page answered", number=_cell(number), all=_cell(asked_for)))

    # ---- the box

    def _number(self, still: str, understood: str) -> None:
        """The score and level so far; without a score, how many items are left."""
        reserved, checklist = self.reserved, self.form.checklist
        score, result = whole_score(checklist), whole_result(checklist)
        level = self._level(result, understood) if result else ""
        text = self._score(score, understood) if score else ""
        if score is None or not text:
            self._say(reserved.number, still)
            amount = heading.amount(checklist, self.form.language)
            if level:
                self._say(reserved.level, f'IF({level}="",{_literal(amount)},{level})')
            else:
                cell = self.form.cell(reserved.level, self.form.note)
                put(cell, amount, cell.style)
            return
        self._say(reserved.number, text)
        title = self.working.keep_text(_title_of_score(self.form))
        if reserved.number > reserved.first:
            self._say(reserved.first, title)
            self._say(reserved.level, level or '""')
        else:
            self._say(reserved.level, f'IF({level}="",{title},{level})' if level else title)

    def _status(self, still: str, understood: str) -> None:
        form = self.form
        left = "still to score" if form.checklist.scores else "still to answer"
        complete = _complete(form)
        said = _literal(complete)
        for key, label in reversed(list(_wanted(form))):
            named = _formula(form.say("still missing", field=_cell(self.working.keep_text(label))))
            said = f'IF(TRIM({self.cells[key]})="",{named},{said})'
        open_ones = _formula(form.say(left, number=_cell(still)))
        wrong = _formula(form.say("not in the list", cell=_cell(self._first_unreadable())))
        said = f"IF({understood}=0,{wrong},IF({still}>0,{open_ones},{said}))"
        self._say(self.reserved.status, said)
        address = form.cell(self.reserved.status, form.note).coordinate
        _colour(form, address, f"{_fixed(address)}={_literal(complete)}", "good")

    def _first_unreadable(self) -> str:
        """The address of the first answer that is not in its list."""
        names = {key: f"fact.{key}" for key in self.known.facts} | {key: key for key in self.known.asked}
        places = {each.column: each.cell for each in self.form.entries}
        first = self.working.rows + 1
        for key, asked in [*self.known.facts.items(), *self.known.asked.items()]:
            self.working.keep_text(places[names[key]])
            put_formula(self.working.sheet.cell(self.working.rows, 3), asked.readable)
        last = self.working.rows
        return self.working.keep(f'IFERROR(INDEX($B${first}:$B${last},MATCH(0,$C${first}:$C${last},0)),"")')

    # ---- parts and gates

    def _part(self, group: Group, understood: str) -> None:
        """What comes of a part: its level, its score, or what share of its points was earned so far."""
        text, form = self._of_part(group, understood), self.form
        if not text:
            return
        row = self.reserved.parts[group.id]
        cell = form.cell(row, form.note)
        put_formula(cell, self._outside(self.working.keep(text)), PART)
        for result in form.checklist.results:
            if result.group == group.id:
                titles = _titles_of_levels(form, result)
                make_room(form, row, row, max(height(form, each, form.notes, PART) for each in titles))
                self._warn_of_caps(result, titles, cell.coordinate)

    def _warn_of_caps(self, result: Result, titles: Sequence[str], address: str) -> None:
        """The colour of a gate where a part stands at the level that its gate leaves."""
        names = [each.id for each in result.levels]
        for gate in self.form.checklist.gates:
            title = titles[names.index(gate.cap)] if gate.result == result.key else ""
            if 0 < len(title) <= LONGEST_LITERAL:
                _colour(self.form, address, f"{_fixed(address)}={_literal(title)}", "concern")

    def _of_part(self, group: Group, understood: str) -> str:
        checklist = self.form.checklist
        result = next((each for each in checklist.results if each.group == group.id), None)
        if result is not None:
            return self._level(result, understood)
        score = next((each for each in checklist.scores if each.group == group.id), None)
        if score is not None:
            text = self._score(score, understood)
            return f'IF({self.working.keep(text)}="{NOT_YET}","",{self.working.keep(text)})' if text else ""
        return self._share(group, understood) if _in_percent(checklist) else ""

    def _share(self, group: Group, understood: str) -> str:
        checklist = self.form.checklist
        counted = in_percents(checklist)
        over = tuple(
            Subject("question", each.key)
            for each in checklist.questions
            if checklist.item[each.item].group == group.id and each.points and each.key in counted
        )
        if not over:
            return ""
        try:
            value = worth(self.known, Aggregate("percent", over), ONE_ANSWER, checklist.treat)
            exact = rounded(self.working, value, 0, "half_away")
        except NoFormula:
            return ""
        return f'IF({self._there(exact, understood)}=1,{exact.top}&"%","")'

    def _gates(self) -> None:
        """The line below the fields: the titles of all gates that fail, each language on its half.

        A gate of a part speaks there, by the level that it leaves.
        """
        form = self.form
        if all(each.group for each in form.checklist.gates):
            return
        row = self.reserved.safety
        halves = ((ITEM, WORDING), (OTHER_WORDING, form.note)) if form.other else ((ITEM, form.note),)
        needed = 16 * tall(form)
        for voice, (first, last) in zip(form.voices, halves, strict=True):
            titles = self._failing(voice)
            area(form, (row, first, row, last), "", SAFETY, voice)
            said = self.working.keep(f"MID({'&'.join(titles.values())},{len(BETWEEN) + 1},2000)")
            cell = form.cell(row, first)
            put_formula(cell, self._outside(said), cell.style)
            needed = max(needed, height(form, BETWEEN.join(titles), (first, last), SAFETY, voice))
            _colour(form, cell.coordinate, f"LEN({_fixed(cell.coordinate)})>0", "concern")
        form.sheet.row_dimensions[row].height = needed

    def _failing(self, voice: Voice) -> dict[str, str]:
        """For each title of gates, a cell that says it where one of these fails."""
        gates = dict[str, list[Gate]]()
        for gate in voice.checklist.gates:
            if not gate.group:
                gates.setdefault(gate.title, []).append(gate)
        said = {}
        for title, alike in gates.items():
            fails = ",".join(f"{self.known.gates[each.key]}={TRUE}" for each in alike)
            words = self.working.keep_text(BETWEEN + readable(title, voice.language))
            said[title] = self.working.keep(f'IF(OR({fails}),{words},"")')
        return said

    # ---- values as people read them

    def _level(self, result: Result, understood: str) -> str:
        """The title of the level that is decided, or nothing."""
        possible = self.known.results.get(result.key)
        if possible is None:
            return ""
        titles = [self.working.keep_text(each) for each in _titles_of_levels(self.form, result)]
        there = self.working.keep(all_of([possible.decided, understood]))
        return self.working.keep(f'IF({there}=1,{_one_of(possible, titles)},"")')

    def _score(self, score: Score, understood: str) -> str:
        """The score as people read it, or a dash; nothing where it has no formula."""
        value = self.known.scores.get(score.key)
        percent = score.kind == "percent"
        places = score.rounding.places if score.rounding else 1 if percent else 2
        try:
            shown = None if value is None else rounded(self.working, value, places, "half_away")
        except NoFormula:
            shown = None
        if shown is None:
            return ""
        number = f"{shown.top}/{shown.bottom}"
        text = f"FIXED({number},{places},TRUE)" if score.rounding else f'{number}&""'
        text += '&"%"' if percent else ""
        return self.working.keep(f'IF({self._there(shown, understood)}=1,{text},"{NOT_YET}")')

    def _there(self, value: Exact, understood: str) -> str:
        return self.working.keep(all_of([value.known, understood]))

    def _say(self, row: int, formula: str) -> None:
        """Puts a formula into the box; texts and cells of the hidden sheet are looked up there."""
        if row:
            cell = self.form.cell(row, self.form.note)
            put_formula(cell, self._outside(self.working.keep(formula)), cell.style)

    def _outside(self, cell: str) -> str:
        """A cell of the hidden sheet as the page names it."""
        return f"{LIVE_SHEET}!{cell}" if "$" in cell else cell


def _one_of(possible: Possible, titles: Sequence[str]) -> str:
    """The title at the number of the only level that is possible."""
    text = '""'
    for level, title in reversed(list(zip(possible.levels, titles, strict=True))):
        text = title if level == "1" else text if level == "0" else f"IF({level}=1,{title},{text})"
    return text


# ---- what is shown


def whole_score(checklist: Checklist) -> Score | None:
    """The score of the whole, not of a part."""
    headline = checklist.headline
    if headline is not None and not headline.group:
        return headline
    return next((each for each in checklist.scores if not each.group), None)


def whole_result(checklist: Checklist) -> Result | None:
    """The first result of the whole."""
    return next((each for each in checklist.results if not each.group), None)


def _in_percent(checklist: Checklist) -> bool:
    score = whole_score(checklist)
    return score is not None and score.kind == "percent"


def in_percents(checklist: Checklist) -> frozenset[str]:
    """The questions whose points a score in percent counts: of others nobody reads a share."""
    counted: set[str] = set()
    scores = [each for each in checklist.scores if each.kind == "percent"]
    met = {each.key for each in scores}
    while scores:
        for subject in reads(scores.pop().formula):
            if subject.kind == "question":
                counted.add(subject.key)
            elif subject.kind == "score" and subject.key not in met:
                met.add(subject.key)
                scores.append(checklist.score[subject.key])
    return frozenset(counted)


def _all_known(known: Known) -> bool:
    """Whether there is a formula for everything that the form shows of the whole."""
    checklist = known.checklist
    score, result = whole_score(checklist), whole_result(checklist)
    gates = (each.key for each in checklist.gates if not each.group)
    return (
        (score is None or score.key in known.scores)
        and (result is None or result.key in known.results)
        and all(each in known.gates for each in gates)
    )


def _say_no_level(form: Form, reserved: Reserved) -> None:
    row, words = reserved.safety, form.say("no level")
    area(form, (row, ITEM, row, form.note), words, "FID Form advice")
    form.sheet.row_dimensions[row].height = max(
        16 * tall(form), height(form, words, (ITEM, form.note), "FID Form advice")
    )


def _wanted(form: Form) -> Iterator[tuple[str, str]]:
    """What is asked before the items and must not stay blank, by the column that it fills."""
    needed = {subject_column(form.checklist.about.unit), "session", "date", "rater"}
    for each in fields(form.checklist, form.language):
        if each.key in needed or each.key.startswith("fact."):
            yield each.key, each.label


def _complete(form: Form) -> str:
    return form.say("complete own" if form.checklist.about.raters == ("self",) else "complete")


def _title_of_score(form: Form) -> str:
    score = whole_score(form.checklist)
    titles = [] if score is None else [each.checklist.score[score.key].title for each in form.voices]
    return " / ".join(dict.fromkeys(titles))


def _titles_of_levels(form: Form, result: Result) -> list[str]:
    """The title of each level; in two languages one below the other."""
    levels = (each.checklist.result[result.key].levels for each in form.voices)
    return ["\n".join(dict.fromkeys(each.title for each in same)) for same in zip(*levels, strict=True)]


# ---- words with cells in them


def _cell(cell: str) -> str:
    """The place of a cell in a sentence."""
    return f"{_MARK}{cell}{_MARK}"


def _formula(sentence: str) -> str:
    """A sentence of ours with the cells that it names, as a formula."""
    parts = sentence.split(_MARK)
    said = (part if at % 2 else _literal(part) for at, part in enumerate(parts) if part)
    return "&".join(said)


def _literal(text: str) -> str:
    """A text as a formula has it: a title of the checklist only where a colour is decided by it."""
    return '"' + text.replace('"', '""') + '"'


def _colour(form: Form, address: str, when: str, role: str) -> None:
    rule = Rule(type="expression", dxf=look_of(role), formula=[when])
    form.sheet.conditional_formatting.add(address, rule)

"""Histories as written -> dated rows about one therapist, and what must hold after each."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from fidelity.errors import Problem, Related
from fidelity.language import protocol, tree
from fidelity.language.claims import About, members_of, thing
from fidelity.language.names import nearest
from fidelity.language.setting import KINDS, Setting
from fidelity.model.checklist import Result, Score
from fidelity.model.claim import Values, number_in
from fidelity.model.programme import BY_HAND, CONTACT, Expected, History, HistoryRow, Row
from fidelity.model.scale import Misfit
from fidelity.place import Place

OWN_COLUMNS = ("date", "checklist", "source", "rater")
Kind = Literal["stage", "contacts", "duration", "drift", "figure", "sample", "planned"]

# What a cell right of the arrow may say; a figure is a number or missing.
WORDS: dict[Kind, tuple[str, ...]] = {
    "stage": ("reached", "not_yet", "undecided", "not_assessed", "expired", "lost"),
    "contacts": ("met", "not_met", "not_assessed"),
    "duration": ("within", "exceeded", "not_assessed"),
    "drift": ("too_few", "steady", "watch", "act"),
    "sample": ("taken", "pool"),
}
GATE_STATES = ("passes", "fails")
COLUMN_OF: dict[type, Kind] = {
    protocol.Stage: "stage",
    protocol.Drift: "drift",
    protocol.Summary: "figure",
    protocol.Sample: "sample",
}


class Heading(NamedTuple):
    """A column right of the arrow."""

    kind: Kind
    name: str


def history_of(node: protocol.History, setting: Setting) -> History | None:
    """One history; None when its heading row cannot be read."""
    facts = facts_of(node.givens, setting)
    names = _columns(node, setting)
    headings = [_heading(cell, setting) for cell in node.head.expected]
    _once([*node.head.given], setting)
    _once([*node.head.expected], setting)
    if names is None or any(each is None for each in headings):
        return None
    sound = [each for each in headings if each is not None]
    rows: list[HistoryRow] = []
    for row in node.rows:
        made = _row(row, names, sound, setting)
        if made is None:
            continue
        if rows and made.row.day < rows[-1].row.day:
            setting.scope.problem("RB110", row.place, earlier=made.row.day, before=rows[-1].row.day)
        rows.append(made)
    expected = tuple(made for each in node.expects for made in expected_of(each, setting))
    return History(node.title.content, facts, tuple(rows), expected, node.place)


def example_of(node: tree.Example, setting: Setting) -> History:
    """An example of a programme: the therapist's facts, and what they alone lead to."""
    expected = tuple(made for each in node.expects for made in expected_of(each, setting))
    return History(node.title.content, facts_of(node.givens, setting), (), expected, node.place)


# ---- given


def facts_of(givens: Iterable[tree.Given], setting: Setting) -> Values:
    """What the `given` lines say about the therapist; later lines overwrite earlier ones."""
    facts: dict[str, tuple[str, ...]] = {}
    for given in givens:
        if isinstance(given.target, tree.GivenItems):
            setting.scope.problem("RB110", given.target.place, items_chosen="items")
            continue
        for reference in given.target:
            if reference.name.id not in setting.facts or reference.owner is not None:
                setting.scope.unknown(reference.name, "fact", setting.facts)
                continue
            facts[reference.name.id] = _given(reference.name.id, given.value, setting)
    return facts


def _given(name: str, value: tree.Word | tree.GivenMissing | tree.Text, setting: Setting) -> tuple[str, ...]:
    match value:
        case tree.Word(written) | tree.Text(written):
            return (written,) if _fact_fits(name, written, value.place, setting) else ()
        case tree.GivenMissing():
            return ()


def _fact_fits(name: str, written: str, place: Place, setting: Setting) -> bool:
    scale = setting.facts[name].scale
    answer = scale.understand(written)
    if not isinstance(answer, Misfit):
        return True
    if scale.span is not None:
        facts = {"why": answer.why, "allowed": answer.allowed, "suggestion": answer.nearest}
        setting.scope.problem("RB101", place, outside=written, of=name, **facts)
    else:
        facts = {"kind": "word", "own": answer.allowed, "suggestion": answer.nearest}
        setting.scope.problem("RB101", place, name=written, of=name, **facts)
    return False


# ---- the heading row


def _columns(node: protocol.History, setting: Setting) -> list[str] | None:
    """The keys of the columns left of the arrow; there must be a date and a checklist."""
    names: list[str] = []
    for cell in node.head.given:
        if not isinstance(cell, tree.Reference):
            setting.scope.problem("RB110", cell.place, heading="heading")
            return None
        names.append(f"{cell.name.id}.{cell.owner.id}" if cell.owner else cell.name.id)
        _column_fits(cell, names[-1], setting)
    absent = [name for name in OWN_COLUMNS[:2] if name not in names]
    if absent:
        setting.scope.problem("RB110", node.head.place, no_column=absent[0])
    return None if absent else names


def _column_fits(cell: tree.Reference, key: str, setting: Setting) -> None:
    """RB102 where a rule of the programme has the name; RB101 where no used checklist gives such a value."""
    meaning = setting.meaning.get(key)
    if meaning is not None and not isinstance(meaning, tree.Fact):
        facts = {"kind": "column", "name": key, "line": meaning.id.place.line}
        related = (Related(meaning.id.place, "the first one is here"),)
        setting.scope.found.append(Problem("RB102", cell.name.place, facts, related))
        return
    known = [each for each in setting.checklists.values() if each is not None]
    if key in OWN_COLUMNS or key in setting.facts or len(known) < len(setting.checklists) or not known:
        return
    if not any(thing(key, About(each), setting) or key in each.gate for each in known):
        among = {
            name.partition(".")[0]: None for each in known for name in (*each.score, *each.result, *each.gate)
        }
        families = [each.id for each in known if members_of(cell.name.id, each)]
        where = families[0] if families and cell.owner is None else known[0].id
        facts = {"name": str(cell), "in_checklist": where if len(known) == 1 else "any checklist it uses"}
        suggestion = nearest(cell.name.id, [*among, *setting.facts])
        setting.scope.problem(
            "RB101", cell.place, **facts, suggestion="" if suggestion == key else suggestion
        )


def _once(cells: list[tree.Cell], setting: Setting) -> None:
    seen: dict[str, tree.Reference] = {}
    for cell in cells:
        if not isinstance(cell, tree.Reference):
            continue
        first = seen.setdefault(str(cell), cell)
        if first is not cell:
            facts = {"kind": "column", "name": str(cell), "line": first.place.line}
            related = (Related(first.place, "the first one is here"),)
            setting.scope.found.append(Problem("RB102", cell.place, facts, related))


def _heading(cell: tree.Cell, setting: Setting) -> Heading | None:
    if not isinstance(cell, tree.Reference):
        setting.scope.problem("RB110", cell.place, heading="heading")
        return None
    name = cell.name.id
    if cell.owner is not None and name in ("contacts", "duration"):
        kind: Kind = "contacts" if name == "contacts" else "duration"
        return Heading(kind, cell.owner.id) if setting.known(cell.owner, protocol.Dose) else None
    return _judged(cell, setting)


def _judged(reference: tree.Reference, setting: Setting) -> Heading | None:
    """The rule that a reference names, of those that a history can test."""
    name = reference.name.id
    meaning = setting.meaning.get(name)
    kind = COLUMN_OF.get(type(meaning))
    if kind is None or reference.owner is not None:
        if isinstance(meaning, protocol.Dose):
            setting.scope.problem("RB110", reference.place, dose=name)
        elif meaning is not None and reference.owner is None:
            setting.scope.problem("RB110", reference.place, name=name, is_a=KINDS[type(meaning)])
        else:
            among = [id for id, each in setting.meaning.items() if type(each) in COLUMN_OF]
            setting.scope.unknown(reference.name, "stage, drift, summary or sample", among)
        return None
    if isinstance(meaning, protocol.Drift) and not _by_hand(meaning):
        setting.scope.problem("RB110", reference.place, by_statistics=name, methods=" and ".join(BY_HAND))
        return None
    return Heading(kind, name)


def _by_hand(node: protocol.Drift) -> bool:
    return any(isinstance(each, protocol.Method) and each.name.id in BY_HAND for each in node.lines)


# ---- the rows


def _row(row: tree.Row, names: list[str], headings: list[Heading], setting: Setting) -> HistoryRow | None:
    if len(row.given) != len(names) or len(row.expected) != len(headings):
        wanted, given = len(names) + len(headings), len(row.given) + len(row.expected)
        setting.scope.problem("RB110", row.place, columns=wanted, cells=given)
        return None
    cells = dict(zip(names, row.given, strict=True))
    day = _day(cells["date"], setting)
    checklist = _checklist(cells["checklist"], setting)
    if day is None or checklist is None:
        return None
    values = {
        name: _value(name, cell, checklist, setting)
        for name, cell in cells.items()
        if name not in OWN_COLUMNS
    }
    source, rater = (_text(cells[name]) if name in cells else "" for name in ("source", "rater"))
    pairs = zip(headings, row.expected, strict=True)
    expected = tuple(made for heading, cell in pairs for made in _expected(heading, cell, setting))
    return HistoryRow(Row(day, checklist, source, rater, values=values), expected)


def _day(cell: tree.Cell, setting: Setting) -> dt.date | None:
    if isinstance(cell, tree.DayCell):
        return cell.day.day
    setting.scope.problem("RB110", cell.place, no_day=_text(cell) or "-")
    return None


def _checklist(cell: tree.Cell, setting: Setting) -> str | None:
    if isinstance(cell, tree.DashCell | tree.MissingCell):
        return ""
    if not isinstance(cell, tree.Reference):
        setting.scope.problem("RB101", cell.place, unlisted=_text(cell))
        return None
    if cell.name.id != CONTACT:
        setting.checklist(cell.name)
    return cell.name.id if cell.name.id in (CONTACT, *setting.checklists) else None


def _text(cell: tree.Cell) -> str:
    match cell:
        case tree.Number(written):
            return written
        case tree.Reference():
            return str(cell)
        case tree.DayCell(day):
            return day.written
        case tree.MissingCell() | tree.DashCell():
            return ""


def _value(name: str, cell: tree.Cell, checklist: str, setting: Setting) -> tuple[str, ...]:
    written = _text(cell)
    if not written:
        return ()
    if name in setting.facts:
        return (written,) if _fact_fits(name, written, cell.place, setting) else ()
    about = About(setting.checklists.get(checklist))
    what = thing(name, about, setting)
    if isinstance(what, Result) and written not in [each.id for each in what.levels]:
        own = [each.id for each in what.levels]
        facts = {"kind": "level", "name": written, "of": what.name, "own": ", ".join(own)}
        setting.scope.problem("RB101", cell.place, **facts, suggestion=nearest(written, own))
        return ()
    if about.checklist is not None and name in about.checklist.gate and written not in GATE_STATES:
        facts = {"kind": "state", "name": written, "of": name, "own": ", ".join(GATE_STATES)}
        setting.scope.problem("RB101", cell.place, **facts, suggestion=nearest(written, GATE_STATES))
        return ()
    if isinstance(what, Score) and number_in(written) is None:
        setting.scope.problem("RB110", cell.place, plain=written)
        return ()
    return (written,)


# ---- what is expected


def _expected(heading: Heading, cell: tree.Cell, setting: Setting) -> Iterator[Expected]:
    """Nothing for `-`, which is not compared."""
    if isinstance(cell, tree.DashCell):
        return
    wanted = "missing" if isinstance(cell, tree.MissingCell) else _text(cell)
    if _can_say(heading, wanted, cell.place, setting):
        yield Expected(heading.kind, heading.name, wanted, cell.place)


def _can_say(heading: Heading, wanted: str, place: Place, setting: Setting) -> bool:
    own = WORDS.get(heading.kind)
    if own is None:
        fits = number_in(wanted) is not None or (heading.kind == "figure" and wanted == "missing")
        if not fits:
            setting.scope.problem("RB110", place, plain=wanted)
        return fits
    if wanted not in own:
        facts = {"kind": "state", "name": wanted, "of": heading.name, "own": ", ".join(own)}
        setting.scope.problem("RB101", place, **facts, suggestion=nearest(wanted, own))
    return wanted in own


def expected_of(expect: tree.Expect, setting: Setting) -> Iterator[Expected]:
    """`expect rated_sessions is 9`: how things stand at the end."""
    match expect.what:
        case tree.ExpectValue(reference, tree.Equal(bound)):
            wanted = bound.written if isinstance(bound, tree.Number) else str(bound)
        case tree.ExpectValue(reference, tree.IsMissing()):
            wanted = "missing"
        case _:
            setting.scope.problem("RB110", expect.place, expects="history")
            return
    heading = _heading(reference, setting)
    if heading is None:
        return
    if heading.kind == "sample":
        heading = Heading("planned", heading.name)
    if _can_say(heading, wanted, expect.place, setting):
        yield Expected(heading.kind, heading.name, wanted, expect.place)

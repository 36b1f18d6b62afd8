"""Random checklists and records: small enough to try out every way of filling the blanks."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise, product
from random import Random
from typing import Any, Literal, NamedTuple

from hypothesis import strategies as st

from fidelity.model.checklist import (
    About,
    AsMissing,
    AsPoints,
    Checklist,
    Fact,
    Flag,
    Gate,
    Group,
    LeftOut,
    Level,
    Listing,
    Question,
    Result,
    Rounding,
    Score,
    Treatments,
)
from fidelity.model.checklist import Item as ChecklistItem
from fidelity.model.expression import (
    Aggregate,
    AggregateName,
    And,
    Arithmetic,
    Compare,
    CompareLevel,
    Comparison,
    Condition,
    Constant,
    Formula,
    GateIs,
    HasState,
    IsOneOf,
    Needing,
    NoOther,
    Not,
    Operator,
    Or,
    PercentOf,
    Quantified,
    RatioOf,
    Subject,
    SubjectKind,
    ValueOf,
)
from fidelity.model.scale import Band, Bins, Choice, NonAnswer, Scale, Span

NAMES = ("a", "b", "c", "d")
CODES = ("0", "1", "2", "3")
SCALE = Scale(
    "how",
    "How well",
    "choice",
    (
        *(Choice(code, f"Level {code}", Fraction(code)) for code in CODES),
        Choice("na", "Does not apply", means=NonAnswer.NOT_APPLICABLE),
    ),
)
ITEMS = tuple(Subject("question", name) for name in NAMES)


def checklist(
    scores: Sequence[Score] = (),
    results: Sequence[Result] = (),
    gates: Sequence[Gate] = (),
    weights: Sequence[Fraction] = (Fraction(1),) * len(NAMES),
    **others: Any,
) -> Checklist:
    """A checklist of four items, `a` to `d`, on one scale from 0 to 3."""
    questions = tuple(
        Question(name, name, SCALE, weight) for name, weight in zip(NAMES, weights, strict=True)
    )
    order = (
        *(("question", each.key) for each in questions),
        *(("score", each.key) for each in scores),
        *(("gate", each.key) for each in gates),
        *(("result", each.key) for each in results),
    )
    nothing: tuple[Any, ...] = ()
    parts: dict[str, Any] = dict.fromkeys(
        ("facts", "groups", "thresholds", "flags", "lists", "core", "allowed", "examples", "translations"),
        nothing,
    )
    parts |= {
        "id": "random",
        "title": "Random",
        "about": About(),
        "fingerprint": "",
        "file": "random.rubric",
        "applies": None,
        "treat": {},
        "codes": {},
        "scales": (SCALE,),
        "items": tuple(ChecklistItem(name, name, "", (SCALE,)) for name in NAMES),
        "questions": questions,
        "scores": tuple(scores),
        "results": tuple(results),
        "gates": tuple(gates),
        "order": order,
    }
    return Checklist(**{**parts, **others})


ALL_ANSWERED = Needing()


def score(formula: Formula, needing: Needing = ALL_ANSWERED) -> Score:
    """A score called `s`."""
    return Score("s", "s", "", "S", formula, "number", needing)


def result(*conditions: Condition) -> Result:
    """A result called `r` with a level 0, 1, 2 ... for each condition."""
    levels = tuple(Level(str(number), str(number), when) for number, when in enumerate(conditions))
    return Result("r", "r", "", "R", "", levels)


def no_other(key: str, number: int) -> NoOther:
    """The condition of a level that is written `otherwise`."""
    return NoOther(key, str(number))


def gate(name: str, cap: int, when: Condition) -> Gate:
    """A gate on the result `r`."""
    return Gate(name, name, "", name, "r", str(cap), when)


# ---- strategies

weights = st.tuples(*(st.sampled_from([Fraction(1), Fraction(2), Fraction(1, 3)]) for _ in NAMES))
answers = st.fixed_dictionaries({name: st.sampled_from([*CODES, "na", ""]) for name in NAMES})
needings = st.sampled_from(
    [Needing(), Needing(share=Fraction(1, 2)), Needing(share=Fraction(2, 3)), Needing(number=2)]
)
aggregates = st.builds(
    Aggregate,
    st.sampled_from(["mean", "sum", "percent", "lowest", "highest", "median"]),
    st.lists(st.sampled_from(ITEMS), min_size=1, unique=True).map(tuple),
    needing=st.none() | needings,
) | st.builds(
    Aggregate,
    st.sampled_from(["share", "count"]),
    st.lists(st.sampled_from(ITEMS), min_size=1, unique=True).map(tuple),
    st.lists(st.sampled_from(CODES), min_size=1, unique=True).map(tuple),
)
leaves = aggregates | st.sampled_from(ITEMS).map(ValueOf) | st.integers(0, 5).map(Fraction).map(Constant)
formulas: st.SearchStrategy[Formula] = st.recursive(
    leaves,
    lambda inner: (
        st.builds(Arithmetic, st.sampled_from(["+", "-", "*", "/"]), inner, inner)
        | st.builds(PercentOf, inner, inner)
        | st.builds(RatioOf, inner, inner)
    ),
    max_leaves=4,
)
codes = st.lists(st.sampled_from([*CODES, "na"]), min_size=1, unique=True).map(tuple)
tests = st.builds(IsOneOf, st.sampled_from(ITEMS), codes) | st.builds(
    Compare,
    st.sampled_from(ITEMS).map(ValueOf),
    st.sampled_from(["at least", "at most", "above", "below", "is"]),
    st.sampled_from(ITEMS).map(ValueOf) | st.integers(0, 3).map(Fraction).map(Constant),
)
quantified = st.builds(
    lambda quantifier, number, subjects, wanted: Quantified(
        quantifier, number, tuple((each, IsOneOf(each, wanted)) for each in subjects)
    ),
    st.sampled_from(["any", "every", "no", "at least", "at most", "exactly"]),
    st.integers(1, 3),
    st.lists(st.sampled_from(ITEMS), min_size=1, unique=True),
    codes,
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    tests | quantified,
    lambda inner: (
        st.builds(And, st.tuples(inner, inner))
        | st.builds(Or, st.tuples(inner, inner))
        | st.builds(Not, inner)
    ),
    max_leaves=6,
)


def filled(record: dict[str, str]) -> list[dict[str, str]]:
    """Every way in which the blanks of a record could have been answered."""
    choices = [CODES if not raw else (raw,) for raw in record.values()]
    return [dict(zip(record, filling, strict=True)) for filling in product(*choices)]


# ---- layouts: the same source in other clothes

REMARKS = ("# ours", "#", '# "a quotation", item x', "# é ｗide", "# when => |")


@st.composite
def disordered(draw: st.DrawFn, source: str) -> str:
    """The source with other indentation, empty lines, remarks and line ends; its words stay."""
    lines = []
    for line in source.splitlines():
        above = draw(st.sampled_from(["", "", "", "\n", "\n  \n", "# above\n", "\n\t# above\n\n"]))
        moved = draw(st.sampled_from(["", " ", "  ", "    ", "\t", " " * 30]))
        behind = draw(st.sampled_from(["", "", "", " ", *(f" {each}" for each in REMARKS)]))
        lines.append(above + moved + line.strip() + (behind if "#" not in line else ""))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return "\n".join(lines).replace("\n", end) + draw(st.sampled_from(["", end, end * 3]))


OPTIONS = ("", "tagged x", "weight 2", "tagged x applies when i0 is seen and not i0 is missing")
titles = st.text(st.sampled_from("abc é'\"“”#|=>，中"), max_size=60).map(
    lambda text: f'"{text}"' if '"' not in text else f"«{text}»"
)


@st.composite
def sources(draw: st.DrawFn) -> str:
    """A checklist as text: items in groups with options, scores, a result and examples."""
    blank = st.sampled_from([" ", " ", "  ", "     "])
    items = [f"i{number}" for number in range(draw(st.integers(1, 6)))]
    lines = [
        f"checklist random {draw(titles)}",
        "version 1.0.0",
        'scale tick "Seen?"',
        f'answer not_seen{draw(blank)}"No"{draw(blank)}scores 0',
        f"answer seen{draw(blank)}{draw(titles)}{draw(blank)}scores 1",
        f"section all_of_it {draw(titles)} on scale tick",
    ]
    for item in items:
        option = draw(st.sampled_from(OPTIONS))
        lines.append(f"item {item}{draw(blank)}{draw(titles)}{draw(blank)}{option}")
        lines.extend(f"note {draw(titles)}" for _ in range(draw(st.integers(0, 1))))
    lines += [
        f"score total{draw(blank)}{draw(titles)}{draw(blank)}is (sum of items)*( 2 -1 )",
        f"score part{draw(blank)}{draw(titles)}{draw(blank)}is mean of items needing at least 1/2 answered",
        f"score estimated{draw(blank)}is{draw(blank)}( mean of items needing at least 1/2 answered)* 3",
        f"result r {draw(titles)} from part",
        f"level low{draw(blank)}{draw(titles)}{draw(blank)}below 1/2",
        f"level high{draw(blank)}{draw(titles)}{draw(blank)}at least 1/2",
        f"examples {draw(titles)}",
        f"|{'|'.join(items)}=>part|r|",
        f"|{'|'.join('seen' for _ in items)}=>1|high|",
    ]
    return "\n".join(lines) + "\n"


# ---- whole checklists, with every kind of question, missing answer and rule; and records for them

RATED = Scale(
    "rated",
    "How often",
    "choice",
    (
        Choice("never", "Never", Fraction(0), codes=("0", "N")),
        Choice("half", "Half", Fraction(1, 2), needs_comment=True),
        Choice("often", "Often", Fraction(2)),
        Choice("unsure", "Unsure"),
        Choice("na", "Does not apply", means=NonAnswer.NOT_APPLICABLE),
        Choice("unseen", "Not seen", means=NonAnswer.NOT_OBSERVED),
        Choice("refused", "Declined", means=NonAnswer.DECLINED),
    ),
)
TICK = Scale("tick", "Seen", "choice", (Choice("seen", "Seen"), Choice("not_seen", "Not seen")))
STEPS = Scale(
    "steps",
    "One to three",
    "range",
    (Choice("1", "Low", Fraction(1)), Choice("9", "Cannot tell", means=NonAnswer.MISSING)),
    Span(Fraction(1), Fraction(3), Fraction(1, 2)),
)
COUNT = Scale("count", "How many", "count", (), Span(Fraction(0), None, Fraction(1)))
LONG = Scale(
    "long",
    "So many of five thousand",
    "range",
    (Choice("0", "None", Fraction(0)), Choice("unseen", "Not seen", means=NonAnswer.NOT_OBSERVED)),
    Span(Fraction(0), Fraction(5000), Fraction(1, 2)),
)
FEW = Scale("few", "How many of ten", "count", (), Span(Fraction(0), Fraction(10), Fraction(1)))
HOURS = Scale("hours", "Hours", "number", (), Span(Fraction(0), Fraction(40), None))
TEXT = Scale("text", "Words", "text")
SCALES = (SCALE, SCALE, RATED, RATED, TICK, STEPS, COUNT, FEW, LONG, HOURS, TEXT)
OUR_SCALES = (*SCALES[2:], SCALE)
BINS = Bins(
    "bins",
    "Points",
    (
        (Fraction(3), Band(None, Fraction(2))),
        (Fraction(3, 2), Band(Fraction(2), Fraction(5), with_lowest=False)),
        (Fraction(0), Band(Fraction(6), None)),
    ),
)
MODE = Fact("mode", "Mode", Scale("mode", "", "choice", (Choice("one", "One"), Choice("group", "Group"))))
VISIT = Fact("visit", "Visit", FEW)
LENGTH = Fact("length", "Length", HOURS)
PLACE = Fact("place", "Place", TEXT)

RAW_BY_SCALE = {
    "how": ("0", "1", "2", "3", "na", "1.0"),
    "rated": ("never", "half", "often", "unsure", "na", "unseen", "refused", "N", "0", " often "),
    "tick": ("seen", "not_seen"),
    "steps": ("1", "1.5", "5/2", "3", "9", "٣", "2.50"),
    "count": ("0", "1", "4", "12", "7/1", "1000"),
    "long": ("0", "1", "3", "2.5", "5000", "unseen"),
    "few": ("0", "2", "5", "6", "10"),
    "hours": ("0", "0.5", "7", "40", "1/3", "12.25"),
    "text": ("once", "na", " ", "seen", "not_observed", "1", " often"),
    "mode": ("one", "group"),
}
EVERYWHERE = ("", "", "", "not_applicable", "not_observed", "declined", "missing", "99", "-9")
WRONG = ("rubbish", "-1", "2.3")
TREATED: tuple[Treatments, ...] = (
    {},
    {NonAnswer.NOT_OBSERVED: LeftOut(), NonAnswer.DECLINED: AsMissing()},
    {NonAnswer.NOT_OBSERVED: AsPoints(Fraction(1, 3)), NonAnswer.DECLINED: LeftOut()},
    {
        NonAnswer.NOT_OBSERVED: LeftOut(),
        NonAnswer.DECLINED: AsPoints(Fraction(2)),
        NonAnswer.MISSING: LeftOut(),
    },
    {
        NonAnswer.NOT_OBSERVED: AsMissing(),
        NonAnswer.DECLINED: LeftOut(),
        NonAnswer.MISSING: AsPoints(Fraction(0)),
    },
)


State = Literal["scored", "not scored", "missing"]
Quantifier = Literal["any", "every", "no", "at least", "at most", "exactly"]


class Named(NamedTuple):
    """What rules may read so far."""

    questions: tuple[Question, ...]
    scores: tuple[Score, ...] = ()
    results: tuple[Result, ...] = ()
    gates: tuple[Gate, ...] = ()


GROUPS = ("g1", "g2")
# Where a score or result stands: by itself, in one group, or once in each.
STANDS: tuple[tuple[str, ...], ...] = (("",), ("",), ("g1",), ("g2",), GROUPS)


@st.composite
def whole_checklists(draw: st.DrawFn) -> Checklist:
    """A checklist with questions of all kinds in two groups, and rules that read each other."""
    questions = draw(_questions())
    known = Named(questions)
    order: list[tuple[str, str]] = [("question", each.key) for each in questions]
    for number in range(draw(st.integers(1, 4))):
        made = draw(_scores(known, f"s{number}"))
        known = known._replace(scores=(*known.scores, *made))
        order += [("score", each.key) for each in made]
        if draw(st.booleans()):
            known = draw(_with_results(known, f"r{number}", order))
    flags = tuple(
        Flag(f"f{number}", "", draw(_condition(known, 3))) for number in range(draw(st.integers(0, 3)))
    )
    of_item: dict[str, list[Scale]] = {}
    for each in questions:
        of_item.setdefault(each.item, []).append(each.scale)
    items = tuple(
        ChecklistItem(
            item,
            item,
            _group_of(item),
            tuple(scales),
            comment_when=draw(st.none() | _condition(Named(questions), 2)),
            always_comment=draw(st.sampled_from([False, False, True])),
        )
        for item, scales in of_item.items()
    )
    rated = tuple(each.key for each in questions if each.scale.kind != "text")
    lists = [Listing("l", "", rated, draw(codes))]
    if known.results:
        lists.append(Listing("m", "", (), ("0", "1"), results=(known.results[0].key,)))
    return checklist(
        known.scores,
        known.results,
        known.gates,
        questions=questions,
        items=items,
        groups=tuple(Group(each, "domain", "", ()) for each in GROUPS),
        facts=(MODE, VISIT, LENGTH, PLACE),
        flags=flags,
        lists=tuple(lists),
        order=tuple(order),
        treat=draw(st.sampled_from(TREATED)),
        codes={"99": NonAnswer.MISSING, "-9": NonAnswer.NOT_APPLICABLE},
        applies=draw(st.none() | st.none() | st.none() | _condition(Named(questions[:1]), 1)),
        about=About(
            observed=Band(Fraction(10), None), rated_within=(1, "weeks"), raters=("peer",), evidence=("live",)
        ),
    )


def _group_of(item: str) -> str:
    return GROUPS[(ord(item) + 1) % 2]


@st.composite
def _questions(draw: st.DrawFn) -> tuple[Question, ...]:
    found: list[Question] = []
    for item in "abcdefg"[: draw(st.integers(2, 7))]:
        scale = draw(st.sampled_from(SCALES))
        if scale is SCALE and draw(st.booleans()):
            found.append(draw(_question(found, f"{item}.how", item, SCALE)))
            found.append(draw(_question(found, f"{item}.rated", item, RATED)))
        else:
            found.append(draw(_question(found, item, item, scale)))
    return tuple(found)


@st.composite
def _question(draw: st.DrawFn, before: Sequence[Question], key: str, item: str, scale: Scale) -> Question:
    binned = scale.id in {"count", "few", "hours", "long"} and draw(st.booleans())
    return Question(
        key,
        item,
        scale,
        draw(st.sampled_from([Fraction(1), Fraction(1), Fraction(2), Fraction(1, 3), Fraction(0)])),
        reversed=draw(st.booleans()),
        bins=BINS if binned else None,
        applies=draw(st.none() | st.none() | _condition(Named(tuple(before)), 2)) if before else None,
    )


@st.composite
def _scores(draw: st.DrawFn, known: Named, name: str) -> list[Score]:
    """One score, or a family; the formula of a group's member often reads its own items alone."""
    found = []
    for group in draw(st.sampled_from(STANDS)):
        own = tuple(each for each in known.questions if _group_of(each.item) == group)
        restricted: bool = draw(st.booleans())
        readable = known._replace(questions=own) if own and restricted else known
        found.append(draw(_score(known, readable, f"{name}.{group}" if group else name, name, group)))
    return found


@st.composite
def _score(draw: st.DrawFn, known: Named, readable: Named, key: str, name: str, group: str) -> Score:
    return Score(
        key,
        name,
        group,
        "",
        draw(_formula(readable, 3)),
        "number",
        draw(needings),
        highest=draw(st.sampled_from([None, Fraction(3), Fraction(100)])),
        only_when=draw(st.none() | st.none() | _condition(known, 2)),
        rounding=draw(
            st.none()
            | st.builds(
                Rounding, st.integers(0, 2), st.sampled_from(["half_away", "half_even", "down", "up"])
            )
        ),
        counting=draw(st.sampled_from(TREATED)),
    )


@st.composite
def _with_results(draw: st.DrawFn, known: Named, name: str, order: list[tuple[str, str]]) -> Named:
    """What is known with one more result, or a family, and its gates."""
    levels, gates = draw(st.integers(1, 3)), draw(st.integers(0, 3))
    only_by_gate, otherwise, banded = (draw(st.booleans()) for _ in range(3))
    made: list[Result] = []
    capping: list[Gate] = []
    for group in draw(st.sampled_from(STANDS)):
        key = f"{name}.{group}" if group else name
        beside = [each for each in known.scores if each.group == group] or known.scores
        of = draw(st.sampled_from(beside)).key if banded else ""
        lines: list[Condition | None] = list(
            draw(_bands(of)) if of else [draw(_condition(known, 2)) for _ in range(levels + 1)]
        )
        if only_by_gate:
            lines.insert(0, None)
        if otherwise:
            lines.append(no_other(key, len(lines)))
        told = tuple(Level(str(at), "", when) for at, when in enumerate(lines))
        made.append(Result(key, name, group, "", of, told))
        for at in range(gates):
            of_group = f"{name}_gate{at}.{group}" if group else f"{name}_gate{at}"
            cap = str(draw(st.integers(0, len(lines) - 1)))
            when = draw(_condition(known, 2))
            capping.append(Gate(of_group, f"{name}_gate{at}", group, "", key, cap, when))
    order += [*(("gate", each.key) for each in capping), *(("result", each.key) for each in made)]
    return known._replace(results=(*known.results, *made), gates=(*known.gates, *capping))


MARKS = tuple(Fraction(number, 2) for number in (0, 1, 2, 3, 4, 5, 100))


@st.composite
def _bands(draw: st.DrawFn, score: str) -> list[Condition]:
    """Lines that read one score: from the lowest to the highest, mostly without gaps between them."""
    value = ValueOf(Subject("score", score))
    marks = sorted(draw(st.lists(st.sampled_from(MARKS), min_size=1, max_size=3, unique=True)))
    below: Comparison = draw(st.sampled_from(["below", "below", "at most"]))
    first = Compare(value, below, Constant(marks[0]))
    between = [
        And((Compare(value, "at least", Constant(low)), Compare(value, below, Constant(high))))
        for low, high in pairwise(marks)
    ]
    return [first, *between, Compare(value, "at least", Constant(marks[-1]))]


@st.composite
def _formula(draw: st.DrawFn, known: Named, depth: int) -> Formula:
    kind = draw(
        st.sampled_from(["function", "function", "counted", "family", "value", "joined", "joined", "divided"])
    )
    numbers = [
        *(Subject("question", each.key) for each in known.questions),
        *(Subject("score", each.key) for each in known.scores),
        Subject("fact", "visit"),
        Subject("fact", "length"),
    ]
    items = [Subject("question", each.key) for each in known.questions if each.scale.kind != "text"]
    several = st.lists(st.sampled_from(items or numbers[-2:-1]), min_size=1, unique=True)
    needs = st.none() | needings
    if kind == "joined" and depth:
        first, second = draw(_formula(known, depth - 1)), draw(_formula(known, depth - 1))
        signs: list[Operator] = ["+", "-", "*", "/"]
        joined: list[Formula] = [Arithmetic(sign, first, second) for sign in signs]
        return draw(st.sampled_from([*joined, PercentOf(first, second), RatioOf(first, second)]))
    if kind == "divided" and depth:
        # More than one divisor that can be nought, and not only the last.
        parts = st.sampled_from(numbers).map(ValueOf)
        quotient = st.builds(RatioOf, parts, parts) | st.builds(PercentOf, parts, parts)
        return draw(st.builds(Arithmetic, st.sampled_from(["+", "-", "*", "/"]), quotient, quotient | parts))
    families: list[Score | Result] = [*known.scores, *known.results]
    if kind == "family" and families:
        one = draw(st.sampled_from(families))
        if isinstance(one, Result) or draw(st.booleans()):
            function: st.SearchStrategy[AggregateName] = st.sampled_from(["share", "count"])
            rated = draw(st.none() | codes) if isinstance(one, Result) else None
        else:
            function, rated = st.sampled_from(["mean", "sum", "lowest", "highest", "median"]), None
        return Aggregate(draw(function), _members(families, one), rated, draw(needs))
    if kind == "counted":
        over: list[Subject] = draw(several)
        over += [Subject("result", each.key) for each in known.results]
        return Aggregate(
            draw(st.sampled_from(["share", "count"])), tuple(over), draw(st.none() | codes), draw(needs)
        )
    if kind == "value":
        return draw(
            st.sampled_from(numbers).map(ValueOf)
            | st.sampled_from([Fraction(0), Fraction(2), Fraction(5, 2)]).map(Constant)
        )
    mixed = draw(several) + draw(st.sampled_from([[], [Subject("score", each.key) for each in known.scores]]))
    functions: list[AggregateName] = ["mean", "sum", "percent", "lowest", "highest", "median"]
    return Aggregate(draw(st.sampled_from(functions)), tuple(mixed), needing=draw(needs))


def _members(families: Sequence[Score | Result], one: Score | Result) -> tuple[Subject, ...]:
    """Everything of the same name."""
    kind: SubjectKind = "result" if isinstance(one, Result) else "score"
    return tuple(
        Subject(kind, each.key) for each in families if type(each) is type(one) and each.name == one.name
    )


ORDER: st.SearchStrategy[Comparison] = st.sampled_from(["at least", "at most", "above", "below", "is"])
STATES: st.SearchStrategy[State] = st.sampled_from(["scored", "not scored", "missing"])
RATED_AS = st.lists(
    st.sampled_from(
        [
            *("0", "1", "2", "2.50", "na", "often", "unseen", "seen", "4", "one", "99"),
            *("not_observed", "not_applicable", "missing", "refused"),
        ]
    ),
    min_size=1,
    unique=True,
).map(tuple)
QUANTIFIERS: st.SearchStrategy[Quantifier] = st.sampled_from(
    ["any", "every", "no", "at least", "at most", "exactly"]
)


@st.composite
def _condition(draw: st.DrawFn, known: Named, depth: int) -> Condition:
    if depth and draw(st.booleans()):
        first, second = draw(_condition(known, depth - 1)), draw(_condition(known, depth - 1))
        joined: list[Condition] = [And((first, second)), Or((first, second)), Not(first)]
        return draw(st.sampled_from(joined))
    questions = [Subject("question", each.key) for each in known.questions]
    values: list[Formula] = [
        *map(ValueOf, questions),
        *(ValueOf(Subject("score", each.key)) for each in known.scores),
        ValueOf(Subject("fact", "visit")),
        *(Constant(Fraction(number, 2)) for number in (0, 3, 5, 100)),
    ]
    readable = [
        *questions,
        Subject("fact", "mode"),
        Subject("fact", "visit"),
        Subject("fact", "place"),
        *(Subject("result", each.key) for each in known.results),
    ]
    stateful = [*readable, *(Subject("score", each.key) for each in known.scores)]
    choices: list[st.SearchStrategy[Condition]] = [
        st.builds(IsOneOf, st.sampled_from(readable), RATED_AS),
        st.builds(Compare, st.sampled_from(values), ORDER, st.sampled_from(values)),
        st.builds(HasState, st.sampled_from(stateful), STATES),
    ]
    if known.results:
        choices.append(st.sampled_from(known.results).flatmap(_compared_levels))
    if known.gates:
        choices.append(st.builds(GateIs, st.sampled_from([each.key for each in known.gates]), st.booleans()))
    if depth:
        tests_of = st.one_of(choices)
        any_test = st.lists(st.tuples(st.sampled_from(stateful), tests_of), min_size=1, max_size=4)
        choices.append(st.builds(Quantified, QUANTIFIERS, st.integers(0, 3), any_test.map(tuple)))
        choices.append(_quantified(known))
        choices.append(_quantified(known))
    return draw(st.one_of(choices))


def _compared_levels(result: Result) -> st.SearchStrategy[Condition]:
    levels = st.sampled_from([each.id for each in result.levels])
    return st.builds(CompareLevel, st.just(Subject("result", result.key)), ORDER, levels)


@st.composite
def _quantified(draw: st.DrawFn, known: Named) -> Condition:
    """As people write it: one test of each of several items, or of each member of a family."""
    families: list[Score | Result] = [*known.scores, *known.results]
    of_family: bool = draw(st.booleans())
    if families and of_family:
        over = _members(families, draw(st.sampled_from(families)))
    else:
        questions = [Subject("question", each.key) for each in known.questions]
        over = tuple(draw(st.lists(st.sampled_from(questions), min_size=1, unique=True)))
    test = draw(_test(over[0].kind))
    members = tuple((each, test(each)) for each in over)
    return Quantified(draw(QUANTIFIERS), draw(st.integers(0, 3)), members)


@st.composite
def _test(draw: st.DrawFn, kind: str) -> Callable[[Subject], Condition]:
    order, state, rated = draw(ORDER), draw(STATES), draw(RATED_AS)
    mark = Constant(draw(st.sampled_from(MARKS)))
    tests: list[Callable[[Subject], Condition]] = [lambda each: HasState(each, state)]
    if kind != "score":
        tests += [lambda each: IsOneOf(each, rated)] * 2
    if kind != "result":
        tests += [lambda each: Compare(ValueOf(each), order, mark)] * 2
    return draw(st.sampled_from(tests))


def random_records(checklist: Checklist, random: Random, number: int) -> list[dict[str, str]]:
    """So many records, some with many blanks and a few with an answer that is none.

    Half of them are one met before with an answer or two changed: what is mixed up is mostly nearly alike.
    """
    found: list[dict[str, str]] = []
    for _ in range(number):
        record = _random_record(checklist, random)
        if found and random.random() < 0.5:
            record = _neighbour(random.choice(found), record, random)
        found.append(record)
    return found


def _neighbour(met: dict[str, str], other: dict[str, str], random: Random) -> dict[str, str]:
    return {**met, **{name: other[name] for name in random.choices(list(other), k=random.choice([1, 1, 2]))}}


def _usual(scale: Scale) -> tuple[str, ...]:
    """Some answers on a scale that we do not know."""
    named = [code for each in scale.choices for code in (each.id, *each.codes)]
    span = scale.span
    if span is not None:
        step, highest = span.step or Fraction(1, 4), span.highest
        steps = 40 if highest is None else int((highest - span.lowest) / step)
        named += [str(span.lowest + number * step) for number in {0, 1, steps // 3, steps // 2, steps}]
    return tuple(named) or ("words",)


def _random_record(checklist: Checklist, random: Random) -> dict[str, str]:
    blanks, odd = random.choice([0, 0, 0.2, 0.6]), random.choice([0, 0, 0.1])
    asked = {each.key: each.scale for each in checklist.questions}
    asked |= {f"fact.{each.id}": each.scale for each in checklist.facts}
    record = {}
    for name, scale in asked.items():
        usual = random.choice(RAW_BY_SCALE[scale.id] if scale in OUR_SCALES else _usual(scale))
        usual = random.choice(WRONG) if random.random() < odd / 5 else usual
        record[name] = random.choice(EVERYWHERE) if random.random() < blanks else usual
    for each in checklist.items:
        record[f"{each.id}.comment"] = random.choice(["", "  ", "said"])
    return record | {
        "minutes": random.choice(["", "9", "10", "30.5"]),
        "date": random.choice(["", "2026-01-31"]),
        "rated_on": random.choice(["", "2026-02-07", "2026-02-08"]),
        "rater_role": random.choice(["", "peer", "self"]),
        "evidence": random.choice(["", "live", "audio"]),
    }

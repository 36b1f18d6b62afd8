"""Random checklists and records: small enough to try out every way of filling the blanks."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any, NamedTuple

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
FEW = Scale("few", "How many of ten", "count", (), Span(Fraction(0), Fraction(10), Fraction(1)))
HOURS = Scale("hours", "Hours", "number", (), Span(Fraction(0), Fraction(40), None))
TEXT = Scale("text", "Words", "text")
SCALES = (SCALE, SCALE, RATED, RATED, TICK, STEPS, COUNT, FEW, HOURS, TEXT)
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

RAW_BY_SCALE = {
    "how": ("0", "1", "2", "3", "na", "1.0"),
    "rated": ("never", "half", "often", "unsure", "na", "unseen", "refused", "N", "0", " often "),
    "tick": ("seen", "not_seen"),
    "steps": ("1", "1.5", "5/2", "3", "9", "٣", "2.50"),
    "count": ("0", "1", "4", "12", "7/1", "1000"),
    "few": ("0", "2", "5", "6", "10"),
    "hours": ("0", "0.5", "7", "40", "1/3", "12.25"),
    "text": ("once", "na", " "),
    "mode": ("one", "group"),
}
EVERYWHERE = ("", "", "", "not_applicable", "not_observed", "declined", "missing", "99", "-9")
WRONG = ("rubbish", "-1", "2.3")
TREATED: tuple[Treatments, ...] = (
    {},
    {NonAnswer.NOT_OBSERVED: LeftOut(), NonAnswer.DECLINED: AsMissing()},
    {NonAnswer.NOT_OBSERVED: AsPoints(Fraction(1, 3)), NonAnswer.DECLINED: LeftOut()},
    {
        NonAnswer.NOT_OBSERVED: AsMissing(),
        NonAnswer.DECLINED: LeftOut(),
        NonAnswer.MISSING: AsPoints(Fraction(0)),
    },
)


class Named(NamedTuple):
    """What rules may read so far."""

    questions: tuple[Question, ...]
    scores: tuple[Score, ...] = ()
    results: tuple[Result, ...] = ()
    gates: tuple[Gate, ...] = ()


@st.composite
def whole_checklists(draw: st.DrawFn) -> Checklist:
    """A checklist with questions of all kinds in two groups, and rules that read each other."""
    questions = draw(_questions())
    known = Named(questions)
    order: list[tuple[str, str]] = [("question", each.key) for each in questions]
    groups = ("", "", "g1", "g2")
    for number in range(draw(st.integers(1, 4))):
        name, group = f"s{number}", draw(st.sampled_from(groups))
        made = draw(_score(known, f"{name}.{group}" if group else name, name, group))
        known = known._replace(scores=(*known.scores, made))
        order.append(("score", made.key))
        if draw(st.booleans()):
            known = draw(_with_result(known, f"r{number}", order))
    flags = tuple(
        Flag(f"f{number}", "", draw(_condition(known, 3))) for number in range(draw(st.integers(0, 3)))
    )
    items = tuple(
        ChecklistItem(
            each.item,
            each.item,
            "g1" if at % 2 else "g2",
            (each.scale,),
            comment_when=draw(st.none() | _condition(Named(questions), 2)),
            always_comment=draw(st.sampled_from([False, False, True])),
        )
        for at, each in enumerate(questions)
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
        groups=(Group("g1", "domain", "", ()), Group("g2", "domain", "", ())),
        facts=(MODE, VISIT, LENGTH),
        flags=flags,
        lists=tuple(lists),
        order=tuple(order),
        treat=draw(st.sampled_from(TREATED)),
        codes={"99": NonAnswer.MISSING, "-9": NonAnswer.NOT_APPLICABLE},
        applies=draw(st.none() | st.none() | _condition(Named(questions[:1]), 1)),
        about=About(
            observed=Band(Fraction(10), None), rated_within=(1, "weeks"), raters=("peer",), evidence=("live",)
        ),
    )


@st.composite
def _questions(draw: st.DrawFn) -> tuple[Question, ...]:
    found: list[Question] = []
    for name in "abcdefg"[: draw(st.integers(2, 7))]:
        scale = draw(st.sampled_from(SCALES))
        binned = scale.id in {"count", "few", "hours"} and draw(st.booleans())
        applies = draw(st.none() | st.none() | _condition(Named(tuple(found)), 2)) if found else None
        found.append(
            Question(
                name,
                name,
                scale,
                draw(st.sampled_from([Fraction(1), Fraction(1), Fraction(2), Fraction(1, 3), Fraction(0)])),
                reversed=draw(st.booleans()),
                bins=BINS if binned else None,
                applies=applies,
            )
        )
    return tuple(found)


@st.composite
def _score(draw: st.DrawFn, known: Named, key: str, name: str, group: str) -> Score:
    return Score(
        key,
        name,
        group,
        "",
        draw(_formula(known, 3)),
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
def _with_result(draw: st.DrawFn, known: Named, name: str, order: list[tuple[str, str]]) -> Named:
    group = draw(st.sampled_from(["", "", "g1"]))
    key = f"{name}.{group}" if group else name
    whens: list[Condition | None] = [draw(_condition(known, 2)) for _ in range(draw(st.integers(1, 3)))]
    whens.insert(0, draw(st.none() | _condition(known, 1)))
    if draw(st.booleans()):
        whens.append(no_other(key, len(whens)))
    made = Result(key, name, group, "", "", tuple(Level(str(at), "", when) for at, when in enumerate(whens)))
    gates = tuple(
        Gate(
            f"{name}_gate{at}",
            f"{name}_gate{at}",
            "",
            "",
            key,
            str(draw(st.integers(0, len(whens) - 1))),
            draw(_condition(known, 2)),
        )
        for at in range(draw(st.integers(0, 2)))
    )
    order += [*(("gate", each.key) for each in gates), ("result", key)]
    return known._replace(results=(*known.results, made), gates=(*known.gates, *gates))


@st.composite
def _formula(draw: st.DrawFn, known: Named, depth: int) -> Formula:
    kind = draw(st.sampled_from(["function", "function", "counted", "value", "joined", "joined"]))
    numbers = [
        *(Subject("question", each.key) for each in known.questions),
        *(Subject("score", each.key) for each in known.scores),
        Subject("fact", "visit"),
        Subject("fact", "length"),
    ]
    items = [Subject("question", each.key) for each in known.questions if each.scale.kind != "text"]
    several = st.lists(st.sampled_from(items or numbers[-2:-1]), min_size=1, unique=True)
    if kind == "joined" and depth:
        first, second = draw(_formula(known, depth - 1)), draw(_formula(known, depth - 1))
        signs: list[Operator] = ["+", "-", "*", "/"]
        joined: list[Formula] = [Arithmetic(sign, first, second) for sign in signs]
        return draw(st.sampled_from([*joined, PercentOf(first, second), RatioOf(first, second)]))
    if kind == "counted":
        over: list[Subject] = draw(several)
        over += [Subject("result", each.key) for each in known.results]
        return Aggregate(
            draw(st.sampled_from(["share", "count"])),
            tuple(over),
            draw(st.none() | codes),
            draw(st.none() | needings),
        )
    if kind == "value":
        return draw(
            st.sampled_from(numbers).map(ValueOf)
            | st.sampled_from([Fraction(0), Fraction(2), Fraction(5, 2)]).map(Constant)
        )
    mixed = draw(several) + draw(st.sampled_from([[], [Subject("score", each.key) for each in known.scores]]))
    functions: list[AggregateName] = ["mean", "sum", "percent", "lowest", "highest", "median"]
    return Aggregate(draw(st.sampled_from(functions)), tuple(mixed), needing=draw(st.none() | needings))


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
    rated = st.lists(
        st.sampled_from(["0", "1", "2", "2.50", "na", "often", "unseen", "seen", "4", "one", "99"]),
        min_size=1,
        unique=True,
    ).map(tuple)
    states = st.sampled_from(["scored", "not scored", "missing"])
    order = st.sampled_from(["at least", "at most", "above", "below", "is"])
    readable = [
        *(Subject("question", each.key) for each in known.questions if each.scale.kind != "text"),
        Subject("fact", "mode"),
        Subject("fact", "visit"),
        *(Subject("result", each.key) for each in known.results),
    ]
    stateful = [*readable, *questions, *(Subject("score", each.key) for each in known.scores)]
    choices: list[st.SearchStrategy[Condition]] = [
        st.builds(IsOneOf, st.sampled_from(readable), rated),
        st.builds(Compare, st.sampled_from(values), order, st.sampled_from(values)),
        st.builds(HasState, st.sampled_from(stateful), states),
    ]
    if known.results:
        choices.append(
            st.sampled_from(known.results).flatmap(
                lambda each: st.builds(
                    CompareLevel,
                    st.just(Subject("result", each.key)),
                    order,
                    st.sampled_from([level.id for level in each.levels]),
                )
            )
        )
    if known.gates:
        choices.append(st.builds(GateIs, st.sampled_from([each.key for each in known.gates]), st.booleans()))
    if depth:
        tests_of = st.one_of(choices)
        choices.append(
            st.builds(
                Quantified,
                st.sampled_from(["any", "every", "no", "at least", "at most", "exactly"]),
                st.integers(1, 3),
                st.lists(st.tuples(st.sampled_from(stateful), tests_of), min_size=1, max_size=4).map(tuple),
            )
        )
    return draw(st.one_of(choices))


def random_records(checklist: Checklist, random: Random, number: int) -> list[dict[str, str]]:
    """So many records for a checklist, some with many blanks and a few with an answer that is none."""
    return [_random_record(checklist, random) for _ in range(number)]


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

"""Random checklists and records: small enough to try out every way of filling the blanks."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import strategies as st

from fidelity.model.checklist import About, Checklist, Gate, Level, Question, Result, Score
from fidelity.model.checklist import Item as ChecklistItem
from fidelity.model.expression import (
    Aggregate,
    And,
    Arithmetic,
    Compare,
    Condition,
    Constant,
    Formula,
    IsOneOf,
    Needing,
    NoOther,
    Not,
    Or,
    PercentOf,
    Quantified,
    RatioOf,
    Subject,
    ValueOf,
)
from fidelity.model.scale import Choice, NonAnswer, Scale

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

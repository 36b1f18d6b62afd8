"""One session after another: our evaluator with its reasons beside plain Python and the rule engines."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from importlib.util import find_spec
from operator import itemgetter
from typing import Any

from task import DOMAINS, GATED, ITEMS, Outcome, best_of_turns, checklist, sessions, table_of

from fidelity.evaluate.evaluator import compile

Record = dict[str, int | None]
Engine = Callable[[Record], Outcome]
BLANK = -1  # for engines that have no blank
ROUNDS = 5
SLOW = 20  # rule-engine gets one record of so many


def measured(number: int) -> str:
    """The table of ratios."""
    records: list[Record] = sessions(number).select(ITEMS).to_dicts()
    engines = installed()
    expected = [_rounded(by_hand(each)) for each in records[:500]]
    for name, engine in engines.items():
        assert [_rounded(engine(each)) for each in records[:500]] == expected, name
    works = {
        name: _all(engine, records[::SLOW] if name == "rule-engine" else records)
        for name, engine in engines.items()
    }
    best = best_of_turns(works, ROUNDS)
    if "rule-engine" in best:
        best["rule-engine"] *= SLOW
    return table_of(f"{number:,} sessions, one after another", best, number, "sessions")


def _all(engine: Engine, records: list[Record]) -> Callable[[], object]:
    return lambda: [engine(each) for each in records]


def _rounded(found: Outcome) -> Outcome:
    """As numbers for reading: ours are exact fractions, those of rule-engine are decimals."""
    return tuple(
        round(float(each), 9) if isinstance(each, float | Decimal | Fraction) else each for each in found
    )


def installed() -> dict[str, Engine]:
    """Those that are there."""
    found: dict[str, Engine] = {
        "plain Python by hand": by_hand,
        "our rows, with reasons": ours(with_reasons=True),
        "our rows, without": ours(with_reasons=False),
    }
    for module, name, made in (
        ("cel_expr_python", "cel-expr-python", cel_in_cpp),
        ("cel", "common-expression-language", cel_in_rust),
        ("zen", "zen-engine", zen_engine),
        ("rule_engine", "rule-engine", rule_engine),
    ):
        if find_spec(module):
            found[name] = made()
    return found


def ours(*, with_reasons: bool) -> Engine:
    """The reasons are the names of what decided the result."""
    evaluate = compile(checklist())

    def engine(record: Record) -> Outcome:
        scored = evaluate(record)
        assert not with_reasons or scored.because["band"]
        return (*scored.exact.values(), scored.gates["safe"], scored.levels["band"])

    return engine


# ---- plain Python


def by_hand(record: Record) -> Outcome:
    """As one would write it."""
    means = [_mean([record[name] for name in domain]) for domain in DOMAINS]
    whole = _mean(list(record.values()))
    overall = None if whole is None else whole * 50
    item = record[GATED]
    gate = "undecided" if item is None else "fails" if item == 0 else "passes"
    return (*means, overall, gate, _band(overall, gate))


def _mean(answers: list[int | None]) -> float | None:
    given = [each for each in answers if each is not None and each <= 2]
    applicable = sum(each != 9 for each in answers)
    if not given or len(given) * 3 < applicable * 2:
        return None
    return sum(given) / len(given)


def _band(overall: float | None, gate: str) -> str | None:
    if overall is None:
        return None
    if overall < 40:
        return "poor"
    if overall < 60 or gate == "fails":
        return "fair"
    if gate == "undecided":
        return None
    return "good" if overall < 80 else "excellent"


# ---- expression languages: sums first, then what follows from them


def _filled(record: Record) -> dict[str, int]:
    return {key: BLANK if value is None else value for key, value in record.items()}


def _sums_in_cel() -> str:
    parts = []
    for items in DOMAINS:
        parts.append(" + ".join(f"({each} == 1 ? 1 : ({each} == 2 ? 2 : 0))" for each in items))
        parts.append(" + ".join(f"({each} >= 0 && {each} <= 2 ? 1 : 0)" for each in items))
        parts.append(" + ".join(f"({each} != 9 ? 1 : 0)" for each in items))
    return f"[{', '.join(parts)}]"


def _scores(both: str, points: str, nothing: str) -> str:
    """The means and the percent; the parts are how a language writes `and`, a division and no number."""
    tallies = [(f"s{at}", f"n{at}", f"a{at}") for at in range(len(DOMAINS))]
    whole = tuple(f"({' + '.join(each)})" for each in zip(*tallies, strict=True))
    return ", ".join(
        f"({n} > 0 {both} {n} * 3 >= {a} * 2 ? {points.format(s=s, n=n, times=times)} : {nothing})"
        for (s, n, a), times in [*((each, 1) for each in tallies), (whole, 50)]
    )


_GATE = f"({GATED} == {BLANK} ? 'undecided' : ({GATED} == 0 ? 'fails' : 'passes'))"
_BAND = (
    "overall < 0.0 ? '' : (overall < 40.0 ? 'poor' : (overall < 60.0 || gate == 'fails' ? 'fair' : "
    "(gate == 'undecided' ? '' : (overall < 80.0 ? 'good' : 'excellent'))))"
)


def _in_three_steps(sums: Any, scores: Any, band: Any) -> Engine:
    names = [f"{letter}{at}" for at in range(len(DOMAINS)) for letter in "sna"]

    def engine(record: Record) -> Outcome:
        filled = _filled(record)
        known = dict(zip(names, sums(filled), strict=True))
        *numbers, gate = scores({**known, GATED: filled[GATED]})
        level = band({"overall": numbers[-1], "gate": gate})
        return (*(None if each < 0 else each for each in numbers), gate, level or None)

    return engine


def cel_in_cpp() -> Engine:
    """Google's own evaluator."""
    from cel_expr_python import cel  # noqa: PLC0415 - only where it is installed

    numbers = [*ITEMS, *(f"{letter}{at}" for letter in "sna" for at in range(len(DOMAINS)))]
    environment = cel.NewEnv(
        variables={
            **dict.fromkeys(numbers, cel.Type.INT),
            "overall": cel.Type.DOUBLE,
            "gate": cel.Type.STRING,
        }
    )

    def step(text: str) -> Any:
        expression = environment.compile(text)
        return lambda known: _plain(expression.eval(data=known).value())

    return _in_three_steps(*map(step, _cel_texts()))


def _cel_texts() -> tuple[str, str, str]:
    scores = _scores("&&", "double({s}) * {times}.0 / double({n})", "-1.0")
    return _sums_in_cel(), f"[{scores}, {_GATE}]", _BAND


def _plain(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return [each.value() if hasattr(each, "value") else each for each in value]


def cel_in_rust() -> Engine:
    """The same language by another."""
    import cel  # noqa: PLC0415 - only where it is installed

    return _in_three_steps(*(cel.compile(text).execute for text in _cel_texts()))


def zen_engine() -> Engine:
    """Its language has lists, filters and names for what was worked out: one text says it all."""
    import zen  # noqa: PLC0415 - only where it is installed

    evaluate = zen.compile_expression(_in_one_text()).evaluate
    picks = [(f"d{at}", itemgetter(*domain)) for at, domain in enumerate(DOMAINS)]

    def engine(record: Record) -> Outcome:
        known: dict[str, object] = {name: pick(record) for name, pick in picks}
        known[GATED] = record[GATED]
        return tuple(evaluate(known))

    return engine


def _in_one_text() -> str:
    numbers = range(len(DOMAINS))
    lines = [
        line
        for at in numbers
        for line in (
            f"given{at} = filter(d{at}, # != null and # <= 2)",
            f"s{at} = sum(given{at})",
            f"n{at} = len(given{at})",
            f"a{at} = count(d{at}, # != 9)",
        )
    ]
    lines += [f"{letter} = {' + '.join(f'{letter}{at}' for at in numbers)}" for letter in "sna"]
    scores = [
        f"(n{at} > 0 and n{at} * 3 >= a{at} * 2 ? s{at} * {times} / n{at} : null)"
        for at, times in [*((str(at), 1) for at in numbers), ("", 50)]
    ]
    gate = f"({GATED} == null ? 'undecided' : ({GATED} == 0 ? 'fails' : 'passes'))"
    lines += [f"overall = {scores.pop()}", f"gate = {gate}"]
    band = _BAND.replace("overall < 0.0 ? ''", "overall == null ? null").replace("''", "null")
    return "; ".join([*lines, f"[{', '.join(scores)}, overall, gate, ({band.replace('||', 'or')})]"])


def rule_engine() -> Engine:
    """Rules in a text, worked out in Python."""
    import rule_engine as engine  # noqa: PLC0415 - only where it is installed

    texts = (
        _sums_in_lists(),
        f"[{_scores('and', '{s} * {times} / {n}', '-1')}]",
        _GATE,
        _BAND.replace("||", "or"),
    )
    first, second, third, fourth = (engine.Rule(text).evaluate for text in texts)
    return _in_three_steps(
        lambda filled: first(_in_lists(filled)), lambda known: (*second(known), third(known)), fourth
    )


def _in_lists(filled: dict[str, int]) -> dict[str, list[int]]:
    return {f"d{at}": [filled[name] for name in domain] for at, domain in enumerate(DOMAINS)}


def _sums_in_lists() -> str:
    parts = []
    for at in range(len(DOMAINS)):
        given = f"[x for x in d{at} if x >= 0 and x <= 2]"
        parts += [f"$sum({given})", f"{given}.length", f"[x for x in d{at} if x != 9].length"]
    return f"[{', '.join(parts)}]"

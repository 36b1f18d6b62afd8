"""Drift, reliability, dose and summary rules as written -> their models, each score and word looked up."""

from fractions import Fraction

from fidelity.language import protocol, tree
from fidelity.language.claims import About, key_of, thing
from fidelity.language.head import band_of
from fidelity.language.plans import STRATA
from fidelity.language.setting import Setting
from fidelity.language.stages import filters_of, period_of
from fidelity.model.checklist import Checklist, Result, Score
from fidelity.model.expression import Formula, PercentOf, RatioOf
from fidelity.model.programme import (
    FALL,
    MINIMUM,
    RUNS,
    Baseline,
    Dose,
    DriftRule,
    Figure,
    FirstScores,
    FixedBaseline,
    ReliabilityRule,
    RunningBaseline,
    Series,
)
from fidelity.model.scale import Band

# Methods of the drift statistics with their parameters; the names are theirs, not the grammar's.
METHODS = {
    "cusum": ("k", "floor", "sd"),
    "slope": (),
    "xmr": ("baseline",),
    "ewma": ("lambda", "width", "target", "sd"),
    "page_cusum": ("target", "k", "h"),
    FALL: ("last",),
    RUNS: ("by",),
}
COEFFICIENTS = (
    "icc percent_agreement kappa cohen_kappa weighted_kappa fleiss_kappa gwet_ac1 gwet_ac2 "
    "krippendorff_alpha alpha"
).split()
# The three things that an intraclass correlation has to say (RB605); a one-way model has no second.
MODELS = ("one_way_random", "two_way_random", "two_way_mixed")
ICC_PARTS = {
    "the model": MODELS,
    "agreement or consistency": ("agreement", "consistency"),
    "single or average": ("single", "average"),
}
FIGURES = ("mean", "median", "lowest", "highest", "sum", "count", "latest", "pooled")


def _series(
    score: tree.Reference, checklist: tree.Word, filters: protocol.EvidenceFilters, setting: Setting
) -> Series:
    about = About(setting.checklist(checklist))
    key = key_of(score, about, setting)
    what = thing(key, about, setting) if key else None
    if isinstance(what, Result):
        setting.scope.problem("RB110", score.place, level=score.name.id)
    sources, raters = filters_of(filters)
    return Series(key or "", checklist.id, sources, raters)


# ---- drift


def drift_of(node: protocol.Drift, setting: Setting) -> DriftRule:
    """One drift rule; what is not written is the default of the drift statistics."""
    baseline: Baseline = RunningBaseline()
    method, parameters = "cusum", dict[str, Fraction]()
    minimum, fall = MINIMUM, None
    bands: dict[type, Band] = {}
    adjusted: list[str] = []
    for line in node.lines:
        match line:
            case protocol.BaselineFirst(amount):
                baseline = FirstScores(setting.whole(amount))
            case protocol.BaselineFixed(mean, spread):
                baseline = FixedBaseline(mean.value, spread.value)
            case protocol.BaselineRunning():
                baseline = RunningBaseline()
            case protocol.Adjusted(names):
                adjusted.extend(name.id for name in names)
            case protocol.Method():
                method, parameters = _method(line, setting)
            case protocol.Minimum(amount):
                minimum = setting.whole(amount)
            case protocol.Fall(number):
                fall = number.value
            case protocol.Watch(rule) | protocol.Act(rule):
                bands[type(line)] = _band(rule, setting)
    each = node.each.name.id if node.each else ""
    if node.each is not None and each not in STRATA and each not in setting.facts:
        setting.scope.unknown(node.each.name, "fact", [*setting.facts, *STRATA])
    return DriftRule(
        id=node.id.id,
        title=node.title.content,
        of=_series(node.score, node.checklist, node.filters, setting),
        each=each,
        adjusted=tuple(adjusted),
        baseline=baseline,
        method=method,
        parameters=parameters,
        minimum=minimum,
        fall=fall,
        watch=bands.get(protocol.Watch),
        act=bands.get(protocol.Act),
        place=node.place,
    )


def _method(line: protocol.Method, setting: Setting) -> tuple[str, dict[str, Fraction]]:
    name = line.name.id
    if name not in METHODS:
        setting.scope.unknown(line.name, "drift method", METHODS)
        return name, {}
    for each in line.parameters or ():
        if each.name.id not in METHODS[name]:
            facts = {"kind": "number", "name": each.name.id, "of": name, "own": ", ".join(METHODS[name])}
            setting.scope.problem("RB101", each.name.place, **facts)
        elif name == FALL and (
            each.number.percent or each.number.value < 1 or each.number.value.denominator > 1
        ):
            setting.scope.problem("RB110", each.number.place, counted=each.number.written)
    return name, {each.name.id: each.number.value for each in line.parameters or ()}


def _band(rule: tree.RangeRule, setting: Setting) -> Band:
    """A stretch of the statistic; percents are taken in percent, thresholds by their number."""
    bounds = [each for each in rule.children if isinstance(each, tree.Number | tree.Reference)]
    plain = {id(each): _plain(each, setting) for each in bounds}
    children = [plain.get(id(each), each) for each in rule.children]
    return band_of(type(rule)(*children, place=rule.place), setting.scope)


def _plain(bound: tree.Bound, setting: Setting) -> tree.Number:
    if isinstance(bound, tree.Number):
        return tree.Number(bound.written.rstrip("%"), bound.exact, place=bound.place)
    threshold = setting.threshold(bound)
    if threshold is None:
        setting.scope.unknown(bound.name, "threshold", [id for id, _ in setting.thresholds])
        return tree.Number("0", Fraction(0), place=bound.place)
    return tree.Number(threshold.number.written.rstrip("%"), threshold.number.exact, place=bound.place)


# ---- agreement


def reliability_of(node: protocol.Reliability, setting: Setting) -> ReliabilityRule:
    """One reliability rule; RB605 for an intraclass correlation that leaves its form open."""
    words: tuple[str, ...] = ()
    mark, minimum = Fraction(0), None
    for line in node.lines:
        match line:
            case protocol.Coefficient(names, number):
                words, mark = tuple(name.id for name in names), number.value
                _coefficient(line, setting)
            case protocol.Minimum(amount):
                minimum = setting.whole(amount)
    of = _series(node.score, node.checklist, (), setting)
    return ReliabilityRule(node.id.id, node.title.content, of, words, mark, minimum, node.place)


def _coefficient(line: protocol.Coefficient, setting: Setting) -> None:
    first, said = line.words[0], {word.id for word in line.words}
    if first.id not in COEFFICIENTS:
        setting.scope.unknown(first, "coefficient", COEFFICIENTS)
    if first.id != "icc":
        return
    parts = {what for what, words in ICC_PARTS.items() if not said & set(words)}
    if "one_way_random" in said:
        parts.discard("agreement or consistency")
    if parts:
        absent = [what for what in ICC_PARTS if what in parts]
        setting.scope.problem("RB605", line.place, absent=" and ".join(absent))


# ---- dose and figures


def dose_of(node: protocol.Dose, setting: Setting) -> Dose:
    """One dose."""
    within = period_of(node.number, node.period)
    return Dose(node.id.id, node.title.content, setting.whole(node.amount), within, node.place)


def figure_of(node: protocol.Summary, setting: Setting) -> Figure:
    """One summary; a pooled one needs a score that is a ratio."""
    of = _series(node.score, node.checklist, node.filters, setting)
    needing = setting.whole(node.needing.amount) if node.needing else 1
    how = node.how.id if isinstance(node.how, tree.Word) else type(node.how).__name__.lower()
    if how not in FIGURES:
        setting.scope.problem("RB110", node.how.place, no_figure=how)
    parts, percent = _parts(of, node, setting) if how == "pooled" else (None, False)
    return Figure(node.id.id, node.title.content, how, of, needing, parts, percent, node.place)


def _parts(
    of: Series, node: protocol.Summary, setting: Setting
) -> tuple[tuple[Formula, Formula] | None, bool]:
    checklist: Checklist | None = setting.checklists.get(of.checklist)
    score = checklist.score.get(of.score) if checklist else None
    match score:
        case Score(formula=RatioOf(top, bottom)):
            return (top, bottom), False
        case Score(formula=PercentOf(part, whole)):
            return (part, whole), True
        case Score(kind=kind) if kind not in ("percent", "ratio"):
            setting.scope.problem("RB110", node.score.place, not_pooled=of.score)
        case _:
            pass
    return None, False

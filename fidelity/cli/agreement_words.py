"""Coefficients of agreement -> words for people: figures in the order of the level, and what they allow."""

from collections.abc import Iterable, Iterator

from fidelity.cli.printing import counted, table
from fidelity.model.scale import NonAnswer
from fidelity.model.summary import Estimate
from fidelity.observe.ratings import RatingsRead
from fidelity.summaries.agreement import FEWEST, FEWEST_FOR_A_WORD, Coefficients
from fidelity.summaries.agreement.ratings import Level, Ratings

# What each level shows, in this order: the name, what it is called, and the question that it answers.
ASKED = {
    "percent_agreement": ("percent agreement", "how often do two raters say the same?"),
    "gwet_ac1": ("Gwet's AC1", "beyond chance, also where most answers are alike?"),
    "gwet_ac2.quadratic": ("Gwet's AC2, quadratic weights", "the same, with near misses counted in part?"),
    "weighted_kappa.quadratic": ("weighted kappa, quadratic weights", "the usual figure for two raters"),
    "cohen_kappa": ("Cohen's kappa", "for two raters; low where most answers are alike"),
    "fleiss_kappa": ("Fleiss' kappa", "the same for any raters who may stand for one another"),
    "krippendorff_alpha": ("Krippendorff's alpha", "beyond chance, with gaps and any number of raters?"),
    "icc.1,1": ("ICC(1,1), one-way, single", "can one rater's number be trusted, whoever it is?"),
    "icc.2,1": ("ICC(2,1), agreement, single", "the same, where these raters did all units"),
    "icc.3,1": ("ICC(3,1), consistency, single", "do they rank units alike? severity is ignored"),
    "icc.1,k": ("ICC(1,k), one-way, mean of raters", "only if decisions use the mean of all raters"),
    "icc.2,k": ("ICC(2,k), agreement, mean of raters", "only if decisions use the mean of all raters"),
    "icc.3,k": ("ICC(3,k), consistency, mean of raters", "only if decisions use the mean of all raters"),
}
OF_CATEGORIES = ("cohen_kappa", "fleiss_kappa")
OF_NUMBERS = (
    *("icc.2,1", "icc.1,1", "krippendorff_alpha", "percent_agreement"),
    *("icc.3,1", "icc.1,k", "icc.2,k", "icc.3,k"),
)
SHOWN: dict[Level, tuple[str, ...]] = {
    "nominal": ("percent_agreement", "gwet_ac1", *OF_CATEGORIES, "krippendorff_alpha"),
    "ordinal": (
        *("percent_agreement", "gwet_ac2.quadratic", "weighted_kappa.quadratic", "krippendorff_alpha"),
        *("gwet_ac1", *OF_CATEGORIES),
    ),
    "interval": OF_NUMBERS,
    "ratio": OF_NUMBERS,
}
# A table of more pairs of raters is for programs.
MOST_PAIRS = 20

# Koo and Li 2016: bands for the interval, so the lower limit has to clear them.
BANDS = ((0.90, "excellent"), (0.75, "good"), (0.50, "moderate"))


def told(
    found: Coefficients, applicable: Coefficients | None, reading: RatingsRead, *, listed: bool
) -> Iterator[str]:
    """One paragraph after another, strengths first."""
    yield _first_lines(found, listed=listed)
    yield _figures(found)
    yield _reading(found)
    if len(found.ratings.raters) > 2 and 0 < len(found.pairs) <= MOST_PAIRS:
        yield _every_two(found)
    if applicable is not None:
        yield _on_applicability(applicable)
    notes = [*_left_out(found), *_apart(reading)]
    if notes:
        yield "\n".join(notes)


def _first_lines(found: Coefficients, *, listed: bool) -> str:
    """What the raters agree on, and how much was rated."""
    of = found.ratings
    rated_twice = counted(found.double_rated, "unit")
    size = (
        f"{counted(int(of.number.sum()), 'rating')} of {counted(of.units, 'unit')} by "
        f"{counted(len(of.raters), 'rater')}; {rated_twice} with two ratings or more."
    )
    lines = [size]
    alike = _all_alike(of)
    if alike:
        lines.insert(0, f"All raters say the same about {alike} of {rated_twice}.")
    if of.level in ("nominal", "ordinal"):
        source = "as you named them" if listed else "those in the data; --categories names all there are"
        lines.append(f"Categories: {_some(of.categories)} ({source}).")
    return "\n".join(lines)


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names) if len(names) <= 12 else f"{', '.join(names[:12])} and {len(names) - 12} more"


def _all_alike(of: Ratings) -> int:
    apart = set(of.pairs.unit[of.pairs.first != of.pairs.second].tolist())
    return int(of.paired.sum()) - len(apart)


def _figures(found: Coefficients) -> str:
    rows = []
    for name in _headline_first(found):
        called, question = ASKED[name]
        rows.append([called, *_figure(name, found.estimates[name]), question])
    return table(["", "value", "95 % limits", "the question it answers"], rows)


def _headline_first(found: Coefficients) -> tuple[str, ...]:
    """Of the two ways to look at raters the one that fits this table; the other orders stay as they are."""
    shown = SHOWN[found.ratings.level]
    if found.ratings.level in ("nominal", "ordinal"):
        return shown
    return tuple(dict.fromkeys((found.headline, *shown)))


def _figure(name: str, estimate: Estimate) -> list[str]:
    if estimate.value is None:
        return ["-", ""]
    percent = name == "percent_agreement"
    shown = [_shown(each, percent=percent) for each in (estimate.value, estimate.low, estimate.high)]
    return [shown[0], f"{shown[1]} to {shown[2]}" if shown[1] else ""]


def _shown(value: float | None, *, percent: bool) -> str:
    if value is None:
        return ""
    # Adding nought turns -0.00 into 0.00.
    return f"{100 * value:.0f} %" if percent else f"{round(value, 2) + 0.0:.2f}"


def _reading(found: Coefficients) -> str:
    """What may be said of the figure that was made for this table."""
    called = ASKED[found.headline][0]
    estimate = found.estimates[found.headline]
    units = counted(found.double_rated, "unit")
    if found.double_rated < FEWEST:
        return (
            f"Too few to estimate: {units} with two ratings or more, {FEWEST} are the least. "
            "The figures describe these units and no others."
        )
    if estimate.value is None or estimate.low is None or estimate.high is None:
        why = estimate.reason or "nothing differed, so it has no limits"
        return f"No word can stand beside {called}: {why}."
    limits = f"between {_shown(estimate.low, percent=False)} and {_shown(estimate.high, percent=False)}"
    if found.double_rated < FEWEST_FOR_A_WORD:
        return (
            f"{called} lies {limits}. {units} with two ratings are enough for limits and too few "
            f"for a word; {FEWEST_FOR_A_WORD} would allow one."
        )
    word = next((word for bar, word in BANDS if estimate.low >= bar), None)
    if word:
        return f"Agreement is at least {word}: the lower limit of {called} is {estimate.low:.2f}."
    if estimate.high < BANDS[-1][0]:
        return f"Much depends on who rates: {called} lies {limits}."
    return f"It cannot be told yet whether agreement is moderate: {called} lies {limits}."


def _every_two(found: Coefficients) -> str:
    """Those who agree most stand first."""
    ordered = found.ratings.level != "nominal"
    head = ["two raters", "units", "say the same", "kappa, quadratic weights" if ordered else "kappa"]
    rows = [
        [
            f"{each.first} and {each.second}",
            str(each.units),
            _shown(each.alike, percent=True),
            _shown(each.kappa, percent=False) or "-",
        ]
        for each in sorted(found.pairs, key=lambda each: -each.alike)
    ]
    return table(head, rows)


def _on_applicability(found: Coefficients) -> str:
    estimates = found.estimates
    share, ac1 = estimates["percent_agreement"].value, estimates["gwet_ac1"].value
    if share is None:
        return f"Whether a unit applies: {estimates['percent_agreement'].reason}."
    beyond = "" if ac1 is None else f", AC1 {ac1:.2f}"
    return (
        f"Whether a unit applies: two raters say the same {_shown(share, percent=True)} of the time{beyond} "
        f"({counted(found.double_rated, 'unit')})."
    )


def _left_out(found: Coefficients) -> Iterator[str]:
    """What some figures do not use, and why others have no value."""
    of = found.ratings
    single = of.units - found.double_rated
    if single:
        yield (
            f"{counted(single, 'unit')} with one rating: no pair, so only the shares of categories in AC "
            "read them."
        )
    if of.level in ("interval", "ratio") and found.dropped and found.estimates["icc.2,1"].value is not None:
        yield (
            f"ICC(2,.) and ICC(3,.) use {counted(found.double_rated - found.dropped, 'unit')} that all "
            f"raters rated; {found.dropped} are left out."
        )
    missing = [(name, found.estimates[name].reason) for name in SHOWN[of.level]]
    for reason in dict.fromkeys(reason for _, reason in missing if reason):
        names = ", ".join(ASKED[name][0] for name, why in missing if why == reason)
        yield f"No value for {names}: {reason}."


def _apart(reading: RatingsRead) -> Iterator[str]:
    numbers = [(why, sum(each is why for _, _, each in reading.apart)) for why in NonAnswer]
    told = [f"{number} {_called(why)}" for why, number in numbers if number]
    if told:
        yield f"No ratings, and counted in no figure: {_joined(told)}."


def _called(why: NonAnswer) -> str:
    return "left blank" if why is NonAnswer.MISSING else why.value.replace("_", " ")


def _joined(told: Iterable[str]) -> str:
    return ", ".join(told)

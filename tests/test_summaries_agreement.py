"""Coefficients of agreement: published examples to the printed digits, and what has no value says why."""

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations, permutations
from statistics import mean

import pytest
from agreement_sample import FOUR_OBSERVERS, SIX_TARGETS, agreement, crossed
from hypothesis import given
from hypothesis import strategies as st

from fidelity.summaries.agreement import Coefficients
from fidelity.summaries.agreement.alpha import alpha
from fidelity.summaries.agreement.nominal import gwet
from fidelity.summaries.agreement.ratings import Level, rated


def value(found: Coefficients, name: str, places: int) -> float:
    known = found.estimates[name].value
    assert known is not None, found.estimates[name].reason
    return round(known, places)


# ---- published examples


# The limits are those that the R package psych prints for its data set `sf`.
@pytest.mark.parametrize(
    ("form", "published", "low", "high"),
    [
        ("1,1", 0.17, -0.13, 0.72),
        ("2,1", 0.29, 0.02, 0.76),
        ("3,1", 0.71, 0.34, 0.95),
        ("1,k", 0.44, -0.88, 0.91),
        ("2,k", 0.62, 0.07, 0.93),
        ("3,k", 0.91, 0.68, 0.99),
    ],
)
def test_shrout_and_fleiss_1979(form: str, published: float, low: float, high: float) -> None:
    found = agreement(SIX_TARGETS, "interval").estimates[f"icc.{form}"]
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert (round(found.value, 2), round(found.low, 2), round(found.high, 2)) == (published, low, high)


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_krippendorff_2011_example_with_gaps(level: Level, published: float) -> None:
    assert value(agreement(FOUR_OBSERVERS, level), "krippendorff_alpha", 3) == published


def test_krippendorff_2011_example_of_two_observers_and_two_categories() -> None:
    """Example A: meetings of ten units; alpha .095."""
    two = "0 1\n1 1\n0 1\n0 0\n0 0\n0 1\n0 0\n0 0\n1 0\n0 0"
    assert value(agreement(two, "nominal"), "krippendorff_alpha", 3) == 0.095


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("percent_agreement", 0.81818),
        ("gwet_ac1", 0.77544),
        ("conger_kappa", 0.76282),
        ("brennan_prediger", 0.77273),
        ("krippendorff_alpha", 0.74342),
    ],
)
def test_gwet_raw4raters(name: str, published: float) -> None:
    """Printed in the overview of Gwet's R package irrCAC."""
    assert value(agreement(FOUR_OBSERVERS, "nominal"), name, 5) == published


def test_gwet_raw4raters_with_weights() -> None:
    """AC2 with linear and quadratic weights as irrCAC gives it."""
    found = agreement(FOUR_OBSERVERS, "ordinal")
    assert value(found, "gwet_ac2.linear", 3) == 0.859
    assert value(found, "gwet_ac2.quadratic", 3) == 0.914


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("percent_agreement", 0.89),
        ("cohen_kappa", 0.7964094),
        ("fleiss_kappa", 0.7962397),  # of two raters: Scott's pi
        ("gwet_ac1", 0.8493305),
        ("brennan_prediger", 0.835),
        ("krippendorff_alpha", 0.7972585),
    ],
)
def test_gwet_cont3x3abstractors(name: str, published: float) -> None:
    """100 ectopic and other pregnancies, two abstractors, as the overview of irrCAC prints them."""
    found = agreement(crossed("13 0 0", "0 20 7", "0 4 56"), "nominal")
    assert value(found, name, 7) == published


DIAGNOSES = """
    4 4 4 4 4 4
    2 2 2 5 5 5
    2 3 3 3 3 5
    5 5 5 5 5 5
    2 2 2 4 4 4
    1 1 3 3 3 3
    3 3 3 3 5 5
    1 1 3 3 3 4
    1 1 4 4 4 4
    5 5 5 5 5 5
    1 4 4 4 4 4
    1 2 4 4 4 4
    2 2 2 3 3 3
    1 4 4 4 4 4
    2 2 4 4 4 5
    3 3 3 3 3 5
    1 1 1 4 5 5
    1 1 1 1 1 2
    2 2 4 4 4 4
    1 3 3 5 5 5
    5 5 5 5 5 5
    2 4 4 4 4 4
    2 2 4 5 5 5
    1 1 4 4 4 4
    1 4 4 4 4 5
    2 2 2 2 2 4
    1 1 1 1 5 5
    2 2 4 4 4 4
    1 3 3 3 3 3
    5 5 5 5 5 5
"""


def test_fleiss_1971_thirty_patients_and_six_diagnoses_each() -> None:
    assert value(agreement(DIAGNOSES, "nominal"), "fleiss_kappa", 3) == 0.430


def test_gwet_distrib_6raters_are_the_first_fifteen_patients_of_fleiss() -> None:
    """Printed in the overview of irrCAC."""
    found = agreement("\n".join(DIAGNOSES.strip().splitlines()[:15]), "nominal")
    assert value(found, "gwet_ac1", 7) == 0.4448007
    assert value(found, "fleiss_kappa", 7) == 0.4139265
    assert value(found, "krippendorff_alpha", 7) == 0.4204384


def test_fourteen_raters_and_ten_units() -> None:
    """The worked example of the Wikipedia page on Fleiss' kappa: .210."""
    counts = """
        0 0 0 0 14
        0 2 6 4 2
        0 0 3 5 6
        0 3 9 2 0
        2 2 8 1 1
        7 7 0 0 0
        3 2 6 3 0
        2 5 3 2 2
        6 5 2 1 0
        0 2 2 3 7
    """
    lines = [
        " ".join(str(category) for category, number in enumerate(line.split()) for _ in range(int(number)))
        for line in counts.strip().splitlines()
    ]
    assert value(agreement("\n".join(lines), "nominal"), "fleiss_kappa", 3) == 0.210


def test_fleiss_cohen_and_everitt_1969() -> None:
    """Psychological Bulletin 72, 323-327: 200 patients, two raters, three diagnoses."""
    found = agreement(crossed("106 10 4", "22 28 10", "2 12 6"), "nominal")
    assert value(found, "cohen_kappa", 3) == 0.429


def test_kappa_with_linear_weights_as_sas_prints_it() -> None:
    """The SAS example that statsmodels tests against: simple .4842, weighted .4701."""
    found = agreement(crossed("0 4 1", "0 8 0", "0 1 5"), "ordinal", "0 1 2")
    assert value(found, "cohen_kappa", 4) == 0.4842
    assert value(found, "weighted_kappa.linear", 4) == 0.4701


def test_kappa_with_both_weights_as_the_r_package_irr_prints_it() -> None:
    """Raters 2 and 3 of its data set `anxiety`; irr knows only the five categories that were used."""
    second = "3 6 4 6 2 4 2 4 3 3 2 3 3 3 2 2 1 3 3 4".split()
    third = "2 1 4 4 3 2 1 6 1 1 1 2 3 3 1 1 3 3 2 2".split()
    found = agreement("\n".join(map(" ".join, zip(second, third, strict=True))), "ordinal")
    assert value(found, "cohen_kappa", 7) == -0.0062893
    assert value(found, "weighted_kappa.linear", 7) == 0.1459075
    assert value(found, "weighted_kappa.quadratic", 7) == 0.2520325


@pytest.mark.parametrize(
    ("rows", "kappa", "ac1"), [(("40 9", "6 45"), 0.70, 0.70), (("80 10", "5 5"), 0.32, 0.81)]
)
def test_the_same_85_percent_and_two_kappas(rows: tuple[str, str], kappa: float, ac1: float) -> None:
    """Feinstein and Cicchetti 1990; AC1 as Wongpakaran and others 2013 compare it."""
    found = agreement(crossed(*rows), "nominal")
    assert value(found, "percent_agreement", 2) == 0.85
    assert value(found, "cohen_kappa", 2) == kappa
    assert value(found, "gwet_ac1", 2) == ac1


# ---- rules


def test_the_categories_of_the_instrument_count_used_or_not() -> None:
    table = "1 1\n2 2\n1 2\n1 1"
    two, four = (agreement(table, "nominal", categories) for categories in ("1 2", "1 2 3 4"))
    assert value(two, "gwet_ac1", 6) == 0.529412
    assert value(four, "gwet_ac1", 6) == 0.703704
    assert two.estimates["cohen_kappa"].value == four.estimates["cohen_kappa"].value


def test_units_with_one_rating_inform_ac_and_drop_out_of_all_else() -> None:
    with_single = agreement("1 1\n2 2\n1 2\n2 .\n2 .", "nominal", "1 2")
    without = agreement("1 1\n2 2\n1 2", "nominal", "1 2")
    assert value(with_single, "gwet_ac1", 6) == 0.425287
    assert value(without, "gwet_ac1", 6) == 0.333333
    for name in ("percent_agreement", "cohen_kappa", "fleiss_kappa", "krippendorff_alpha"):
        assert value(with_single, name, 9) == value(without, name, 9)


def test_two_way_forms_use_complete_rows_and_say_how_many_were_dropped() -> None:
    with_gap = agreement(SIX_TARGETS + "\n3 5 . .", "interval")
    assert with_gap.dropped == 1
    assert value(with_gap, "icc.2,1", 2) == 0.29
    assert with_gap.headline == "icc.1,1"
    assert agreement(SIX_TARGETS, "interval").headline == "icc.2,1"


def test_raters_that_change_have_only_the_one_way_form() -> None:
    found = agreement("9 8 . .\n. 2 3 .\n. . 6 6\n1 . . 2", "interval")
    assert value(found, "icc.1,1", 3) == 0.965
    assert found.estimates["icc.2,1"].reason == (
        "no unit was rated by all 4 raters; the forms 1,1 and 1,k are for raters that change"
    )


def test_a_harsher_rater_lowers_agreement_and_not_consistency() -> None:
    found = agreement("1 3\n2 4\n3 5\n4 6", "interval")
    assert value(found, "icc.3,1", 6) == 1
    assert value(found, "icc.2,1", 2) == 0.45
    assert (found.estimates["icc.3,1"].low, found.estimates["icc.3,1"].high) == (None, None)


def test_limits_come_out_the_same_each_time() -> None:
    first, second = (agreement(FOUR_OBSERVERS, "ordinal").estimates for _ in range(2))
    assert first == second


def test_draws_that_all_agree_give_no_limits() -> None:
    """Twelve units alike are no proof of a thirteenth."""
    found = agreement("1 1\n2 2\n" * 6, "nominal").estimates["gwet_ac1"]
    assert (found.value, found.low, found.high) == (1, None, None)


# ---- no value, and why


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
@pytest.mark.parametrize("table", ["", "3", "3 .\n. 4", "2 2", "2 3", "2 2\n2 2\n2 2", "2\n3\n4", "0 0\n0 0"])
def test_nothing_is_ever_not_a_number(table: str, level: Level) -> None:
    for name, found in agreement(table, level).estimates.items():
        numbers = [each for each in (found.value, found.low, found.high) if each is not None]
        assert all(-100 <= each <= 1.000001 for each in numbers), name
        assert (found.value is None) is bool(found.reason), name


def test_constant_ratings_agree_in_full_and_have_no_kappa() -> None:
    found = agreement("2 2\n2 2\n2 2", "interval", "1 2 3").estimates
    assert found["percent_agreement"].value == 1
    assert found["gwet_ac1"].value == 1
    alike = "all ratings are the same, so chance alone would agree as well"
    for name in ("cohen_kappa", "weighted_kappa.quadratic", "fleiss_kappa", "krippendorff_alpha", "icc.2,1"):
        assert (found[name].value, found[name].reason) == (None, alike)


@pytest.mark.parametrize(
    ("table", "name", "reason"),
    [
        ("1\n2\n1", "percent_agreement", "no unit has two ratings"),
        ("1\n2\n1", "cohen_kappa", "no unit has two ratings"),
        ("1\n2\n1", "icc.2,1", "there is only one rater"),
        (
            "1 2",
            "gwet_ac1",
            "only one unit has two ratings or more, and one unit cannot show what chance would do",
        ),
        ("1 1\n1 1", "gwet_ac1", "only one category is known; name all that the instrument has"),
        (
            "1 2 1\n2 2 2",
            "cohen_kappa",
            "it is for two raters, and here are 3; every two of them have it as a pair",
        ),
        (
            "1 2 1\n2 2 .",
            "fleiss_kappa",
            "it is for units that all have the same number of ratings; Krippendorff's alpha takes gaps",
        ),
        (
            "1 2\n2 1",
            "icc.1,k",
            "the units do not differ at all, so there is nothing for the mean of raters to tell apart",
        ),
    ],
)
def test_what_has_no_value_says_why(table: str, name: str, reason: str) -> None:
    found = agreement(table, "interval").estimates[name]
    assert (found.value, found.reason) == (None, reason)


def test_measurements_have_no_kappa_and_keep_alpha() -> None:
    found = agreement("\n".join(f"{at} {at}.5" for at in range(150)), "interval").estimates
    assert found["gwet_ac1"].reason == (
        "there are more than 200 different values: these are measurements, and no categories"
    )
    assert found["krippendorff_alpha"].value is not None


# ---- by definition, pair by pair

UNITS = st.lists(
    st.lists(st.sampled_from([None, 1, 2, 3, 5]), min_size=3, max_size=3), min_size=2, max_size=8
)
Table = list[list[int | None]]
CATEGORIES = (1, 2, 3, 4, 5)


def coefficients(table: Table, level: Level) -> Coefficients:
    rows = [(u, r, each) for u, line in enumerate(table) for r, each in enumerate(line) if each is not None]
    return Coefficients(
        rated(
            [str(u) for u, _, _ in rows],
            [str(r) for _, r, _ in rows],
            [str(each) for _, _, each in rows],
            level,
            [str(each) for each in CATEGORIES],
        )
    )


def given_in(table: Table) -> list[list[int]]:
    return [[each for each in line if each is not None] for line in table]


@given(UNITS)
def test_percent_agreement_is_the_mean_share_of_agreeing_pairs(table: Table) -> None:
    shares = [
        mean(Fraction(a == b) for a, b in combinations(unit, 2)) for unit in given_in(table) if len(unit) > 1
    ]
    found = coefficients(table, "nominal").estimates["percent_agreement"].value
    assert found == (pytest.approx(float(mean(shares))) if shares else None)


@given(UNITS)
def test_ac1_by_definition(table: Table) -> None:
    units = [unit for unit in given_in(table) if unit]
    pairs = [mean(Fraction(a == b) for a, b in combinations(unit, 2)) for unit in units if len(unit) > 1]
    found = gwet(coefficients(table, "nominal").ratings).value
    if len(pairs) < 2:
        assert found is None
        return
    usual = [mean(Fraction(unit.count(each), len(unit)) for unit in units) for each in CATEGORIES]
    chance = sum(each * (1 - each) for each in usual) / (len(CATEGORIES) - 1)
    assert found == pytest.approx(float((mean(pairs) - chance) / (1 - chance)))


def apart(a: int, b: int, level: Level, counts: dict[int, int]) -> Fraction:
    low, high = sorted((a, b))
    match level:
        case "nominal":
            return Fraction(a != b)
        case "ordinal":
            between = sum(number for each, number in counts.items() if low <= each <= high)
            return (between - Fraction(counts[a] + counts[b], 2)) ** 2
        case "interval":
            return Fraction(a - b) ** 2
        case "ratio":
            return Fraction(a - b, a + b) ** 2


@given(UNITS, st.sampled_from(["nominal", "ordinal", "interval", "ratio"]))
def test_alpha_by_definition(table: Table, level: Level) -> None:
    units = [unit for unit in given_in(table) if len(unit) > 1]
    values = [each for unit in units for each in unit]
    counts = {each: values.count(each) for each in values}
    found = alpha(coefficients(table, level).ratings).value
    if len(units) < 2 or len(counts) == 1:
        assert found is None
        return
    observed = sum(
        apart(a, b, level, counts) / (len(unit) - 1) for unit in units for a, b in permutations(unit, 2)
    )
    expected = sum(apart(a, b, level, counts) for a, b in permutations(values, 2)) / Fraction(len(values) - 1)
    assert found == pytest.approx(float(1 - observed / expected))


WEIGHTS: dict[str, Callable[[int, int], Fraction]] = {
    "cohen_kappa": lambda a, b: Fraction(a == b),
    "weighted_kappa.linear": lambda a, b: 1 - Fraction(abs(a - b), 4),
    "weighted_kappa.quadratic": lambda a, b: 1 - Fraction((a - b) ** 2, 16),
}


@given(st.lists(st.tuples(st.sampled_from((1, 2, 3)), st.sampled_from((1, 2, 3))), min_size=2, max_size=9))
def test_two_raters_by_definition(pairs: list[tuple[int, int]]) -> None:
    found = coefficients([list(pair) for pair in pairs], "ordinal").estimates
    n = len(pairs)
    for name, weight in WEIGHTS.items():
        agree = sum((weight(a, b) for a, b in pairs), Fraction()) / n
        chance = sum((weight(a, b) for a, _ in pairs for _, b in pairs), Fraction()) / n**2
        expected = None if chance == 1 else pytest.approx(float((agree - chance) / (1 - chance)))
        assert found[name].value == expected


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=7))
def test_one_way_correlation_by_definition(table: list[list[int]]) -> None:
    rows = [(f"{u}", f"{r}", f"{each}") for u, line in enumerate(table) for r, each in enumerate(line)]
    units, raters, values = ([row[at] for row in rows] for at in range(3))
    found = Coefficients(rated(units, raters, values, "interval")).estimate("icc.1,1").value
    means = [Fraction(sum(line), 3) for line in table]
    middle = sum(means) / len(table)
    between = 3 * sum((each - middle) ** 2 for each in means) / (len(table) - 1)
    inside = [(each - own) ** 2 for own, line in zip(means, table, strict=True) for each in line]
    within = sum(inside) / Fraction(2 * len(table))
    both = between + 2 * within
    assert found == (pytest.approx(float((between - within) / both)) if both else None)

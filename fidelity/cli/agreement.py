"""`fidelity agreement`: how well raters agree, from any long table of ratings."""

from pathlib import Path

import click

from fidelity.cli.agreement_words import told
from fidelity.cli.printing import Printing, format_option
from fidelity.errors import ProblemsFound, WrongUse, errors_in
from fidelity.model.scale import NonAnswer
from fidelity.observe.ratings import Expected, RatingsRead, read_ratings
from fidelity.summaries.agreement import Coefficients
from fidelity.summaries.agreement.ratings import LEVELS, Level, as_number, in_order, rated
from fidelity.summaries.agreement.written import as_json

APPLIES = ("applies", "does not apply")


@click.command("agreement")
@click.argument("ratings", type=click.Path(path_type=Path))
@click.option(
    "--level",
    type=click.Choice(LEVELS),
    required=True,
    help="Categories without or with an order; or numbers, on a ratio scale with a true nought.",
)
@click.option(
    "--categories",
    metavar="A,B,C",
    help="All answers that the instrument has, in order, used or not.",
)
@format_option
@click.pass_obj
def command(printing: Printing, ratings: Path, level: Level, categories: str | None) -> None:
    """Say how well raters agree, in any table with the columns unit, rater and value.

    RATINGS is a CSV, XLSX or JSON file with one rating a row. A blank value is no rating; neither are
    not_applicable, not_observed, declined and missing, which are counted apart. Raters and units that look
    like one and count as several, R01 and r01, are told; nothing is merged.

    \b
    Example:
      fidelity agreement ratings.csv --level ordinal --categories not_done,partly,done
    """
    listed = _listed(categories, level)
    reading = read_ratings(ratings, _expected(listed, level))
    if errors_in(reading.problems):
        raise ProblemsFound(reading.problems)
    given = reading.ratings
    if level == "ordinal" and not listed:
        _ask_for_order(set(given.values))
    found = Coefficients(rated(*given, level, listed))
    applicable = _applicability(reading)
    if printing.format == "json":
        printing.json(as_json(found, applicable))
    else:
        click.echo("\n\n".join(told(found, applicable, reading, listed=bool(listed))))
    printing.problems(reading.problems)


def _listed(categories: str | None, level: Level) -> tuple[str, ...]:
    if categories is None:
        return ()
    listed = tuple(each.strip() for each in categories.split(","))
    if not all(listed):
        raise WrongUse("--categories has a blank between two commas: write it like this: low,mid,high")
    twice = next((each for each in listed if listed.count(each) > 1), None)
    if twice:
        raise WrongUse(f'--categories names "{twice}" twice.')
    no_answers = next((each for each in listed if each in tuple(NonAnswer)), None)
    if no_answers:
        raise WrongUse(f'"{no_answers}" is no category: it is understood everywhere, and counted apart.')
    if level in ("interval", "ratio"):
        return _numbers(listed, level)
    return listed


def _numbers(listed: tuple[str, ...], level: Level) -> tuple[str, ...]:
    for each in listed:
        number = as_number(each)
        if number is None:
            raise WrongUse(f'Level {level} is for numbers, and the category "{each}" is none.')
        if level == "ratio" and number < 0:
            raise WrongUse(f'A ratio scale ends at nought, and the category "{each}" lies below.')
    return listed


def _expected(listed: tuple[str, ...], level: Level) -> Expected:
    return Expected(listed, level in ("interval", "ratio"), level == "ratio")


def _ask_for_order(used: set[str]) -> None:
    words = [each for each in in_order(used) if as_number(each) is None]
    if words:
        shown = ", ".join(in_order(used))
        raise WrongUse(
            f'Ordered categories need their order, and nobody can tell it from words such as "{words[0]}".\n'
            "Name all that the instrument has, from lowest to highest: --categories LOWEST,...,HIGHEST\n"
            f"(here, in the order that is right: {shown})."
        )


def _applicability(reading: RatingsRead) -> Coefficients | None:
    """Whether the raters agree on what applies, where at least one said that something does not."""
    not_applicable = [(u, r) for u, r, why in reading.apart if why is NonAnswer.NOT_APPLICABLE]
    if not not_applicable:
        return None
    given = reading.ratings
    units = [*given.units, *(unit for unit, _ in not_applicable)]
    raters = [*given.raters, *(rater for _, rater in not_applicable)]
    answers = [APPLIES[0]] * len(given.units) + [APPLIES[1]] * len(not_applicable)
    return Coefficients(rated(units, raters, answers, "nominal", APPLIES))

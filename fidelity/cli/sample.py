"""`fidelity sample`: which of the sessions delivered to observe, and which of them twice."""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import click

from fidelity.cli.opening import opened_programme
from fidelity.cli.printing import Printing, counted, format_option, library_option, table
from fidelity.errors import ProblemsFound, WrongUse, errors_in
from fidelity.files import write_whole
from fidelity.model.number import read_number
from fidelity.model.programme import Drawn, Programme, Quota, SamplingPlan
from fidelity.observe.sessions import raters_in, read_sessions
from fidelity.shield import csv_field
from fidelity.summaries.sampling.chance import FEWEST
from fidelity.summaries.sampling.plan import PlanRow, Sample, TherapistPlan, needed, sample_of
from fidelity.summaries.sampling.raters import Raters, connected

LARGEST_NUMBER = 10**18
ESTIMATE, VERDICT, EACH_RATER = 10, 30, 5  # sessions rated twice: for a number, for a word, for every rater


class Asked(NamedTuple):
    """What the options say of the sample, where no programme does."""

    share: str | None
    at_least: int | None
    spread: str | None
    second: str | None
    seed: int | None

    @property
    def given(self) -> list[str]:
        """The options that were used."""
        return [f"--{name.replace('_', '-')}" for name, value in self._asdict().items() if value is not None]


def _whole(_ctx: click.Context, parameter: click.Parameter, written: str | None) -> int | None:
    if written is None:
        return None
    lowest = 0 if parameter.name == "seed" else 1
    if not written.isdecimal() or not lowest <= int(written) <= LARGEST_NUMBER:
        raise click.UsageError(f"{parameter.opts[0]} {written}: write a whole number of at least {lowest}.")
    return int(written)


@click.command("sample")
@click.argument("sessions", type=click.Path(path_type=Path))
@click.option("--programme", metavar="FILE", help="The programme that says how the sample is drawn.")
@click.option("--share", metavar="SHARE", help="Of each therapist's sessions, for example 10%; rounded up.")
@click.option(
    "--at-least", callback=_whole, metavar="N", help="At least so many of each therapist's sessions."
)
@click.option(
    "--spread",
    metavar="COLUMNS",
    help="What to spread over, for example session,modality; session is the third of the treatment.",
)
@click.option(
    "--second", metavar="SHARE", help="Of the sample, to be rated twice, for example 20%; rounded up."
)
@click.option("--seed", callback=_whole, metavar="N", help="Fixes the draw. Choose any.")
@click.option("--raters", metavar="NAMES", help="R1,R2,R3, or a table with the column rater: who rates what.")
@click.option("-o", "out", type=click.Path(path_type=Path), help="The plan, a CSV file. Without it: printed.")
@library_option
@format_option
@click.pass_obj
def command(
    printing: Printing,
    sessions: Path,
    programme: str | None,
    share: str | None,
    at_least: int | None,
    spread: str | None,
    second: str | None,
    seed: int | None,
    raters: str | None,
    out: Path | None,
    libraries: tuple[str, ...],
) -> None:
    """Draw the sessions to observe, in a way that anybody can repeat and nobody can steer.

    SESSIONS is a table of all sessions delivered: a column session and a column therapist, and where known
    client, date, modality, session_number, or others to spread over.

    \b
    Example:
      fidelity sample sessions.csv --programme my_programme.rubric -o plan.csv
      fidelity sample sessions.csv --share 10% --at-least 6 --spread session,modality \\
        --second 20% --seed 7 -o plan.csv
    """
    asked = Asked(share, at_least, spread, second, seed)
    if out is not None and out.suffix != ".csv":
        raise click.UsageError(f"The name after -o must end in .csv; {out.name} does not.")
    if programme is not None and asked.given:
        both = f"--programme says how the sample is drawn, and so does {', '.join(asked.given)}"
        raise click.UsageError(f"{both}: leave one of the two out.")
    model = None if programme is None else opened_programme(programme, libraries, printing)
    plans = _plans_of(model, printing) if model else [_own_plan(asked)]
    names = _raters(raters, plans)
    found = read_sessions(
        sessions, [name for plan in plans for name in needed(plan)], model.facts if model else ()
    )
    if errors_in(found.problems):
        raise ProblemsFound(found.problems)
    printing.progress("Drawing")
    samples = [sample_of(plan, found.sessions, names) for plan in plans]
    printing.problems(found.problems)
    _answer(printing, samples, names, out)


# ---- the plan


def _own_plan(asked: Asked) -> SamplingPlan:
    if asked.share is None and asked.at_least is None:
        raise click.UsageError("Say how much to take: --share 10%, --at-least 6, or --programme FILE.")
    if asked.seed is None:
        raise click.UsageError("Add --seed and any whole number: with it anybody can repeat the draw.")
    amounts = [] if asked.share is None else [_share("--share", asked.share)]
    amounts += [] if asked.at_least is None else [Quota(Fraction(asked.at_least), False)]
    return SamplingPlan(
        id="sample",
        title="Sessions to observe",
        checklist="",
        during="",
        first=(),
        rates=(),
        floors=tuple(Drawn(amount, "therapist") for amount in amounts),
        spread=_columns(asked.spread),
        second=None if asked.second is None else _share("--second", asked.second),
        seed=asked.seed,
    )


def _share(option: str, written: str) -> Quota:
    """A percent or a fraction; a plain number could mean either, so it is asked about."""
    found = re.fullmatch(r"(?P<percent>[^%]+)%|[^/]+/[^/]+", written.strip())
    number = read_number(found["percent"] or written) if found else None
    if number is None:
        raise click.UsageError(
            f'{option} "{written}" is no share: write a percent, 10%, or a fraction, 1/10.'
        )
    share = number / 100 if found and found["percent"] else number
    if not 0 < share <= 1:
        raise click.UsageError(f"{option} {written} is not a part of the whole: write 1% to 100%.")
    return Quota(share, True, "up")


def _columns(written: str | None) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(each.strip() for each in (written or "").split(",")))
    if written is not None and not all(names):
        raise click.UsageError(f'--spread "{written}" has an empty name in it: write session,modality.')
    return tuple(each.removeprefix("fact.") for each in names if each)


def _plans_of(programme: Programme, printing: Printing) -> list[SamplingPlan]:
    for plan in programme.samples:
        if plan.during:
            printing.say(
                f'The sample "{plan.id}" counts while the stage "{plan.during}" stands. A table of sessions '
                "does not say when that was: put only such sessions into it."
            )
    return list(programme.samples)


def _raters(written: str | None, plans: Iterable[SamplingPlan]) -> tuple[str, ...]:
    if written is None:
        return ()
    path = Path(written)
    names = (
        raters_in(path)
        if path.suffix and path.is_file()
        else tuple(each.strip() for each in written.split(","))
    )
    if not names or not all(names) or len(set(names)) < len(names):
        raise WrongUse(
            f'--raters "{written}" must name each rater once: R1,R2,R3, or a table with a column rater.'
        )
    if len(names) == 1 and any(plan.second for plan in plans):
        raise WrongUse("One rater cannot rate a session twice: name at least two, --raters R1,R2.")
    return names


# ---- the answer


def _answer(printing: Printing, samples: Sequence[Sample], raters: Sequence[str], out: Path | None) -> None:
    nothing = not any(each.planned.taken for each in samples)
    if out is not None and not nothing:
        write_whole(out, _csv(samples))
    if printing.format == "json":
        printing.json({"samples": [_as_json(each, raters) for each in samples]})
    elif out is None and not nothing:
        click.echo(_csv(samples), nl=False)
    elif not nothing:
        click.echo("\n\n".join(_as_text(each) for each in samples))
    for each in samples:
        for sentence in warnings(each, raters):
            printing.say(sentence)
    if nothing:
        printing.say(_nothing(samples))
        printing.status = 1
    elif out is not None:
        printing.say(
            f"{out}: {counted(sum(len(each.planned.taken) for each in samples), 'session')} to observe."
        )


def _nothing(samples: Sequence[Sample]) -> str:
    if not samples:
        return (
            "Nothing to select: this programme has no sample. Add one, or use --share, --at-least and --seed."
        )
    if not any(each.pool for each in samples):
        names = ", ".join(each.plan.checklist for each in samples)
        return f"Nothing to select: no session in the table is one of {names or 'those asked for'}."
    return "Nothing to select: by these rules not a single session is taken."


def _csv(samples: Iterable[Sample]) -> bytes:
    lines = [PlanRow._fields, *(row for each in samples for row in each.rows)]
    return "".join(",".join(csv_field(cell) for cell in line) + "\r\n" for line in lines).encode()


def _as_json(sample: Sample, raters: Sequence[str]) -> dict[str, Any]:
    return {
        "sample": sample.plan.id,
        "title": sample.plan.title,
        "seed": sample.plan.seed,
        "eligible": len(sample.pool),
        "planned": len(sample.planned.taken),
        "second": len(sample.second),
        "therapists": [_therapist(each) for each in sample.therapists],
        "sessions": [row._asdict() for row in sample.rows],
        "warnings": warnings(sample, raters),
    }


def _therapist(each: TherapistPlan) -> dict[str, Any]:
    chances = each.noticed
    return {
        "therapist": each.therapist,
        "eligible": each.eligible,
        "planned": each.planned,
        "second": each.twice,
        "a_year": each.a_year,
        "noticed": None
        if chances is None
        else {
            "15": {"watch": chances.watch_15, "act": chances.act_15},
            "10": {"watch": chances.watch_10, "act": chances.act_10},
        },
    }


def _as_text(sample: Sample) -> str:
    head = [
        "therapist",
        "sessions",
        "to observe",
        "twice",
        "a year",
        "fall of 15 noticed",
        "fall of 10 noticed",
    ]
    rows = [
        [
            each.therapist,
            str(each.eligible),
            str(each.planned),
            str(each.twice),
            str(each.a_year),
            *_chances(each),
        ]
        for each in sample.therapists
    ]
    total = f"{len(sample.planned.taken)} of {counted(len(sample.pool), 'session')} to observe"
    return (
        f"{sample.plan.title}: {total}, {len(sample.second)} of them twice (seed {sample.plan.seed}).\n\n"
        f"{table(head, rows)}\n\n"
        "Noticed: so many of 100 therapists who really fell by that much at mid-year get an act by its end,\n"
        "where scores differ by about 10 points from session to session."
    )


def _chances(each: TherapistPlan) -> tuple[str, str]:
    if each.noticed is None:
        return "cannot be judged", "cannot be judged"
    return f"{each.noticed.act_15:.0f} of 100", f"{each.noticed.act_10:.0f} of 100"


def warnings(sample: Sample, raters: Sequence[str]) -> list[str]:
    """What the plan cannot show, before anybody has observed anything."""
    if not sample.planned.taken:
        return []
    return [*_too_few(sample), *_few_twice(sample, raters), *_no_reserve(sample)]


def _too_few(sample: Sample) -> list[str]:
    few = [each.therapist for each in sample.therapists if each.a_year < FEWEST]
    if not few:
        return []
    whom = f"{counted(len(few), 'therapist')} ({_listed(few)})"
    return [f"Fewer than {FEWEST} sessions a year for {whom}: no change can be judged. 12 are better."]


def _few_twice(sample: Sample, raters: Sequence[str]) -> list[str]:
    twice = len(sample.second)
    if sample.plan.second is None:
        return ["No session is rated twice: nothing can be said about how well raters agree."]
    said = []
    if twice < ESTIMATE:
        said.append(
            f"{counted(twice, 'session')} rated twice: fewer than {ESTIMATE} give no estimate of agreement."
        )
    elif twice < VERDICT:
        said.append(
            f"{twice} sessions rated twice: enough for an interval; a verdict on agreement needs {VERDICT}."
        )
    else:
        said.append(f"{twice} sessions rated twice: enough to judge agreement ({VERDICT} are needed).")
    if raters:
        said += _few_for_raters(sample, raters)
    return said


def _few_for_raters(sample: Sample, raters: Sequence[str]) -> list[str]:
    both = [Raters(row.rater, row.second_rater) for row in sample.rows if row.second]
    few = [f"{name} ({n})" for name in raters if (n := sum(name in pair for pair in both)) < EACH_RATER]
    said = []
    if few:
        said.append(f"Fewer than {EACH_RATER} sessions rated twice for {_listed(few)}.")
    if not connected(raters, len(both)):
        said.append(
            f"So few sessions rated twice do not link all {len(raters)} raters: how strict each is cannot be "
            "compared by them alone."
        )
    return said


def _no_reserve(sample: Sample) -> list[str]:
    filled = {(row.therapist, row.stratum) for row in sample.rows if row.take == "reserve"}
    alone = sum(row.take == "observe" and (row.therapist, row.stratum) not in filled for row in sample.rows)
    if not alone:
        return []
    return [f"{counted(alone, 'session')} to observe without a reserve: nothing else is in the same cell."]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")

"""`fidelity summarise`: competency and drift, therapist by therapist."""

import click

from fidelity.cli.observing import data_argument, ignore_option, keep_good_option, observed
from fidelity.cli.opening import opened
from fidelity.cli.printing import Printing, counted, format_option, library_option, table
from fidelity.report.status import standard_status, trend_status
from fidelity.report.words import words_for
from fidelity.study import Study
from fidelity.study import summarise as summarised
from fidelity.summaries.as_json import as_json


@click.command("summarise")
@click.argument("checklist")
@data_argument
@ignore_option
@keep_good_option
@library_option
@format_option
@click.pass_obj
def command(
    printing: Printing,
    checklist: str,
    data: tuple[str, ...],
    ignore: tuple[str, ...],
    keep_good: bool,
    libraries: tuple[str, ...],
) -> None:
    """Summarise observations: each therapist's competency and change over time.

    DATA are CSV, XLSX or JSON files, or the folder of a study.

    \b
    Example:
      fidelity summarise programmes/example_study/session my_study
    """
    model = opened(checklist, libraries, printing)
    study = summarised(model, observed(printing, model, data, ignore, keep_good=keep_good))
    if printing.format == "json":
        printing.json(as_json(study.summary))
    else:
        click.echo(_told(study))


def _told(study: Study) -> str:
    headline = study.summary.headline
    if headline is None or not study.summary.therapists:
        number = study.summary.provenance.observations
        observed = f"{counted(number, 'observation')} of {study.checklist.title}."
        return f"{observed} No therapist is named, so there is no course to show."
    head = ["therapist", "site", "sessions", "mean", "95 % interval", "standard", "trend"]
    words, rows = words_for(study.checklist), []
    for each in study.summary.therapists:
        score = each.scores[headline]
        interval = "" if score.low is None or score.high is None else f"{score.low:.1f} to {score.high:.1f}"
        mean = "" if score.mean is None else f"{score.mean:.1f}"
        standard = standard_status(words, score)
        trend = trend_status(words, score)
        rows.append(
            [
                each.therapist,
                each.site,
                str(score.n),
                mean,
                interval,
                standard.text if standard else "",
                trend.text,
            ]
        )
    return f"{study.checklist.title}: {headline}\n\n{table(head, rows)}"

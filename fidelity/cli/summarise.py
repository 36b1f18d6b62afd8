"""`fidelity summarise`: competency and drift, therapist by therapist; with a programme also the stages."""

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

import click

from fidelity.cli.observing import data_argument, ignore_option, keep_good_option
from fidelity.cli.printing import Printing, counted, format_option, library_option, table
from fidelity.cli.studying import on_option, studied
from fidelity.model.standing import Standings
from fidelity.model.summary import ScoreSummary
from fidelity.report.standing_words import (
    Titles,
    due_sentences,
    first_sentences,
    judged_words,
    missing_sentences,
    next_words,
    stage_words,
    titles_of,
)
from fidelity.report.status import standard_status, status, trend_status
from fidelity.report.tables.sampling import sampling_words
from fidelity.report.words import Words, words_for
from fidelity.study.asked import agreement_in, audit_in, rules_in, sampling_in
from fidelity.study.whole import Study
from fidelity.summaries.as_json import Whole, as_json

PIECES = 10_000  # of a document that are shown at once


@click.command("summarise")
@click.argument("checklist", metavar="(CHECKLIST|PROGRAMME)")
@data_argument
@on_option
@ignore_option
@keep_good_option
@library_option
@format_option
@click.pass_obj
def command(
    printing: Printing,
    checklist: str,
    data: tuple[str, ...],
    on: datetime | None,
    ignore: tuple[str, ...],
    keep_good: bool,
    libraries: tuple[str, ...],
) -> None:
    """Summarise observations: each therapist's competency and change over time.

    With a programme also: each therapist's stage, what decided it, what is still missing, and what is due.
    DATA are CSV, XLSX, JSON or Parquet files, or the folder of a study.

    \b
    Example:
      fidelity summarise programmes/example_study/session my_study
      fidelity summarise my_study/programme.rubric my_study --on 2026-11-21
    """
    study = studied(printing, checklist, data, on, ignore=ignore, keep_good=keep_good, libraries=libraries)
    words = words_for(study.checklist)
    if printing.format == "json":
        _show(printing, _document(study, words))
    elif study.standings is not None:
        click.echo("\n".join(_told_with_stages(study, study.standings, words)))
    else:
        click.echo(_told(study, words))
    spread = study.summary.spread
    if spread is not None and spread.unused:
        printing.say(words.say("drift.unused", names=words.names(f"“{each}”" for each in spread.unused)))
    if study.later:
        printing.say(words.say("stage.later", number=study.later))


def _show(printing: Printing, document: object) -> None:
    """The document as `Printing.json` has it, piece by piece: that of a large study is long."""
    printing.done()
    printing.answered = True
    pieces = json.JSONEncoder(ensure_ascii=False, indent=2).iterencode(document)
    while some := "".join(islice(pieces, PIECES)):
        click.echo(some, nl=False)
    click.echo()


def _document(study: Study, words: Words) -> object:
    titles, sampling = _titles(study, words), sampling_in(study)
    return as_json(
        study.summary,
        {each.checklist.id: each.summary for each in study.others},
        study.standings,
        lambda stage: missing_sentences(titles, stage),
        Whole(agreement_in(study), sampling, audit_in(study, sampling)),
    )


def _titles(study: Study, words: Words) -> Titles:
    checklists = (study.checklist, *(each.checklist for each in study.others))
    return titles_of(words, study.programme, checklists)


# ---- a checklist


def _told(study: Study, words: Words) -> str:
    headline = study.summary.headline
    if headline is None or not study.summary.therapists:
        number = study.summary.provenance.observations
        observed = f"{counted(number, 'observation')} of {study.checklist.title}."
        return f"{observed} No therapist is named, so there is no course to show."
    head = ["therapist", "site", *HEAD]
    rows = [
        [each.therapist, each.site, *_competency(words, each.scores[headline])]
        for each in study.summary.therapists
    ]
    return f"{study.checklist.title}: {headline}\n\n{table(head, rows)}"


HEAD = ("sessions", "mean", "95 % interval", "standard", "trend")


def _competency(words: Words, score: ScoreSummary | None) -> list[str]:
    """What stands below the heads; dashes for somebody who was not observed."""
    if score is None:
        return ["0", *["–"] * (len(HEAD) - 1)]
    interval = "" if score.low is None or score.high is None else f"{score.low:.1f} to {score.high:.1f}"
    mean = "" if score.mean is None else f"{score.mean:.1f}"
    standard = standard_status(words, score)
    return [str(score.n), mean, interval, standard.text if standard else "", trend_status(words, score).text]


# ---- a programme


def _told_with_stages(study: Study, standings: Standings, words: Words) -> Iterator[str]:
    """A line a therapist; then what is due, who needs something first; then what comes next for each."""
    titles, headline = _titles(study, words), study.summary.headline
    yield standings.programme.title
    yield judged_words(words, standings)
    yield ""
    scores = {each.therapist: each.scores.get(headline or "") for each in study.summary.therapists}
    head = [words.person["therapist"], "stage", *HEAD]
    rows = [
        [each.therapist, stage_words(titles, each), *_competency(words, scores.get(each.therapist))]
        for each in standings.therapists
    ]
    if headline is not None:
        yield f"{study.checklist.title}: {headline}"
    yield table(head, rows)
    first = [
        f"{each.therapist}: {said}" for each in standings.therapists for said in first_sentences(titles, each)
    ]
    due = [
        (day, f"{each.therapist}: {said}")
        for each in standings.therapists
        for day, said in due_sentences(titles, each)
    ]
    yield from _listed(words.say("stage.first"), [*first, *(said for _, said in sorted(due))])
    coming = [each for each in standings.therapists if each.next is not None and not each.lapsed]
    yield from _listed(
        words.say("stage.coming"), [f"{each.therapist}: {next_words(titles, each)}" for each in coming]
    )
    yield from _rules_told(study, words)
    for sample in sampling.samples if (sampling := sampling_in(study)) else ():
        yield f"\n{sampling_words(words, sample)}"


def _rules_told(study: Study, words: Words) -> Iterator[str]:
    """The programme's rules about agreement: what was found, and whether it meets the mark."""
    rows = [
        [
            each.title or each.rule,
            status(words, "reliable", each.verdict).text,
            "–" if each.found.value is None else f"{each.found.value:.2f}",
            f"{each.mark:.2f}",
            str(each.sessions),
        ]
        for each in rules_in(study)
    ]
    if rows:
        head = [words.say(f"column.{key}") for key in ("rule", "judged", "found", "mark", "compared")]
        yield f"\n{words.say('agreement.rules')}\n{table(head, rows)}"


def _listed(title: str, lines: list[str]) -> list[str]:
    return ["", title, *(f"  {line}" for line in lines)] if lines else []

"""Observations that were read -> scored and summarised, for a checklist or for a whole programme."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from fidelity.errors import WrongUse
from fidelity.evaluate.evaluator import compile as compile_checklist
from fidelity.model.checklist import About, Checklist
from fidelity.model.observation import Observation
from fidelity.model.programme import Programme
from fidelity.model.score import ScoredObservation
from fidelity.model.standing import Person
from fidelity.model.summary import Provenance
from fidelity.observe import Reading
from fidelity.observe.provenance import provenance_of
from fidelity.observe.several import Entry
from fidelity.observe.study_reading import StudyReading
from fidelity.study.people import people
from fidelity.study.whole import Part, Scored, Study
from fidelity.summaries import summarise_columns
from fidelity.summaries.columns import from_scored
from fidelity.summaries.judged import covariate_names
from fidelity.summaries.programme.rows import row_of
from fidelity.summaries.programme.standing import standings
from fidelity.summaries.series import usable


def summarise(
    checklist: Checklist | Programme, reading: Reading | StudyReading, on: dt.date | None = None
) -> Study:
    """Scores what was read and summarises it by therapist; refused records stay out, and are counted.

    `on` is the day on which the state is judged: what was observed later is left out.
    """
    if isinstance(checklist, Checklist):
        if isinstance(reading, StudyReading):
            reading = reading.of(checklist.id)
        return _of_checklist(checklist, reading, on)
    if not isinstance(reading, StudyReading):
        raise WrongUse(f"Read the data with the programme as well: fidelity.read(paths, {checklist.id}).")
    return _of_programme(checklist, reading, on)


def _of_checklist(checklist: Checklist, reading: Reading, on: dt.date | None) -> Study:
    scored = _scored_of(checklist, reading, on)
    part = _part_of(checklist, scored, provenance_of(reading))
    refused = tuple(each for each in reading.observations if each.refused)
    later = len(reading.observations) - len(refused) - len(scored)
    return Study(
        checklist, scored, part.summary, later=later, refused=refused, told=reading.problems, laid=part.laid
    )


def _scored_of(checklist: Checklist, reading: Reading, on: dt.date | None) -> Scored:
    """The observations that are not refused, nor later than the day, with what came of them."""
    evaluator = compile_checklist(checklist)
    then = [each for each in reading.observations if not each.refused and not _is_later(each, on)]
    return tuple(ScoredObservation(each, evaluator.score(each)) for each in then)


def _part_of(
    checklist: Checklist,
    scored: Scored,
    provenance: Provenance,
    programme: Programme | None = None,
    restarts: Mapping[str, Iterable[dt.date]] | None = None,
) -> Part:
    """What scored observations of one checklist say together."""
    laid = from_scored(checklist, scored, covariate_names(checklist, programme))
    ratings = [each.scored for each in usable(scored)]
    summary = summarise_columns(checklist, laid, provenance, programme, restarts, ratings.__getitem__)
    return Part(checklist, scored, summary, laid)


def _is_later(observation: Observation, on: dt.date | None) -> bool:
    return on is not None and observation.date is not None and observation.date > on


# ---- a programme


def _of_programme(programme: Programme, reading: StudyReading, on: dt.date | None) -> Study:
    good = [each for each in reading.entries if not each.observation.refused]
    then = [each for each in good if not _is_later(each.observation, on)]
    evaluators = {id: compile_checklist(reading.checklists[id]) for id in reading.with_data}
    scored = [
        (each, ScoredObservation(each.observation, evaluators[each.checklist].score(each.observation)))
        for each in then
    ]
    standing = standings(programme, _people(reading, scored), on)
    restarts = {each.therapist: each.restarts for each in standing.therapists}
    order = in_order(programme, reading.with_data or tuple(reading.checklists))
    parts = [_part(programme, reading, id, scored, restarts) for id in order]
    first, *others = parts
    return Study(
        first.checklist,
        first.scored,
        first.summary,
        programme,
        tuple(others),
        standing,
        reading.tables.sessions,
        len(good) - len(then),
        tuple(each.observation for each in reading.entries if each.observation.refused),
        reading.problems,
        first.laid,
    )


def in_order(programme: Programme, known: Sequence[str]) -> list[str]:
    """The checklists with data, first the one of the first drift, else of the first sample, else the last."""
    wanted = [
        *(rule.of.checklist for rule in programme.drifts),
        *(plan.checklist for plan in programme.samples),
    ]
    first = next((id for id in wanted if id in known), known[-1])
    return [first, *(id for id in known if id != first)]


def _part(
    programme: Programme,
    reading: StudyReading,
    id: str,
    scored: Sequence[tuple[Entry, ScoredObservation[Observation]]],
    restarts: Mapping[str, tuple[dt.date, ...]],
) -> Part:
    checklist = with_its_word(reading.checklists[id], programme)
    own = tuple(each for entry, each in scored if entry.checklist == id)
    provenance = provenance_of(reading.of(id))
    return _part_of(checklist, own, provenance, programme, restarts)


def with_its_word(checklist: Checklist, programme: Programme) -> Checklist:
    """The checklist with the word for the therapist that the programme sets, if it does."""
    word = programme.about.therapist
    if word == About().therapist:
        return checklist
    return replace(checklist, about=replace(checklist.about, therapist=word))


def _people(
    reading: StudyReading, scored: Iterable[tuple[Entry, ScoredObservation[Observation]]]
) -> list[Person]:
    """Everybody who is named anywhere, with the rows of their observations and contacts."""
    rows = (
        (each.observation, row_of(reading.checklists[entry.checklist], each, entry.facts))
        for entry, each in scored
    )
    return people(reading.tables, (each.therapist for each in reading.observations), rows)

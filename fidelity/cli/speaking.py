"""A checklist and the language somebody asked for -> the checklist in it, and how far that goes, told."""

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from fidelity.catalogue import catalogue, languages
from fidelity.cli.locking import whole_lock_of
from fidelity.cli.printing import Printing, counted
from fidelity.model.checklist import About, Checklist, Coverage, Translation
from fidelity.model.spoken import spoken, spoken_programme
from fidelity.model.wording import coverage_of

if TYPE_CHECKING:
    from fidelity.model.programme import Programme
    from fidelity.model.standing import StageStanding, TherapistStanding
    from fidelity.model.wording import Standing
    from fidelity.study.whole import Study

language_option = click.option(
    "--language", default=None, metavar="CODE", help="A language that the checklist has texts in."
)


def in_language(checklist: Checklist, language: str | None, printing: Printing) -> Checklist:
    """The checklist in its own language or the one asked for; wrong usage where it has no texts in it."""
    known = _known(checklist, language)
    shown = spoken(checklist, known, whole_lock_of(checklist))
    _tell(shown.shown_in, printing)
    return shown


def study_in_language(study: "Study", language: str | None, printing: Printing) -> "Study":
    """A study with all its texts in the language, as far as its checklists and its programme have them."""
    files: list[Standing] = [study.checklist, *(each.checklist for each in study.others)]
    programme = study.standings.programme if study.standings else None
    files += [programme] if programme else []
    if not any(_has(each, language) for each in files) and not _in_catalogue(language):
        _known(study.checklist, language)
    checklist = _spoken(study.checklist, language, printing)
    others = tuple(
        replace(each, checklist=_spoken(each.checklist, language, printing)) for each in study.others
    )
    if study.standings is None or programme is None:
        return replace(study, checklist=checklist, others=others)
    said = programme if not _has(programme, language) else _programme(programme, language, printing)
    if said.about.therapist != programme.about.therapist:  # the programme's word goes before the checklist's
        checklist = _calling(checklist, said.about.therapist)
        others = tuple(
            replace(each, checklist=_calling(each.checklist, said.about.therapist)) for each in others
        )
    therapists = tuple(_standing(each, programme, said) for each in study.standings.therapists)
    standings = study.standings._replace(programme=said, therapists=therapists)
    return replace(study, checklist=checklist, others=others, programme=said, standings=standings)


def _standing(one: "TherapistStanding", before: "Programme", said: "Programme") -> "TherapistStanding":
    """Where somebody stands, with the stages and doses as they are said now."""
    stages = {each.id: each for each in said.stages}
    titles = {each.title: stages[each.id].title for each in before.stages}
    doses = {each.id: each for each in said.doses}

    def staged(each: "StageStanding") -> "StageStanding":
        missing = tuple(some._replace(stage=titles.get(some.stage, some.stage)) for some in each.missing)
        return each._replace(stage=stages[each.stage.id], missing=missing)

    return one._replace(
        stage=staged(one.stage) if one.stage else None,
        stages=tuple(staged(each) for each in one.stages),
        doses=tuple(each._replace(dose=doses[each.dose.id]) for each in one.doses),
    )


def _spoken(checklist: Checklist, language: str | None, printing: Printing) -> Checklist:
    if _has(checklist, language):
        return in_language(checklist, language, printing)
    printing.say(f'{checklist.id} has no texts in "{language}" and stands in the original.')
    original = in_language(checklist, None, printing)
    return _around(original, language) if language and _in_catalogue(language) else original


def _in_catalogue(language: str | None) -> bool:
    """Whether the reports' own words are there in the language."""
    return language is not None and language.split("-", maxsplit=1)[0] in languages()


def _around(checklist: Checklist, language: str) -> Checklist:
    """The checklist in its own language, for a report that is in another one.

    Its word for the therapist would be a foreign one in every sentence: the report's own stands there.
    """
    found = catalogue(language)
    shown = coverage_of(checklist, Translation(language, found.name if found else "English", {}), {})
    return _calling(replace(checklist, shown_in=shown), About().therapist)


def _calling(checklist: Checklist, therapist: tuple[str, str]) -> Checklist:
    """The checklist with these words for the therapist."""
    return replace(checklist, about=replace(checklist.about, therapist=therapist))


def _programme(programme: "Programme", language: str | None, printing: Printing) -> "Programme":
    shown = spoken_programme(programme, language or programme.about.language, whole_lock_of(programme))
    _tell(shown.shown_in, printing)
    return shown


def _has(model: "Standing", language: str | None) -> bool:
    known = [model.about.language, *(each.language for each in model.translations)]
    return language is None or language in known


def _known(model: "Standing", language: str | None) -> str:
    known = [model.about.language, *(each.language for each in model.translations)]
    if language is not None and language not in known:
        raise click.UsageError(f'{model.id} has no texts in "{language}"; it has: {", ".join(known)}.')
    return language or model.about.language


def _tell(shown: Coverage | None, printing: Printing) -> None:
    if shown is not None:
        told = f"{shown.title}: {shown.translated} of {counted(shown.texts, 'text')} translated"
        rest = f"; the others stand in the original, marked [{shown.original}]"
        old = f"; {shown.older} older than the text they translate, marked [old]"
        printing.say(told + rest * (shown.translated < shown.texts) + old * bool(shown.older) + ".")

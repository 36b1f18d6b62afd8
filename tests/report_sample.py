"""Studies for the tests of the reports: the two shipped ones, and small ones made on the spot."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import as_file

from fidelity import content
from fidelity.evaluate.evaluator import compile as compiled
from fidelity.language.reading import load as load_text
from fidelity.model.checklist import Checklist
from fidelity.model.observation import Observation
from fidelity.model.score import ScoredObservation
from fidelity.model.summary import Provenance
from fidelity.study.loading import load
from fidelity.study.reading import read
from fidelity.study.summarising import summarise
from fidelity.study.whole import Study
from fidelity.summaries import summarise as summarise_scored

SMALL = """
checklist small "A small checklist"
  version 1.0.0
  therapist called "helper", "helpers"

scale delivery "How well the step was delivered" from 1 to 5

section opening "Opening" on scale delivery
  item welcome  "Welcomes the client"
    note "=1+1 is no greeting"
  item safety   "Asks about <safety>"

section work "Work" on scale delivery
  item plan     "Agrees a plan"
  item homework "Goes over the homework"

threshold standard "Lowest mean" of quality is 3

score quality "Quality" is mean of items needing all answered

result level "Level" from quality
  level low  "Low: talk"  below 3
  level high "High" at least 3

gate no_safety "Safety was not asked about"
  caps level at low when safety is 1
"""


@cache
def example_study() -> Study:
    """Twelve therapists over nine months, simulated: one drifts, one improves, one is low, one is new."""
    return _shipped("example_study", "programmes/example_study/session")


@cache
def example_programme() -> Study:
    """The same with its programme: stages, doses, and the sessions that were delivered."""
    return _shipped("example_study", "programmes/example_study/programme")


@cache
def miti_practice() -> Study:
    """Twenty real coded sessions that name neither therapist nor date."""
    return _shipped("miti_practice", "scoring/miti_4_2_1")


def _shipped(name: str, checklist: str) -> Study:
    model = load(checklist)
    with as_file(content.folder("checklists") / "programmes" / name) as folder:
        return summarise(model, read(folder, model))


def small_study(
    ratings: Mapping[str, Sequence[int]], source: str = SMALL, *, dated: bool = True, comment: str = ""
) -> Study:
    """Each therapist's sessions one week apart, all items of a session rated the same."""
    checklist = load_text(source, "small.rubric")
    observations = [
        _observation(checklist, therapist, number, rating, dated=dated, comment=comment)
        for therapist, given in ratings.items()
        for number, rating in enumerate(given)
    ]
    evaluate = compiled(checklist)
    scored = tuple(ScoredObservation(each, evaluate(each.answers)) for each in observations)
    return Study(checklist, scored, summarise_scored(checklist, scored, _origin(len(scored))))


def _observation(
    checklist: Checklist, therapist: str, number: int, rating: int, *, dated: bool, comment: str
) -> Observation:
    return Observation(
        observation=f"{therapist} {number}",
        therapist=therapist,
        rater="R1",
        date=date(2026, 1, 5) + timedelta(weeks=number) if dated else None,
        answers={question.key: str(rating) for question in checklist.questions},
        comments={checklist.items[0].id: comment} if comment else {},
    )


def _origin(observations: int) -> Provenance:
    return Provenance(
        data_sha256="5eed" * 16,
        files=(("small.csv", "5eed" * 16, observations),),
        observations=observations,
        sessions=observations,
        refused=0,
        software="fidelity 0",
    )

"""A small checklist, and its observations written as a table, for the tests of summaries."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

import numpy as np

from fidelity.evaluate.evaluator import compile as compiled
from fidelity.language.reading import load
from fidelity.model.checklist import Checklist
from fidelity.model.observation import Observation
from fidelity.model.score import ScoredObservation
from fidelity.model.summary import Provenance, SessionScore
from fidelity.summaries.columns import ScoredColumns, Words, words
from fidelity.summaries.courses import sessions_of
from fidelity.summaries.exact import exact
from fidelity.summaries.score_series import Series, series_of

SMALL = """
checklist small "A small checklist"
  version 1.0.0

scale delivery "How well the step was delivered"
  answer not_done "Not done"       scores 0
  answer partly   "Partly done"    scores 1
  answer done     "Done"           scores 2
  answer na       "Not applicable" means not_applicable

section opening "Opening" on scale delivery
  item welcome  "Welcomes the client"
  item safety   "Asks about safety"

section work "Work" on scale delivery
  item plan     "Agrees a plan"
  item homework "Goes over the homework"

threshold standard "Lowest mean adherence" of adherence is 70%

score adherence "Adherence" is percent of items needing at least 1/2 answered

result fidelity "Fidelity" from adherence
  level low  "Low"  below 50%
  level fair "Fair" from 50% to below 80%
  level high "High" at least 80%

gate no_safety "Safety was not asked about"
  caps fidelity at low when safety is not_done
"""

Rows = list[ScoredObservation[Observation]]

NOTHING_READ = Provenance(data_sha256="", files=(), observations=0, sessions=0, refused=0, software="")


def checklist_of(source: str) -> Checklist:
    return load(source, "small.rubric")


def scored(checklist: Checklist, table: str) -> Rows:
    """One observation a line, columns by name, `-` for a blank; the lines are O1, O2 and so on."""
    heading, *lines = [line.split() for line in table.strip().splitlines()]
    evaluate = compiled(checklist)
    rows = [dict(zip(heading, line, strict=True)) for line in lines]
    observations = [_observation(checklist, f"O{number}", row) for number, row in enumerate(rows, start=1)]
    return [ScoredObservation(each, evaluate(each.answers)) for each in observations]


def _observation(checklist: Checklist, name: str, row: dict[str, str]) -> Observation:
    known = {key: value for key, value in row.items() if value != "-"}
    answers = {key: known.pop(key) for key in list(known) if key in checklist.question}
    day = date.fromisoformat(known.pop("date")) if "date" in known else None
    return Observation.model_validate({"observation": name, "date": day, "answers": answers, **known})


def laid_out(rows: Mapping[str, Sequence[SessionScore]]) -> Series:
    """The rows of therapists, one score, as the series that summaries are worked out from."""
    given = [
        (name, each, rater, value, "".join(each.observations[number : number + 1]))
        for name, of in rows.items()
        for each in of
        for number, (rater, value) in enumerate(each.by_rater)
    ]
    none = words([""] * len(given))
    columns = ScoredColumns(
        observations=[each for *_, each in given],
        session=words(each.session for _, each, *_ in given),
        therapist=words(name for name, *_ in given),
        rater=words(rater for _, _, rater, *_ in given),
        site=words(each.site for _, each, *_ in given),
        modality=words(each.modality for _, each, *_ in given),
        version=words(each.version for _, each, *_ in given),
        evidence=none,
        rater_role=none,
        days=np.array([each.date.toordinal() if each.date else 0 for _, each, *_ in given], dtype=np.intp),
        scores={"score": exact(Fraction(value) for *_, value, _ in given)},
        levels={},
        failed={},
        points={},
        covariates={},
    )
    names = sorted(rows)
    place = {name: at for at, name in enumerate(names)}
    who = Words(np.array([place[name] for name, *_ in given], dtype=np.intp), names)
    everything = sessions_of(columns, who, np.ones(len(given), dtype=np.bool_))
    return series_of(columns, everything, "score", None)

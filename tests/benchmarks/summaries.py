"""How long the summary of many observations takes, and in how much memory; run by hand, see README.md."""

import argparse
import resource
import sys
from datetime import date
from fractions import Fraction
from time import process_time
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

import fidelity.cli  # noqa: F401 - its setting of the garbage collector is the one that people have
from fidelity.language.reading import load
from fidelity.model.checklist import Checklist
from fidelity.model.observation import Observation
from fidelity.model.scale import MISSING, Given
from fidelity.model.score import Reason, ResultValue, Scored, ScoredObservation, ScoreValue
from fidelity.model.summary import Provenance
from fidelity.summaries import summarise, summarise_columns
from fidelity.summaries.columns import ScoredColumns, Words
from fidelity.summaries.exact import Exact, ratios

SECTIONS, EACH, RATERS, SITES = 2, 8, 200, 20
TWICE = 0.1  # of the sessions are rated twice
FIRST_DAY = date(2024, 1, 1).toordinal()
READ = Provenance(data_sha256="", files=(), observations=0, sessions=0, refused=0, software="")

BEGINNING = """
checklist many "Many observations"
  version 1.0.0
scale delivery "How well the step was delivered"
  answer not_done "Not done"    scores 0
  answer partly   "Partly done" scores 1
  answer done     "Done"        scores 2
"""
END = """
threshold standard "Lowest mean adherence" of adherence is 65%
score adherence "Adherence" is percent of items
score part "Part" for each section is percent of its items
result fidelity "Fidelity" from adherence
  level low  "Low"  below 50%
  level fair "Fair" from 50% to below 80%
  level high "High" at least 80%
gate essential "An essential step was missed"
  caps fidelity at low when item_0 is not_done
"""


def main() -> None:
    """Makes up so many observations, summarises them, and says how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("observations", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--objects", action="store_true", help="hand them over one by one, not as columns")
    asked = parser.parse_args()
    checklist = load(source(), "many.rubric")
    columns = made_up(asked.observations)
    scored = as_objects(checklist, columns) if asked.objects else []
    before, start = memory(), process_time()
    if asked.objects:
        found = summarise(checklist, scored, READ)
    else:
        found = summarise_columns(checklist, columns, READ)
    sys.stdout.write(
        f"{asked.observations} observations, {len(found.therapists)} therapists: "
        f"{process_time() - start:.1f} s of processor time, {before} MB before, {memory()} MB at most\n"
    )


def memory() -> int:
    """The most memory that was used so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def source() -> str:
    """A checklist of 16 items with 3 scores, a result and a gate."""
    sections = (
        f'section part_{section} "Part {section}" on scale delivery\n'
        + "\n".join(
            f'  item item_{number} "Step {number}"' for number in range(EACH * section, EACH * (section + 1))
        )
        for section in range(SECTIONS)
    )
    return "\n".join([BEGINNING, *sections, END])


def made_up(observations: int) -> ScoredColumns:
    """Ratings of a hundred observations a therapist over two years; each is better or worse by nature."""
    random = np.random.default_rng(1)
    therapists = max(1, observations // 100)
    sessions = int(observations / (1 + TWICE))
    session = np.append(np.arange(sessions), random.choice(sessions, observations - sessions, replace=False))
    therapist = (np.arange(sessions) % therapists)[session]
    level = random.normal(0.75, 0.07, therapists)
    chance = np.clip(level[therapist] + random.normal(0, 0.08, sessions)[session], 0, 1)
    points = [
        (random.random(observations) < chance).astype(np.int8) + (random.random(observations) < chance)
        for _ in range(SECTIONS * EACH)
    ]
    blank = [random.random(observations) < 0.02 for _ in points]
    points = [np.where(open_, 0, each).astype(np.int8) for each, open_ in zip(points, blank, strict=True)]
    known = [~each for each in blank]
    scores = {
        "adherence": percent(points, known),
        **{
            f"part.part_{section}": percent(points[own], known[own])
            for section, own in enumerate(slice(EACH * at, EACH * (at + 1)) for at in range(SECTIONS))
        },
    }
    shares = scores["adherence"].floats
    worst = np.where(known[0] & (points[0] == 0), 0, np.digitize(shares, [50, 80]))
    nothing = Words(np.full(observations, -1), ())
    return ScoredColumns(
        observations=[f"O{number}" for number in range(observations)],
        session=Words(session, [f"S{number}" for number in range(sessions)]),
        therapist=Words(therapist, [f"T{number:05}" for number in range(therapists)]),
        rater=Words(random.integers(0, RATERS, observations), [f"R{number:03}" for number in range(RATERS)]),
        site=Words(therapist % SITES, [f"site {number:02}" for number in range(SITES)]),
        modality=nothing,
        version=nothing,
        evidence=nothing,
        rater_role=nothing,
        days=FIRST_DAY + (np.sort(random.integers(0, 730, sessions)))[session],
        scores=scores,
        levels={"fidelity": worst},
        failed={"essential": known[0] & (points[0] == 0)},
        points={
            f"item_{number}": Exact(each, 1, there)
            for number, (each, there) in enumerate(zip(points, known, strict=True))
        },
        covariates={},
    )


def percent(points: list[NDArray[np.int8]], known: list[NDArray[np.bool_]]) -> Exact:
    """The points in percent of the most that the answers could have earned."""
    earned, answered = (np.array(each).sum(axis=0, dtype=np.int64) for each in (points, known))
    return ratios(np.asarray(100 * earned), np.asarray(2 * answered))


def as_objects(checklist: Checklist, columns: ScoredColumns) -> list[ScoredObservation[Observation]]:
    """The same, each with all the objects that scoring one by one leaves behind, but for the reasons."""
    answers = [
        Given("not_done", Fraction(0)),
        Given("partly", Fraction(1)),
        Given("done", Fraction(2)),
        MISSING,
    ]
    reason = Reason("score", "")
    keys = list(columns.points)
    points = np.array(
        [np.where(each.known, each.numerators, 3) for each in columns.points.values()]
    ).T.tolist()
    values = {
        key: [
            ScoreValue(Fraction(top, each.denominator), 16, 16, None, None, reason) if there else NOT_SCORED
            for top, there in zip(each.numerators.tolist(), each.known.tolist(), strict=True)
        ]
        for key, each in columns.scores.items()
    }
    levels = [ResultValue(level.id, (level.id,), (), reason) for level in checklist.results[0].levels]
    missed = Reason("gate", "essential", "fails", (Reason("answer", "item_0", "not_done"),))
    reasons = {True: {"essential": missed}, False: {"essential": Reason("gate", "essential", "passes")}}
    nothing: MappingProxyType[str, bool | None] = MappingProxyType({})
    found = []
    for at, (level, fails) in enumerate(
        zip(columns.levels["fidelity"].tolist(), columns.failed["essential"].tolist(), strict=True)
    ):
        who = Observation.model_construct(
            observation=columns.observations[at],
            session=columns.session.of(int(columns.session.places[at])),
            therapist=columns.therapist.of(int(columns.therapist.places[at])),
            rater=columns.rater.of(int(columns.rater.places[at])),
            site=columns.site.of(int(columns.site.places[at])),
            date=date.fromordinal(int(columns.days[at])),
        )
        scored = Scored(
            answers={key: answers[each] for key, each in zip(keys, points[at], strict=True)},
            scores={key: each[at] for key, each in values.items()},
            results={"fidelity": levels[level]},
            gates={"essential": "fails" if fails else "passes"},
            gate_reasons=reasons[fails],
            flags=nothing,
            lists={},
            comments_needed=(),
            marks=(),
        )
        found.append(ScoredObservation(who, scored))
    return found


NOT_SCORED = ScoreValue(None, 0, 16, None, None, Reason("not_scored", ""), "too_few_answered")

if __name__ == "__main__":
    main()

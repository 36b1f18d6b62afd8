"""A scored observation -> the row that a programme reads: every value by its name, as it would be written."""

from collections.abc import Iterator, Mapping

from fidelity.model.checklist import Checklist, Score
from fidelity.model.observation import Observation
from fidelity.model.programme import Row
from fidelity.model.scale import Answer, Given, NonAnswer
from fidelity.model.score import Scored, ScoredObservation, ScoreValue

Possible = tuple[str, ...] | None


def row_of(
    checklist: Checklist, each: ScoredObservation[Observation], facts: Mapping[str, str] | None = None
) -> Row | None:
    """The row of an observation, with facts that only the programme asks for; none without scores or date."""
    observation, scored = each.observation, each.scored
    if scored is None or observation.date is None:
        return None
    return Row(
        observation.date,
        checklist.id,
        observation.evidence,
        observation.rater_role,
        observation.client,
        observation.occasion,
        dict(_values(checklist, scored, {**observation.facts, **(facts or {})})),
        observation.selection == "for_cause",
        _is_evidence(scored),
        observation.observation,
    )


def _is_evidence(scored: Scored) -> bool:
    """Whether the checklist accepts how it was observed; a rating that was only late is accepted."""
    return all(mark.why == "too_late" for mark in scored.marks if mark.code == "RB511")


def _values(checklist: Checklist, scored: Scored, facts: Mapping[str, str]) -> Iterator[tuple[str, Possible]]:
    for key, answer in scored.answers.items():
        yield key, _answered(answer)
    for name, text in facts.items():
        yield name, (text.strip(),) if text.strip() else ()
    for key, value in scored.scores.items():
        yield key, _score(checklist.score[key], value)
    for key, result in scored.results.items():
        yield key, result.possible or None
    for key, state in scored.gates.items():
        yield key, (state,) if state in ("passes", "fails") else ()


def _answered(answer: Answer) -> Possible:
    if isinstance(answer, Given):
        return (answer.code,)
    return None if answer.state is NonAnswer.NOT_APPLICABLE else ()


def _score(score: Score, value: ScoreValue) -> Possible:
    if value.exact is not None:
        return (f"{value.exact}{'%' if score.kind == 'percent' else ''}",)
    # A group that did not apply has no score at all, and families pass it over.
    return None if score.group and not value.applicable else ()

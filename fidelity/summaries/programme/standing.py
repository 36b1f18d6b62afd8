"""A programme and all therapists' rows -> where each stands on a day, what decided it, what is missing."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from fidelity.model.claim import Claim, Many, Values, claims_in, number_in
from fidelity.model.number import trimmed
from fidelity.model.programme import CONTACT, Dose, EvidenceRule, Programme, Row, Stage
from fidelity.model.standing import (
    DoseStanding,
    Evidence,
    Missing,
    MissingKind,
    Person,
    StageStanding,
    Standing,
    Standings,
    TherapistStanding,
)
from fidelity.summaries.programme.doses import DoseState
from fidelity.summaries.programme.pathway import Pathway
from fidelity.summaries.programme.stages import Moment, Seen, met, verdicts
from fidelity.summaries.programme.verdicts import Verdict, holds

NO_DAY = dt.date.min  # the day on which therapists are judged whose data have no dates


def standings(programme: Programme, people: Iterable[Person], on: dt.date | None = None) -> Standings:
    """All therapists on the day asked for, or else on the latest day of their rows."""
    everybody = tuple(people)
    day = on or max((row.day for person in everybody for row in person.rows), default=None)
    found = tuple(_therapist(programme, each, day or NO_DAY) for each in everybody)
    return Standings(programme, day, on is not None, found)


def _therapist(programme: Programme, person: Person, day: dt.date) -> TherapistStanding:
    way = Pathway(programme, person.facts, person.rows)
    rows = [row for row in way.rows if row.day <= day]
    after = way.after(len(rows), day)
    seen = _Seen(programme, person.facts, rows, {id: each[len(rows)] for id, each in way.courses.items()})
    stages = tuple(_stage(each, after.stages[each.id], seen) for each in programme.stages)
    return TherapistStanding(
        therapist=person.therapist,
        site=person.site,
        observed=sum(row.checklist != CONTACT for row in rows),
        stage=_highest(stages),
        stages=stages,
        doses=tuple(each for dose in programme.doses for each in _doses(dose, after.doses, rows)),
        figures=after.figures,
        drifts=after.drifts,
        restarts=tuple(sorted({*person.retrained, *way.regained()})),
    )


class _Seen(NamedTuple):
    """One therapist up to the day: the programme, facts, rows, and how every stage stands after them."""

    programme: Programme
    facts: Values
    rows: Sequence[Row]
    moments: Mapping[str, Moment]

    def entered(self, stage: Stage) -> dt.date | None:
        """The day from which observations count for a stage (decision 20)."""
        before = self.moments.get(stage.after)
        return NO_DAY if before is None else before.first_reached

    def under(self, rule: EvidenceRule, after: int, since: dt.date) -> Seen:
        """The rows that a rule admits, and what each says."""
        said = verdicts(rule, self.rows).items()
        return [(at, verdict) for at, verdict in said if at > after and self.rows[at].day >= since]


# ---- stages


def _highest(stages: Iterable[StageStanding]) -> StageStanding | None:
    """The stage farthest on the way that stands with all before it (decision 30)."""
    steps: dict[str, int] = {}
    highest = None
    for each in stages:
        before = steps.get(each.stage.after, 0)
        if each.standing == "reached" and (before or not each.stage.after):
            steps[each.stage.id] = before + 1
            if highest is None or before + 1 >= steps[highest.stage.id]:
                highest = each
    return highest


def _stage(stage: Stage, standing: Standing, seen: _Seen) -> StageStanding:
    moment = seen.moments[stage.id]
    asked = {name for claim in stage.therapist for name in _names(claim)}
    return StageStanding(
        stage=stage,
        standing=standing,
        since=_since(standing, moment),
        until=moment.until,
        decided_by=tuple(_decided_by(stage, standing, seen)),
        facts=tuple((name, _text(seen.facts.get(name, ()))) for name in sorted(asked)),
        missing=tuple(_missing(stage, standing, seen)),
    )


def _since(standing: Standing, moment: Moment) -> dt.date | None:
    if standing == "expired" and moment.until is not None:
        return moment.until + dt.timedelta(days=1)
    return moment.since


def _decided_by(stage: Stage, standing: Standing, seen: _Seen) -> Iterator[Evidence]:
    """The rows that decided it; where it is not reached yet, all that count for what it needs."""
    moment = seen.moments[stage.id]
    if standing in ("reached", "expired"):
        yield from (_evidence(stage, seen.rows[at], True) for at in moment.by)
    elif standing == "lost":
        yield from (_evidence(stage, seen.rows[at], False) for at in moment.by)
    elif (since := seen.entered(stage)) is not None:
        said: dict[int, list[Verdict]] = {}
        for rule in stage.needs:
            for at, verdict in seen.under(rule, moment.begin, since):
                said.setdefault(at, []).append(verdict)
        for at in sorted(said):
            yield _evidence(stage, seen.rows[at], _best(said[at]))


def _best(verdicts: Sequence[Verdict]) -> Verdict:
    return True if True in verdicts else None if None in verdicts else False


def _evidence(stage: Stage, row: Row, said: Verdict) -> Evidence:
    rules = (*stage.needs, *stage.renewed, *stage.lost)
    names = dict.fromkeys(
        name for rule in rules if rule.checklist == row.checklist for name in _names(rule.claim)
    )
    showed = [(key, _text(row.values[key])) for name in names for key in _keys(name, row.values)]
    return Evidence(row.observation or row.id, row.day, row.checklist, row.source, said, tuple(showed))


def _names(claim: Claim | None) -> Iterator[str]:
    """What a claim asks for: values, and families by their name."""
    for each in claims_in(claim) if claim is not None else ():
        yield each.family if isinstance(each, Many) else each.key


def _keys(name: str, values: Values) -> list[str]:
    return [key for key in values if key == name or key.startswith(f"{name}.")]


def _text(possible: tuple[str, ...] | None) -> str:
    """A value as people read it; nothing for a blank."""
    return "not_applicable" if possible is None else " or ".join(_short(each) for each in possible)


def _short(text: str) -> str:
    exact = number_in(text)
    if exact is None or exact.denominator == 1:
        return text
    return f"{trimmed(exact, 1)}%" if text.endswith("%") else trimmed(exact, 2)


# ---- what is missing


def _missing(stage: Stage, standing: Standing, seen: _Seen) -> Iterator[Missing]:
    moment, titles = seen.moments[stage.id], {each.id: each.title for each in seen.programme.stages}
    since = seen.entered(stage)
    if standing == "reached":
        return
    if standing == "expired":
        renewals = [
            _short_of("renewal", rule, seen.under(rule, moment.start, NO_DAY)) for rule in stage.renewed
        ]
        yield from renewals or [Missing("no_renewal")]
    elif since is None:
        yield Missing("stage", stage=titles[_first_unreached(stage, seen)])
    else:
        yield from _facts_missing(stage, seen.facts)
        if standing == "lost" and not stage.needs:
            yield Missing("stage_again", stage=titles.get(stage.after, ""))
        for rule in stage.needs:
            found = seen.under(rule, moment.begin, since)
            if met(rule, [verdict for _, verdict in found]) is not True:
                yield _short_of("needs", rule, found)


def _first_unreached(stage: Stage, seen: _Seen) -> str:
    """The earliest stage on the way to this one that was never reached."""
    of = {each.id: each for each in seen.programme.stages}
    before = of[stage.after]
    while before.after and seen.entered(before) is None:
        before = of[before.after]
    return before.id


def _facts_missing(stage: Stage, facts: Values) -> Iterator[Missing]:
    for claim in stage.therapist:
        if holds(claim, facts) is not True:
            texts = [_text(facts.get(name, ())) for name in _names(claim)]
            yield Missing("fact", claim=claim, value=", ".join(text for text in texts if text))


def _short_of(kind: MissingKind, rule: EvidenceRule, found: Seen) -> Missing:
    said = [verdict for _, verdict in found]
    helping = _that_help(rule, said)
    return Missing(kind, rule=rule, seen=len(said), met=helping.count(True), undecided=helping.count(None))


def _that_help(rule: EvidenceRule, said: list[Verdict]) -> list[Verdict]:
    """Those that may still be among the ones by which the rule holds."""
    match rule.kind:
        case "in total":
            return said
        case "in a row":
            broken = max((at for at, verdict in enumerate(said) if verdict is False), default=-1)
            return said[broken + 1 :]
        case "of the last":
            return said[-rule.last :]
        case "the latest":
            return said[-1:]


# ---- doses


def _doses(dose: Dose, states: Mapping[str, DoseState], rows: Sequence[Row]) -> Iterator[DoseStanding]:
    contacts = [row for row in rows if row.checklist == CONTACT]
    for client in ("", *dict.fromkeys(row.client for row in rows if row.client)):
        state = states.get(f"{dose.id}.{client}" if client else dose.id)
        if state is not None:
            days = [row.day for row in contacts if row.client == client]
            yield DoseStanding(
                dose,
                client,
                state.contacts,
                state.duration,
                len(days),
                min(days, default=None),
                max(days, default=None),
            )

"""A therapist's rows -> how each stage stands after every row, and on any later day (decisions 20 to 23)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from fidelity.model.claim import Values
from fidelity.model.programme import EvidenceRule, Programme, Row, Stage
from fidelity.model.standing import Standing
from fidelity.summaries.programme.verdicts import Verdict, all_of, holds

Seen = Sequence[tuple[int, Verdict]]  # rows that a rule admits, by their place, and what each says


class Moment(NamedTuple):
    """How a stage stands after a row: `reached` for as long as `until` says, or for good.

    `since` is the day of the present standing, `by` the rows that decided it; rows after `begin` count for
    what it needs, rows after `start` for what renews it or loses it.
    """

    standing: Standing
    first_reached: dt.date | None = None
    until: dt.date | None = None
    since: dt.date | None = None
    by: tuple[int, ...] = ()
    begin: int = -1
    start: int = -1

    def on(self, day: dt.date) -> Standing:
        """How it stands on this day, if nothing else is observed."""
        return "expired" if self.standing == "reached" and self.until and day > self.until else self.standing


def courses(programme: Programme, facts: Values, rows: Sequence[Row]) -> dict[str, list[Moment]]:
    """For every stage, how it stands before the first row and after each."""
    found: dict[str, list[Moment]] = {}
    for stage in programme.stages:
        found[stage.id] = _Way(stage, facts, rows, found.get(stage.after)).moments()
    return found


class _Way:
    """One therapist's way to and through one stage; a start is -1 where it lies before the first row."""

    def __init__(self, stage: Stage, facts: Values, rows: Sequence[Row], before: list[Moment] | None) -> None:
        self.stage, self.rows, self.before = stage, rows, before
        self.therapist = all_of(holds(claim, facts) for claim in stage.therapist)
        self.verdicts: dict[EvidenceRule, Mapping[int, Verdict]] = {
            rule: verdicts(rule, rows) for rule in (*stage.needs, *stage.renewed, *stage.lost)
        }
        self.reached: int | None = None  # the row after which it was reached; None while it is not
        self.start = -1  # the row from which its time runs
        self.lost: int | None = None  # the row after which it was lost
        self.first_reached: dt.date | None = None
        self.by: tuple[int, ...] = ()  # the rows by which it was reached or lost
        self.renewal: tuple[int, ...] = ()  # the rows by which it was last renewed

    def moments(self) -> list[Moment]:
        """Before the first row, and after each."""
        return [self._moment(at) for at in range(-1, len(self.rows))]

    def _moment(self, at: int) -> Moment:
        if self.reached is None:
            standing = self._not_standing(at)
            if standing != "reached":
                return self._not_reached(standing)
            self.by, self.renewal = self._reaching(at), ()
            self.reached = self.start = at
            self.lost = None
            self.first_reached = self.first_reached or self._day(at)
        elif self._is_true(self.stage.lost, self.reached, at):
            self.by = self._ending(self.stage.lost, self.reached, at)
            self.reached, self.lost = None, at
            return self._not_reached("lost")
        elif self._is_true(self.stage.renewed, self.start, at):
            self.renewal = self._ending(self.stage.renewed, self.start, at)
            self.start = at
        since = self.rows[self.reached].day if self.reached >= 0 else None
        by = (*self.by, *self.renewal)
        return Moment("reached", self.first_reached, self._until(), since, by, start=self.start)

    def _not_reached(self, standing: Standing) -> Moment:
        if self.lost is None:
            return Moment(standing, self.first_reached, begin=self._begin)
        since = self.rows[self.lost].day
        return Moment("lost", self.first_reached, since=since, by=self.by, begin=self._begin)

    def _reaching(self, at: int) -> tuple[int, ...]:
        """The rows by which what the stage needs is met."""
        since = self._entered(at) or dt.date.min
        seen = [(rule, self._seen(rule, self._begin, at, since)) for rule in self.stage.needs]
        return tuple(sorted({index for rule, rows in seen for index in deciding(rule, rows)}))

    def _ending(self, rules: tuple[EvidenceRule, ...], after: int, at: int) -> tuple[int, ...]:
        """The rows by which the first of these rules holds that does."""
        for rule in rules:
            seen = self._seen(rule, after, at, dt.date.min)
            if met(rule, _said(seen)) is True:
                return deciding(rule, seen)
        return ()

    def _until(self) -> dt.date | None:
        # What stands since before the first row has no day from which its time could run.
        if self.stage.lasts is None or self.start < 0:
            return None
        return self.stage.lasts.after(self.rows[self.start].day)

    def _day(self, at: int) -> dt.date:
        return self.rows[at].day if at >= 0 else dt.date.min

    def _is_true(self, rules: tuple[EvidenceRule, ...], after: int, at: int) -> bool:
        return any(met(rule, _said(self._seen(rule, after, at, dt.date.min))) is True for rule in rules)

    def _not_standing(self, at: int) -> Standing:
        """Whether what the stage needs is met by the rows since it was lost, if it was."""
        since = self._entered(at)
        if since is None:
            return "not_assessed"
        if not self.stage.needs:
            return self._without_evidence(at)
        seen = [_said(self._seen(rule, self._begin, at, since)) for rule in self.stage.needs]
        if not any(seen):
            return "not_assessed"
        enough = [met(rule, each) for rule, each in zip(self.stage.needs, seen, strict=True)]
        return _standing(all_of([self.therapist, *enough]))

    def _entered(self, at: int) -> dt.date | None:
        """The day from which observations count: that on which the stage before was reached (decision 20)."""
        return dt.date.min if self.before is None else self.before[at + 1].first_reached

    def _without_evidence(self, at: int) -> Standing:
        """Reached with the stage before it; once lost, only when that one is reached anew."""
        if self.lost is not None and not self._before_again(at):
            return "lost"
        return _standing(self.therapist)

    def _before_again(self, at: int) -> bool:
        later = self.before[self._begin + 1 : at + 2] if self.before is not None else []
        stood = [each.standing == "reached" for each in later]
        return any(now and not once for once, now in pairwise(stood))

    @property
    def _begin(self) -> int:
        return -1 if self.lost is None else self.lost

    def _seen(self, rule: EvidenceRule, after: int, at: int, since: dt.date) -> Seen:
        return [
            (index, verdict)
            for index, verdict in self.verdicts[rule].items()
            if after < index <= at and self.rows[index].day >= since
        ]


def _said(seen: Seen) -> list[Verdict]:
    return [verdict for _, verdict in seen]


def _standing(verdict: Verdict) -> Standing:
    return "reached" if verdict is True else "undecided" if verdict is None else "not_yet"


def verdicts(rule: EvidenceRule, rows: Sequence[Row]) -> dict[int, Verdict]:
    """What each row says that the rule admits, by its place among all rows."""
    return {index: holds(rule.claim, row.values) for index, row in enumerate(rows) if _admits(rule, row)}


def _admits(rule: EvidenceRule, row: Row) -> bool:
    return (
        row.evidence
        and row.checklist == rule.checklist
        and (not rule.sources or row.source in rule.sources)
        and (not rule.raters or row.rater in rule.raters)
    )


def met(rule: EvidenceRule, seen: list[Verdict]) -> Verdict:
    """Whether the admitted observations are enough, undecided ones counted both ways (decisions 21, 22)."""
    match rule.kind:
        case "in total":
            return _enough(seen, rule.number)
        case "in a row":
            runs = [_longest(seen, {True}), _longest(seen, {True, None})]
            return True if runs[0] >= rule.number else None if runs[1] >= rule.number else False
        case "of the last":
            return _enough(seen[-rule.last :], rule.number)
        case "the latest":
            return seen[-1] if seen else False


def deciding(rule: EvidenceRule, seen: Seen) -> tuple[int, ...]:
    """The rows by which a rule holds: the first ones that are enough, or those among the last ones."""
    match rule.kind:
        case "in total":
            return _true(seen)[: rule.number]
        case "in a row":
            return _first_run(rule.number, seen)
        case "of the last":
            return _true(seen[-rule.last :])
        case "the latest":
            return _true(seen[-1:])


def _true(seen: Seen) -> tuple[int, ...]:
    return tuple(index for index, verdict in seen if verdict)


def _first_run(number: int, seen: Seen) -> tuple[int, ...]:
    run: tuple[int, ...] = ()
    for index, verdict in seen:
        run = (*run, index) if verdict else ()
        if len(run) == number:
            break
    return run


def _enough(seen: list[Verdict], number: int) -> Verdict:
    true, undecided = seen.count(True), seen.count(None)
    return True if true >= number else None if true + undecided >= number else False


def _longest(seen: list[Verdict], good: set[Verdict]) -> int:
    longest = run = 0
    for verdict in seen:
        run = run + 1 if verdict in good else 0
        longest = max(longest, run)
    return longest

"""Two small studies made in Python, for the tests of the reports: a programme with therapists, and coded sessions."""

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import sqrt
from statistics import fmean

from fidelity.model.checklist import About, Checklist, Flag, Gate, Group, Item, Level, Needing, Question, Result, Score, Threshold
from fidelity.model.expression import Aggregate, Arithmetic, Compare, Constant, Formula, IsOneOf, PercentOf, RatioOf, Subject, ValueKind, ValueOf
from fidelity.model.observation import Observation
from fidelity.model.scale import Choice, Given, Scale, Span
from fidelity.model.score import Reason, ResultValue, Scored, ScoredObservation, ScoreValue
from fidelity.model.summary import (
    Drift,
    DriftStatus,
    ItemCount,
    PartSummary,
    Provenance,
    ScoreSummary,
    SessionScore,
    Spread,
    Standard,
    Summary,
    TherapistSummary,
)

Record = ScoredObservation[Observation]
Study = tuple[Checklist, list[Record], Summary]

DELIVERY = Scale(
    "delivery",
    "How well the step was delivered",
    "choice",
    (
        Choice("not_done", "Not done", Fraction(0)),
        Choice("partly", "Partly done", Fraction(1)),
        Choice("done", "Done", Fraction(2)),
    ),
)
POINTS = {"not_done": 0, "partly": 1, "done": 2}
PARTS = {
    "skills": (
        "Helping skills",
        {
            "sk_listen": ("Listens without interrupting", "Count to three before you answer."),
            "sk_empathy": ("Shows empathy in words", "Say back the feeling you heard, then stop."),
            "sk_open": ("Asks open questions", "Begin one question in each part with “what” or “how”."),
            "sk_goals": ("Works together on goals", "Ask the person to choose between two options."),
            "sk_praise": ("Names a strength of the person", "Name one thing the person did, not what they are."),
            "sk_pace": ("Keeps a calm pace", ""),
        },
    ),
    "strategies": (
        "PM+ strategies",
        {
            "st_review": ("Reviews home practice", "Ask about home practice in the first ten minutes."),
            "st_explain": ("Explains today's strategy", "Give the reason for the strategy before its steps."),
            "st_breath": ("Practises slow breathing in the session", "Do three minutes together; do not only describe it."),
            "st_steps": ("Works through the problem-solving steps", "Write the steps down while you go."),
            "st_plan": ("Plans one small activity", "Agree day and place."),
            "st_social": ("Strengthens social support", "Agree on one person to contact this week."),
        },
    ),
    "structure": (
        "Structure and safety",
        {
            "ss_agenda": ("Sets the agenda", "Name two points and ask for a third."),
            "ss_safety": ("Asks about safety", "Ask the question as it is written, each session."),
            "ss_time": ("Keeps to time", "Say when ten minutes are left."),
            "ss_next": ("Agrees the next meeting", "Write the day down for the person."),
        },
    ),
}
QUESTIONS = tuple(key for _, items in PARTS.values() for key in items)


def points(keys: Sequence[str]) -> Aggregate:
    return Aggregate("percent", tuple(Subject("question", key) for key in keys))


def score(key: str, title: str, formula: Formula, kind: ValueKind, highest: int | None = 100) -> Score:
    top = None if highest is None else Fraction(highest)
    return Score(key, key, "", title, formula, kind, Needing(share=Fraction(4, 5)), Fraction(0), top)


def band(key: str, at_least: int, title: str) -> Level:
    mark = Constant(Fraction(at_least))
    return Level(key, title, Compare(ValueOf(Subject("score", "adherence")), "at least", mark))


def programme_checklist() -> Checklist:
    """A checklist of 16 steps with a standard, three levels, and a gate for the safety question."""
    safety = IsOneOf(Subject("question", "ss_safety"), ("not_done",))
    return Checklist(
        id="pmplus_sample",
        title="PM+ session checklist (invented wording, simulated data)",
        about=About(
            version="1.2.0",
            source=("https://www.who.int/publications/i/item/WHO-MSD-MER-18.5",),
            licence="CC-BY-4.0",
            status="unvalidated",
            about=("Filled in by a supervisor who heard the recording.",),
            therapist=("helper", "helpers"),
        ),
        fingerprint="sha256:" + "c0ffee12" * 8,
        file="sample.rubric",
        applies=None,
        treat={},
        codes={},
        facts=(),
        scales=(DELIVERY,),
        groups=tuple(Group(key, "section", title, tuple(items)) for key, (title, items) in PARTS.items()),
        items=tuple(
            Item(key, title, group, (DELIVERY,), ("essential",) if key == "ss_safety" else (), note)
            for group, (_, items) in PARTS.items()
            for key, (title, note) in items.items()
        ),
        questions=tuple(Question(key, key, DELIVERY) for key in QUESTIONS),
        thresholds=(Threshold("standard", "Lowest mean adherence", "adherence", Fraction(75), percent=True),),
        scores=(
            score("adherence", "Adherence", points(QUESTIONS), "percent"),
            score("skills_score", "Helping skills", points(tuple(PARTS["skills"][1])), "percent"),
        ),
        results=(
            Result(
                "fidelity",
                "fidelity",
                "",
                "Session fidelity",
                "adherence",
                (
                    band("low", 0, "Low: supervise the next session in person"),
                    band("acceptable", 60, "Acceptable: discuss in group supervision"),
                    band("high", 80, "High"),
                ),
            ),
        ),
        gates=(Gate("safety", "safety", "", "The safety question was left out", "fidelity", "low", safety),),
        flags=(Flag("late", "Home practice reviewed but not planned", safety),),
        lists=(),
        core=(),
        allowed=(),
        examples=(),
        translations=(),
        order=(),
    )


# ---- A programme of twelve: one who drifts, one who improves, one low and steady, one new


def course_of(name: str, number: int, of: int) -> float:
    """How well this therapist delivers at that session, from 0 to 1."""
    share = number / max(1, of - 1)
    steady = {"PMI-01": 0.80, "PMI-02": 0.86, "PMI-03": 0.76, "PMI-05": 0.88, "PMI-06": 0.89, "PMG-01": 0.84}
    match name:
        case "PMG-03":
            return 0.91 if share < 0.6 else 0.52
        case "PMI-04":
            return 0.72 if share < 0.45 else 0.97
        case "PMG-05":
            return 0.57
        case _:
            return steady.get(name, 0.92)


def programme(seed: int = 5) -> Study:
    """Twelve therapists with about twelve sessions each, every fifth scored twice."""
    rng = random.Random(seed)
    checklist = programme_checklist()
    records = [each for name in names() for each in observations(rng, name)]
    records.sort(key=lambda each: (each.observation.date or date.min, each.observation.observation))
    return checklist, records, summary(checklist, records)


def names() -> list[str]:
    return [f"PM{kind}-{number:02}" for kind in "IG" for number in range(1, 7)]


def observations(rng: random.Random, name: str) -> list[Record]:
    of = 3 if name == "PMG-06" else rng.choice([11, 12, 12, 13])
    days = sorted(rng.sample(range(260), of))
    return [
        scored(
            Observation(
                observation=f"{name}-{number + 1:02}{rater[-1].lower()}",
                session=f"{name}-{number + 1:02}",
                therapist=name,
                rater=rater,
                date=date(2025, 9, 6) + timedelta(days=days[number]),
                modality="Group" if "G" in name else "Individual",
                site="Kisumu" if name.endswith(("1", "2", "3")) else "Siaya",
                answers=answers(rng, name, number, of),
                comments={"sk_empathy": "=1+1 was written on the board"} if number == 2 else {},
            )
        )
        for number in range(of)
        for rater in (("Rater A", "Rater B") if number % 5 == 4 else (("Rater A", "Rater B")[number % 2],))
    ]


def answers(rng: random.Random, name: str, number: int, of: int) -> dict[str, str]:
    level = min(1.0, max(0.0, course_of(name, number, of) + rng.gauss(0, 0.05)))
    given = {key: answer(rng, level - (0.12 if key in ("st_social", "st_explain", "sk_goals") else 0)) for key in QUESTIONS}
    if name != "PMG-05" or number % 4:
        given["ss_safety"] = "done"
    else:
        given["ss_safety"] = "not_done"
    return given


def answer(rng: random.Random, level: float) -> str:
    drawn = rng.random()
    return "done" if drawn < level - 0.06 else "partly" if drawn < level + 0.12 else "not_done"


def scored(observation: Observation) -> Record:
    """The observation with its two percents, its level and its gate."""
    given = observation.answers
    percent = value("adherence", share(given, QUESTIONS))
    skills = value("skills_score", share(given, tuple(PARTS["skills"][1])))
    capped = given.get("ss_safety") == "not_done"
    exact = percent.exact or Fraction(0)
    level = "low" if capped or exact < 60 else "acceptable" if exact < 80 else "high"
    return ScoredObservation(
        observation,
        Scored(
            answers={key: Given(given[key], Fraction(POINTS[given[key]])) for key in given},
            scores={"adherence": percent, "skills_score": skills},
            results={"fidelity": ResultValue(level, (level,), (), Reason("level", "fidelity"))},
            gates={"safety": "fails" if capped else "passes"},
            gate_reasons={},
            flags={"late": capped},
            lists={},
            comments_needed=(),
            marks=(),
        ),
    )


def share(given: Mapping[str, str], keys: Sequence[str]) -> Fraction:
    return Fraction(100 * sum(POINTS[given[key]] for key in keys), 2 * len(keys))


def value(key: str, exact: Fraction | None) -> ScoreValue:
    return ScoreValue(exact, 16, 16, exact, exact, Reason("score", key), "" if exact is not None else "nothing_to_divide_by")


# ---- The summary, worked out as plainly as the tests need it


def summary(checklist: Checklist, records: list[Record]) -> Summary:
    """Per therapist the means, the running sums and the last sessions' items."""
    people = sorted({each.observation.therapist for each in records if each.observation.therapist})
    series = {name: sessions(records, name) for name in people}
    sigma = pooled([[each.score for each in line] for line in series.values()])
    dates = [each.observation.date for each in records if each.observation.date]
    return Summary(
        headline="adherence",
        therapists=tuple(person(records, name, series[name], sigma) for name in people),
        raters=(),
        sites=(),
        spread=Spread(sigma=sigma, differences=120, lag1=0.04, expected_false_act=0.31, expected_false_watch=0.87, judged=11) if people else None,
        provenance=provenance(records),
        first_date=min(dates, default=None),
        last_date=max(dates, default=None),
    )


def provenance(records: list[Record]) -> Provenance:
    return Provenance(
        data_sha256="b8731035" * 8,
        files=(("observations.csv", "b8731035" * 8, len(records)),),
        observations=len(records),
        sessions=len({each.observation.occasion for each in records}),
        refused=0,
        software="fidelity 0.1.0",
    )


def sessions(records: list[Record], name: str) -> list[SessionScore]:
    """The sessions of one therapist in order of date, each the mean of its raters."""
    own: dict[str, list[Record]] = {}
    for each in records:
        if each.observation.therapist == name:
            own.setdefault(each.observation.occasion, []).append(each)
    return [session(occasion, of_session) for occasion, of_session in own.items()]


def session(occasion: str, records: list[Record]) -> SessionScore:
    first = records[0].observation
    by_rater = tuple((each.observation.rater, percent_of(each)) for each in records)
    return SessionScore(
        session=occasion,
        date=first.date,
        score=fmean(score for _, score in by_rater),
        by_rater=by_rater,
        level=records[0].scored.results["fidelity"].level if records[0].scored else None,
        modality=first.modality,
        observations=tuple(each.observation.observation for each in records),
    )


def percent_of(record: Record, key: str = "adherence") -> float:
    exact = record.scored.scores[key].exact if record.scored else None
    return float(exact or 0)


def pooled(series: Sequence[Sequence[float]]) -> float:
    jumps = [(later - earlier) ** 2 / 2 for line in series for earlier, later in zip(line, line[1:], strict=False)]
    return sqrt(fmean(jumps)) if jumps else 10.0


def person(records: list[Record], name: str, line: list[SessionScore], sigma: float) -> TherapistSummary:
    own = [each for each in records if each.observation.therapist == name]
    last = own[-6:]
    counts = sorted((count(last, key) for key in QUESTIONS), key=lambda each: (-each.missed, each.item))
    dates = [each.date for each in line if each.date]
    return TherapistSummary(
        therapist=name,
        site=own[0].observation.site,
        modality=own[0].observation.modality,
        n=len(line),
        scores={
            "adherence": judged(line, sigma, 75),
            "skills_score": judged(line, sigma, None),
        },
        levels={"fidelity": {level: sum(each.level == level for each in line) for level in ("low", "acceptable", "high")}},
        items=tuple(counts),
        doing_well=tuple(sorted(counts, key=lambda each: (each.missed, each.item))[:3]),
        parts=tuple(part(own, group, tuple(items)) for group, (_, items) in PARTS.items()),
        gates_failed={"safety": sum(each.scored is not None and each.scored.gates["safety"] == "fails" for each in own)},
        first_date=min(dates, default=None),
        last_date=max(dates, default=None),
        raters=tuple(sorted({each.observation.rater for each in own})),
    )


def count(records: list[Record], key: str) -> ItemCount:
    missed = sum(POINTS[each.observation.answers[key]] < 1 + (key in ("st_social", "st_explain")) for each in records)
    shown = sum(each.observation.answers[key] == "done" for each in records)
    return ItemCount(item=key, missed=missed, rated=len(records), shown=shown)


def part(records: list[Record], group: str, keys: tuple[str, ...]) -> PartSummary:
    shares = [float(share(each.observation.answers, keys)) for each in records]
    few = len(shares) < 6
    return PartSummary(
        group=group,
        mean=fmean(shares),
        first=None if few else fmean(shares[:3]),
        last=None if few else fmean(shares[-3:]),
    )


def judged(line: list[SessionScore], sigma: float, standard: float | None) -> ScoreSummary:
    scores = [each.score for each in line]
    half = 2.0 * sigma / sqrt(len(scores))
    mean = fmean(scores)
    return ScoreSummary(
        n=len(scores),
        mean=mean,
        low=max(0.0, mean - half) if len(scores) >= 3 else None,
        high=min(100.0, mean + half) if len(scores) >= 3 else None,
        estimate=mean,
        standard=None if standard is None else against(standard, mean, half * 0.65, len(scores)),
        more_needed=4 if standard is not None and abs(mean - standard) < half else None,
        drift=drift(line, sigma),
        sessions=tuple(line),
    )


def against(standard: float, mean: float, half: float, n: int) -> Standard:
    if n < 5:
        return "too_few"
    return "meets" if mean - half >= standard else "below" if mean + half < standard else "cannot_tell"


def drift(line: list[SessionScore], sigma: float) -> Drift:
    """The running sums with k 0.5, watch over 3 and act over 4, from session 6 on."""
    scores = [each.score for each in line]
    falling, rising = [0.0], [0.0]
    for t in range(2, len(scores) + 1):
        u = (scores[t - 1] - fmean(scores[: t - 1])) / (sigma * sqrt(1 + 1 / (t - 1)))
        falling.append(max(0.0, falling[-1] - u - 0.5))
        rising.append(max(0.0, rising[-1] + u - 0.5))
    status = state(falling, rising)
    if status not in ("watch", "act", "improving"):
        return Drift(
            status=status,
            cusum=tuple(falling),
            rising=tuple(rising),
            observed=len(scores),
            reason="few_observations" if status == "not_enough" else "",
        )
    sums = rising if status == "improving" else falling
    start = 1 + max(t for t, value in enumerate(sums[: sums.index(max(sums)) + 1]) if value == 0)
    size = fmean(scores[start:]) - fmean(scores[:start])
    half = 2 * sigma * sqrt(1 / start + 1 / (len(scores) - start))
    return Drift(
        status=status,
        since=line[start].session,
        since_date=line[start].date,
        size=size,
        low=size - half,
        high=size + half,
        cusum=tuple(falling),
        rising=tuple(rising),
        observed=len(scores),
    )


def state(falling: list[float], rising: list[float]) -> DriftStatus:
    if len(falling) < 6:
        return "not_enough"
    if max(falling[5:]) > 4:
        return "act"
    if max(falling[5:]) > 3:
        return "watch"
    return "improving" if max(rising[5:]) > 4 else "none"


# ---- Coded sessions without therapists and dates: means from 1 to 5, a percent, a ratio


GLOBALS = {
    "change_talk": "Draws out the client's own reasons for change",
    "sustain_talk": "Does not feed reasons against change",
    "partnership": "Works as a partner",
    "empathy": "Tries to grasp the client's point of view",
}
COUNTS = {"questions": "Questions", "simple": "Simple reflections", "complex": "Reflections that add meaning"}
OVERALL = Scale("global", "Overall impression", "range", (), Span(Fraction(1), Fraction(5), Fraction(1)))
COUNTED = Scale("counts", "Counted", "count", (), Span(Fraction(0), None, Fraction(1)))


def question(key: str) -> ValueOf:
    return ValueOf(Subject("question", key))


def mean_of(*keys: str) -> Aggregate:
    return Aggregate("mean", tuple(Subject("question", key) for key in keys))


REFLECTIONS = Arithmetic("+", question("simple"), question("complex"))
CODED_SCORES = (
    Score("technical", "technical", "", "Technical", mean_of("change_talk", "sustain_talk"), "mean", Needing(share=Fraction(1)), Fraction(1), Fraction(5)),
    Score("relational", "relational", "", "Relational", mean_of("partnership", "empathy"), "mean", Needing(share=Fraction(1)), Fraction(1), Fraction(5)),
    score("pct_complex", "Complex reflections", PercentOf(question("complex"), REFLECTIONS), "percent"),
    score("r_to_q", "Reflections to questions", RatioOf(REFLECTIONS, question("questions")), "ratio", None),
)
CODED_MARKS = {"technical": (3, 4), "relational": (Fraction(7, 2), 4), "pct_complex": (40, 50), "r_to_q": (1, 2)}


def coded_checklist() -> Checklist:
    """Four scores, each with the levels below fair, fair and good."""
    programme = programme_checklist()
    return Checklist(
        **{
            **{name: getattr(programme, name) for name in programme.__dataclass_fields__},
            "id": "coded_sample",
            "title": "Motivational interviewing: session coding",
            "about": About(version="4.2.1", source=("Published coding manual; the wording is ours.",), status="unvalidated"),
            "scales": (OVERALL, COUNTED),
            "groups": (),
            "items": tuple(
                Item(key, title, "", (OVERALL if key in GLOBALS else COUNTED,)) for key, title in {**GLOBALS, **COUNTS}.items()
            ),
            "questions": tuple(Question(key, key, OVERALL if key in GLOBALS else COUNTED) for key in {**GLOBALS, **COUNTS}),
            "thresholds": (),
            "scores": CODED_SCORES,
            "results": tuple(three_levels(each) for each in CODED_SCORES),
            "gates": (),
            "flags": (),
        }
    )


def three_levels(read: Score) -> Result:
    value = ValueOf(Subject("score", read.key))
    fair, good = (Constant(Fraction(mark)) for mark in CODED_MARKS[read.key])
    return Result(
        f"{read.key}_band",
        f"{read.key}_band",
        "",
        read.title,
        read.key,
        (
            Level("low", "Below fair", Compare(value, "below", fair)),
            Level("fair", "Fair", Compare(value, "at least", fair)),
            Level("good", "Good", Compare(value, "at least", good)),
        ),
    )


def coded(seed: int = 3, number: int = 20) -> Study:
    """Twenty sessions that name neither therapist nor date; one has no reflections."""
    rng = random.Random(seed)
    checklist = coded_checklist()
    records = [coded_session(rng, str(each + 1)) for each in range(number)]
    return checklist, records, summary(checklist, records)


def coded_session(rng: random.Random, name: str) -> Record:
    given = {key: rng.randint(1, 5) for key in GLOBALS} | {key: rng.randint(0, 20) for key in COUNTS}
    if name == "7":
        given |= {"simple": 0, "complex": 0}
    reflections = given["simple"] + given["complex"]
    scores = {
        "technical": Fraction(given["change_talk"] + given["sustain_talk"], 2),
        "relational": Fraction(given["partnership"] + given["empathy"], 2),
        "pct_complex": Fraction(100 * given["complex"], reflections) if reflections else None,
        "r_to_q": Fraction(reflections, given["questions"]) if given["questions"] else None,
    }
    return ScoredObservation(
        Observation(observation=name, answers={key: str(number) for key, number in given.items()}),
        Scored(
            answers={},
            scores={key: value(key, exact) for key, exact in scores.items()},
            results={f"{key}_band": reached(key, exact) for key, exact in scores.items()},
            gates={},
            gate_reasons={},
            flags={},
            lists={},
            comments_needed=(),
            marks=(),
        ),
    )


def reached(key: str, exact: Fraction | None) -> ResultValue:
    if exact is None:
        return ResultValue(None, ("low", "fair", "good"), (), Reason("undecided", f"{key}_band"))
    fair, good = CODED_MARKS[key]
    level = "low" if exact < fair else "fair" if exact < good else "good"
    return ResultValue(level, (level,), (), Reason("level", f"{key}_band"))

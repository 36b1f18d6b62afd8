"""Double-scored sessions -> each question's agreement, by the scale it has, the worst first."""

from fractions import Fraction
from typing import NamedTuple

import numpy as np

from fidelity.model.checklist import Checklist, Question
from fidelity.model.number import read_number, written
from fidelity.model.scale import Answer, Given, NonAnswer, Scale, Span
from fidelity.model.summary import Estimate, ItemAgreement
from fidelity.summaries.agreement import Coefficients
from fidelity.summaries.agreement.nominal import percent_agreement
from fidelity.summaries.agreement.one_by_one import RatingList
from fidelity.summaries.agreement.ratings import NONE, Level, Whole
from fidelity.summaries.columns import Answered

# A range with more steps than this is a measure, not a list of categories.
MOST_STEPS = 50
NO_CATEGORIES = Estimate(reason="the answers are numbers without a list; alpha reads them")
APPLIES, NOT_HERE = "applies", "does not apply"


class Kind(NamedTuple):
    """How the answers of a scale are compared, with all the categories that it has, used or not."""

    level: Level
    categories: tuple[str, ...] = ()


def items_agreement(ratings: RatingList, checklist: Checklist) -> tuple[ItemAgreement, ...]:
    """Every question that two observers of a session answered; the worst first, text left out."""
    kinds = [(each, kind_of(each.scale)) for each in checklist.questions if each.scale.kind != "text"]
    found = (_item(question, kind, ratings) for question, kind in kinds)
    return tuple(sorted((each for each in found if each), key=_worst_first))


def kind_of(scale: Scale) -> Kind:
    """Ordered where there are three answers or more, each with points of its own."""
    choices = [each for each in scale.choices if each.means is None]
    if scale.span is None:
        points = [each.points for each in choices if each.points is not None]
        if len(choices) > 2 and len(set(points)) == len(choices):
            ordered = sorted(choices, key=lambda each: each.points or Fraction())
            return Kind("ordinal", tuple(each.id for each in ordered))
        return Kind("nominal", tuple(each.id for each in choices))
    steps = _steps(scale.span)
    words = tuple(each.id for each in choices if read_number(each.id) is None)
    if steps and words:
        return Kind("nominal", (*steps, *words))
    return Kind("ordinal", steps) if steps else Kind("interval")


def _steps(span: Span) -> tuple[str, ...]:
    """All numbers of a range that has a top and steps; nothing where there are too many to list."""
    if span.highest is None or span.step is None:
        return ()
    number = int((span.highest - span.lowest) / span.step) + 1
    return (
        tuple(written(span.lowest + at * span.step) for at in range(number)) if number <= MOST_STEPS else ()
    )


def _item(question: Question, kind: Kind, ratings: RatingList) -> ItemAgreement | None:
    answers = ratings.answers(question.key)
    codes, categories = _codes(answers, kind)
    if not categories or codes.max(initial=NONE) == NONE:
        return None
    found = Coefficients(ratings.rated(codes, kind.level, categories))
    gwet = "gwet_ac2.quadratic" if kind.level == "ordinal" else "gwet_ac1"
    kappa = _kappa_for(found)
    of_categories = bool(kind.categories)
    return ItemAgreement(
        item=question.key,
        level=kind.level,
        sessions=found.double_rated,
        percent=found.estimate("percent_agreement"),
        gwet=found.estimate(gwet) if of_categories else NO_CATEGORIES,
        gwet_name=gwet,
        alpha=found.estimate("krippendorff_alpha"),
        kappa=found.estimate(kappa) if of_categories else NO_CATEGORIES,
        kappa_name=kappa,
        confusion=found.confusion if of_categories else None,
        applicability=_applicability(answers, ratings),
    )


def _codes(answers: Answered, kind: Kind) -> tuple[Whole, tuple[str, ...]]:
    """What is compared: the answer's own code, or its number; and the categories that there are."""
    if kind.level != "interval":
        place = {category: number for number, category in enumerate(kind.categories)}
        codes = [place.get(each.code, NONE) if isinstance(each, Given) else NONE for each in answers.listed]
        return _of_each(answers, codes), kind.categories
    numbers = [each.number if isinstance(each, Given) else None for each in answers.listed]
    used = np.unique(answers.places).tolist()
    values = sorted({number for each in used if (number := numbers[each]) is not None})
    at = {value: number for number, value in enumerate(values)}
    codes = [NONE if each is None else at.get(each, NONE) for each in numbers]
    return _of_each(answers, codes), tuple(str(float(each)) for each in values)


def _of_each(answers: Answered, codes: list[int]) -> Whole:
    return np.array([*codes, NONE], dtype=np.int64)[answers.places]


def _kappa_for(found: Coefficients) -> str:
    if len(found.ratings.raters) > 2:
        return "fleiss_kappa"
    return "weighted_kappa.quadratic" if found.ratings.level == "ordinal" else "cohen_kappa"


def _applicability(answers: Answered, ratings: RatingList) -> Estimate | None:
    """Whether raters agree that the item applies; None where nobody says that it does not."""
    codes = _of_each(answers, [_applies(each) for each in answers.listed])
    if not (codes == 1).any():
        return None
    return percent_agreement(ratings.rated(codes, "nominal", (APPLIES, NOT_HERE)))


def _applies(answer: Answer) -> int:
    if isinstance(answer, Given):
        return 0
    return 1 if answer.state is NonAnswer.NOT_APPLICABLE else NONE


def _worst_first(item: ItemAgreement) -> tuple[float, float]:
    """By the figure that corrects for chance; what has none comes after, by percent."""
    corrected = item.gwet.value if item.gwet.value is not None else item.alpha.value
    return (
        2.0 if corrected is None else corrected,
        2.0 if item.percent.value is None else item.percent.value,
    )

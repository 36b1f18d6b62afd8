"""Ratings -> every coefficient of agreement that applies, each with its limits, or the reason why not."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from fidelity.model.summary import Confusion, Estimate
from fidelity.summaries.agreement.alpha import alpha
from fidelity.summaries.agreement.intraclass import FORMS, Form, complete, intraclass
from fidelity.summaries.agreement.nominal import (
    brennan_prediger,
    cohen,
    conger,
    fleiss,
    gwet,
    percent_agreement,
)
from fidelity.summaries.agreement.pairwise import TwoRaters, confusion_of, two_raters
from fidelity.summaries.agreement.ratings import Ratings
from fidelity.summaries.agreement.weights import Weighting

# Fewer double-rated units say nothing; from the second number on a word may stand beside a figure.
FEWEST = 10
FEWEST_FOR_A_WORD = 30

ONES: dict[str, Callable[[Ratings], Estimate]] = {
    "percent_agreement": percent_agreement,
    "cohen_kappa": cohen,
    "fleiss_kappa": fleiss,
    "conger_kappa": conger,
    "gwet_ac1": gwet,
    "brennan_prediger": brennan_prediger,
    "krippendorff_alpha": alpha,
}
NAMES = (
    *ONES,
    *("weighted_kappa.linear", "weighted_kappa.quadratic", "gwet_ac2.linear", "gwet_ac2.quadratic"),
    *(f"icc.{form}" for form in FORMS),
)

NO_ORDER = "it needs ordered categories: level ordinal, interval or ratio"


@dataclass(frozen=True)
class Coefficients:
    """All coefficients by name; those with weights or forms as `name.weights` and `icc.form`."""

    ratings: Ratings

    @property
    def double_rated(self) -> int:
        """Units with two ratings or more."""
        return int(self.ratings.paired.sum())

    @property
    def dropped(self) -> int:
        """Double-rated units that ICC(2,.) and ICC(3,.) leave out, as not every rater rated them."""
        return self.double_rated - min(self.double_rated, complete(self.ratings).units)

    @property
    def same_raters(self) -> bool:
        """Whether the same raters rated every double-rated unit."""
        return self.double_rated > 0 and self.dropped == 0

    def estimate(self, name: str) -> Estimate:
        """A coefficient's value and limits, or why it has none; worked out when it is asked for."""
        if name not in self._known:
            self._known[name] = self._worked_out(name)
        return self._known[name]

    @property
    def estimates(self) -> dict[str, Estimate]:
        """All coefficients by name."""
        return {name: self.estimate(name) for name in NAMES}

    @cached_property
    def _known(self) -> dict[str, Estimate]:
        return {}

    @cached_property
    def _intraclass(self) -> dict[Form, Estimate]:
        return intraclass(self.ratings)

    def _worked_out(self, name: str) -> Estimate:
        if name in ONES:
            return ONES[name](self.ratings)
        family, _, member = name.partition(".")
        if family == "icc":
            return next(found for form, found in self._intraclass.items() if form == member)
        if self.ratings.level == "nominal":
            return Estimate(reason=NO_ORDER)
        weighting: Weighting = "linear" if member == "linear" else "quadratic"
        return (cohen if family == "weighted_kappa" else gwet)(self.ratings, weighting)

    @property
    def headline(self) -> str:
        """The coefficient that is judged: the one made for this level and this layout of raters."""
        match self.ratings.level:
            case "nominal":
                return "gwet_ac1"
            case "ordinal":
                return "gwet_ac2.quadratic"
            case _:
                return "icc.2,1" if self.same_raters else "icc.1,1"

    @cached_property
    def confusion(self) -> Confusion | None:
        """How often two answers met; None where there are too many different ones."""
        return confusion_of(self.ratings)

    @cached_property
    def pairs(self) -> tuple[TwoRaters, ...]:
        """Every two raters with units in common."""
        return two_raters(self.ratings)

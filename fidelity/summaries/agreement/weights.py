"""The numbers of ordered categories -> how much two different answers still agree, from 0 to 1."""

from typing import Literal

import numpy as np

from fidelity.summaries.agreement.ratings import Floats

Weighting = Literal["identity", "linear", "quadratic"]


def weights(values: Floats, weighting: Weighting) -> Floats:
    """One row and one column a category: 1 on the diagonal, 0 for the two that lie furthest apart.

    Linear: Cicchetti and Allison 1971; quadratic: Fleiss and Cohen 1973.
    """
    if weighting == "identity":
        return np.eye(len(values))
    apart = np.abs(values[:, None] - values[None, :])
    furthest = apart.max(initial=0.0)
    share = apart / furthest if furthest else apart
    return np.asarray(1 - (share if weighting == "linear" else share**2))
